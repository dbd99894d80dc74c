import Emissions
import Foundation
import ModelCore
import Probability
import Sequences
import Testing

/// Emissions that are the same distribution, reference values, words.
@Suite struct IdentityTests {
  private func elements(_ width: Int) -> [[Double]] {
    var stream = RandomStream(seed: 21)
    return (0..<50).map { _ in (0..<width).map { _ in 2 * stream.normal() } }
  }

  @Test("A mixture of one is the diagonal normal distribution", arguments: [1, 2, 5, 12])
  func mixtureOfOne(_ width: Int) {
    let diagonal = Step("gaussian:diagonal", width: width)
    var mixture = Step("mixture:1", width: width)
    mixture.outputs = [0.7] + diagonal.outputs
    for y in elements(width) {
      let (a, b) = (mixture.gradient(y), diagonal.gradient(y))
      #expect(agree(a.value, b.value, 1e-12))
      #expect(a.outputs[0] == 0 && zip(a.outputs.dropFirst(), b.outputs).allSatisfy { agree($0, $1, 1e-12) })
    }
  }

  @Test("Equal parts of a mixture are one of them", arguments: [1, 4])
  func equalParts(_ width: Int) {
    let diagonal = Step("gaussian:diagonal", width: width)
    var mixture = Step("mixture:3", width: width)
    let (means, deviations) = (diagonal.outputs.prefix(width), diagonal.outputs.suffix(width))
    mixture.outputs = [3, -1, 0] + means + means + means + deviations + deviations + deviations
    for y in elements(width) { #expect(agree(mixture.logDensity(y), diagonal.logDensity(y), 1e-12)) }
  }

  @Test("Without off-diagonal numbers the full normal distribution is the diagonal one", arguments: [1, 2, 5, 12])
  func fullWithoutTriangle(_ width: Int) {
    let diagonal = Step("gaussian:diagonal", width: width)
    var full = Step("gaussian:full", width: width)
    full.outputs = diagonal.outputs + Array(repeating: 0, count: width * (width - 1) / 2)
    for y in elements(width) { #expect(agree(full.logDensity(y), diagonal.logDensity(y), 1e-12)) }
  }

  @Test("The constant covariance is the full one at every step", arguments: [1, 2, 5, 12])
  func constant(_ width: Int) {
    let full = Step("gaussian:full", width: width)
    var constant = Step("gaussian:constant", width: width)
    constant.outputs = Array(full.outputs.prefix(width))
    constant.weights = Array(full.outputs.dropFirst(width))
    for y in elements(width) {
      let (a, b) = (constant.gradient(y), full.gradient(y))
      #expect(a.value == b.value && a.outputs + a.weights == b.outputs)
    }
  }

  @Test("gaussian is half the squared error plus (d/2) log 2π", arguments: [1, 2, 5, 88])
  func squaredError(_ width: Int) {
    let step = Step("gaussian", width: width)
    for y in elements(width) {
      let error = zip(y, step.outputs).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      #expect(agree(-step.logDensity(y), error / 2 + Double(width) / 2 * log(2 * .pi), 1e-12))
    }
  }

  @Test("Autoregressive bits without weights are independent", arguments: [1, 2, 8, 88])
  func withoutWeights(_ width: Int) {
    let independent = Step("bernoulli", width: width)
    var step = Step("bernoulli:autoregressive", width: width)
    step.outputs = independent.outputs
    step.weights = step.weights.map { _ in 0 }
    var stream = RandomStream(seed: 22)
    for _ in 0..<50 {
      let y = independent.draw(&stream)
      #expect(agree(step.logDensity(y), independent.logDensity(y), 1e-12))
    }
  }

  /// By hand: outputs (1, −2, 0.5); A_21 = 3, A_31 = −1, A_32 = 4. P(1, 1, 0) = σ(1) σ(−2 + 3) (1 − σ(0.5 − 1 + 4)).
  @Test func weightsAreRowByRow() {
    var step = Step("bernoulli:autoregressive", width: 3)
    (step.outputs, step.weights) = ([1, -2, 0.5], [3, -1, 4])
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    #expect(agree(step.logDensity([1, 1, 0]), log(sigmoid(1) * sigmoid(1) * (1 - sigmoid(3.5))), 1e-13))
    #expect(agree(step.logDensity([0, 1, 1]), log((1 - sigmoid(1)) * sigmoid(-2) * sigmoid(4.5)), 1e-13))
  }

  /// By hand, three components: z_i = (r_i − Σ_j B_ij r_j)/σ_i.
  @Test func factorIsRowByRow() {
    var step = Step("gaussian:full", width: 3)
    step.outputs = [1, 0, -1, log(2 - 1e-4), log(0.5 - 1e-4), log(1 - 1e-4), 0.3, -0.4, 0.7]
    let z = [0.5 / 2, (2 - 0.3 * 0.5) / 0.5, -3 + 0.4 * 0.5 - 0.7 * 2]
    let wanted = -z.reduce(0) { $0 + $1 * $1 } / 2 - log(2 * 0.5 * 1) - 1.5 * log(2 * .pi)
    #expect(agree(step.logDensity([1.5, 2, -4]), wanted, 1e-13))
  }

  /// Products of so many factors leave the range of numbers: by hand.
  @Test("Vectors of 2,000 components")
  func longVectors() {
    let width = 2000
    for word in ["bernoulli", "bernoulli:autoregressive"] {
      var step = Step(word, width: width)
      (step.outputs, step.weights) = (step.outputs.map { _ in 0 }, step.weights.map { _ in 0 })
      #expect(agree(step.logDensity((0..<width).map { Double($0 % 2) }), -2000 * log(2), 1e-12))
    }
    for deviation in [1e-3, 50] {
      let outputs = Array(repeating: 1.0, count: width) + Array(repeating: log(deviation - 1e-4), count: width)
      let wanted = -2000 * (0.5 + log(deviation) + log(2 * .pi) / 2)
      var (diagonal, constant) = (Step("gaussian:diagonal", width: width), Step("gaussian:constant", width: width))
      diagonal.outputs = outputs
      constant.outputs = Array(outputs.prefix(width))
      constant.weights = outputs.suffix(width) + constant.weights.dropFirst(width).map { _ in 0 }
      let y = (0..<width).map { 1 + ($0 % 2 == 0 ? deviation : -deviation) }
      for step in [diagonal, constant] { #expect(agree(step.logDensity(y), wanted, 1e-11)) }
    }
  }

  /// `Tests/Reference/distributions.py`.
  @Test("Densities are SciPy's")
  func areThoseOfSciPy() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Reference/distributions.tsv")
    var checked: Set<String> = []
    for text in try String(contentsOf: path, encoding: .utf8).split(separator: "\n") where !text.hasPrefix("#") {
      let fields = text.split(separator: "\t")
      let numbers = try fields.dropFirst().map { try $0.split(separator: ",").map { try #require(Double($0)) } }
      let (parameters, y, wanted) = (numbers[0], numbers[1], numbers[2][0])
      let steps: [Step]
      var rounding = 0.0
      switch fields[0] {
      case "norm":
        steps = ["gaussian:diagonal", "mixture:1"].map { Step($0, width: 1) }.map {
          var step = $0
          step.outputs = (step.outputs.count == 3 ? [0] : []) + [parameters[0], log(parameters[1] - 1e-4)]
          return step
        }
      case "multivariate_normal":
        var full = Step("gaussian:full", width: y.count)
        var constant = Step("gaussian:constant", width: y.count)
        constant.outputs = Array(parameters.prefix(y.count))
        let covariance = Array(parameters.dropFirst(y.count))
        full.outputs = try FullGaussianEmission.outputs(means: constant.outputs, covariance: covariance)
        constant.weights = try ConstantGaussianEmission.weights(covariance: covariance, width: y.count)
        steps = [full, constant]
      case "bernoulli":
        steps = ["bernoulli", "bernoulli:autoregressive"].map { Step($0, width: 1) }.map {
          var step = $0
          step.outputs = parameters
          return step
        }
      default:
        var step = Step(fields[0] == "nbinom" ? "negative-binomial" : "poisson", width: 1)
        step.outputs = parameters.map { log($0) }
        steps = [step]
        // What rounding of the logarithm of the mean does.
        rounding = 4e-16 * abs(log(parameters[0])) * abs(y[0] - parameters[0])
      }
      for step in steps {
        checked.insert(step.emission.word)
        let found = step.logDensity(y)
        #expect(abs(found - wanted) <= 1e-12 * abs(wanted) + rounding + 1e-300, "\(step): \(text) \(found)")
      }
    }
    #expect(checked.count == 8)
  }

  @Test(
    "Training begins at mean 0 and variance 1, and parts of a mixture differ",
    arguments: ["mixture:5", "mixture:64", "gaussian:full"])
  func initialOutputs(_ word: String) throws {
    var step = Step(word, width: 3)
    step.outputs = step.emission.initialOutputs(means: [0, 0, 0])
    var stream = RandomStream(seed: 3)
    let vectors = (0..<20_000).map { _ in step.draw(&stream) }
    for index in 0..<3 {
      let numbers = vectors.map { $0[index] }
      #expect(abs(numbers.reduce(0, +) / 20_000) < 0.035 && abs(standardDeviation(numbers) - 1) < 0.025)
    }
    if let mixture = step.emission as? GaussianMixtureEmission {
      let means = step.outputs[mixture.parts..<4 * mixture.parts]
      #expect(
        Set(stride(from: 0, to: means.count, by: 3).map { Array(means.dropFirst($0).prefix(3)) }).count == mixture.parts
      )
    }
  }

  @Test("Words are canonical, and what is no word is refused")
  func words() throws {
    for type in standardEmissions {
      for word in type.examples {
        let emission = try Step.registry.emission(word)
        let again = try Step.registry.emission(emission.word).word
        #expect(emission.word == word && again == word)
        // Levels that are not known are two in each column.
        let means = Array(repeating: 0.5, count: emission.models(.categories) ? 14 : 7)
        #expect(emission.outputs(width: 7) == emission.initialOutputs(means: means).count)
        var stream = RandomStream(seed: 1)
        #expect(emission.weights(width: 7) == emission.initialWeights(width: 7, &stream).count)
        #expect(ElementKind.Values.allCases.contains { emission.models($0) })
      }
    }
    #expect(try Step.registry.emission("mixture").word == "mixture:5")
    for word in [
      "mixture:0", "mixture:65", "mixture:x", "mixture:", "gaussian:diag", "bernoulli:1", "poisson:", "nothing",
    ] {
      #expect(throws: SpecificationError.self) { try Step.registry.emission(word) }
    }
  }
}
