import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Draws against the exact distribution.
@Suite struct SamplingTests {
  static let seed: UInt64 = 2024

  /// 100,000 draws by Pearson's chi-square over all strings of at most five symbols, those expected fewer than five times
  /// and all longer ones in one cell.
  @Test(arguments: Toys.words)
  func drawsFollowTheDistribution(_ word: String) throws {
    let draws = 100_000
    let model = try Toys.model(word, alphabetSize: 2)
    var counts: [[Symbol]: Int] = [:]
    var seeds = RandomStream(seed: Self.seed, purpose: word)
    let seed = seeds.next()
    let samples = try model.samples(draws, seed: seed, threads: 2)
    #expect(samples.allSatisfy { $0.isComplete })
    for sample in samples { counts[sample.sequence, default: 0] += 1 }
    var statistic = 0.0
    var cells = 0
    var expectedRest = Double(draws)
    var observedRest = draws
    for sequence in Toys.allSequences(2, longest: 5) {
      let expected = exp(-model.score(of: sequence).nats) * Double(draws)
      guard expected >= 5 else { continue }
      let observed = counts[sequence] ?? 0
      statistic += (Double(observed) - expected) * (Double(observed) - expected) / expected
      cells += 1
      expectedRest -= expected
      observedRest -= observed
    }
    if expectedRest >= 5 {
      statistic += (Double(observedRest) - expectedRest) * (Double(observedRest) - expectedRest) / expectedRest
      cells += 1
    } else {
      // Next to nothing is left (by rounding less than nothing): nothing much may have been drawn of it.
      let rest = max(expectedRest, 0)
      #expect(Double(observedRest) < rest + 6 * rest.squareRoot() + 6)
    }
    let p = chiSquareTail(statistic, degreesOfFreedom: Double(cells - 1))
    print("\(word): seed \(seed), chi-square \(statistic) on \(cells - 1) degrees of freedom, p = \(p)")
    #expect(p > 1e-4)
  }

  /// Draws are addressed by seed and index, carry their own log-probability, and do not depend on threads.
  @Test(arguments: Toys.words)
  func drawsAreAddressed(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let many = try model.samples(300, seed: 5, threads: 2)
    #expect(try model.samples(20, seed: 5, threads: 1) == Array(many[..<20]))
    #expect(try model.samples(300, seed: 6) != many)
    for sample in many.prefix(50) {
      let score = model.score(of: sample.sequence)
      #expect(abs(sample.score.nats - score.nats) < 1e-5 * max(score.nats, 1))
    }
  }

  /// With a prefix, draws follow P(y | prefix): the share of those that are just the prefix, within five standard errors.
  @Test(arguments: Toys.words.filter { !$0.contains("smoothing=ml") })
  func prefixesAreConditionedOn(_ word: String) throws {
    let model = Toys.inDouble(try Toys.model(word, alphabetSize: 2))
    var options = SamplingOptions()
    options.prefix = [1, 0]
    let strings = Toys.allSequences(2, longest: 13).filter { $0.starts(with: options.prefix) }
    let masses = strings.map { exp(-model.score(of: $0).nats) }
    let all = masses.reduce(0, +)
    let exact = (masses.first ?? 0) / all
    let draws = 20_000
    let samples = try model.samples(draws, seed: 3, options, threads: 2)
    #expect(samples.allSatisfy { $0.sequence.starts(with: options.prefix) })
    let observed = Double(samples.count { $0.sequence == options.prefix }) / Double(draws)
    let error = (exact * (1 - exact) / Double(draws)).squareRoot()
    // What the enumeration leaves out is allowed for.
    #expect(abs(observed - exact) < 5 * error + 0.005, "\(word): \(observed) against \(exact)")
  }

