import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Draws that something is asked of: a length, a least length, ways to cut.
@Suite struct ConditionedSamplingTests {
  static let finite = BackoffAutomatonTests.words.filter { !$0.contains("/tau") }
  static let recurrent = ["rnn:4,epochs=2/eos", "gru:4,epochs=2/halt"]

  // MARK: A given length

  /// Of finitely many states exactly, by rejection else: P(y | τ = 3) by enumeration.
  @Test(arguments: finite + ["markov:2,time=each/halt", "markov:2,time=bucket:3/eos"] + recurrent)
  func lengthsAreConditionedOn(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    var options = SamplingOptions()
    options.length = 3
    options.prefix = [1]
    let strings = Toys.allSequences(2, longest: 3).filter { $0.count == 3 && $0[0] == 1 }
    let masses = strings.map { exp(-model.score(of: $0).nats) }
    let all = masses.reduce(0, +)
    let exact = Dictionary(uniqueKeysWithValues: zip(strings, masses.map { $0 / all }))
    let draws = try model.samples(20_000, seed: 17, options, threads: 2)
    #expect(pValue(draws.map(\.sequence), exact.filter { $0.value > 0 }, "\(word), seed 17") > 1e-4)
    for draw in draws.prefix(50) {
      #expect(draw.isComplete)
      let nats = model.score(of: draw.sequence).nats
      #expect(abs(draw.score.nats - nats) < 1e-4 * max(nats, 1))
    }
    // The share of draws that had the length is P(begins with 1 and τ = 3 | begins with 1).
    let tries = draws.reduce(0) { $0 + $1.tries }
    if !Self.recurrent.contains(word) { #expect(tries == draws.count) } else { #expect(tries > draws.count) }
  }

  @Test func lengthsThatHardlyOccurAreRefused() throws {
    var options = SamplingOptions()
    options.length = 400
    let network = try Toys.model("gru:4,epochs=2/eos", alphabetSize: 2)
    #expect(throws: SpecificationError.self) { try network.samples(2, seed: 1, options) }
    let chain = try Toys.model("markov:2/eos", alphabetSize: 2)
    #expect(try chain.samples(2, seed: 1, options).allSatisfy { $0.sequence.count == 400 && $0.isComplete })
    // None at all.
    let table = try Toys.model("markov:9,smoothing=ml/eos", alphabetSize: 2)
    options.length = 30
    #expect(throws: SpecificationError.self) { try table.samples(2, seed: 1, options) }
  }

  /// Whether a length is given up depends on the model and the seed alone, and so do the draws.
  @Test(arguments: [5, 12, 16, 20, 30, 60]) func vainDrawsAreAddressed(_ length: Int) throws {
    let model = try Toys.model("markov:1/halt", alphabetSize: 2)
    var options = SamplingOptions()
    options.length = length
    options.truncation.temperature = 0.9
    // As for models whose states are too many.
    func draws(_ count: Int, threads: Int = 1) throws -> [Sample] {
      try Sampler(
        model, seed: 2, options, expecting: count, tables: TableLimits(messages: .max, chain: 0), threads: threads
      )
      .samples(0..<count, threads: threads)
    }
    do {
      let many = try draws(40, threads: 2)
      #expect(try draws(1) == [many[0]] && many.allSatisfy { $0.sequence.count == length })
    } catch is SpecificationError {
      for count in [0, 1, 3] {
        #expect(throws: SpecificationError.self) { try draws(count) }
      }
    }
  }

  @Test(arguments: ["markov:1/eos", "markov:1/halt", "gru:2,epochs=1/eos", "markov:1/tau"])
  func endlessLengthsAreRefused(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    var options = SamplingOptions()
    for length in [99_999_999_999, Int.max] {
      options.length = length
      #expect(throws: SpecificationError.self) { try model.samples(1, seed: 1, options) }
    }
  }

  /// The length that is asked for goes before the limit.
  @Test(arguments: ["markov:1/eos", "markov:1/halt", "markov:1/tau", "gru:2,epochs=1/tau"])
  func givenLengthsAreNotCut(_ word: String) throws {
    var options = SamplingOptions()
    options.length = 20
    options.maximumLength = 5
    for sample in try Toys.model(word, alphabetSize: 2).samples(3, seed: 1, options) {
      #expect(sample.isComplete && sample.sequence.count == 20)
    }
  }

  // MARK: A least length

  @Test(arguments: ["tau:input=remaining", "tau:input=none,prior=geometric", "tau:input=total,prior=poisson"])
  func leastLengthsAreConditionedOnWhereTheyAreDrawnFirst(_ length: String) throws {
    let model = try Toys.model("markov:1/\(length)", alphabetSize: 2)
    let prior = try #require(model.lengthLaw())
    var options = SamplingOptions()
    options.minimumLength = 3
    let draws = try model.samples(20_000, seed: 5, options)
    let all = prior.tail(beyond: 2)
    let exact = Dictionary(uniqueKeysWithValues: (3...300).map { ($0, exp(prior.logProbability($0)) / all) })
    #expect(pValue(draws.map(\.sequence.count), exact, "\(length), seed 5") > 1e-4)
  }

  /// For networks each step before is given that there is one more: the first three have the distribution of a model that
  /// cannot stop there.
  @Test(arguments: ["gru:4,epochs=2/eos", "gru:4,epochs=2/halt"])
  func leastLengthsRuleOutTheEnd(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    var options = SamplingOptions()
    options.minimumLength = 3
    let draws = try model.samples(20_000, seed: 6, options)
    #expect(draws.allSatisfy { $0.sequence.count >= 3 })
    var exact: [[Symbol]: Double] = [:]
    for string in Toys.allSequences(2, longest: 3) where string.count == 3 {
      // Nats of the elements are given that there is one more.
      let steps = model.stepScores(of: string).prefix(3)
      exact[string] = exp(-steps.reduce(0) { $0 + $1.natsElements })
    }
    #expect(pValue(draws.map { Array($0.sequence.prefix(3)) }, exact, "\(word), seed 6") > 1e-4)
    for draw in draws.prefix(20) {
      #expect(abs(draw.score.nats - model.score(of: draw.sequence).nats) < 1e-4 * draw.score.nats)
      #expect(draw.stops.removed > 0 && draw.stops.removed <= draw.stops.model)
    }
  }

  // MARK: Cuts

  /// One step with P(end) = 0.3, and 0.4, 0.2, 0.1 for the elements, cut in each way by hand.
  @Test(arguments: Truncation.EndPolicy.allCases, [OutputShape.Stop.outcome, .variable])
  func policiesAreWhatTheySay(_ policy: Truncation.EndPolicy, _ stop: OutputShape.Stop) throws {
    let shape = OutputShape(alphabetSize: 3, stop: stop)
    let model = SequenceModel(
      specification: try ModelSpecification(stop == .outcome ? "markov:0/eos" : "markov:0/halt"),
      alphabet: try Toys.alphabet(3), conditional: OneStep(shape: shape), prior: nil,
      facts: TrainingFacts(sequences: 0, symbols: 0, longest: 0, dataHash: 0, seed: 0))
    func first(_ change: (inout Truncation) -> Void) throws -> [Int] {
      var options = SamplingOptions()
      options.maximumLength = 1
      options.truncation.endPolicy = policy
      change(&options.truncation)
      return try model.samples(20_000, seed: 8, options).map { $0.sequence.first ?? 3 }
    }
    // The end is outcome 3.
    func check(_ wanted: [Double], _ change: (inout Truncation) -> Void) throws {
      let total = wanted.reduce(0, +)
      let exact = Dictionary(
        uniqueKeysWithValues: wanted.enumerated().filter { $0.element > 0 }.map { ($0.offset, $0.element / total) })
      #expect(pValue(try first(change), exact, "\(policy), \(stop), seed 8") > 1e-4)
    }
    switch policy {
    case .filter:
      try check([0.4, 0, 0, 0]) { $0.topK = 1 }
      try check([0.4, 0, 0, 0.3]) { $0.topK = 2 }
      try check([0.4, 0, 0, 0.3]) { $0.topP = 0.6 }
      try check([0.4, 0.2, 0, 0.3]) { $0.minP = 0.5 }
      try check([0.16, 0.04, 0.01, 0.09]) { $0.temperature = 0.5 }
      try check([1, 0, 0, 0]) { $0.temperature = 0 }
    case .keep:
      try check([0.7, 0, 0, 0.3]) { $0.topK = 1 }
      // 0.09/0.3 of the tempered mass is the end's; the elements share the rest as 0.16 to 0.04.
      try check([0.7 * 0.8, 0.7 * 0.2, 0, 0.3]) {
        $0.temperature = 0.5
        $0.topK = 2
      }
      try check([0.7 * 2 / 3, 0.7 / 3, 0, 0.3]) { $0.minP = 0.5 }
      try check([1, 0, 0, 0]) { $0.temperature = 0 }
    case .separate:
      try check([0.7, 0, 0, 0.3]) { $0.topK = 1 }
      try check([0.7 * 16 / 21, 0.7 * 4 / 21, 0.7 / 21, 0.3]) { $0.temperature = 0.5 }
      try check([0.7, 0, 0, 0.3]) { $0.temperature = 0 }
    }
  }

  @Test func whatWasCutIsSaid() throws {
    let model = SequenceModel(
      specification: try ModelSpecification("markov:0/eos"), alphabet: try Toys.alphabet(3),
      conditional: OneStep(shape: OutputShape(alphabetSize: 3, stop: .outcome)), prior: nil,
      facts: TrainingFacts(sequences: 0, symbols: 0, longest: 0, dataHash: 0, seed: 0))
    var options = SamplingOptions()
    options.maximumLength = 5
    options.truncation.topK = 1
    // Six times, the last one at the limit: a model that never ends is cut and says so.
    for sample in try model.samples(3, seed: 1, options) {
      #expect(!sample.isComplete && sample.sequence == [0, 0, 0, 0, 0])
      #expect(abs(sample.stops.model - 6 * 0.3) < 1e-12 && sample.stops.removed == sample.stops.model)
    }
    options.truncation.endPolicy = .separate
    #expect(try model.samples(100, seed: 1, options).allSatisfy { $0.stops.removed == 0 && $0.stops.model > 0 })
  }

  // MARK: Addresses

  /// Whatever is asked for, draw number i is the same for any number, piece and threads.
  @Test(arguments: [
    "markov:2/eos", "markov:3/halt", "markov:2,smoothing=add:1/eos", "vlmc:3/eos", "ctw:3/halt", "rnn:4,epochs=2/eos",
    "gru:4,epochs=2/halt", "tabular/eos", "markov:2/tau",
  ])
  func drawsAreAddressed(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    var plain = SamplingOptions()
    plain.maximumLength = 50
    var all = [plain]
    all.append(plain)
    all[1].prefix = [1]
    all.append(plain)
    all[2].length = 3
    all.append(plain)
    all[3].minimumLength = 2
    all.append(plain)
    all[4].truncation.topK = 2
    all[4].truncation.endPolicy = .keep
    for options in all {
      let many = try model.samples(600, seed: 4, options, threads: 2)
      #expect(try model.samples(5, seed: 4, options) == Array(many[..<5]))
      let sampler = try Sampler(model, seed: 4, options)
      #expect(try sampler.samples(0..<7) + sampler.samples(7..<300, threads: 2) == Array(many[..<300]))
      #expect(try sampler.samples(599..<600) == [many[599]])
    }
  }
}

/// A million draws against each exact law of length.
@Suite struct LengthLawSamplingTests {
  @Test(
    arguments: [
      "markov:2/eos", "markov:3/halt", "markov:2/tau", "markov:1/tau:input=none,prior=negative-binomial", "tabular/eos",
      "vlmc:3/eos", "ctw:3/halt", "markov:2,mixing=backoff/eos", "markov:1,time=bucket:4/eos",
    ])
  func aMillionDraws(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 4)
    let law = try model.lengthDistribution(seed: 1)
    let sampler = try Sampler(model, seed: 77)
    var counts: [Int] = []
    for first in stride(from: 0, to: 1_000_000, by: 50_000) {
      for sample in try sampler.samples(first..<(first + 50_000), threads: 2) {
        let length = sample.sequence.count
        if length >= counts.count { counts += Array(repeating: 0, count: length + 1 - counts.count) }
        counts[length] += 1
      }
    }
    let fit = LengthFit(law, counts: counts)
    print(
      "\(word): seed 77, chi-square \(fit.chiSquare) on \(fit.degreesOfFreedom) degrees of freedom, p = \(fit.pValue ?? 1)"
    )
    #expect((fit.pValue ?? 0) > 1e-4)
    #expect((fit.kolmogorovSmirnov?.pValue ?? 0) > 1e-4)
    #expect(fit.impossible == 0)
  }

