import Experiments
import Foundation
import Inference
import Models
import Sequences
import Testing

/// Divergences between models by forward passes, against sums over all sequences by the walk.
@Suite struct DistanceTests {
  private static let words = [
    "tabular/eos", "tabular/halt", "markov:0/eos", "markov:1/eos", "markov:1/halt",
    "markov:2,mixing=interpolated/eos", "markov:2,mixing=backoff/halt", "markov:2,smoothing=add:1/eos", "ctw:3/eos",
    "vlmc:3/eos", "table:y1+y3/eos", "table:y2/halt", "markov:1,time=each/eos", "markov:2,time=bucket:3/halt",
  ]
  private static let drawnFirst = [
    "markov:1/tau:input=none", "markov:1/tau:input=remaining", "tabular/tau:input=total", "markov:2/tau:input=none",
  ]

  /// The divergences and context counts of all words are those of sums over all sequences.
  @Test(arguments: words + drawnFirst) func divergencesAreSums(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    for other in Self.words + Self.drawnFirst {
      let second = try Toys.model(other, alphabetSize: 2)
      let exact = model.exactDivergence(to: second)
      // What is not told a length cannot tell the steps that look at it.
      let isBlind = second.shape.hasLengthInput && model.prior == nil
      #expect((exact == nil) == isBlind, "\(word) to \(other)")
      guard let exact else { continue }
      let sums = AllSequences(model, second)
      #expect(abs(sums.mass - 1) < 1e-12, "\(word): \(1 - sums.mass) lies beyond")
      if sums.divergence == .infinity {
        #expect(exact.perSequence.nats == .infinity, "\(word) to \(other)")
        continue
      }
      #expect(abs(exact.perSequence.nats - sums.divergence) < 1e-9, "\(word) to \(other)")
      #expect(abs(exact.perEvent.nats - sums.divergence / sums.events) < 1e-9, "\(word) to \(other)")
      if word == other {
        #expect(exact.perSequence.nats < 1e-12)
        let entropy = try #require(model.exactEntropy())
        #expect(abs(entropy.natsPerSequence - sums.entropy) < 1e-9 && abs(entropy.events - sums.events) < 1e-9)
      }
    }
  }

  /// The sums themselves against a plain list of all sequences of up to eleven decisions.
  @Test(arguments: ["tabular/eos", "ctw:3/eos", "markov:1,time=each/eos", "markov:1/tau:input=remaining"])
  func sumsAreOverAllSequences(_ word: String) throws {
    let (model, second) = (try Toys.model(word, alphabetSize: 2), try Toys.model("markov:1/halt", alphabetSize: 2))
    let strings = Toys.allSequences(2, longest: 11)
    let sums = AllSequences(model, second, longest: 10)
    var (divergence, mass) = (0.0, 0.0)
    for string in strings {
      // Of what has not ended after eleven decisions these count.
      let isBeginning = string.count == 11
      if isBeginning, model.prior != nil { continue }
      func logProbability(_ model: SequenceModel) -> Double {
        isBeginning
          ? -model.stepScores(of: string).prefix(11).reduce(0) { $0 + $1.nats } : -model.score(of: string).nats
      }
      let own = logProbability(model)
      divergence += exp(own) * (own - logProbability(second))
      if !isBeginning { mass += exp(own) }
    }
    #expect(abs(sums.divergence - divergence) < 1e-12, "\(word)")
    #expect(abs(sums.mass - mass) < 1e-12)
  }

  /// Expected counts of contexts are sums over sequences, and the divergences fall with the order; from the model's own on they
  /// are 0.
  @Test(arguments: words + drawnFirst) func projectionsAreSums(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    let sums = AllSequences(model, model)
    var last = Double.infinity
    for order in 0...4 {
      let counts = sums.counts(order: order)
      let exact = try #require(model.expectedContextCounts(order: order))
      #expect(Set(exact.contexts) == Set(counts.keys), "\(word), order \(order)")
      #expect(exact.contexts.count == counts.count)
      var projected = 0.0
      for (context, row) in zip(exact.contexts, exact.counts) {
        let wanted = counts[context] ?? []
        for (found, expected) in zip(row, wanted) {
          #expect(abs(found - expected) < 1e-9, "\(word), order \(order), \(context)")
        }
        for count in wanted where count > 0 { projected += count * log(count / wanted.reduce(0, +)) }
      }
      // −H without P(τ), less E log P of the projection.
      let expected = sums.elementLikelihood - projected
      #expect(abs(exact.divergence - expected) < 1e-9, "\(word), order \(order)")
      #expect(abs(exact.events - sums.events) < 1e-9)
      #expect(exact.divergence <= last + 1e-12, "\(word), order \(order)")
      last = exact.divergence
      let own = word.hasPrefix("markov:") && !word.contains("time") && !model.shape.hasLengthInput
      if own, let depth = word.dropFirst(7).first.flatMap({ Int(String($0)) }), order >= depth {
        #expect(exact.divergence < 1e-12, "\(word), order \(order)")
      }
    }
  }

