import Experiments
import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

@Suite struct ComparisonTests {
  private static let alphabet = try? Alphabet(symbols: ["a", "b", "c"], kind: .characters)

  private func dataset() throws -> Dataset {
    var stream = RandomStream(seed: 8)
    let sequences = (0..<200).map { _ in (0..<Int(stream.uniform() * 6)).map { _ in Int(stream.uniform() * 3) } }
    return Dataset(
      sequences: SequenceSet(sequences, alphabetSize: 3), alphabet: try #require(Self.alphabet), name: "toy",
      format: "lines")
  }

  private func comparison(_ words: [String], threads: Int = 1, interruptedAfter limit: Int = .max) throws -> Comparison
  {
    let data = try dataset()
    let counter = Counter()
    let context = FittingContext(seed: 3, threads: threads, isInterrupted: { counter.done >= limit })
    return try Comparison(
      words.map { try ModelSpecification($0) }, Design(Parts(try data.split(seed: 3)), seed: 3), data.alphabet, context,
      didFit: { _ in counter.done += 1 })
  }

  private final class Counter: @unchecked Sendable { var done = 0 }

  /// The chosen one has the fewest nats on the validation set; differences on the test set are mean differences a
  /// sequence to it.
  @Test func differencesAreToTheChosen() throws {
    let result = try comparison(["tabular/eos", "markov:0/eos", "markov:1/halt", "markov:1/tau"])
    let best = try #require(result.best)
    #expect(!result.isChosenByTest)
    for row in result.rows {
      #expect(try #require(row.valid).nats >= result.rows[best].valid?.nats ?? .infinity)
      let mean = row.test.natsPerSequence - result.rows[best].test.natsPerSequence
      #expect(abs(row.difference.mean - mean) < 1e-12)
      #expect(row.difference.low <= row.difference.mean && row.difference.mean <= row.difference.high)
    }
    #expect(result.rows[best].difference.low == 0 && result.rows[best].difference.high == 0)
  }

  private func set(_ sequences: [[Symbol]]) -> SequenceSet { SequenceSet(sequences, alphabetSize: 3) }

  /// The test data have no part in the choice: where they are unlike the validation data, another model is better there.
  @Test func theTestDataDoNotChoose() throws {
    let cycles = Array(repeating: [0, 1, 2, 0, 1, 2], count: 40)
    let parts = Parts(
      Split(
        train: set(cycles), valid: set(Array(cycles.prefix(5))),
        test: set(Array(repeating: [2, 1, 0, 2, 1, 0], count: 5))))
    let words = try ["markov:0/eos", "markov:1/eos"].map { try ModelSpecification($0) }
    let result = try Comparison(words, Design(parts), try dataset().alphabet, FittingContext())
    #expect(result.best == 1 && !result.isChosenByTest)
    #expect(result.rows[0].test.nats < result.rows[1].test.nats && result.rows[0].difference.mean < 0)
  }

  /// Without validation data a twentieth is held out, with which none of the figures shown was fitted: a model that is
  /// fitted to the rest and scores it by hand.
  @Test func aHeldOutPartChooses() throws {
    let data = try dataset()
    let parts = Parts(train: data, valid: nil, test: data.sequences, seed: 1)
    let words = try ["markov:0/eos", "markov:1/eos"].map { try ModelSpecification($0) }
    let result = try Comparison(words, Design(parts), data.alphabet, FittingContext())
    let held = data.holdOut(seed: 1)
    for (row, word) in zip(result.rows, words) {
      let chosen = try SequenceModel.fit(word, to: held.train, data.alphabet)
      let whole = try SequenceModel.fit(word, to: data.sequences, data.alphabet)
      #expect(row.valid == chosen.figures(on: held.valid))
      #expect(row.test == whole.figures(on: data.sequences))
      // From the counts.
      #expect(abs(row.train.nats - row.test.nats) < 1e-9 * row.test.nats)
    }
    // One sequence leaves nothing to hold out.
    let alone = Dataset(sequences: set([[0, 1, 2]]), alphabet: data.alphabet, name: "one", format: "lines")
    let one = try Comparison(
      words, Design(Parts(train: alone, valid: nil, test: data.sequences, seed: 1)), data.alphabet, FittingContext())
    #expect(one.isChosenByTest && one.rows.allSatisfy { $0.valid == nil })
  }