  /// Strings of at most three symbols of six, most of them through shorter contexts: drawn from arrays, each way of
  /// smoothing.
  @Test(
    arguments: [
      "markov:3", "markov:3,mixing=backoff", "markov:2,smoothing=witten-bell", "markov:4,smoothing=absolute/halt",
      "markov:2,smoothing=kneser-ney/tau:input=none",
    ])
  func arraysDrawTheDistribution(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 6)
    let draws = 200_000
    var counts: [[Symbol]: Int] = [:]
    for sample in try model.samples(draws, seed: 31, threads: 2) { counts[sample.sequence, default: 0] += 1 }
    var (statistic, cells, expectedRest, observedRest) = (0.0, 0, Double(draws), Double(draws))
    for string in Toys.allSequences(6, longest: 3) {
      let expected = exp(-model.score(of: string).nats) * Double(draws)
      guard expected >= 5 else { continue }
      let observed = Double(counts[string] ?? 0)
      statistic += (observed - expected) * (observed - expected) / expected
      cells += 1
      (expectedRest, observedRest) = (expectedRest - expected, observedRest - observed)
    }
    statistic += (observedRest - expectedRest) * (observedRest - expectedRest) / expectedRest
    let p = chiSquareTail(statistic, degreesOfFreedom: Double(cells))
    print("\(word): seed 31, chi-square \(statistic) on \(cells) degrees of freedom, p = \(p)")
    #expect(p > 1e-4)
  }
}

/// P(end) = 0.3, and 0.4, 0.2, 0.1 for three elements, always.
private struct OneStep: Conditional {
  let shape: OutputShape
  let storedParameters = 0
  let notes: [String] = []

  func start(_ inputs: StepInputs) -> Int { 0 }
  func advance(_ state: inout Int, past element: Symbol, _ inputs: StepInputs) {}
  func write(to file: inout TensorFile) {}
  func logStop(_ state: Int, _ inputs: StepInputs) -> (stop: Double, continuing: Double) { (log(0.3), log(0.7)) }
  func logProbability(of outcome: Symbol, _ state: Int, _ inputs: StepInputs) -> Double {
    log([0.4, 0.2, 0.1, 0.3][outcome] / (shape.stop == .variable ? 0.7 : 1))
  }
  func predict(_ state: Int, _ inputs: StepInputs, into prediction: inout Prediction) {
    (prediction.logStop, prediction.logContinue) = logStop(state, inputs)
    prediction.logProbabilities = (0..<shape.outcomes).map { logProbability(of: $0, state, inputs) }
  }
}
