import Emissions
import Foundation
import Probability
import Testing

/// No finite input gives a number that is none, and −∞ is the logarithm of 0 alone.
@Suite struct ExtremeTests {
  static let extremes = [0, 1, -1, 30, -30, 710, -750, 1e6, -1e6, 1e30, -1e30]

  @Test("Large outputs and elements give finite densities", arguments: Step.all)
  func areFinite(_ start: Step) {
    var step = start
    var stream = RandomStream(seed: 31)
    func some(_ values: [Double]) -> Double { values[Int(stream.uniform() * Double(values.count))] }
    let elements: [Double] =
      switch step.values {
      case .bits: [0, 1]
      case .categories: [0]
      case .counts: [0, 1, 2, 1e6, 0x1p53]
      case .reals: [0, 1, -3, 1e10, -1e100, 1.7e308, -1.7e308]
      }
    let last = step.width > 5 ? 30 : 120
    for round in 0...last {
      // All alike, then any.
      step.outputs = step.outputs.map { _ in some(Self.extremes) }
      if round < Self.extremes.count { step.outputs = step.outputs.map { _ in Self.extremes[round] } }
      step.weights = step.weights.map { _ in some(Self.extremes) }
      let y = (0..<step.width).map { step.levels.isEmpty ? some(elements) : Double(round % step.levels[$0]) }
      let found = step.gradient(y)
      #expect(found.value.isFinite && step.logDensity(y) == found.value, "\(step): \(step.outputs) \(y)")
      #expect((found.outputs + found.weights).allSatisfy { $0.isFinite }, "\(step): \(step.outputs) \(y)")
      for temperature in [1, 1e-3, 1e3] {
        let drawn = step.draw(temperature: temperature, &stream)
        #expect(drawn.allSatisfy { step.values.contains($0) }, "\(step): \(step.outputs) \(drawn)")
        let transformed = step.transform(drawn, &stream)
        #expect(transformed.allSatisfy { (0...1).contains($0) }, "\(step): \(step.outputs) \(drawn) \(transformed)")
      }
      #expect(step.transform(y, &stream).allSatisfy { (0...1).contains($0) }, "\(step): \(step.outputs) \(y)")
      #expect((step.means ?? []).allSatisfy { $0.isFinite })
      #expect(step.knots.allSatisfy { $0.isFinite })
    }
  }

  @Test(
    "What cannot occur has probability 0 and no gradient",
    arguments: Step.of(.bits, [1, 5]) + Step.of(.counts, [1, 5]) + Step.of(.categories, [1, 5]))
  func impossible(_ step: Step) {
    let wrong = step.values == .counts ? [0.5, -1, -1e300] : [0.5, step.values == .bits ? 2 : 4, -1, 1e300, .nan]
    for number in wrong {
      let y = (0..<step.width).map { $0 == step.width / 2 ? number : step.values == .categories ? 0 : 1 }
      let found = step.gradient(y)
      #expect(found.value == -.infinity && step.logDensity(y) == -.infinity)
      #expect((found.outputs + found.weights).allSatisfy { $0.isFinite })
      #expect(found.outputs[step.width / 2] == 0)
    }
  }

  /// 10⁻⁴ is the smallest deviation: the density at a mean is at most 1/(10⁻⁴ √2π).
  @Test("Densities are bounded", arguments: ["gaussian:diagonal", "gaussian:full", "mixture:2"])
  func floor(_ word: String) {
    var step = Step(word, width: 1)
    step.outputs = step.outputs.map { _ in 0 }
    step.outputs[step.outputs.count - 1] = -1e30
    #expect(step.logDensity([0]) <= -log(1e-4) - log(2 * .pi) / 2 + 1e-9)
  }
}
