import Experiments
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
    let context = FittingContext(seed: 3, threads: threads, isInterrupted: { counter.started > limit })
    return try Comparison(
      words.map { try ModelSpecification($0) }, Parts(try data.split(seed: 3)), data.alphabet, context,
      willFit: { _, _ in counter.started += 1 })
  }

  private final class Counter: @unchecked Sendable { var started = 0 }

  /// The best has the fewest nats on the test set; differences are mean differences a sequence to it.
  @Test func differencesAreToTheBest() throws {
    let result = try comparison(["tabular/eos", "markov:0/eos", "markov:1/halt", "markov:1/tau"])
    let best = try #require(result.best)
    for row in result.rows {
      #expect(row.test.nats >= result.rows[best].test.nats)
      let mean = row.test.natsPerSequence - result.rows[best].test.natsPerSequence
      #expect(abs(row.difference.mean - mean) < 1e-12)
      #expect(row.difference.low <= row.difference.mean && row.difference.mean <= row.difference.high)
    }
    #expect(result.rows[best].difference.low == 0 && result.rows[best].difference.high == 0)
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

  @Test func theLadderIsReadable() throws {
    let words = try Ladder.words(longest: 10).map { try ModelSpecification($0).word }
    #expect(Set(words).count == words.count)
    #expect(Ladder.words(longest: 1_000_000).count < words.count)
  }
}
