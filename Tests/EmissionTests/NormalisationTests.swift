import Emissions
import Foundation
import Probability
import Testing

/// Densities integrate to one: by enumeration, summation, quadrature and importance sampling.
@Suite struct NormalisationTests {
  @Test(
    "Bits: all vectors add up to one",
    arguments: ["bernoulli", "bernoulli:autoregressive", "bernoulli:autoregressive:3"],
    [1, 2, 5, 8])
  func bits(_ word: String, _ width: Int) {
    let step = Step(word, width: width, spread: 2)
    let sum = (0..<1 << width).reduce(0) { sum, number in
      sum + exp(step.logDensity((0..<width).map { Double(number >> $0 & 1) }))
    }
    #expect(abs(sum - 1) < 1e-13)
  }

  @Test("Counts: one component adds up to one, and so do two", arguments: ["poisson", "negative-binomial"])
  func counts(_ word: String) {
    let one = Step(word, width: 1)
    #expect(abs((0..<2000).reduce(0) { $0 + exp(one.logDensity([Double($1)])) } - 1) < 1e-12)
    let two = Step(word, width: 2, seed: 3)
    var sum = 0.0
    for first in 0..<150 { for second in 0..<150 { sum += exp(two.logDensity([Double(first), Double(second)])) } }
    #expect(abs(sum - 1) < 1e-9)
  }

  @Test("Real numbers: the integral over one component is one, by its knots alone", arguments: Step.of(.reals, [1]))
  func oneComponent(_ step: Step) throws {
    let knots = step.knots
    #expect(!knots.isEmpty)
    #expect(abs(try Quadrature.integral(points: knots) { exp(step.logDensity([$0])) } - 1) < 1e-9)
    // As narrow as a density gets.
    var narrow = step
    let isDeviation = ["gaussian:diagonal", "gaussian:full", "mixture:5", "mixture:1"].contains(step.emission.word)
    if isDeviation { narrow.outputs[narrow.outputs.count - 1] = -20 }
    if step.emission.word == "gaussian:constant" { narrow.weights[0] = -20 }
    #expect(abs(try Quadrature.integral(points: narrow.knots) { exp(narrow.logDensity([$0])) } - 1) < 1e-9)
  }

  /// On a grid of 0.2: for smooth functions that vanish at both ends the error is exponentially small.
  @Test("Real numbers: the integral over two components is one", arguments: Step.of(.reals, [2]))
  func twoComponents(_ step: Step) {
    let (h, reach) = (0.2, 20.0)
    let points = stride(from: -reach, through: reach, by: h)
    var sum = 0.0
    for first in points { for second in points { sum += exp(step.logDensity([first, second])) * h * h } }
    #expect(abs(sum - 1) < 1e-6, "\(step)")
  }

  /// The mean of p/q over draws from q, normal with deviation 2 around p's mean, is 1 within 4.5 standard errors.
  @Test(
    "Real numbers: the integral over five components is one by importance sampling", arguments: Step.of(.reals, [5]))
  func fiveComponents(_ step: Step) throws {
    let step = Step(step.emission.word, width: step.width, spread: 0.2)
    let center = try #require(step.means)
    let normal = NormalDistribution(mean: 0, deviation: 2.5)
    var stream = RandomStream(seed: 5, purpose: "importance")
    let ratios = (0..<40_000).map { _ in
      let distances = center.map { _ in normal.draw(&stream) }
      let logDensity = distances.reduce(0) { $0 + normal.logDensity($1) }
      return exp(step.logDensity(zip(center, distances).map { $0 + $1 }) - logDensity)
    }
    let error = standardDeviation(ratios) / Double(ratios.count).squareRoot()
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    #expect(error < 0.05 && abs(mean - 1) < 4.5 * error, "\(step): \(mean) ± \(error)")
  }
}
