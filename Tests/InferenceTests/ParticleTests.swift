import Experiments
import Foundation
import Inference
import ModelCore
import Models
import Patterns
import Probability
import Sequences
import Testing

/// Estimates given evidence by sequential Monte Carlo, against all sequences one by one and against the exact answers of
/// models whose states are hidden from it.
@Suite struct ParticleTests {
  /// A network with some structure: fitted for a few epochs.
  static func network(_ ending: String, alphabetSize k: Int) throws -> SequenceModel {
    let set = Toys.set(alphabetSize: k)
    return try SequenceModel.fit(
      ModelSpecification("gru:4,epochs=10,rate=0.05/\(ending)"), to: set, valid: set, Toys.alphabet(k),
      FittingContext(seed: 3))
  }

  /// The same model, without a list of its states.
  private static func hidden(_ model: SequenceModel) -> SequenceModel {
    func hide<C: Conditional>(_ conditional: C) -> any Conditional { HiddenStates(base: conditional) }
    return SequenceModel(
      specification: model.specification, alphabet: model.alphabet, conditional: hide(model.conditional),
      prior: model.prior, facts: model.facts)
  }

  private static func sampling(_ particles: Int = 500, repetitions: Int = 16, twist: Twist? = nil)
    -> ParticleOptions
  {
    var options = ParticleOptions()
    options.enumerationLimit = 0
    (options.particles, options.repetitions, options.twist) = (particles, repetitions, twist)
    return options
  }

  /// Gaps, sets and known elements.
  private static let sequences: [IncompleteSequence] = [
    IncompleteSequence([.anything, .symbol(1), .anything, .symbol(0), .oneOf([0, 2]), .anything, .symbol(2)]),
    IncompleteSequence([.symbol(0), .anything, .symbol(2), .anything]),
    IncompleteSequence([.anything, .anything, .anything, .anything]),
  ]

  private static let patterns = ["a.*b", "(.*ab.*)&.{0,6}", "[ab]{1,5}c?", "!(.*aa.*)&.{2,5}"]

  /// All sequences of at most `longest` that agree, with log P.
  private func matches(
    _ model: SequenceModel, longest: Int, _ automaton: some SymbolAutomaton
  ) -> [(sequence: [Symbol], logProbability: Double)] {
    Toys.allSequences(model.alphabet.size, longest: longest).filter { automaton.accepts($0) }
      .map { ($0, -model.score(of: $0).nats) }.filter { $0.1 > -.infinity }
  }

  private func total(_ all: [(sequence: [Symbol], logProbability: Double)]) -> Double {
    log(all.reduce(0) { $0 + exp($1.logProbability) })
  }

  // MARK: Enumeration