  @Test(arguments: ["eos", "halt", "tau"])
  func anImpossiblePrefixIsRefused(_ length: String) throws {
    let set = SequenceSet([[0, 1], [0, 0]], alphabetSize: 2)
    let model = try SequenceModel.fit(ModelSpecification("markov:2,smoothing=ml/\(length)"), to: set, Toys.alphabet(2))
    var options = SamplingOptions()
    options.prefix = [1]
    #expect(throws: SpecificationError.self) { try model.samples(1, seed: 1, options) }
    options.prefix = [0]
    #expect(try model.samples(1, seed: 1, options).count == 1)
  }

  @Test func aLimitIsFlagged() throws {
    let model = try Toys.model("markov:1,smoothing=add:1/eos", alphabetSize: 2)
    var options = SamplingOptions()
    options.maximumLength = 1
    let samples = try model.samples(200, seed: 1, options)
    #expect(samples.contains { !$0.isComplete && $0.sequence.count == 1 })
    #expect(samples.contains { $0.isComplete && $0.sequence.isEmpty })
    #expect(samples.allSatisfy { $0.sequence.count <= 1 })
  }

  @Test func aLengthCanBeAskedForWhereItIsDrawnFirst() throws {
    var options = SamplingOptions()
    options.length = 7
    let model = try Toys.model("markov:1/tau", alphabetSize: 2)
    #expect(try model.samples(20, seed: 1, options).allSatisfy { $0.sequence.count == 7 && $0.isComplete })
  }

  @Test func truncationKeepsTheProbable() throws {
    let model = try Toys.model("markov:0,smoothing=add:1/tau:input=none", alphabetSize: 3)
    var prediction = Prediction(model.conditional.shape)
    func predict<C: Conditional>(_ c: C) {
      c.predict(c.start(model.inputs(time: 0, length: 1)), model.inputs(time: 0, length: 1), into: &prediction)
    }
    predict(model.conditional)
    let best = prediction.logProbabilities.indices.max {
      prediction.logProbabilities[$0] < prediction.logProbabilities[$1]
    }
    for (temperature, topK, topP) in [(0.0, nil, nil), (1.0, 1, nil), (1.0, nil, 0.01)] as [(Double, Int?, Double?)] {
      var options = SamplingOptions()
      options.length = 5
      options.truncation.temperature = temperature
      options.truncation.topK = topK
      options.truncation.topP = topP
      #expect(options.truncation.changesDistribution(model.conditional.shape))
      for sample in try model.samples(10, seed: 1, options) {
        #expect(sample.sequence == Array(repeating: best ?? -1, count: 5))
      }
    }
  }

  /// Cuts that leave all outcomes are none: the draws are those without them, and so is the way to a given length.
  @Test(
    arguments: ["markov:2/eos", "markov:1/halt", "markov:1/tau", "gru:4,epochs=1/eos"], Truncation.EndPolicy.allCases)
  func cutsThatCutNothing(_ word: String, _ policy: Truncation.EndPolicy) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let shape = model.conditional.shape
    var options = SamplingOptions()
    options.truncation.topK = 4
    options.truncation.topP = 1
    options.truncation.minP = 0
    options.truncation.endPolicy = policy
    #expect(!options.truncation.changesDistribution(shape))
    #expect(try model.samples(200, seed: 5, options) == model.samples(200, seed: 5))
    options.length = 3
    #expect(try model.samples(5, seed: 5, options).allSatisfy { $0.sequence.count == 3 })
    // The end is an outcome where it may be cut.
    options.truncation.topK = 3
    #expect(options.truncation.changesDistribution(shape) == (policy == .filter && shape.stop != .given))
    for change in [\Truncation.topP, \Truncation.minP] {
      var truncation = Truncation()
      truncation[keyPath: change] = 0.5
      #expect(truncation.changesDistribution(shape))
    }
    // A cut that cuts nothing, with a least length, which is not nothing: no stopping is lost after it.
    options = SamplingOptions()
    options.minimumLength = 1
    let plain = try model.samples(300, seed: 6, options)
    options.truncation.topP = 1
    for (a, b) in zip(try model.samples(300, seed: 6, options), plain) {
      #expect(a.sequence == b.sequence && a.stops == b.stops)
    }
  }
}
