import Emissions
import Foundation
import Probability
import Testing

/// 20,000 draws against the density. All p-values must exceed 10⁻⁴, those of Kolmogorov and Smirnov 10⁻³.
@Suite struct DrawTests {
  private static let count = 20_000

  private func draws(_ step: Step, temperature: Double = 1, seed: UInt64 = 7) -> [[Double]] {
    var stream = RandomStream(seed: seed, purpose: "draws")
    return (0..<Self.count).map { _ in step.draw(temperature: temperature, &stream) }
  }

  /// Pearson's test of cells with at least five expected; the rest is one cell.
  private func check(
    _ frequencies: [[Double]: Int], _ step: Step, _ cells: [[Double]], _ probability: ([Double]) -> Double
  ) {
    var (statistic, used, rest) = (0.0, 0, (observed: Double(Self.count), expected: Double(Self.count)))
    for cell in cells {
      let (expected, observed) = (Double(Self.count) * probability(cell), Double(frequencies[cell] ?? 0))
      guard expected >= 5 else { continue }
      statistic += (observed - expected) * (observed - expected) / expected
      rest = (rest.observed - observed, rest.expected - expected)
      used += 1
    }
    if rest.expected >= 5 {
      statistic += (rest.observed - rest.expected) * (rest.observed - rest.expected) / rest.expected
      used += 1
    } else {
      #expect(rest.observed < 25, "\(step)")
    }
    let p = used < 2 ? 1 : chiSquareTail(statistic, degreesOfFreedom: Double(used - 1))
    #expect(p > 1e-4, "\(step): \(p)")
  }