  /// The mass that remains is summed in closed form: stopping so seldom that nobody would wait. Two coins, of which each step
  /// ends with 10⁻⁵: E[τ] = (1 − s)/s steps of KL(0.5 ‖ q) each, by hand.
  @Test func longSequencesAreSummedInClosedForm() throws {
    func coin(_ zeros: Int) throws -> SequenceModel {
      let sequence = (0..<100_000).map { $0 % 10 < zeros ? 0 : 1 }
      return try SequenceModel.fit(
        ModelSpecification("markov:0,smoothing=ml/eos"), to: SequenceSet([sequence], alphabetSize: 2), Toys.alphabet(2))
    }
    let (fair, biased) = (try coin(5), try coin(8))
    let exact = try #require(fair.exactDivergence(to: biased))
    let step = 0.5 * log(0.5 / 0.8) + 0.5 * log(0.5 / 0.2)
    #expect(abs(exact.perSequence.nats / (1e5 * step) - 1) < 1e-9)
    #expect(abs(exact.perEvent.nats / (step * 1e5 / (1e5 + 1)) - 1) < 1e-9)
  }

  /// Symbols are known by their names, whatever their numbers; one that the other lacks makes the divergence infinite.
  @Test func symbolsAreMatchedByName() throws {
    let sequences: [[Symbol]] = [[0, 1], [0], [1, 0, 0], []]
    func fit(_ sequences: [[Symbol]], _ names: [String]) throws -> SequenceModel {
      let alphabet = try Alphabet(symbols: names, kind: .characters)
      return try SequenceModel.fit(
        ModelSpecification("markov:1,smoothing=ml/eos"), to: SequenceSet(sequences, alphabetSize: names.count), alphabet
      )
    }
    let model = try fit(sequences, ["a", "c"])
    // b stands between them, and never occurs.
    let same = try model.distance(to: fit(sequences.map { $0.map { 2 * $0 } }, ["a", "b", "c"]))
    #expect(same.there.perSequence.nats < 1e-12 && same.back.perSequence.nats < 1e-12)
    #expect(same.jensenShannon.nats == 0 && same.jensenShannon.high == 0)
    #expect(same.symbolsOfFirst.isEmpty && same.symbolsOfSecond == ["b"])
    let wider = try fit(sequences + [[2]], ["a", "c", "d"])
    let distance = try model.distance(to: wider)
    #expect(distance.there.perSequence.nats.isFinite && distance.there.source.isExact)
    #expect(distance.back.perSequence.nats == .infinity && distance.symbolsOfSecond == ["d"])
    #expect(distance.jensenShannon.high < log(2) && distance.jensenShannon.low > 0)
    // Nothing in common but the empty sequence, which ¼ of them are (fitted without smoothing): KL is infinite, and JS
    // (1 − ¼) log 2.
    func distinct(_ names: [String]) throws -> SequenceModel {
      let alphabet = try Alphabet(symbols: names, kind: .characters)
      return try SequenceModel.fit(
        ModelSpecification("markov:0,smoothing=ml/eos"), to: SequenceSet([[0, 0, 1]], alphabetSize: 2), alphabet)
    }
    let apart = try distinct(["a", "b"]).distance(to: distinct(["c", "d"]))
    #expect(apart.there.perSequence.nats == .infinity && apart.back.perSequence.nats == .infinity)
    #expect(apart.jensenShannon.low <= 0.75 * log(2) && apart.jensenShannon.high >= 0.75 * log(2))
    let words = try Alphabet(symbols: ["a", "b"], kind: .words)
    let other = try SequenceModel.fit(
      ModelSpecification("markov:1/eos"), to: SequenceSet(sequences, alphabetSize: 2), words)
    #expect(throws: SpecificationError.self) { try model.distance(to: other) }
  }

  /// By samples, of models whose exact divergence is known: nineteen of twenty intervals hold it, and the Jensen–Shannon divergence by
  /// enumeration.
  @Test func intervalsOfSamplesHoldTheTruth() throws {
    let (first, second) = (
      try Toys.model("markov:1/eos", alphabetSize: 2), try Toys.model("tabular/halt", alphabetSize: 2)
    )
    let truth = AllSequences(first, second).divergence
    // All but a part in 10⁴ of the mass, whose terms are below log 2 each.
    let shared = Toys.allSequences(2, longest: 12).reduce(0.0) { sum, string in
      let (p, q) = (exp(-first.score(of: string).nats), exp(-second.score(of: string).nats))
      let middle = (p + q) / 2
      return sum + (p * log(p / middle) + q * log(q / middle)) / 2
    }
    var options = DistanceOptions()
    (options.samples, options.limits.transitions) = (2000, 0)
    var hits = (0, 0)
    for seed in 1...20 as ClosedRange<UInt64> {
      let distance = try first.distance(to: second, options, seed: seed)
      #expect(!distance.there.source.isExact)
      let (there, both) = (distance.there.perSequence, distance.jensenShannon)
      if there.low <= truth, truth <= there.high { hits.0 += 1 }
      if both.low <= shared, shared <= both.high { hits.1 += 1 }
    }
    // P(fewer than 15 of 20 | 0.95) < 0.0004.
    #expect(hits.0 >= 15 && hits.1 >= 15, "\(hits)")
  }

