import Foundation
import Inference
import ModelCore
import Probability
import Sequences
import Testing

/// The audit of vectors: sums over all, quadrature in one and two dimensions, weighted draws beyond, and draws by their
/// probability integral transform.
@Suite struct VectorAuditTests {
  struct Case: Sendable {
    let values: ElementKind.Values
    let width: Int
    /// The check that says whether densities sum to one.
    let check: AuditLine.Check
  }

  static let cases = [
    Case(values: .reals, width: 1, check: .steps), Case(values: .reals, width: 2, check: .steps),
    Case(values: .reals, width: 5, check: .densities), Case(values: .bits, width: 3, check: .steps),
    Case(values: .bits, width: 8, check: .steps), Case(values: .bits, width: 20, check: .densities),
    Case(values: .counts, width: 1, check: .steps), Case(values: .counts, width: 3, check: .densities),
    Case(values: .categories, width: 3, check: .steps), Case(values: .categories, width: 13, check: .densities),
  ]

  private func failures(_ example: Case, factor: Double, drawn: Double) throws -> [AuditLine.Check] {
    let model = try IndependentVectors.model(example.values, width: example.width, factor: factor, drawn: drawn)
    var options = AuditOptions()
    options.seed = 3
    options.threads = 2
    let lines = try model.audit(options)
    #expect(lines.contains { $0.check == .densities } == (example.check == .densities))
    return lines.filter { !$0.isSound }.map(\.check)
  }

  @Test(arguments: cases) func soundModelsPass(_ example: Case) throws {
    #expect(try failures(example, factor: 1, drawn: 1) == [])
  }

  /// A density that integrates to 1.05.
  @Test(arguments: cases) func densitiesThatAreTooLargeFail(_ example: Case) throws {
    #expect(try failures(example, factor: 1.05, drawn: 1).contains(example.check))
  }

  /// Draws with another deviation, rate or mean than the density's.
  @Test(arguments: cases) func drawsOfAnotherDistributionFail(_ example: Case) throws {
    #expect(try failures(example, factor: 1, drawn: 1.3).contains(.sampler))
  }

  /// The sums over all vectors are computed by the densities alone.
  @Test(arguments: [
    (ElementKind.Values.reals, 1), (.reals, 2), (.bits, 1), (.bits, 12), (.counts, 1),
  ]) func gapsAreWhatTheFactorSays(_ values: ElementKind.Values, _ width: Int) {
    var step = IndependentVectors.Step(OutputShape(.vectors(values, width: width), stop: .variable))
    for factor in [1, 0.9, 1.25] {
      step.factor = factor
      var stream = RandomStream(seed: 1)
      #expect(abs(step.largestGap(&stream) - abs(factor - 1)) < 1e-7)
    }
  }
}

/// The probability integral transform of data.
@Suite struct ProbabilityTransformTests {
  @Test(arguments: VectorAuditTests.cases) func ofDrawsItIsUniform(_ example: VectorAuditTests.Case) throws {
    let model = try IndependentVectors.model(example.values, width: example.width)
    let sequences = try model.samples(1000, seed: 4).map(\.sequence)
    let set = VectorSequences(sequences, width: example.width, example.values)
    let transform = try ProbabilityTransform(of: model, on: set, seed: 2, threads: 2)
    #expect(transform.steps == set.elementCount && transform.components.count == example.width)
    for component in transform.components {
      #expect(try #require(component.test).pValue > 1e-4 / Double(example.width))
      #expect(component.histogram.reduce(0, +) == transform.steps)
    }
    let alone = try ProbabilityTransform(of: model, on: set, seed: 2, threads: 1)
    #expect(alone.components == transform.components)
    let later = try ProbabilityTransform(of: model, on: set, skipsFirst: true)
    #expect(later.steps == set.elementCount - sequences.count { !$0.isEmpty })
  }

  /// Where draws are twice as wide as the model says, u = Φ(2 z): P(u < 1/20) = Φ(Φ⁻¹(0.05)/2) = 0.2054, by tables of Φ. The
  /// random walk gives no transform of its own: its distribution function is an integral.
  @Test func aModelThatIsTooSureIsSeen() throws {
    let model = try GaussianWalk.model("halt", deviation: 0.5)
    let set = VectorSequences(
      try GaussianWalk.model("halt", deviation: 1).samples(1200, seed: 5).map(\.sequence), width: 1)
    let transform = try ProbabilityTransform(of: model, on: set)
    let n = Double(transform.steps)
    let share = Double(transform.components[0].histogram[0]) / n
    #expect(abs(share - 0.2054) < 5 * (0.2054 * 0.7946 / n).squareRoot())
    #expect(try #require(transform.components[0].test).pValue < 1e-6)
  }

  /// Without elements there is nothing to say, and nothing traps.
  @Test func ofNothing() throws {
    let transform = try ProbabilityTransform(
      of: GaussianWalk.model("halt"), on: VectorSequences([[], []], width: 1))
    #expect(transform.steps == 0 && transform.components[0].test == nil)
  }
}

@Suite struct VectorScoreTests {
  /// What is left is what the other steps cost, one by one.
  @Test(arguments: ["halt", "tau:input=remaining,prior=poisson"])
  func firstElementsAreLeftOut(_ length: String) throws {
    let model = try GaussianWalk.model(length)
    let set = VectorSequences([[[0.3], [1], [-2]], [], [[4]]], width: 1)
    let scores = model.scoresWithoutFirstElements(model.scores(of: set), of: set, threads: 2)
    for index in 0..<set.count {
      let elements = model.stepScores(of: set[index]).map(\.natsElements).filter { $0 != 0 }
      #expect(abs(scores[index].natsElements - elements.dropFirst().reduce(0, +)) < 1e-12)
      #expect(scores[index].natsLength == model.scores(of: set)[index].natsLength)
    }
    let figures = model.figures(withoutFirstElements: scores, on: set)
    #expect(figures.symbols == 2 && figures.sequences == 3 && figures.natsPerComponent == figures.natsElements / 2)
  }

  /// After n elements of its own a random walk is off by a normal number of variance (2 n + 1) σ²: n nats more than after the
  /// true ones.
  @Test func exposureOfARandomWalk() throws {
    let model = try GaussianWalk.model("halt", deviation: 0.5, stop: 0.1)
    let set = VectorSequences(try model.samples(1500, seed: 7).map(\.sequence), width: 1)
    let exposure = Exposure(of: model, on: set, threads: 2)
    for row in exposure.rows {
      let difference = row.exposed.natsElements - row.teacherForced.natsElements
      // Of the decisions 9 in 10 are elements.
      let elements = Double(row.steps) * 0.9
      #expect(abs(difference - elements) < 5 * max(row.standardError ?? 1, 0.02), "\(row)")
    }
    #expect(exposure.rows == Exposure(of: model, on: set, threads: 1).rows)
  }

  /// Quantiles of three draws, by hand: between sorted numbers they are linear.
  @Test func forecastsAreQuantiles() {
    let samples = [[[0.0], [1]], [[0], [3], [5]], [[0], [2]], [[0]]]
    let forecast = Forecast(samples, after: 1, width: 1)
    #expect(forecast.steps.map(\.time) == [2, 3] && forecast.steps.map(\.draws) == [3, 1])
    #expect(forecast.steps[0].quantiles[0][2] == 2 && forecast.steps[1].quantiles[0] == [5, 5, 5, 5, 5])
    #expect(Forecast([], after: 3, width: 2).steps.isEmpty)
  }
}
