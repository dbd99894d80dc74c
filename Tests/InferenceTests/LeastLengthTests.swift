import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Draws of a least length, also where a walk can come to a state in which the end is certain before.
@Suite struct LeastLengthTests {
  /// Maximum likelihood leaves states with P(end) = 1, and states without any end.
  static let maximumLikelihood = [
    "markov:2,smoothing=ml/eos", "markov:1,smoothing=ml/halt", "markov:3,smoothing=ml/eos", "tabular:smoothing=ml/eos",
    "tabular:smoothing=ml/halt", "vlmc:2,smoothing=ml/eos", "table:y1+y2,smoothing=ml/eos",
    "markov:1,smoothing=ml,time=each/halt",
  ]
  static let words =
    maximumLikelihood + ["markov:2/eos", "ctw:2/halt", "table:y1+y3/eos", "markov:2,time=bucket:3/eos", "tabular/halt"]

  private func pValue(_ draws: [[Symbol]?], _ probabilities: [[Symbol]?: Double]) -> Double {
    let counts = draws.reduce(into: [[Symbol]?: Int]()) { $0[$1, default: 0] += 1 }
    var (statistic, cells, expected, observed) = (0.0, 0, 0.0, 0.0)
    for (cell, probability) in probabilities {
      let (wanted, seen) = (probability * Double(draws.count), Double(counts[cell] ?? 0))
      if wanted >= 5 {
        statistic += (seen - wanted) * (seen - wanted) / wanted
        cells += 1
      } else {
        (expected, observed) = (expected + wanted, observed + seen)
      }
    }
    if expected >= 5 {
      statistic += (observed - expected) * (observed - expected) / expected
      cells += 1
    }
    return cells > 1 ? chiSquareTail(statistic, degreesOfFreedom: Double(cells - 1)) : 1
  }