  /// By hand, of the sequences ab and b: under /eos two contexts of markov:1 (the start and b) decide, and a; each has as
  /// many free probabilities as there are symbols. The full table has the histories of nothing, a, b and ab.
  @Test func criteriaCountWhatOccurs() throws {
    let train = set([[0, 1], [1]])
    let parts = Parts(Split(train: train, valid: train, test: train))
    func row(_ word: String) throws -> Comparison.Row {
      try #require(
        Comparison([ModelSpecification(word)], Design(parts), try dataset().alphabet, FittingContext()).rows.first)
    }
    let expected: [(word: String, parameters: Double)] = [
      ("markov:0/eos", 3.0), ("markov:1/eos", 9), ("markov:1,smoothing=ml/eos", 9), ("markov:1/halt", 9),
      ("tabular/eos", 12), ("tabular/halt", 12), ("ctw:1/eos", 9), ("table:y1/eos", 9),
      // Nothing is decided after the last element; T = 2 lengths. Of contexts with the length: start 2, a 1.
      ("markov:1/tau", 8), ("tabular/tau:input=none", 6), ("tabular/tau", 8),
    ]
    for (word, parameters) in expected {
      let row = try row(word)
      #expect(row.criteria.parameters == parameters, "\(word)")
      #expect(row.criteria.aic == 2 * row.train.nats + 2 * parameters)
      #expect(abs(row.criteria.bic - (2 * row.train.nats + parameters * log(5.0))) < 1e-12)
    }
    let network = try row("rnn:2,epochs=1/eos")
    #expect(network.criteria.parameters == 2 * (3 + 2 + 1) + 4 * 3)
  }

  @Test func theParetoFront() throws {
    let words = ["tabular/eos", "markov:0/eos", "markov:1/eos", "markov:2/eos", "markov:1/tau", "ctw:2/eos"]
    let rows = try comparison(words).rows
    for row in rows {
      let dominating = rows.filter { other in
        let (a, b) = (other.valid?.nats ?? .infinity, row.valid?.nats ?? .infinity)
        return (other.free.log10 < row.free.log10 && a <= b) || (other.free.log10 <= row.free.log10 && a < b)
      }
      #expect(row.isOnParetoFront == dominating.isEmpty)
    }
  }

  /// A model that cannot be fitted takes no rows with it, whatever is wrong with it.
  @Test func aFailureLeavesTheOtherRows() throws {
    let result = try comparison(["markov:0/eos", "arpa:2/eos", "markov:1/eos"])
    #expect(result.rows.map(\.specification.shortWord) == ["markov:0/eos", "markov:1/eos"])
    #expect(result.failures.map(\.model) == ["arpa:2/eos"])
  }

  @Test func theHighestOrderIsSaid() throws {
    func comparison(_ words: [String]) throws -> Comparison {
      let cycles = set(Array(repeating: [0, 0, 1, 0, 1, 1, 0, 0, 2], count: 40))
      return try Comparison(
        words.map { try ModelSpecification($0) }, Design(Parts(Split(train: cycles, valid: cycles, test: cycles))),
        try dataset().alphabet, FittingContext())
    }
    #expect(try comparison(["markov:0", "markov:1", "ctw:3"]).bestIsHighestOrder == 1)
    #expect(try comparison(["markov:1", "markov:1/halt"]).bestIsHighestOrder == nil)
    // Seven symbols of context say no more than four do.
    #expect(try comparison(["markov:4", "markov:12,smoothing=add:1"]).bestIsHighestOrder == nil)
  }

  /// Constant lengths cost a table nothing, and a Markov model of order 0 −log of a geometric distribution.
  @Test func whatLengthsCost() throws {
    let same = set((0..<40).map { [$0 % 3, $0 % 2, 2, ($0 / 3) % 3, 1] })
    func cost(_ words: [String], _ part: SequenceSet) throws -> LengthCost? {
      let parts = Parts(Split(train: part, valid: part, test: part))
      return LengthCost(
        try Comparison(
          words.map { try ModelSpecification($0) }, Design(parts), try dataset().alphabet, FittingContext()), parts)
    }
    let found = try #require(try cost(["markov:0,smoothing=ml/eos"], same))
    // Stop is one outcome of six.
    #expect(abs(found.spent + 5 * log(5 / 6.0) + log(1 / 6.0)) < 1e-9)
    #expect(found.needed < 0.2 && found.range == 5...5 && found.isConstant)
    #expect(try cost(["markov:1/tau"], same) == nil)
    #expect(try cost(["markov:1/eos"], dataset().sequences) == nil)
  }

  @Test func impossibleModelsComeLast() throws {
    let result = try comparison(["tabular:smoothing=ml/eos", "markov:0/eos"])
    #expect(result.best == 1)
    #expect(result.rows[0].difference.mean == .infinity)
  }

  /// The same table for any number of threads, to the bit.
  @Test func threadsChangeNothing() throws {
    let words = ["markov:2/eos", "rnn:4,epochs=3/eos", "gru:4,epochs=3/halt", "gru:4,epochs=3/tau"]
    let one = try comparison(words)
    let two = try comparison(words, threads: 2)
    for (a, b) in zip(one.rows, two.rows) {
      #expect(a.test == b.test && a.train == b.train && a.valid == b.valid)
      #expect(a.testNats == b.testNats && a.difference == b.difference)
    }
  }

  /// An interruption keeps the rows that were complete.
  @Test func anInterruptionKeepsWhatIsDone() throws {
    let result = try comparison(["markov:0/eos", "markov:1/eos", "rnn:4/eos", "markov:2/eos"], interruptedAfter: 2)
    #expect(result.rows.map(\.specification.shortWord) == ["markov:0/eos", "markov:1/eos"])
    #expect(result.best != nil)
  }

  /// Families that stop early hold out a part of the training data where none is given; the others do not.
  @Test func holdOut() throws {
    let data = try dataset()
    let parts = Parts(train: data, valid: nil, test: data.sequences, seed: 1)
    let markov = parts.fitting(try ModelSpecification("markov:1"))
    #expect(markov.train.count == 200 && markov.valid == nil)
    let network = parts.fitting(try ModelSpecification("rnn:2"))
    #expect(network.valid?.count == 10 && network.train.count == 190)
  }

  /// Orders rise until the validation data are predicted worse: sequences of a process of order 2.
  @Test func defaultOrdersRiseUntilTheyPredictWorse() throws {
    var stream = RandomStream(seed: 4)
    let sequences = (0..<600).map { _ in
      var sequence = [0, 1]
      while stream.uniform() < 0.9 {
        let next = (sequence[sequence.count - 2] + 1) % 3
        sequence.append(stream.uniform() < 0.8 ? next : Int(stream.uniform() * 3))
      }
      return sequence
    }
    let data = Dataset(sequences: set(sequences), alphabet: try dataset().alphabet, name: "toy", format: "lines")
    let parts = Parts(try data.split(seed: 1))
    var models = DefaultModels(for: parts.train)
    let result = try Comparison(Design(parts), data.alphabet, FittingContext()) { rows in
      let next = try models.next(after: rows)
      return next?.family is any RecurrentFamily ? nil : next
    }
    #expect(models.leftOut.isEmpty)
    for ending in ["eos", "halt", "tau"] {
      let orders = (1...16).prefix { order in
        result.rows.contains { $0.specification.shortWord == "markov:\(order)/\(ending)" }
      }
      let nats = orders.map { order in
        result.rows.first { $0.specification.shortWord == "markov:\(order)/\(ending)" }?.valid?.nats ?? .infinity
      }
      let best = try #require(nats.indices.min { nats[$0] < nats[$1] })
      // The last one tried is the first that is worse.
      #expect(best == nats.count - 2 && best >= 1)
      #expect(nats.prefix(best + 1).elementsEqual(nats.prefix(best + 1).sorted(by: >)))
      for family in ["markov:k=\(best + 1),smoothing=pitman-yor:0.4", "vlmc:\(best + 1)", "ctw:\(best + 1)", "tabular"]
      {
        #expect(result.rows.contains { $0.specification.shortWord == "\(family)/\(ending)" }, "\(family)")
      }
    }
  }

  /// What large data leave out is said, and what is run has a word that can be pasted.
  @Test func defaultModelsAreFewerOnLargeData() throws {
    func words(_ sequences: Int, _ symbols: Int, _ longest: Int) throws -> (run: [String], leftOut: String) {
      var models = DefaultModels(sequences: sequences, symbols: symbols, longest: longest)
      var words: [String] = []
      while let next = try models.next(after: []) { words.append(next.shortWord) }
      #expect(Set(words).count == words.count)
      return (words, models.leftOut.joined(separator: "\n"))
    }
    let small = try words(1000, 10_000, 30)
    #expect(small.leftOut == "")
    for family in ["tabular", "markov:1", "rnn:64", "gru:128", "lstm:128"] {
      for ending in ["eos", "halt", "tau"] { #expect(small.run.contains("\(family)/\(ending)")) }
    }
    let larger = try words(100_000, 1_000_000, 30)
    #expect(larger.run.count { $0.hasPrefix("gru") } == 1 && larger.leftOut.contains("gru:128/tau"))
    let large = try words(1_000_000, 10_000_000, 30)
    #expect(!large.run.contains { $0.hasPrefix("gru") } && large.leftOut.contains("gru:128"))
    let text = try words(1, 100_000, 100_000)
    #expect(text.run.allSatisfy { $0.hasSuffix("/eos") && !$0.hasPrefix("tabular") })
    #expect(text.leftOut.contains("tabular") && text.leftOut.contains("/tau"))
  }
}
