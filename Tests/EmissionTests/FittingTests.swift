import Emissions
import Foundation
import Probability
import Testing

/// The same outputs at every step, fitted by quasi-Newton steps along the gradients, against maxima in closed form.
@Suite struct FittingTests {
  /// From where training begins.
  private func fit(_ word: String, _ elements: [[Double]], iterations: Int = 500) throws -> Step {
    var step = Step(word, width: elements[0].count, spread: 0)
    let count = step.outputs.count
    let start = step.outputs + step.weights
    var best = start
    let template = step
    try QuasiNewton.minimise(
      from: start, firstStep: 0.1, tolerance: 1e-9, iterations: iterations,
      { variables in
        var step = template
        (step.outputs, step.weights) = (Array(variables[..<count]), Array(variables[count...]))
        var (value, gradient) = (0.0, [Double](repeating: 0, count: variables.count))
        for y in elements {
          let found = step.gradient(y)
          value -= found.value / Double(elements.count)
          for (index, number) in (found.outputs + found.weights).enumerated() {
            gradient[index] += number / Double(elements.count)
          }
        }
        return (value, gradient)
      },
      {
        best = $0.variables
        return true
      })
    (step.outputs, step.weights) = (Array(best[..<count]), Array(best[count...]))
    return step
  }

  private func logLikelihood(_ step: Step, _ elements: [[Double]]) -> Double {
    elements.reduce(0) { $0 + step.logDensity($1) } / Double(elements.count)
  }

  /// Three components that depend on each other.
  private var reals: [[Double]] {
    var stream = RandomStream(seed: 41)
    return (0..<200).map { _ in
      let (a, b, c) = (stream.normal(), stream.normal(), stream.normal())
      return [1 + a, 0.5 * a - 0.3 * b, 2 * b - a + 0.2 * c]
    }
  }

  @Test("Normal distributions: means and covariances of the data", arguments: ["gaussian:full", "gaussian:constant"])
  func covariance(_ word: String) throws {
    let wanted = try MultivariateNormalDistribution.fit(reals)
    let found = try fit(word, reals)
    #expect(abs(logLikelihood(found, reals) - reals.reduce(0) { $0 + wanted.logDensity($1) } / 200) < 1e-9)
    #expect(zip(try #require(found.means), wanted.mean).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func diagonal() throws {
    let found = try fit("gaussian:diagonal", reals)
    for index in 0..<3 {
      let wanted = try #require(NormalDistribution.fit(reals.map { $0[index] }))
      #expect(abs(found.outputs[index] - wanted.mean) < 1e-5)
      #expect(abs(1e-4 + exp(found.outputs[3 + index]) - wanted.deviation) < 1e-5)
    }
  }

  /// Two clusters at ±3 of deviation 0.5: one of them has log 2 + the density of its part.
  @Test("A mixture finds clusters from where training begins")
  func clusters() throws {
    var stream = RandomStream(seed: 42)
    let elements = (0..<400).map { _ in
      let sign = stream.uniform() < 0.5 ? 3.0 : -3
      return [sign + 0.5 * stream.normal(), -sign + 0.5 * stream.normal()]
    }
    let found = try fit("mixture:2", elements)
    let means = [Array(found.outputs[2..<4]), Array(found.outputs[4..<6])].sorted { $0[0] < $1[0] }
    for (mean, wanted) in zip(means[0] + means[1], [-3.0, 3, 3, -3]) { #expect(abs(mean - wanted) < 0.15) }
    let entropy = log(2) + 2 * (log(0.5) + 0.5 + 0.5 * log(2 * .pi))
    #expect(abs(logLikelihood(found, elements) + entropy) < 0.1)
  }

  /// Two bits: a logistic regression on one bit has as many numbers as its table.
  @Test func bits() throws {
    let counts = [3, 14, 20, 5]
    let elements = counts.enumerated().flatMap { number, count in
      Array(repeating: [Double(number & 1), Double(number >> 1)], count: count)
    }
    let found = try fit("bernoulli:autoregressive", elements)
    for (number, count) in counts.enumerated() {
      let logProbability = found.logDensity([Double(number & 1), Double(number >> 1)])
      #expect(abs(exp(logProbability) - Double(count) / 42) < 1e-6)
    }
  }

  @Test func counts() throws {
    let counts = [0, 3, 1, 0, 12, 5, 2, 0, 7, 30, 1, 1] as [Double]
    let poisson = try fit("poisson", counts.map { [$0] })
    #expect(abs(exp(poisson.outputs[0]) - 62.0 / 12) < 1e-5)
    let found = try fit("negative-binomial", counts.map { [$0] })
    let wanted = try #require(try NegativeBinomialDistribution.fit(counts))
    #expect(abs(found.outputs[0] - wanted.logMean) < 1e-5 && abs(found.outputs[1] - wanted.logDispersion) < 1e-5)
    // Counts that vary less than Poisson's: next to that.
    let even = [4, 5, 5, 6, 4, 5] as [Double]
    let limit = try fit("negative-binomial", even.map { [$0] })
    let best = try fit("poisson", even.map { [$0] })
    #expect(abs(logLikelihood(limit, even.map { [$0] }) - logLikelihood(best, even.map { [$0] })) < 1e-3)
  }

  /// A constant column: the likelihood has no maximum without the floor of 10⁻⁴.
  @Test(
    "A constant column and a single element give finite densities",
    arguments: [
      "gaussian:diagonal", "gaussian:full", "gaussian:constant", "mixture:5",
    ])
  func constant(_ word: String) throws {
    let bound = 2 * (-log(1e-4) - 0.5 * log(2 * .pi))
    for elements in [Array(repeating: [0, 2.0], count: 20), [[0.5, -1]]] {
      let found = try fit(word, elements, iterations: 200)
      let value = logLikelihood(found, elements)
      #expect(value.isFinite && value > 0 && value <= bound, "\(word): \(value)")
    }
  }

  /// Rare and constant bits, rare counts: logits and log means end somewhere finite.
  @Test(
    "Constant bits and counts give probabilities next to one",
    arguments: [
      "bernoulli", "bernoulli:autoregressive", "poisson", "negative-binomial",
    ])
  func constantCounts(_ word: String) throws {
    let elements = Array(repeating: [0.0, 0, 0], count: 10)
    let found = try fit(word, elements, iterations: 100)
    #expect(logLikelihood(found, elements) > -1e-3 && logLikelihood(found, elements) <= 0)
  }
}