  /// The best Markov approximations by samples, of a model whose exact ones are known: the intervals hold the truth, and both fall with
  /// the order. It is the way of networks, here without the states of a table.
  @Test func boundsOfSamplesHoldTheTruth() throws {
    let model = try Toys.model("tabular/eos", alphabetSize: 2)
    let truth = try (0...3).map { try #require(model.expectedContextCounts(order: $0)).divergence }
    #expect(truth[0] > 0.01)
    var options = DistanceOptions()
    (options.samples, options.limits.transitions) = (1000, 0)
    var hits = 0
    for seed in 1...10 as ClosedRange<UInt64> {
      let found = try MarkovApproximations(of: model, orders: 0...3, options, seed: seed)
      #expect(found.samples == 1000 && found.cut == 0)
      let figures = found.approximations.map(\.divergence.perSequence)
      for (figure, exact) in zip(figures, truth) where figure.low <= exact && exact <= figure.high { hits += 1 }
      for (figure, next) in zip(figures, figures.dropFirst()) {
        #expect(next.nats <= figure.nats && next.high <= figure.high && next.low <= figure.low)
      }
      #expect(figures[0].high - figures[0].low < 0.5)
    }
    // Each interval goes beyond bounds on both sides, so that it should miss one time in forty or less.
    #expect(hits >= 36, "\(hits) of 40")
  }

  /// A network's interval by few samples and by many meet.
  @Test(arguments: ["rnn:3,epochs=2/eos", "gru:3,epochs=2/halt", "rnn:3,epochs=2/tau"])
  func networksAreApproximated(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    #expect(model.expectedContextCounts(order: 1) == nil && model.exactEntropy() == nil)
    func figures(_ samples: Int, seed: UInt64) throws -> [DistanceFigure] {
      var options = DistanceOptions()
      options.samples = samples
      return try MarkovApproximations(of: model, orders: 0...2, options, seed: seed, threads: 2).approximations.map(
        \.divergence.perSequence)
    }
    for (few, many) in zip(try figures(500, seed: 1), try figures(10_000, seed: 2)) {
      #expect(few.low <= many.high && many.low <= few.high, "\(few), \(many)")
      #expect(many.high - many.low < few.high - few.low)
    }
  }

  /// Endless sequences cannot be summed, and samples are cut: their beginnings are compared. Two chains that never end, of coins
  /// again: n steps of KL(0.5 ‖ 0.8).
  @Test func beginningsOfEndlessSequences() throws {
    func coin(_ values: [Double]) throws -> SequenceModel {
      let chain = BackoffAutomatonToy(values)
      return try chain.model()
    }
    let (fair, biased) = (try coin([0.5, 0.5]), try coin([0.8, 0.2]))
    #expect(fair.exactDivergence(to: biased) == nil && fair.exactEntropy() == nil)
    var options = DistanceOptions()
    (options.samples, options.maximumLength) = (400, 50)
    let distance = try fair.distance(to: biased, options)
    #expect(distance.cut == 800 && distance.there.source == .samples(400, cut: 400))
    let step = 0.5 * log(0.5 / 0.8) + 0.5 * log(0.5 / 0.2)
    #expect(abs(distance.there.perSequence.nats - 50 * step) < 0.3)
    #expect(abs(distance.there.perEvent.nats - step) < 0.006)
  }
}

/// Sums over all sequences of two symbols, by walks alone: those that have their last five symbols and their length in common
/// are taken together, which all of the toys' models forget beyond.
private struct AllSequences {
  private(set) var divergence = 0.0
  private(set) var entropy = 0.0
  /// E log P of elements, and of ends that are decided.
  private(set) var elementLikelihood = 0.0
  private(set) var events = 0.0
  private(set) var mass = 0.0
  /// Expected counts of each outcome after the last symbols.
  private var rows: [[Symbol]: [Double]] = [:]
  /// Whether an end is counted among the outcomes.
  private let countsEnds: Bool
  private static let memory = 5

