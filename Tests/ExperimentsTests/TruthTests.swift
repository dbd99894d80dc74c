import Experiments
import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Regret over the process that made the data, and when one model overtakes another.
@Suite struct TruthTests {
  /// Simulated sequences as data, of which the first are tested.
  private func data(_ word: String, _ count: Int) throws -> (process: SequenceModel, dataset: Dataset) {
    let process = try SimulatedModel.model(word, seed: 4)
    let sequences = try process.samples(count, seed: 11).map(\.sequence)
    return (
      process,
      Dataset(
        sequences: SequenceSet(sequences, alphabetSize: process.alphabet.size), alphabet: process.alphabet,
        name: "simulated", format: "lines")
    )
  }

  private func comparison(_ words: [String], _ dataset: Dataset) throws -> (Comparison, Design<SymbolRows>) {
    let design = Design(Parts(try dataset.split(seed: 1)), seed: 1)
    return (
      try Comparison(words.map { try ModelSpecification($0) }, design, dataset.alphabet, FittingContext(seed: 1)),
      design
    )
  }

  /// The difference of the totals, divided by the events; the interval is about that of resampled ratios.
  @Test func regretIsNatsAboveTheTruth() throws {
    let (process, dataset) = try data("hmm:3,symbols=3,mean=9", 600)
    var (comparison, design) = try comparison(["markov:0/eos", "markov:2/eos"], dataset)
    let truth = try Truth(process, on: design, dataset.alphabet, threads: 1)
    #expect(truth.test == process.figures(on: design.folds[0].test))
    comparison.measureRegret(over: truth, design, seed: 1)
    let test = design.folds[0].test
    let events = (0..<test.count).map { Double(test.length($0) + 1) }
    for row in comparison.rows {
      let regret = try #require(row.regret)
      #expect(abs(regret.mean - (row.test.natsPerEvent - truth.test.natsPerEvent)) < 1e-12)
      let differences = zip(row.testNats, truth.testNats).map { $0 - $1 }
      var stream = RandomStream(seed: 3)
      let ratios = (0..<4000).map { _ -> Double in
        var sums = (0.0, 0.0)
        for _ in events {
          let index = Int(stream.uniform() * Double(events.count))
          sums = (sums.0 + differences[index], sums.1 + events[index])
        }
        return sums.0 / sums.1
      }.sorted()
      let (low, high) = (ratios[100], ratios[3899])
      #expect(abs(regret.low - low) < 0.2 * (high - low) && abs(regret.high - high) < 0.2 * (high - low))
    }
    // The hidden chain is no chain of order 0.
    #expect(try #require(comparison.rows[0].regret).low > 0)
  }

  /// The true model's own regret is 0: here a fitted one plays the truth.
  @Test func theTruthHasNone() throws {
    let (_, dataset) = try data("markov:1,symbols=3,mean=6", 300)
    var (comparison, design) = try comparison(["markov:1/eos", "markov:0/eos"], dataset)
    let fitted = try SequenceModel.fit(
      ModelSpecification("markov:1/eos"), to: design.folds[0].train, dataset.alphabet, FittingContext(seed: 1))
    comparison.measureRegret(over: try Truth(fitted, on: design, dataset.alphabet, threads: 1), design, seed: 1)
    let own = try #require(comparison.rows[0].regret)
    #expect(own.mean == 0 && own.low == 0 && own.high == 0)
    #expect(try #require(comparison.rows[1].regret).mean != 0)
  }

  /// Symbols are those of the same name, wherever they stand, and the process may have more.
  @Test func symbolsAreMatchedByName() throws {
    let process = try SimulatedModel.model("markov:1,symbols=4,mean=5", seed: 2)
    let alphabet = try Alphabet(symbols: ["b", "d"], kind: .characters)
    let sequences: [[Symbol]] = [[0, 1, 1], [], [1], [0, 0, 0, 1]]
    let set = SequenceSet(sequences, alphabetSize: 2)
    let design = Design(Parts(Split(train: set, valid: set, test: set)))
    let truth = try Truth(process, on: design, alphabet, threads: 1)
    #expect(truth.testNats == sequences.map { process.score(of: $0.map { 2 * $0 + 1 }).nats })
    let other = try Alphabet(symbols: ["b", "e"], kind: .characters)
    #expect(throws: TruthError.unknownSymbol("e")) { try Truth(process, on: design, other, threads: 1) }
  }

  @Test func whatCannotHaveMadeTheDataIsRefused() throws {
    let process = try SimulatedModel.model("counters:2", seed: 1)
    let set = SequenceSet([[0, 1], [1, 0], [0]], alphabetSize: 2)
    let design = Design(Parts(Split(train: set, valid: set, test: set)))
    #expect(throws: TruthError.impossible(2)) { try Truth(process, on: design, process.alphabet, threads: 1) }
  }

  private func curve(_ nats: [Double]) -> [Comparison.CurvePoint] {
    nats.enumerated().map { index, nats in
      Comparison.CurvePoint(
        fraction: pow(4, Double(index - 2)), sequences: 100 * pow(4, Double(index)), natsPerEvent: nats, spread: nil)
    }
  }

  /// By hand: sizes 100, 400, 1600; half-way between two sizes in the logarithm is the root of their product.
  @Test(
    arguments: [
      ([2, 1, 1], [1.5, 1.5, 1.5], .from(200)), ([3, 1.75, 1], [1.5, 1.5, 1.5], .from(400 * pow(4, 1.0 / 3))),
      ([1, 2, 1], [1.5, 1.5, 1.5], .from(800)), ([1, 1, 1], [1.5, 1.5, 1.5], .always(smallest: 100)),
      ([1, 1, 2], [1.5, 1.5, 1.5], .never(largest: 1600)), ([1, 1, 1], [1, 1, 1], .never(largest: 1600)),
      ([.infinity, 1, 1], [1.5, 1.5, 1.5], .from(400)), ([.infinity, 1, 1], [.infinity, 1.5, 1.5], .from(400)),
      ([], [], nil),
    ] as [([Double], [Double], Overtaking?)])
  func crossingsAreThoseByHand(_ nats: [Double], _ other: [Double], _ wanted: Overtaking?) {
    let found = Overtaking(curve(nats), past: curve(other))
    if case .from(let size)? = found, case .from(let by)? = wanted {
      #expect(abs(size / by - 1) < 1e-12)
    } else {
      #expect(found == wanted)
    }
  }
}
