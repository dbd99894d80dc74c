import Experiments
import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Folds, repetitions, learning curves, and what is told of the test data beside its nats.
@Suite struct DesignTests {
  private func dataset(_ count: Int = 60, weights: [Int]? = nil) throws -> Dataset {
    var stream = RandomStream(seed: 8)
    let sequences = (0..<count).map { _ in (0..<Int(stream.uniform() * 6)).map { _ in Int(stream.uniform() * 3) } }
    var data = Dataset(
      sequences: SequenceSet(sequences, alphabetSize: 3),
      alphabet: try Alphabet(symbols: ["a", "b", "c"], kind: .characters), name: "toy", format: "lines")
    data.weights = weights
    return data
  }

  private func words(_ words: String...) throws -> [ModelSpecification] { try words.map { try ModelSpecification($0) } }

  /// Each sequence is tested once, by a model that was fitted to the other folds: the same as fits by hand.
  @Test func eachSequenceIsTestedOnce() throws {
    let data = try dataset()
    let folds = try data.folds(7, seed: 2)
    #expect(folds.flatMap(\.testNumbers).sorted() == Array(0..<60))
    #expect(Set(folds.map(\.test.count)).isSubset(of: [8, 9]))
    let design = Design(try Parts.folds(7, of: data, seed: 2), seed: 2)
    let row = try Comparison(words("markov:1/halt", "markov:0/eos"), design, data.alphabet, FittingContext(seed: 2))
      .rows[0]
    let byHand = try folds.flatMap { fold in
      let model = try SequenceModel.fit(
        ModelSpecification("markov:1/halt"), to: fold.train.sequences, data.alphabet, FittingContext(seed: 2))
      return model.scores(of: fold.test).map(\.nats)
    }
    #expect(row.testNats == byHand && row.trials.count == 7)
    #expect(abs(row.test.nats - byHand.reduce(0, +)) < 1e-9 && row.test.sequences == 60)
    #expect(row.test.symbols == data.sequences.symbolCount && row.spread == nil)
    #expect(throws: DataError.self) { try data.folds(61, seed: 1) }
    #expect(throws: DataError.self) { try data.folds(1, seed: 1) }
  }

  /// A text is cut by position, and training parts are the pieces around.
  @Test func aTextIsCutByPosition() throws {
    let text = Dataset(
      sequences: SequenceSet([(0..<100).map { $0 % 3 }], alphabetSize: 3), alphabet: try dataset().alphabet,
      name: "text",
      format: "text", isText: true)
    let folds = try text.folds(4, seed: 1)
    #expect(folds.map { $0.test[0].first } == [0, 1, 2, 0] && folds.allSatisfy { $0.test.symbolCount == 25 })
    #expect(folds.map(\.train.sequences.count) == [1, 2, 2, 1])
    #expect(folds.allSatisfy { $0.train.sequences.symbolCount == 75 })
    // Of what is left a twentieth of the symbols is held out, wherever the test part lay.
    for fold in folds {
      let (train, valid) = fold.train.holdOut(seed: 1)
      #expect(valid.symbolCount == 4 && train.symbolCount == 71 && valid.count == 1)
    }
  }

  /// Over seeds figures are means, with their standard deviation; a model without anything random has none.
  @Test func repetitionsAreAveraged() throws {
    let data = try dataset(200)
    var design = Design(Parts(try data.split(seed: 1)), seed: 5)
    design.repeat(3)
    let rows = try Comparison(
      words("gru:3,epochs=2/eos", "markov:1/eos"), design, data.alphabet, FittingContext(seed: 5)
    ).rows
    let alone = try (5...7).map { seed in
      try Comparison(
        words("gru:3,epochs=2/eos", "markov:1/eos"), Design(design.folds[0], seed: seed), data.alphabet,
        FittingContext(seed: seed)
      ).rows[0].test.natsPerEvent
    }
    let mean = alone.reduce(0, +) / 3
    let deviation = (alone.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2).squareRoot()
    #expect(abs(rows[0].test.natsPerEvent - mean) < 1e-12 && Set(alone).count == 3)
    #expect(abs(try #require(rows[0].spread) - deviation) < 1e-12 && rows[1].spread == 0)
    #expect(abs(rows[0].testNats.reduce(0, +) - rows[0].test.nats) < 1e-9)
  }