  /// Without truncation: P(y | τ ≥ 3, y begins with the prefix) by enumeration of all strings of at most five symbols;
  /// those that are longer are one cell. Endless ones are longer than 3.
  @Test(arguments: words, [[], [1]] as [[Symbol]])
  func drawsAreGivenTheLeastLength(_ word: String, _ prefix: [Symbol]) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    var options = SamplingOptions()
    (options.minimumLength, options.maximumLength, options.prefix) = (3, 40, prefix)
    let strings = Toys.allSequences(2, longest: 5).filter { $0.starts(with: prefix) }
    let masses = strings.map { exp(-model.score(of: $0).nats) }
    let begins = exp(-nats(model, prefix))
    let short = zip(strings, masses).reduce(0) { $0 + ($1.0.count < 3 ? $1.1 : 0) }
    let all = begins - short
    var exact: [[Symbol]?: Double] = [nil: 1]
    for (string, mass) in zip(strings, masses) where string.count >= 3 && mass > 0 {
      exact[string] = mass / all
      exact[nil, default: 1] -= mass / all
    }
    let sampler = try Sampler(model, seed: 9, options)
    #expect(!sampler.rulesOutEnd)
    let draws = try sampler.samples(0..<3000, threads: 2)
    #expect(draws.allSatisfy { $0.sequence.count >= 3 && $0.sequence.starts(with: prefix) })
    let cells = draws.map { $0.isComplete && $0.sequence.count <= 5 ? $0.sequence : nil }
    for cell in cells { if let cell { #expect(exact[cell] != nil) } }
    let p = pValue(cells, exact)
    print("\(word), prefix \(prefix): seed 9, p = \(p)")
    #expect(p > 1e-4)
    for draw in draws.prefix(50) where draw.isComplete {
      #expect(abs(draw.score.nats - model.score(of: draw.sequence).nats) < 1e-9)
      #expect(draw.stops.removed == 0)
    }
    #expect(try sampler.samples(0..<3) + sampler.samples(3..<40, threads: 2) == Array(draws[..<40]))
  }

  /// With truncation the end is ruled out before outcomes are cut, and ways that have nothing but the end are not taken:
  /// by messages over the states, and by rejection.
  @Test(
    arguments: ["markov:2,smoothing=ml/eos", "markov:1,smoothing=ml/halt", "tabular:smoothing=ml/halt"],
    Truncation.EndPolicy.allCases)
  func truncatedWaysOn(_ word: String, _ policy: Truncation.EndPolicy) throws {
    // Nothing but the end comes after 1.
    let kinds: [([Symbol], Int)] = [
      ([0, 1], 5), ([0, 2, 0, 1], 3), ([2, 0, 2, 2, 1], 4), ([2], 2), ([0, 2, 2, 1], 3),
    ]
    let set = SequenceSet(kinds.flatMap { Array(repeating: $0.0, count: $0.1) }, alphabetSize: 3)
    let model = try SequenceModel.fit(ModelSpecification(word), to: set, Toys.alphabet(3))
    var options = SamplingOptions()
    (options.minimumLength, options.maximumLength) = (3, 3)
    (options.truncation.temperature, options.truncation.topK) = (0.7, 2)
    options.truncation.endPolicy = policy
    // Each element among the two most probable ones, as p^(1/0.7), as long as there is one.
    var exact: [[Symbol]?: Double] = [:]
    for string in Toys.allSequences(3, longest: 3) where string.count == 3 {
      var probability = 1.0
      for time in 0..<3 {
        let weights = (0..<3).map { exp(-nats(model, Array(string[..<time]) + [$0]) / 0.7) }
        let kept = (0..<3).sorted { (weights[$0], $1) > (weights[$1], $0) }.prefix(2)
        let total = kept.reduce(0) { $0 + weights[$1] }
        probability *= kept.contains(string[time]) && total > 0 ? weights[string[time]] / total : 0
      }
      if probability > 0 { exact[string] = probability }
    }
    let all = exact.values.reduce(0, +)
    #expect(all > 0 && all < 1 - 1e-9, "no way on is cut off: \(all)")
    exact = exact.mapValues { $0 / all }
    for listed in [1 << 20, 0] {
      let sampler = try Sampler(model, seed: 3, options, mostKept: 1 << 20, mostListed: listed)
      #expect(sampler.rulesOutEnd)
      let draws = try sampler.samples(0..<3000, threads: 2)
      for draw in draws { #expect(exact[draw.sequence] != nil) }
      let p = pValue(draws.map(\.sequence), exact)
      print("\(word), \(policy), \(listed) listed: seed 3, p = \(p)")
      #expect(p > 1e-4)
      #expect(draws.contains { $0.tries > 1 } == (listed == 0))
      #expect(try sampler.samples(5..<9) == Array(draws[5..<9]))
    }
  }

  /// −log P of a beginning.
  private func nats(_ model: SequenceModel, _ beginning: [Symbol]) -> Double {
    func walk<C: Conditional>(_ conditional: C) -> Double {
      var state = conditional.start(StepInputs(time: 0))
      var sum = 0.0
      for (time, element) in beginning.enumerated() {
        let inputs = StepInputs(time: time)
        if conditional.shape.stop == .variable { sum -= conditional.logStop(state, inputs).continuing }
        sum -= conditional.logProbability(of: element, state, inputs)
        conditional.advance(&state, past: element, StepInputs(time: time + 1))
      }
      return sum
    }
    return walk(model.conditional)
  }

  // MARK: Lengths that cannot be

  private func refusal(_ work: () throws -> Void) -> String? {
    do {
      try work()
      return nil
    } catch { return "\(error)" }
  }

  /// Sequences of four a's are all that there are: whatever else is asked for is refused before anything is drawn, in the
  /// same words, whoever is asked.
  @Test(arguments: [
    "tabular:smoothing=ml/eos", "tabular:smoothing=ml/halt", "tabular:smoothing=ml/tau", "markov:4,smoothing=ml/eos",
    "markov:4,smoothing=ml/halt", "markov:1,smoothing=ml/tau", "markov:2/tau:input=none,prior=table:ml",
    "gru:2,epochs=1/tau:prior=table:ml",
  ])
  func impossibleLengthsAreRefusedAlike(_ word: String) throws {
    let set = SequenceSet(Array(repeating: [0, 0, 0, 0], count: 4), alphabetSize: 1)
    let specification = try ModelSpecification(word)
    let model = try SequenceModel.fit(specification, to: set, valid: set, Toys.alphabet(1))
    func refusal(_ change: (inout SamplingOptions) -> Void) -> String? {
      var options = SamplingOptions()
      change(&options)
      let none = self.refusal { _ = try Sampler(model, seed: 1, options, expecting: 0) }
      #expect(none == self.refusal { _ = try model.samples(1, seed: 1, options) })
      return none
    }
    let name = specification.shortWord
    #expect(refusal { $0.length = 3 } == "\(name): no sequence of the model has 3 elements")
    #expect(refusal { $0.length = 1 } == "\(name): no sequence of the model has 1 element")
    #expect(refusal { $0.minimumLength = 5 } == "\(name): no sequence of the model has 5 elements or more")
    #expect(
      refusal { ($0.length, $0.prefix) = (5, [0, 0]) }
        == "\(name): no sequence of the model has 5 elements and begins with this prefix")
    #expect(
      refusal { ($0.minimumLength, $0.prefix) = (6, [0]) }
        == "\(name): no sequence of the model has 6 elements or more and begins with this prefix")
    #expect(
      self.refusal { _ = try MostProbable(of: model, 2, length: 3) }
        == "\(name): no sequence of the model has 3 elements")
    for options in [{ $0.length = 4 }, { $0.minimumLength = 4 }, { ($0.minimumLength, $0.prefix) = (3, [0, 0]) }]
      as [(inout SamplingOptions) -> Void]
    {
      #expect(refusal(options) == nil)
    }
    // A cut changes nothing about it where there is but one way.
    let cut = refusal { ($0.minimumLength, $0.truncation.temperature) = (5, 0.5) }
    let suffix =
      model.prior == nil && model.conditional.shape.outcomes > 0 ? ", with this temperature and these cuts" : ""
    #expect(cut == "\(name): no sequence of the model has 5 elements or more" + suffix)
  }

  /// Inputs of which one allows no such length: known before the first draw.
  @Test func impossibleLengthsGivenInputs() throws {
    let x = InputVectors(perSequence: (0..<5000).map { [$0 == 4999 ? 1 : 0] })
    let set = SequenceSet([[0, 1], [1, 0]], alphabetSize: 2, inputs: InputVectors(perSequence: [[0], [1]]))
    let fitted = try SequenceModel.fit(
      ModelSpecification("rnn:2,epochs=1/tau:prior=learned"), to: set, valid: set, Toys.alphabet(2))
    let model = SequenceModel(
      specification: fitted.specification, alphabet: fitted.alphabet, conditional: fitted.conditional,
      prior: ByInput(), facts: fitted.facts)
    var options = SamplingOptions()
    options.inputs = x
    options.length = 3
    #expect(throws: SpecificationError.self) { try Sampler(model, seed: 1, options) }
    options.length = 2
    #expect(try Sampler(model, seed: 1, options).samples(4998..<5000).allSatisfy { $0.sequence.count == 2 })
    (options.length, options.minimumLength) = (nil, 3)
    #expect(throws: SpecificationError.self) { try Sampler(model, seed: 1, options) }
    // As far as draws are expected alone.
    #expect(try Sampler(model, seed: 1, options, expecting: 2).samples(0..<2).allSatisfy { $0.sequence.count == 3 })
  }

  /// Networks have no state without a way on: the least length is kept, and given lengths that hardly occur are refused.
  @Test func networksKeepTheLeastLength() throws {
    let model = try Toys.model("gru:4,epochs=2/halt", alphabetSize: 2)
    var options = SamplingOptions()
    options.minimumLength = 30
    let sampler = try Sampler(model, seed: 1, options)
    #expect(sampler.rulesOutEnd)
    #expect(try sampler.samples(0..<200).allSatisfy { $0.sequence.count >= 30 && $0.tries == 1 })
    (options.minimumLength, options.length) = (0, 400)
    #expect(try #require(refusal { _ = try Sampler(model, seed: 1, options) }).contains(" had 400 elements; "))
  }
}

/// Two lengths with x = 0, one with x = 1.
private struct ByInput: LengthPrior {
  let readsInputs = true
  let storedParameters = 0
  func law(given x: SequenceInput?) -> any LengthLaw {
    let lengths = x?.at(0) == [1] ? [[0, 1]] : [[0, 1], [0, 1, 0]]
    return LengthTable(SequenceSet(lengths, alphabetSize: 2), isSmoothed: false)
  }
  func write(to file: inout TensorFile) {}
}
