import Foundation
import Inference
import Models
import Probability
import Sequences
import Support
import Testing

/// Laws of length against enumeration, and their defining properties.
@Suite struct LengthDistributionTests {
  static let exactWords = Toys.words.filter { $0.contains("/tau") || BackoffAutomatonTests.words.contains($0) }

  /// P(τ = n) is the sum over all sequences of n symbols, and everything adds up to one.
  @Test(arguments: exactWords + ["markov:2,time=each/eos", "markov:1,time=bucket:3/halt"])
  func isTheSumOverSequences(_ word: String) throws {
    let model = Toys.inDouble(try Toys.model(word, alphabetSize: 2))
    let law = try model.lengthDistribution(seed: 1)
    #expect(law.isExact)
    var sums = [Double](repeating: 0, count: 9)
    for sequence in Toys.allSequences(2, longest: 8) { sums[sequence.count] += exp(-model.score(of: sequence).nats) }
    for (length, sum) in sums.enumerated() { #expect(abs(law.probability(length) - sum) < 1e-12, "\(word) \(length)") }
    #expect(abs(law.probabilities.reduce(0, +) + law.beyond + law.endless - 1) < 1e-9, "\(word)")
    #expect(law.endless == 0)

    // Moments, survival and quantiles from the probabilities, the tail among them.
    let all = (0..<max(law.probabilities.count * 2, 4000)).map(law.probability)
    let mean = all.enumerated().reduce(0.0) { $0 + Double($1.offset) * $1.element }
    let variance = all.enumerated().reduce(0.0) { $0 + pow(Double($1.offset) - mean, 2) * $1.element }
    #expect(abs(law.mean - mean) < 1e-8 * max(mean, 1), "\(word)")
    #expect(abs(law.variance - variance) < 1e-7 * max(variance, 1), "\(word)")
    let survival = law.survival(upTo: 8)
    for length in 0...8 { #expect(abs(survival[length + 1] - all[(length + 1)...].reduce(0, +)) < 1e-10) }
    for q in [0.05, 0.5, 0.9] {
      let length = try #require(law.quantile(q))
      #expect(all[...length].reduce(0, +) >= q - 1e-9)
      #expect(length == 0 || all[..<length].reduce(0, +) < q + 1e-9)
    }
  }

  /// After every past of the network, P(stop) is at least the bound.
  @Test(arguments: ["rnn:3", "gru:4", "lstm:3"], ["eos", "halt"])
  func recurrentModelsStopWithABound(_ family: String, _ length: String) throws {
    let model = try Toys.model("\(family),epochs=3/\(length)", alphabetSize: 2)
    let bound = try #require(model.tightness).leastStop
    #expect(bound > 0 && bound < 1)
    func check<C: Conditional>(_ conditional: C) {
      for sequence in Toys.allSequences(2, longest: 6) {
        var state = conditional.start(StepInputs(time: 0))
        for (time, symbol) in sequence.enumerated() {
          conditional.advance(&state, past: symbol, StepInputs(time: time + 1))
        }
        #expect(exp(conditional.logStop(state, StepInputs(time: sequence.count)).stop) >= bound * (1 - 1e-5))
      }
    }
    check(model.conditional)
    #expect(try Toys.model("\(family)/tau", alphabetSize: 2).tightness == nil)
  }

  /// The law of drawn lengths is within five standard errors of the exact one.
  @Test func drawnLawsAgree() throws {
    let model = try Toys.model("gru:4,epochs=3/eos", alphabetSize: 2)
    var options = LengthOptions()
    options.draws = 20_000
    let law = try model.lengthDistribution(options, seed: 7, threads: 2)
    #expect(!law.isExact && law.endless == 0)
    var sums = [Double](repeating: 0, count: 6)
    for sequence in Toys.allSequences(2, longest: 5) { sums[sequence.count] += exp(-model.score(of: sequence).nats) }
    for (length, sum) in sums.enumerated() {
      let error = (sum * (1 - sum) / 20_000).squareRoot()
      #expect(abs(law.probability(length) - sum) < 5 * error + 1e-9)
    }
  }
}

/// Laws that are too long to be listed, and tails beyond a table.
@Suite struct LengthTailTests {
  /// A Poisson law is next to a normal one; nothing of it is endless.
  @Test(arguments: [2e6, 1e9]) func longKnownLaws(_ mean: Double) throws {
    let model = try Toys.model("markov:1/tau:input=none,prior=poisson", alphabetSize: 2)
    let law = try SequenceModel(
      specification: model.specification, alphabet: model.alphabet, conditional: model.conditional,
      prior: PoissonLengths(mean: mean), facts: model.facts
    ).lengthDistribution(seed: 1)
    #expect(law.isExact && law.mean == mean && law.variance == mean && law.endless == 0)
    #expect(abs(law.beyond - 1) < 1e-12)
    let median = try #require(law.quantile(0.5))
    #expect(abs(Double(median) - mean) <= 1)
    let high = try #require(law.quantile(0.975))
    #expect(abs((Double(high) - mean) / mean.squareRoot() - 1.96) < 0.01)
    #expect(law.isPossible(0) && law.probability(0) == 0 && law.probability(Int(mean)) > 0)
  }

  /// One state that stops with probability p: the geometric law, far beyond the table and for hazards of which 1 less
  /// them is 1.
  @Test(arguments: [0.3, 1e-3, 1e-30, 1e-99, 1e-200]) func geometricTails(_ p: Double) throws {
    let states = BackoffAutomaton(
      shape: OutputShape(alphabetSize: 1, stop: .variable), shorter: [0], firstEntry: [0, 1], outcomes: [0],
      values: [1], next: [0], weight: [0], extra: [], stop: [p], continuing: [1 - p], homogeneousFrom: 0,
      start: { _ in 0 },
      refine: nil)
    let law = states.lengthDistribution()
    #expect(law.isExact && law.endless == 0)
    #expect(abs(law.mean * p / (1 - p) - 1) < 1e-9)
    #expect(p < 1e-150 ? law.variance == .infinity : abs(law.variance * p * p / (1 - p) - 1) < 1e-9)
    for hazard in law.hazard(upTo: 300) { #expect(abs((hazard ?? 0) / p - 1) < 1e-9) }
    for length in [0, 50, 100, 1000] where Double(length) * p < 700 {
      #expect(abs(law.probability(length) / (p * exp(Double(length) * log1p(-p))) - 1) < 1e-9)
    }
    #expect(law.isPossible(1_000_000))
    let median = law.quantile(0.5)
    if p > 1e-9 { #expect(median == Int((log(0.5) / log1p(-p)).rounded(.up)) - 1) } else { #expect(median == nil) }
  }
}

/// Models that lose mass to sequences without an end.
@Suite struct EndlessTests {
  /// The example of Du et al. (2023): after t symbols "a" the probability of the end is 1/(e^t + 1), so that
  /// Π e^t/(e^t + 1) = 0.298 of the mass never ends.
  private static let lost = (0..<60).reduce(1.0) { $0 * (1 / (1 + exp(-Double($1)))) }

  private static func model(_ conditional: any Conditional) throws -> SequenceModel {
    SequenceModel(
      specification: try ModelSpecification("markov:1/eos"), alphabet: try Toys.alphabet(1), conditional: conditional,
      prior: nil, facts: TrainingFacts(sequences: 0, symbols: 0, longest: 0, dataHash: 0, seed: 0))
  }

  @Test func areFoundExactly() throws {
    let conditional = Counting()
    let law = try Self.model(CountingStates(counting: conditional)).lengthDistribution(seed: 1)
    #expect(law.isExact)
    #expect(abs(Self.lost - 0.298) < 5e-4)
    #expect(abs(law.endless - Self.lost) < 1e-12)
    #expect(abs(law.probabilities.reduce(0, +) - 0.702) < 5e-4)
    #expect(law.quantile(0.9) == nil && law.quantile(0.5) == 0)
    // A law that loses mass: survival stays above what is lost, and the hazard goes to nothing.
    #expect(law.survival(upTo: 50).allSatisfy { $0 >= Self.lost - 1e-12 })
    #expect((law.hazard(upTo: 50)[50] ?? 1) < 1e-12)
  }

  @Test func areFoundByDraws() throws {
    var options = LengthOptions()
    options.maximumLength = 200
    let law = try Self.model(Counting()).lengthDistribution(options, seed: 3, threads: 2)
    let error = (Self.lost * (1 - Self.lost) / Double(options.draws)).squareRoot()
    #expect(abs(law.endless - Self.lost) < 5 * error)
    #expect(law.source == .draws(options.draws, cut: Int((law.endless * Double(options.draws)).rounded()), limit: 200))
  }

  /// Whatever was fitted to sequences that end, ends.
  @Test(arguments: ["eos", "halt"]) func notInAFittedChain(_ length: String) throws {
    let set = SequenceSet([[0], [0, 0], []], alphabetSize: 2)
    let model = try SequenceModel.fit(ModelSpecification("markov:1,smoothing=ml/\(length)"), to: set, Toys.alphabet(2))
    #expect(try model.lengthDistribution(seed: 1).endless == 0)
  }

  /// a with 0.3, b with 0.5, the end with 0.2; after b there is nothing but b. So 0.2/(1 − 0.3) ends.
  @Test(arguments: [OutputShape.Stop.outcome, .variable]) func inAChainMadeByHand(_ stop: OutputShape.Stop) throws {
    let isOutcome = stop == .outcome
    let states = BackoffAutomaton(
      shape: OutputShape(alphabetSize: 2, stop: stop), shorter: [0, 0], firstEntry: isOutcome ? [0, 3, 4] : [0, 2, 3],
      outcomes: isOutcome ? [0, 1, 2, 1] : [0, 1, 1],
      values: isOutcome ? [0.3, 0.5, 0.2, 1] : [0.375, 0.625, 1], next: isOutcome ? [0, 1, -1, 1] : [0, 1, 1],
      weight: [0, 0], extra: [], stop: isOutcome ? [] : [0.2, 0], continuing: isOutcome ? [] : [0.8, 1],
      homogeneousFrom: 0,
      start: { _ in 0 }, refine: nil)
    let law = states.lengthDistribution()
    #expect(abs(law.endless - 5.0 / 7) < 1e-12)
    #expect(abs(law.probabilities.reduce(0, +) + law.beyond - 2.0 / 7) < 1e-12)
    #expect(abs(law.mean - 0.3 / 0.7) < 1e-9)
    #expect(law.isExact)
  }
}

/// After t symbols of one kind the end has probability 1/(e^t + 1).
struct Counting: Conditional {
  let shape = OutputShape(alphabetSize: 1, stop: .outcome)
  let storedParameters = 0
  let notes: [String] = []

  func start(_ inputs: StepInputs) -> Int { 0 }
  func advance(_ state: inout Int, past element: Symbol, _ inputs: StepInputs) { state += 1 }
  func write(to file: inout TensorFile) {}

  func logStop(_ state: Int, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    (-softplus(Double(state)), -softplus(-Double(state)))
  }

  func logProbability(of outcome: Symbol, _ state: Int, _ inputs: StepInputs) -> Double {
    outcome == 0 ? logStop(state, inputs).continuing : logStop(state, inputs).stop
  }

  func predict(_ state: Int, _ inputs: StepInputs, into prediction: inout Prediction) {
    (prediction.logStop, prediction.logContinue) = logStop(state, inputs)
    prediction.logProbabilities = [prediction.logContinue, prediction.logStop]
  }
}

/// The same with its states listed, the end ruled out where double precision knows no difference from 1.
struct CountingStates: FiniteStateConditional {
  let counting: Counting
  let storedParameters = 0
  let notes: [String] = []
  var shape: OutputShape { counting.shape }

  func start(_ inputs: StepInputs) -> Int { 0 }
  func advance(_ state: inout Int, past element: Symbol, _ inputs: StepInputs) { state += 1 }
  func write(to file: inout TensorFile) {}
  func logStop(_ state: Int, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    counting.logStop(state, inputs)
  }
  func logProbability(of outcome: Symbol, _ state: Int, _ inputs: StepInputs) -> Double {
    counting.logProbability(of: outcome, state, inputs)
  }
  func predict(_ state: Int, _ inputs: StepInputs, into prediction: inout Prediction) {
    counting.predict(state, inputs, into: &prediction)
  }

  func finiteStates() -> (any FiniteStateProcess)? {
    let count = 60
    let continuing = (0..<count).map { $0 == count - 1 ? 1 : 1 / (1 + exp(-Double($0))) }
    return BackoffAutomaton(
      shape: shape, shorter: Array(repeating: 0, count: count), firstEntry: (0...count).map { 2 * $0 },
      outcomes: (0..<count).flatMap { _ in [0, 1] as [Int32] },
      values: (0..<count).flatMap { [continuing[$0], $0 == count - 1 ? 0 : 1 / (1 + exp(Double($0)))] as [Double?] },
      next: (0..<count).flatMap { [Int32(min($0 + 1, count - 1)), -1] as [Int32] },
      weight: Array(repeating: 0, count: count), extra: [], stop: [], continuing: [], homogeneousFrom: 0,
      start: { _ in 0 },
      refine: nil)
  }
}

/// Lengths held against laws.
@Suite struct LengthFitTests {
  /// Against GSL's chi-square by hand: P = 1/2, 1/4, …, of 80 lengths.
  @Test func isPearsonsStatistic() throws {
    let law = LengthDistribution(probabilities: [0.5, 0.25, 0.125, 0.125])
    let fit = LengthFit(law, counts: [44, 16, 8, 12])
    // (44−40)²/40 + (16−20)²/20 + (8−10)²/10 + (12−10)²/10
    #expect(abs(fit.chiSquare - 2.0) < 1e-12)
    #expect(fit.degreesOfFreedom == 3)
    // R: pchisq(2, 3, lower.tail = FALSE)
    #expect(abs((fit.pValue ?? 0) - 0.5724067) < 1e-6)
  }

  @Test func cellsExpectFive() throws {
    let law = LengthDistribution(probabilities: [0.5, 0.25, 0.125, 0.125])
    // Of 16 lengths 8, 4, 2, 2 are expected: the first by itself, the others together.
    let fit = LengthFit(law, counts: [10, 2, 2, 2])
    #expect(fit.degreesOfFreedom == 1)
    #expect(abs(fit.chiSquare - (4.0 / 8 + 4.0 / 8)) < 1e-12)
    #expect(LengthFit(law, counts: [1]).pValue == nil)
    let impossible = LengthFit(law, counts: [10, 2, 2, 1, 1])
    #expect(impossible.impossible == 1 && impossible.pValue == 0)
  }

  /// A length far beyond the table is rare, not impossible.
  @Test(arguments: ["markov:1/eos", "markov:1/tau:input=none,prior=poisson"])
  func rareIsNotImpossible(_ word: String) throws {
    let law = try Toys.model(word, alphabetSize: 2).lengthDistribution(seed: 1)
    var counts = [Int](repeating: 0, count: 5001)
    counts[5000] = 1
    #expect(LengthFit(law, counts: counts).impossible == 0)
  }

  /// Distances stand beside: 44, 60, 68 of 80 against 40, 60, 70.
  @Test func hasADistance() throws {
    let law = LengthDistribution(probabilities: [0.5, 0.25, 0.125, 0.125])
    let fit = try #require(LengthFit(law, counts: [44, 16, 8, 12]).kolmogorovSmirnov)
    #expect(abs(fit.distance - 0.05) < 1e-12 && fit.pValue > 0.3 && fit.pValue < 1)
    let impossible = LengthFit(law, counts: [10, 2, 2, 1, 1])
    #expect(impossible.kolmogorovSmirnov?.pValue == 0)
    #expect(LengthFit(law, counts: []).kolmogorovSmirnov == nil && LengthFit(law, counts: [0]).pValue == nil)
    let json = try JSONEncoder().encode(LengthFit(law, counts: []))
    #expect(try JSONDecoder().decode(LengthFit.self, from: json) == LengthFit(law, counts: []))
    let moments = SequenceSet([[], [0, 0], [0]], alphabetSize: 1).lengthMoments
    #expect(moments.mean == 1 && abs(moments.variance - 2.0 / 3) < 1e-15)
  }

  /// Of draws that were cut it is known that they are longer than the limit, and no more: lengths beyond it are one.
  @Test(arguments: [0, 1, 3, 10_000]) func drawsThatWereCut(_ limit: Int) throws {
    let model = try Toys.model("gru:4,epochs=3/eos", alphabetSize: 2)
    var options = LengthOptions()
    options.maximumLength = limit
    let law = try model.lengthDistribution(options, seed: 7, threads: 2)
    let data = SequenceSet(try model.samples(4000, seed: 8, threads: 2).map(\.sequence), alphabetSize: 2)
    let fit = LengthFit(law, data)
    let distance = try #require(fit.kolmogorovSmirnov)
    print("limit \(limit), seeds 7 and 8: p = \(fit.pValue ?? 1), \(distance.pValue)")
    #expect((fit.pValue ?? 1) > 1e-4 && distance.pValue > 1e-4 && distance.distance < 0.05)
    // Another model's data.
    let others = LengthFit(law, counts: [0, 0, 0, 300, 700, 100])
    #expect(others.kolmogorovSmirnov?.distance ?? 0 > 0.2 && others.kolmogorovSmirnov?.pValue ?? 1 < 1e-9)
  }

  /// Data that ends against a law that mostly does not.
  @Test func endlessMassCounts() throws {
    let law = LengthDistribution(probabilities: [0.25, 0.25])
    let chain = BackoffAutomaton(
      shape: OutputShape(alphabetSize: 1, stop: .variable), shorter: [0, 0], firstEntry: [0, 1, 2], outcomes: [0, 0],
      values: [1, 1], next: [1, 1], weight: [0, 0], extra: [], stop: [0.5, 0], continuing: [0.5, 1], homogeneousFrom: 0,
      start: { _ in 0 }, refine: nil
    ).lengthDistribution()
    #expect(chain.endless == 0.5)
    let fit = LengthFit(chain, counts: [100])
    #expect(fit.kolmogorovSmirnov?.distance == 0.5 && fit.kolmogorovSmirnov?.pValue ?? 1 < 1e-10)
    #expect(fit.impossible == 0)
    #expect(!law.sumsToOne && chain.sumsToOne)
  }
}