  @Test(arguments: ["eos", "halt", "tau"]) func fewSequencesAreEnumerated(_ ending: String) throws {
    let model = try Self.network(ending, alphabetSize: 3)
    for sequence in Self.sequences {
      let posterior = try model.posterior(given: sequence)
      let all = matches(model, longest: sequence.count, sequence)
      #expect(posterior.quality == nil)
      #expect(abs(posterior.logProbability - total(all)) < 1e-5)
      for marginal in posterior.marginals() {
        #expect(marginal.standardErrors.isEmpty)
        for symbol in 0..<3 {
          let wanted = all.filter { $0.sequence[marginal.position] == symbol }
          let probability = wanted.isEmpty ? 0 : exp(total(wanted) - total(all))
          #expect(abs(marginal.probabilities[symbol] - probability) < 1e-5)
        }
      }
      let best = posterior.mostProbable(3)
      #expect(best.isExact)
      let wanted = all.map(\.logProbability).sorted(by: >)
      for (found, wanted) in zip(best.sequences, wanted) { #expect(abs(found.score.nats + wanted) < 1e-5) }
    }
    let pattern = try Pattern("(.*ab.*)&.{0,6}", model.alphabet)
    let posterior = try model.posterior(given: pattern)
    let all = matches(model, longest: 6, pattern)
    #expect(posterior.quality == nil)
    #expect(abs(posterior.logProbability - total(all)) < 1e-5)
    let lengths = posterior.lengthDistribution(longest: nil) { _ in }
    for length in 0...6 {
      let wanted = all.filter { $0.sequence.count == length }
      #expect(abs(lengths.probability(length) - (wanted.isEmpty ? 0 : exp(total(wanted) - total(all)))) < 1e-5)
    }
    let draws = posterior.samples(0..<10_000, seed: 2, threads: 2).map(\.sequence)
    let probabilities = Dictionary(
      uniqueKeysWithValues: all.map { ($0.sequence, exp($0.logProbability - total(all))) })
    #expect(pValue(draws, probabilities, "enumerated, \(ending), seed 2") > 1e-4)
    // Of any length: not to be enumerated.
    #expect(try model.posterior(given: Pattern("a.*", model.alphabet)).quality != nil)
  }

  // MARK: Sampling

  /// log P, marginals and lengths of a network, with and without a twist, within 4 standard errors of the sums over all
  /// sequences.
  @Test(arguments: ["eos", "halt", "tau"], [true, false])
  func networksAreWithinTheirErrors(_ ending: String, _ hasTwist: Bool) throws {
    let model = try Self.network(ending, alphabetSize: 3)
    let twist = hasTwist ? Twist(approximating: model, seed: 5, steps: 10_000) : nil
    #expect(!hasTwist || twist != nil)
    let options = Self.sampling(twist: twist)
    var (figures, outside) = (0, 0)
    func compare(_ estimate: Double, _ error: Double, _ wanted: Double, _ label: String) {
      figures += 1
      if abs(estimate - wanted) > 4 * error + 1e-5 { outside += 1 }
      #expect(abs(estimate - wanted) <= 8 * error + 1e-5, "\(label): \(estimate) ± \(error), \(wanted)")
    }
    for sequence in Self.sequences {
      let all = matches(model, longest: sequence.count, sequence)
      let posterior = try model.posterior(given: sequence, particles: options, threads: 2)
      let quality = try #require(posterior.quality)
      compare(posterior.logProbability, quality.standardError, total(all), "log P")
      for marginal in posterior.marginals() {
        #expect(abs(marginal.probabilities.reduce(0, +) - 1) < 1e-9)
        for symbol in 0..<3 {
          let wanted = all.filter { $0.sequence[marginal.position] == symbol }
          compare(
            marginal.probabilities[symbol], marginal.standardErrors[symbol],
            wanted.isEmpty ? 0 : exp(total(wanted) - total(all)), "position \(marginal.position)")
        }
      }
    }
    for text in Self.patterns.dropFirst() {
      let pattern = try Pattern(text, model.alphabet)
      let all = matches(model, longest: 6, pattern)
      let posterior = try model.posterior(given: pattern, particles: options)
      let quality = try #require(posterior.quality)
      compare(posterior.logProbability, quality.standardError, total(all), text)
      let lengths = posterior.lengthDistribution(longest: nil) { _ in }
      #expect(abs(lengths.total - 1) < 1e-9)
      for length in 0...6 {
        let wanted = all.filter { $0.sequence.count == length }
        let probability = wanted.isEmpty ? 0 : exp(total(wanted) - total(all))
        let error = (probability * (1 - probability) / quality.effectiveSampleSize).squareRoot()
        compare(lengths.probability(length), error, probability, "\(text), length \(length)")
      }
    }
    #expect(outside <= figures / 50, "\(outside) of \(figures)")
  }

  /// Models whose states are hidden, against their exact answers; the evidence has no bound on the length.
  @Test(arguments: ["markov:2/eos", "markov:2/halt", "markov:1/tau"]) func hiddenStates(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let twist = try Twist(
      Toys.model(word.replacingOccurrences(of: "markov:2", with: "markov:1"), alphabetSize: 3))
    for text in Self.patterns {
      let pattern = try Pattern(text, model.alphabet)
      let exact = try model.posterior(given: pattern)
      for twist in [nil, twist] {
        let posterior = try Self.hidden(model).posterior(given: pattern, particles: Self.sampling(twist: twist))
        let quality = try #require(posterior.quality)
        #expect(
          abs(posterior.logProbability - exact.logProbability) < 4 * quality.standardError + 1e-9,
          "\(word) \(text): \(posterior.logProbability) ± \(quality.standardError), \(exact.logProbability)")
        let lengths = posterior.lengthDistribution(longest: nil) { _ in }
        let wanted = exact.lengthDistribution(longest: nil) { _ in }
        #expect(
          abs(lengths.mean - wanted.mean) < 5 * (wanted.variance / quality.effectiveSampleSize).squareRoot() + 1e-9)
      }
    }
  }

  /// Were the twist the model, no weight would differ: the optimal proposal.
  @Test(arguments: ["markov:2/eos", "markov:2/halt", "markov:1/tau"]) func theModelIsItsOwnBestTwist(_ word: String)
    throws
  {
    let model = try Toys.model(word, alphabetSize: 3)
    var options = Self.sampling(200, repetitions: 3, twist: try Twist(model))
    options.isResampling = false
    func check(_ evidence: some SymbolAutomaton) throws {
      let exact = try model.posterior(given: evidence)
      let posterior = try Self.hidden(model).posterior(given: evidence, particles: options)
      let quality = try #require(posterior.quality)
      #expect(abs(posterior.logProbability - exact.logProbability) < 1e-9)
      #expect(quality.standardError < 1e-9)
      #expect(abs(quality.effectiveSampleSize - 600) < 1e-6)
    }
    for sequence in Self.sequences { try check(sequence) }
    for text in Self.patterns { try check(Pattern(text, model.alphabet)) }
  }

  /// The approximation of a Markov model of lower order is the model, but for a share of the uniform distribution.
  @Test(arguments: ["markov:2/eos", "markov:2/halt", "markov:1/tau:input=none"])
  func approximationsOfMarkovModels(_ word: String) throws {
    let model = Self.hidden(try Toys.model(word, alphabetSize: 3))
    var options = Self.sampling(twist: Twist(approximating: model, seed: 4, steps: 100_000))
    options.isResampling = false
    for text in Self.patterns {
      let quality = try #require(
        try model.posterior(given: Pattern(text, model.alphabet), particles: options).quality)
      #expect(quality.effectiveSampleSize > 0.98 * 8000, "\(text)")
    }
  }

  /// Draws of equal weight have the distribution.
  @Test(arguments: ["markov:2/eos", "markov:1/tau"]) func drawsHaveTheDistribution(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let pattern = try Pattern("!(.*aa.*)&.{2,4}", model.alphabet)
    let all = matches(model, longest: 4, pattern)
    let posterior = try Self.hidden(model).posterior(
      given: pattern, particles: Self.sampling(100_000, repetitions: 2, twist: try Twist(model)), threads: 2)
    #expect(try #require(posterior.quality).effectiveSampleSize > 199_000)
    let draws = posterior.samples(0..<20_000, seed: 7, threads: 2).map(\.sequence)
    let wanted = Dictionary(uniqueKeysWithValues: all.map { ($0.sequence, exp($0.logProbability - total(all))) })
    #expect(pValue(draws, wanted, "\(word), seed 7") > 1e-4)
    #expect(posterior.samples(5..<8, seed: 7, threads: 1).map(\.sequence) == Array(draws[5..<8]))
  }

  /// A twist that rules out what the model does not: its zeros may not become the answer's.
  @Test func aTwistWithZeros() throws {
    let model = try Toys.model("markov:2/eos", alphabetSize: 3)
    let few = SequenceSet([[0, 1], [1, 0]], alphabetSize: 3)
    let twist = try SequenceModel.fit(ModelSpecification("markov:1,smoothing=ml/eos"), to: few, Toys.alphabet(3))
    let sequence = IncompleteSequence([.anything, .symbol(2), .anything])
    let exact = try model.posterior(given: sequence)
    let posterior = try Self.hidden(model).posterior(
      given: sequence, particles: Self.sampling(twist: try Twist(twist)))
    let quality = try #require(posterior.quality)
    #expect(abs(posterior.logProbability - exact.logProbability) < 4 * quality.standardError)
    for (estimate, wanted) in zip(posterior.marginals(), exact.marginals()) {
      for symbol in 0..<3 {
        #expect(
          abs(estimate.probabilities[symbol] - wanted.probabilities[symbol]) < 4 * estimate.standardErrors[symbol])
      }
    }
  }

  /// With and without resampling, a mean of estimates of P(evidence) over many seeds is P(evidence): they are unbiased.
  @Test(arguments: [true, false]) func estimatesAreUnbiased(_ isResampling: Bool) throws {
    let model = try Toys.model("markov:2/eos", alphabetSize: 3)
    let exact = exp(try model.posterior(given: Self.sequences[0]).logProbability)
    let hidden = Self.hidden(model)
    var options = Self.sampling(8, repetitions: 4000)
    options.isResampling = isResampling
    let posterior = try hidden.posterior(given: Self.sequences[0], particles: options, threads: 2)
    let quality = try #require(posterior.quality)
    let ratio = exp(posterior.logProbability) / exact
    #expect(abs(ratio - 1) < 4 * quality.standardError * ratio, "\(ratio) ± \(quality.standardError)")
    #expect(quality.standardError < 0.05)
  }

  // MARK: Most probable

  @Test(arguments: ["eos", "halt", "tau"]) func beamsFindTheMostProbable(_ ending: String) throws {
    let model = try Self.network(ending, alphabetSize: 3)
    let twist = Twist(approximating: model, seed: 5, steps: 10_000)
    let evidence = IncompleteSequence([.anything, .symbol(1), .anything, .anything, .symbol(0), .anything])
    let wanted = matches(model, longest: 6, evidence).map(\.logProbability).sorted(by: >)
    // As wide as there are beginnings: nothing is dropped.
    let wide = try model.posterior(given: evidence, particles: Self.sampling(100, twist: twist)).mostProbable(5)
    #expect(wide.isExact)
    for (found, wanted) in zip(wide.sequences, wanted) { #expect(abs(found.score.nats + wanted) < 1e-4) }
    // Narrow: what was missed is within the bound.
    let narrow = try model.posterior(given: evidence, particles: Self.sampling(3, twist: twist)).mostProbable(5)
    let found = Set(narrow.sequences.map { ($0.score.nats * 1e4).rounded() })
    let missed = wanted.prefix(5).first { !found.contains((-$0 * 1e4).rounded()) }
    #expect(narrow.sequences.count <= 5 && missed != nil)
    let bound = try #require(narrow.missedNats)
    if let missed { #expect(bound <= -missed + 1e-4) }
  }

  @Test func beamsOfAnyLength() throws {
    let model = try Toys.model("markov:2/eos", alphabetSize: 3)
    let pattern = try Pattern("a.*b", model.alphabet)
    let exact = try model.posterior(given: pattern).mostProbable(4)
    let found = try Self.hidden(model).posterior(given: pattern, particles: Self.sampling(400)).mostProbable(4)
    for (found, exact) in zip(found.sequences, exact.sequences) {
      #expect(abs(found.score.nats - exact.score.nats) < 1e-9)
    }
    #expect(found.isExact)
  }

  // MARK: Seeds, threads and edges

  @Test func seedsAndThreads() throws {
    let model = try Self.network("eos", alphabetSize: 3)
    let pattern = try Pattern("a.*b", model.alphabet)
    var options = Self.sampling(50, repetitions: 5)
    let one = try model.posterior(given: pattern, particles: options, threads: 1)
    let three = try model.posterior(given: pattern, particles: options, threads: 3)
    #expect(one.logProbability == three.logProbability && one.quality == three.quality)
    #expect(one.samples(0..<50, seed: 1, threads: 1) == three.samples(0..<50, seed: 1, threads: 2))
    options.seed = 2
    #expect(try model.posterior(given: pattern, particles: options).logProbability != one.logProbability)
  }

  @Test(arguments: ["eos", "halt", "tau"]) func edges(_ ending: String) throws {
    let model = try Self.network(ending, alphabetSize: 2)
    let options = Self.sampling(50, repetitions: 4)
    // Impossible by the automaton: exactly so.
    for impossible in [try Pattern("a&b", model.alphabet), try Pattern("a{2}&a{3}", model.alphabet)] {
      let posterior = try model.posterior(given: impossible, particles: options)
      #expect(posterior.logProbability == -.infinity && posterior.quality == nil)
      #expect(posterior.samples(0..<3, seed: 1, threads: 1).isEmpty)
      #expect(posterior.mostProbable(2).sequences.isEmpty && posterior.marginals().isEmpty)
    }
    let set = IncompleteSequence([.oneOf([]), .anything])
    #expect(try model.posterior(given: set, particles: options).logProbability == -.infinity)
    // The empty sequence.
    let empty = try model.posterior(given: IncompleteSequence([]), particles: options)
    #expect(abs(empty.logProbability + model.score(of: []).nats) < 1e-5)
    #expect(empty.samples(0..<2, seed: 1, threads: 1).map(\.sequence) == [[], []])
    // Everything: the prior.
    let everything = try model.posterior(given: Pattern(".*", model.alphabet), particles: options)
    #expect(abs(everything.logProbability) < 1e-4)
    #expect(abs(try #require(everything.quality).effectiveSampleSize - 200) < 1e-2)
  }

  /// A model that rules the evidence out, though the automaton does not.
  @Test func impossibleForTheModel() throws {
    let few = SequenceSet([[0, 1], [1, 0]], alphabetSize: 3)
    let model = try SequenceModel.fit(ModelSpecification("markov:1,smoothing=ml/eos"), to: few, Toys.alphabet(3))
    let sequence = IncompleteSequence([.anything, .symbol(2)])
    let posterior = try Self.hidden(model).posterior(given: sequence, particles: Self.sampling(20))
    #expect(posterior.logProbability == -.infinity)
    #expect(try #require(posterior.quality).isPoor)
    #expect(posterior.samples(0..<3, seed: 1, threads: 1).isEmpty && posterior.marginals().isEmpty)
  }

  @Test func aSmallBudgetIsFlagged() throws {
    let model = try Self.network("eos", alphabetSize: 3)
    let sequence = IncompleteSequence((0..<40).map { $0 % 4 == 0 ? .symbol($0 / 4 % 3) : .anything })
    let poor = try #require(try model.posterior(given: sequence, particles: Self.sampling(4, repetitions: 3)).quality)
    #expect(poor.isPoor)
    let one = try #require(try model.posterior(given: sequence, particles: Self.sampling(4, repetitions: 1)).quality)
    #expect(one.isPoor && one.standardError == .infinity)
    let twist = Twist(approximating: model, seed: 1, steps: 10_000)
    let good = try #require(try model.posterior(given: sequence, particles: Self.sampling(twist: twist)).quality)
    #expect(!good.isPoor)
  }

  /// Particles that are given up for their length are told by the standard error.
  @Test func lostParticlesAreFlagged() throws {
    let model = try Self.network("eos", alphabetSize: 3)
    var options = Self.sampling()
    options.longest = 1
    let posterior = try model.posterior(given: Pattern(".*", model.alphabet), particles: options)
    let error = try #require(posterior.quality).standardError
    #expect(-posterior.logProbability <= 1.5 * error)
    #expect(posterior.logProbability < -0.05)
  }

  @Test func twistsThatDoNotFit() throws {
    let model = try Self.network("tau", alphabetSize: 3)
    let sequence = Self.sequences[0]
    #expect(throws: SpecificationError.self) { try Twist(model) }
    for (word, k) in [("markov:2/eos", 3), ("markov:2/tau", 2)] {
      let options = Self.sampling(20, twist: try Twist(Toys.model(word, alphabetSize: k)))
      #expect(throws: SpecificationError.self) { try model.posterior(given: sequence, particles: options) }
    }
  }
}

/// A conditional without a list of its states.
private struct HiddenStates<Base: Conditional>: Conditional {
  let base: Base
  var shape: OutputShape { base.shape }
  var storedParameters: Int { base.storedParameters }
  func start(_ inputs: StepInputs) -> Base.State { base.start(inputs) }
  func predict(_ state: Base.State, _ inputs: StepInputs, into prediction: inout Prediction) {
    base.predict(state, inputs, into: &prediction)
  }
  func logProbability(of symbol: Symbol, _ state: Base.State, _ inputs: StepInputs) -> Double {
    base.logProbability(of: symbol, state, inputs)
  }
  func logStop(_ state: Base.State, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    base.logStop(state, inputs)
  }
  func advance(_ state: inout Base.State, past symbol: Symbol, _ inputs: StepInputs) {
    base.advance(&state, past: symbol, inputs)
  }
  func write(to file: inout TensorFile) { base.write(to: &file) }
}