  init(_ p: SequenceModel, _ q: SequenceModel, longest: Int = 600) {
    countsEnds = p.prior == nil
    func open<P: Conditional, Q: Conditional>(_ a: P, _ b: Q) {
      guard let law = p.lengthLaw() else { return add(a, b, p, q, length: nil, weight: 1, longest) }
      for length in 0...min(longest, 60) {
        add(a, b, p, q, length: length, weight: exp(law.logProbability(length)), longest)
      }
    }
    open(p.conditional, q.conditional)
  }

  private mutating func add<P: Conditional, Q: Conditional>(
    _ a: P, _ b: Q, _ p: SequenceModel, _ q: SequenceModel, length: Int?, weight: Double, _ longest: Int
  ) {
    var groups = [[Symbol](): (mass: weight, a: a.walk(length: length ?? 0), b: b.walk(length: length ?? 0))]
    for time in 0...(length ?? longest) {
      var next: [[Symbol]: (mass: Double, a: Walk<P>, b: Walk<Q>)] = [:]
      for (past, group) in groups where group.mass > 0 {
        func add(_ outcome: Symbol, _ probability: Double, _ decided: Double, _ ratio: Double) {
          let expected = group.mass * probability
          guard expected > 0 else { return }
          divergence += expected * ratio
          elementLikelihood += expected * decided
          events += expected
          rows[past, default: [0, 0, 0]][outcome] += expected
        }
        // P(τ) counts at the end.
        let stop = group.a.logStop().stop
        if length ?? time == time {
          let probability = length == nil ? exp(stop) : 1
          let prior = p.lengthLaw().map { $0.logProbability(time) } ?? 0
          let own = (length == nil ? stop : 0) + prior
          let other = q.lengthLaw().map { $0.logProbability(time) } ?? group.b.logStop().stop
          add(2, probability, length == nil ? stop : 0, own - other)
          entropy -= group.mass * probability * (probability > 0 ? own : 0)
          mass += group.mass * probability
        }
        if let length, time == length { continue }
        for symbol in 0..<2 {
          let log = group.a.logContinuing(with: symbol)
          guard log > -.infinity else { continue }
          add(symbol, exp(log), log, log - group.b.logContinuing(with: symbol))
          entropy -= group.mass * exp(log) * log
          let key = Array((past + [symbol]).suffix(Self.memory))
          if next[key] != nil {
            next[key]?.mass += group.mass * exp(log)
          } else {
            var (first, second) = (group.a, group.b)
            first.advance(past: symbol)
            second.advance(past: symbol)
            next[key] = (group.mass * exp(log), first, second)
          }
        }
      }
      // What is left is nothing beside the rest.
      if longest >= 100, next.values.allSatisfy({ $0.mass < 1e-18 * max(weight, 1e-300) }) { break }
      groups = next
    }
  }

  /// Of contexts of so many symbols; ends count where they are decided.
  func counts(order: Int) -> [[Symbol]: [Double]] {
    var counts: [[Symbol]: [Double]] = [:]
    for (past, row) in rows {
      let kept = countsEnds ? row : [row[0], row[1]]
      guard kept.contains(where: { $0 > 0 }) else { continue }
      let context = Array(past.suffix(order))
      counts[context] = zip(counts[context] ?? kept.map { _ in 0 }, kept).map { $0 + $1 }
    }
    return counts
  }
}

/// Independent symbols without an end.
private struct BackoffAutomatonToy: FiniteStateConditional {
  let values: [Double]
  let storedParameters = 0
  var shape: OutputShape { OutputShape(alphabetSize: values.count, stop: .variable) }

  init(_ values: [Double]) { self.values = values }

  func start(_ inputs: StepInputs) -> Int { 0 }
  func logStop(_ state: Int, _ inputs: StepInputs) -> (stop: Double, continuing: Double) { (-.infinity, 0) }
  func logProbability(of outcome: Symbol, _ state: Int, _ inputs: StepInputs) -> Double { log(values[outcome]) }
  func predict(_ state: Int, _ inputs: StepInputs, into prediction: inout Prediction) {
    (prediction.logStop, prediction.logContinue) = (-.infinity, 0)
    for symbol in values.indices { prediction.logProbabilities[symbol] = log(values[symbol]) }
  }
  func advance(_ state: inout Int, past element: Symbol, _ inputs: StepInputs) {}
  func finiteStates() -> (any FiniteStateProcess)? {
    BackoffAutomaton(
      whole: shape, firstEntry: [0, values.count], outcomes: values.indices.map { Int32($0) }, values: values,
      next: values.map { _ in 0 }, stop: [0], continuing: [1], start: { _ in 0 })
  }
  func write(to file: inout TensorFile) {}

  func model() throws -> SequenceModel {
    SequenceModel(
      specification: try ModelSpecification("markov:0/halt"), alphabet: try Toys.alphabet(values.count),
      conditional: self, prior: nil,
      facts: TrainingFacts(sequences: 0, symbols: 0, longest: 0, dataHash: 0, seed: 0))
  }
}