  private func frequencies(_ vectors: [[Double]]) -> [[Double]: Int] {
    vectors.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  @Test(
    "Bits, counts and categories occur as often as their probabilities say",
    arguments: Step.of(.bits, [1, 2, 5]) + Step.of(.counts, [1, 2]) + Step.of(.categories, [1, 2, 5]))
  func discrete(_ step: Step) {
    let cells = (0..<(0..<step.width).reduce(1) { $0 * step.choices($1) }).map { number in
      (0..<step.width).reduce(into: (rest: number, cell: [Double]())) { state, component in
        state.cell.append(Double(state.rest % step.choices(component)))
        state.rest /= step.choices(component)
      }.cell
    }
    check(frequencies(draws(step)), step, cells) { exp(step.logDensity($0)) }
  }

  /// Cells of side 1/2 between −6 and 6; the density's integral over a cell is Simpson's with four pieces a side.
  @Test("Real numbers fall into cells as often as their density says", arguments: Step.of(.reals, [1, 2]))
  func real(_ step: Step) {
    let side = 0.5
    let corners = stride(from: -6.0, to: 6, by: side).map { $0 }
    let cells = step.width == 1 ? corners.map { [$0] } : corners.flatMap { first in corners.map { [first, $0] } }
    let simpson = zip(stride(from: 0.0, through: side, by: side / 4), [1.0, 4, 2, 4, 1]).map { ($0, $1 * side / 12) }
    let observed = draws(step).map { $0.map { ($0 / side).rounded(.down) * side } }
    check(frequencies(observed), step, cells) { cell in
      simpson.reduce(0) { sum, first in
        guard step.width == 2 else { return sum + first.1 * exp(step.logDensity([cell[0] + first.0])) }
        return sum
          + simpson.reduce(0) { $0 + first.1 * $1.1 * exp(step.logDensity([cell[0] + first.0, cell[1] + $1.0])) }
      }
    }
  }

  /// The mean of q/p over draws from p is 1 where q is narrower than p: draws and density agree in five dimensions too.
  @Test("Draws have the density that they are scored with", arguments: Step.of(.reals, [5]))
  func ratio(_ step: Step) throws {
    let step = Step(step.emission.word, width: step.width, spread: 0.2)
    let center = try #require(step.means)
    let normal = NormalDistribution(mean: 0, deviation: 0.4)
    let ratios = draws(step).map { y in
      exp(zip(y, center).reduce(0) { $0 + normal.logDensity($1.0 - $1.1) } - step.logDensity(y))
    }
    let error = standardDeviation(ratios) / Double(ratios.count).squareRoot()
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    #expect(error < 0.12 && abs(mean - 1) < 4.5 * error, "\(step): \(mean) ± \(error)")
  }

  @Test("Means are those of draws", arguments: Step.all)
  func means(_ step: Step) {
    guard let means = step.means else {
      #expect(step.emission.word.hasPrefix("bernoulli:autoregressive") || step.values == .categories)
      return
    }
    let vectors = draws(step, seed: 11)
    for index in 0..<step.width {
      let numbers = vectors.map { $0[index] }
      let error = standardDeviation(numbers) / Double(Self.count).squareRoot()
      #expect(abs(numbers.reduce(0, +) / Double(Self.count) - means[index]) < 4.8 * error, "\(step): \(index)")
    }
  }

  @Test("Draws have the covariance that was asked for", arguments: ["gaussian:full", "gaussian:constant"])
  func covariance(_ word: String) throws {
    let covariance = [2, 0.9, -0.7, 0.9, 1, 0.2, -0.7, 0.2, 0.8]
    var step = Step(word, width: 3)
    let numbers = try FullGaussianEmission.outputs(means: [3, -1, 0], covariance: covariance)
    (step.outputs, step.weights) = (
      Array(numbers.prefix(step.outputs.count)), Array(numbers.dropFirst(step.outputs.count))
    )
    let vectors = draws(step)
    for (index, wanted) in covariance.enumerated() {
      let products = vectors.map { ($0[index / 3] - [3, -1, 0][index / 3]) * ($0[index % 3] - [3, -1, 0][index % 3]) }
      let error = standardDeviation(products) / Double(Self.count).squareRoot()
      #expect(abs(products.reduce(0, +) / Double(Self.count) - wanted) < 4.5 * error, "\(word): \(index)")
    }
  }

  /// Each component, and the sum of neighbours modulo 1, which is uniform if they are independent. The smallest p-value of a
  /// step's counts times their number (Bonferroni).
  @Test("The probability integral transform of draws is uniform and independent", arguments: Step.all)
  func transform(_ step: Step) throws {
    var stream = RandomStream(seed: 13, purpose: "transform")
    let transformed = draws(step, seed: 12).map { step.transform($0, &stream) }
    func pValue(_ number: ([Double]) -> Double) throws -> Double {
      var bins = [Double](repeating: 0, count: 500)
      for vector in transformed {
        let number = number(vector)
        try #require((0...1).contains(number))
        bins[min(Int(number * 500), 499)] += 1
      }
      let expected = Array(repeating: Double(Self.count) / 500, count: 500)
      return try #require(KolmogorovSmirnov(bins, expected: expected)).pValue
    }
    // Of 88 some.
    let pValues = try stride(from: 0, to: step.width, by: step.width > 5 ? 21 : 1).flatMap { index in
      let alone = try pValue { $0[index] }
      return index == 0
        ? [alone] : [alone, try pValue { ($0[index] + $0[index - 1]).truncatingRemainder(dividingBy: 1) }]
    }
    #expect(Double(pValues.count) * (pValues.min() ?? 0) > 1e-3, "\(step): \(pValues)")
  }

  /// p(y) = Π ∂u_i/∂y_i, since u_i depends on y_1 … y_i alone.
  @Test("The density is the derivative of the transform", arguments: Step.of(.reals, [1, 2, 5]))
  func jacobian(_ step: Step) throws {
    var stream = RandomStream(seed: 14)
    for _ in 0..<20 {
      let y = step.draw(&stream)
      let h = 1e-4
      let logDensity = (0..<step.width).reduce(0) { sum, index in
        func transformed(_ change: Double) -> Double {
          var other = y
          other[index] += change
          return step.transform(other, &stream)[index]
        }
        return sum
          + log((8 * (transformed(h) - transformed(-h)) - (transformed(2 * h) - transformed(-2 * h))) / (12 * h))
      }
      #expect(abs(logDensity - step.logDensity(y)) < 1e-5, "\(step)")
    }
  }

  @Test("A temperature scales deviations and divides logits")
  func temperature() throws {
    for word in ["gaussian", "gaussian:diagonal", "gaussian:full", "gaussian:constant", "mixture:1"] {
      let step = Step(word, width: 2)
      let means = try #require(step.means)
      let variances = [1, 0.25].map { temperature in
        draws(step, temperature: temperature).map { ($0[1] - means[1]) * ($0[1] - means[1]) }.reduce(0, +)
      }
      // With the same stream the same numbers, a quarter as far away.
      #expect(agree(variances[1] / variances[0], 1.0 / 16, 1e-9), "\(word)")
    }
    for word in ["bernoulli", "bernoulli:autoregressive"] {
      let step = Step(word, width: 2)
      var cold = step
      cold.outputs = step.outputs.map { $0 / 0.5 }
      cold.weights = step.weights.map { $0 / 0.5 }
      #expect(draws(step, temperature: 0.5) == draws(cold), "\(word)")
      #expect(step.emission.temperatureRefusal == nil)
    }
    for word in ["poisson", "negative-binomial"] {
      #expect(Step(word, width: 1).emission.temperatureRefusal?.contains("temperature") == true)
    }
  }
}