  /// A learning curve's last point is the model's own figure; larger training parts hold the smaller ones.
  @Test func learningCurves() throws {
    let data = try dataset(200)
    var design = Design(Parts(try data.split(seed: 1)))
    design.fractions = [0.1, 0.5, 1]
    let row = try Comparison(words("markov:1/eos"), design, data.alphabet, FittingContext()).rows[0]
    #expect(row.curve.map(\.fraction) == [0.1, 0.5, 1] && row.curve.map(\.sequences) == [16, 80, 160])
    #expect(row.curve[2].natsPerEvent == row.test.natsPerEvent && row.trials.count == 1)
    let half = design.folds[0].train.part(0.5, seed: 0)
    let model = try SequenceModel.fit(ModelSpecification("markov:1/eos"), to: half, data.alphabet)
    #expect(model.figures(on: design.folds[0].test).natsPerEvent == row.curve[1].natsPerEvent)
    #expect(design.folds[0].train.part(0.1, seed: 0).countOfSequences(alsoIn: half) == 16)
    // Of one long sequence the last elements.
    let text = SequenceSet([(0..<100).map { $0 % 3 }], alphabetSize: 3)
    #expect(Array(text.part(0.25, seed: 1)[0]) == (75..<100).map { $0 % 3 })
  }

  /// The copies of a weighted sequence stay together, and count as if they had been written out.
  @Test func weightsAreCopies() throws {
    let data = try dataset(40, weights: (0..<40).map { $0 % 4 })
    let copies = try dataset(40).sequences.selecting((0..<40).flatMap { repeatElement($0, count: $0 % 4) })
    #expect(data.weightedSequences.contentHash == copies.contentHash)
    let split = try data.split(seed: 3)
    #expect(split.train.count + split.valid.count + split.test.count == 60)
    let folds = try data.folds(5, seed: 3)
    #expect(folds.map(\.test.count).reduce(0, +) == 60)
    // No sequence has copies in two folds.
    #expect(folds.reduce(0) { $0 + Set($1.testNumbers).count } == Set(folds.flatMap(\.testNumbers)).count)
    // So are they in a part for a learning curve.
    let part = data.part(0.9, seed: 1)
    let held = part.holdOut(seed: 1)
    #expect(held.train.count + held.valid.count == part.weightedSequences.count && part.sequences.count == 36)
    func nats(_ data: Dataset) throws -> Double {
      let parts = Parts(train: data, valid: nil, test: copies, seed: 1)
      return try Comparison(words("markov:1/eos"), Design(parts), data.alphabet, FittingContext()).rows[0].test.nats
    }
    var written = data
    (written.sequences, written.weights) = (copies, nil)
    #expect(try nats(data) == nats(written))
  }

  /// Groups add up to the whole, for every way to end; by symbol they are the sums of single decisions.
  @Test(arguments: ["markov:1/eos", "markov:1/halt", "markov:1/tau", "gru:3,epochs=1/tau"])
  func breakdownsAddUp(word: String) throws {
    let data = try dataset(80)
    let split = try data.split(seed: 1)
    let model = try SequenceModel.fit(ModelSpecification(word), to: split.train, valid: split.valid, data.alphabet)
    let whole = model.figures(on: split.test)
    let all = Breakdown.all(Breakdown.Kind.allCases, of: model, on: split.test, training: split.train)
    #expect(all.map(\.kind) == [.position, .length, .symbol, .seen])
    for breakdown in all {
      #expect(abs(breakdown.groups.reduce(0) { $0 + $1.nats } - whole.nats) < 1e-7 * whole.nats)
      #expect(breakdown.groups.reduce(0) { $0 + $1.events } == whole.events)
    }
    let symbols = all[2].groups
    #expect(symbols.map(\.name) == ["a", "b", "c", "(end)"])
    let occurrences = (0..<split.test.count).reduce(0) { $0 + split.test[$1].count { $0 == 1 } }
    #expect(symbols[1].events == occurrences && symbols[3].events == split.test.count)
    let seen = try #require(all[3].groups.first { $0.name == "in the training data" })
    let byHand = (0..<split.test.count).filter { i in
      (0..<split.train.count).contains { split.train[$0].elementsEqual(split.test[i]) }
    }
    #expect(seen.events == byHand.reduce(0) { $0 + split.test.length($1) + 1 })
    // Of two sets together the same as of both.
    let twice = Breakdown(adding: [all[0], all[0]])
    #expect(twice.groups.map(\.events) == all[0].groups.map { 2 * $0.events })
  }

