import Emissions
import Foundation
import Probability
import Testing

/// Densities taken apart by the chain rule within the step. Together three properties leave nothing else that they could be: they add up to
/// the density, each looks at no higher component, and each sums to one over its own numbers.
@Suite struct ComponentTests {
  private static let steps = Step.all.filter { $0.componentLogDensities($0.someElement(seed: 1)) != nil }

  @Test func allButMixturesAreTakenApart() {
    let words = Set(Step.words).subtracting(Self.steps.map(\.emission.word))
    #expect(words.allSatisfy { $0.hasPrefix("mixture") } && !Self.steps.isEmpty, "\(words)")
  }

  @Test(arguments: steps)
  func theyAddUpToTheDensity(_ step: Step) throws {
    for seed in UInt64(0)..<5 {
      let y = step.someElement(seed: seed)
      let parts = try #require(step.componentLogDensities(y))
      #expect(parts.count == step.width)
      let whole = step.logDensity(y)
      #expect(abs(parts.reduce(0, +) - whole) < 1e-10 * max(1, abs(whole)), "\(step)")
    }
  }

  @Test(arguments: steps.filter { $0.width > 1 })
  func eachLooksAtNoHigherComponent(_ step: Step) throws {
    let (y, other) = (step.someElement(seed: 1), step.someElement(seed: 2))
    let parts = try #require(step.componentLogDensities(y))
    for last in 0..<min(step.width, 5) {
      let mixed = Array(y[...last]) + Array(other[(last + 1)...])
      let same = try #require(step.componentLogDensities(mixed))
      #expect(zip(parts, same).prefix(last + 1).allSatisfy { abs($0 - $1) < 1e-12 }, "\(step)")
    }
  }

  @Test(arguments: steps.filter { $0.values == .bits })
  func thoseOfBitsSumToOne(_ step: Step) throws {
    let y = step.someElement(seed: 3)
    for component in 0..<step.width {
      let total = try [0.0, 1].reduce(0.0) { sum, bit in
        var other = y
        other[component] = bit
        return sum + exp(try #require(step.componentLogDensities(other))[component])
      }
      #expect(abs(total - 1) < 1e-12, "\(step), \(component)")
    }
  }
}

extension Step {
  fileprivate func componentLogDensities(_ y: [Double]) -> [Double]? {
    with(y) { emission.componentLogDensities(of: $0, $1) }
  }

  fileprivate func someElement(seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: "element")
    return (0..<width).map { component in
      switch values {
      case .bits: stream.uniform() < 0.4 ? 1 : 0
      case .categories: (Double(levels[component]) * stream.uniform()).rounded(.down)
      case .counts: (8 * stream.uniform()).rounded(.down)
      default: stream.normal()
      }
    }
  }
}