  /// Predictions and frequencies by hand: each group holds the outcomes whose probability lies in it.
  @Test(arguments: ["markov:1/eos", "markov:1/halt", "markov:1/tau"]) func reliabilityByHand(word: String) throws {
    let data = try dataset(80)
    let model = try SequenceModel.fit(ModelSpecification(word), to: data.sequences, data.alphabet)
    let reliability = Reliability(of: model, on: data.sequences, threads: 2)
    var expected = [Double](repeating: 0, count: reliability.groups.count)
    var (observed, outcomes) = (expected, expected)
    func add(_ p: Double, _ came: Bool) {
      guard let index = reliability.groups.firstIndex(where: { p <= $0.high }) else { return }
      expected[index] += p
      outcomes[index] += 1
      if came { observed[index] += 1 }
    }
    let hasEnd = model.prior == nil
    for i in 0..<data.sequences.count {
      let sequence = Array(data.sequences[i])
      for t in 0..<(sequence.count + (hasEnd ? 1 : 0)) {
        let next = try model.next(after: Array(sequence.prefix(t)), length: hasEnd ? nil : sequence.count)
        for symbol in 0..<3 { add(next.probabilities[symbol], t < sequence.count && sequence[t] == symbol) }
        if hasEnd { add(next.end, t == sequence.count) }
      }
    }
    #expect(reliability.groups.map { Double($0.outcomes) } == outcomes)
    #expect(reliability.groups.map { Double($0.observed) } == observed)
    #expect(zip(reliability.groups, expected).allSatisfy { abs($0.expected - $1) < 1e-9 })
  }

  /// One edit, by the textbook's recurrence for edit distances.
  @Test func nearDuplicatesAreOneEditAway() throws {
    var stream = RandomStream(seed: 31)
    func random(_ count: Int) -> SequenceSet {
      SequenceSet(
        (0..<count).map { _ in (0..<Int(stream.uniform() * 7)).map { _ in Int(stream.uniform() * 3) } }, alphabetSize: 3
      )
    }
    func distance(_ a: SymbolSlice, _ b: SymbolSlice) -> Int {
      var row = Array(0...b.count)
      for (i, x) in a.enumerated() {
        var next = [i + 1]
        for (j, y) in b.enumerated() { next.append(min(row[j] + (x == y ? 0 : 1), row[j + 1] + 1, next[j] + 1)) }
        row = next
      }
      return row[b.count]
    }
    for _ in 0..<20 {
      let (test, train) = (random(30), random(12))
      let byHand = (0..<test.count).count { i in
        (0..<train.count).map { distance(test[i], train[$0]) }.min() == 1
      }
      #expect(test.countOfSequences(oneEditFrom: train) == byHand)
    }
  }

  /// Copies are counted and not compared with each other.
  @Test func nearDuplicatesOfManyCopies() throws {
    let copies = 100_000
    func set(_ sequence: [Int]) -> SequenceSet {
      SequenceSet(Array(repeating: sequence, count: copies), alphabetSize: 300)
    }
    // One symbol replaced, one inserted, none in common, the same.
    #expect(set([4, 1, 2]).countOfSequences(oneEditFrom: set([4, 1, 3])) == copies)
    #expect(set([4, 1, 2]).countOfSequences(oneEditFrom: set([4, 1])) == copies)
    #expect(set([4, 1, 2]).countOfSequences(oneEditFrom: set([5, 6, 7])) == 0)
    #expect(set([4, 1, 2]).countOfSequences(oneEditFrom: set([4, 1, 2])) == 0)
    // Distinct words of one symbol are all one edit apart.
    let words = SequenceSet((0..<30_000).map { [$0] }, alphabetSize: 60_000)
    let others = SequenceSet((30_000..<60_000).map { [$0] }, alphabetSize: 60_000)
    #expect(words.countOfSequences(oneEditFrom: others) == 30_000)
  }

  /// Trials survive being written and read, infinities included.
  @Test func trialsAreCoded() throws {
    let data = try dataset(80)
    var design = Design(Parts(try data.split(seed: 1)))
    design.measurements.samples = 3
    design.measurements.lengths = true
    design.measurements.breakdowns = Breakdown.Kind.allCases
    design.measurements.reliability = true
    for word in ["tabular:smoothing=ml/eos", "gru:3,epochs=2/halt"] {
      let trial = try Trial(
        of: ModelSpecification(word), design.folds[0], data.alphabet, at: design.places[0], FittingContext(),
        measuring: design.measurements)
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      let decoder = JSONDecoder()
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      let bytes = try encoder.encode(trial)
      let again = try decoder.decode(Trial.self, from: bytes)
      #expect(try encoder.encode(again) == bytes)
      #expect(again.test == trial.test && again.free == trial.free && again.testNats.isEmpty)
      #expect(trial.epochs.isEmpty == word.hasPrefix("tabular"))
    }
  }
}
