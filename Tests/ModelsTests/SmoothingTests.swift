import Foundation
import Models
import Sequences
import Testing

/// Smoothers against independent figures.
@Suite struct SmoothingTests {
  private static let examples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Examples/Data")

  private func nats(_ word: String, everywhere parameters: [Double]? = nil) throws -> Double {
    let data = try Dataset(reading: Self.examples.appending(path: "surnames.txt").path)
    let test = try Dataset(reading: Self.examples.appending(path: "given-names.txt").path, alphabet: data.alphabet)
    var model = try SequenceModel.fit(ModelSpecification(word), to: data.sequences, data.alphabet)
    if let parameters { model = try model.smoothed(with: parameters) }
    return walkedNats(of: test.sequences, model)
  }

  /// Tests/Reference/smoothing.py on the same files, n = k + 1.
  @Test(arguments: [
    ("0", 103597.484414861), ("1", 93036.833472633), ("2", 88351.133597160), ("4", 83537.154440918),
    ("3,smoothing=kneser-ney", 86947.473655062), ("3,smoothing=absolute", 88569.717051594),
    ("3,smoothing=witten-bell", 87095.628652315), ("3,smoothing=witten-bell:4", 85298.504159914),
    ("3,smoothing=jelinek-mercer:0.5", 86334.203455854), ("3,mixing=backoff", 90792.430067113),
    ("3,smoothing=kneser-ney,mixing=backoff", 87513.553629241),
    ("3,smoothing=absolute,mixing=backoff", 87337.825715298),
    ("3,smoothing=witten-bell,mixing=backoff", 87155.648028906),
  ])
  func otherProgram(_ options: String, _ reference: Double) throws {
    #expect(abs(try nats("markov:\(options)/eos") - reference) < 1e-9 * reference)
  }

  /// The same, with parameters given through the file: D1, D2, D3, the strength, and the factor where one outcome is alone.
  @Test func pitmanYor() throws {
    let reference = 85528.498602580
    let nats = try nats("markov:3,smoothing=pitman-yor:0.4/eos", everywhere: [0.6, 1.0, 1.4, 0.5, 1.3])
    #expect(abs(nats - reference) < 1e-9 * reference)
  }

  /// By hand: "ab" twice and "b" once; after "a" only "b".
  @Test(
    arguments: [
      ("ml", [2.0 / 3, 1.0 / 3, 0], [0.0, 1, 0]),
      ("add:1", [3.0 / 6, 2.0 / 6, 1.0 / 6], [1.0 / 5, 3.0 / 5, 1.0 / 5]),
      // N = 3, T = 2 at the start and N = 2, T = 1 after "a"; below them the unigrams a 2, b 3, end 3, T = 3, over 1/3.
      // 1/2 everywhere: the unigrams are (1/4 + 1/6, 3/16 + 1/6 …) of a 2, b 3, end 3 over 1/3.
      (
        "jelinek-mercer:0.5", [1.0 / 3 + 7.0 / 48, 1.0 / 6 + 17.0 / 96, 17.0 / 96],
        [7.0 / 48, 1.0 / 2 + 17.0 / 96, 17.0 / 96]
      ),
      // D = 1/2: unigrams (2 − 1/2 + 1/2)/8, (3 − 1/2 + 1/2)/8, the same; 2 · 1/2 and 1/2 free at the start and after "a".
      (
        "absolute:0.5", [1.5 / 3 + 1.0 / 3 / 4, 0.5 / 3 + 1.0 / 8, 1.0 / 8],
        [0.25 / 4, 1.5 / 2 + 0.25 * 3 / 8, 0.25 * 3 / 8]
      ),
      // Neighbours to the left: a 1 (the start), b 2, end 1, D = 1/2: (1/2, 3/2, 1/2)/4 and 3/8 over 1/3.
      (
        "kneser-ney:0.5", [1.5 / 3 + 1.0 / 12, 0.5 / 3 + 1.0 / 6, 1.0 / 12],
        [0.25 / 4, 1.5 / 2 + 0.25 / 2, 0.25 / 4]
      ),
      // Seen outcomes keep their share; the rest goes to the others: the end has 3/8 of the 1/4 · 1 … left at the start.
      ("absolute:0.5,mixing=backoff", [1.5 / 3, 0.5 / 3, 1.0 / 3], [0.25 * 2 / 5, 1.5 / 2, 0.25 * 3 / 5]),
      (
        "witten-bell", [(2 + 2 * 3.0 / 11) / 5, (1 + 2 * 4.0 / 11) / 5, 2 * 4.0 / 11 / 5],
        [3.0 / 11 / 3, (2 + 4.0 / 11) / 3, 4.0 / 11 / 3]
      ),
    ] as [(String, [Double], [Double])])
  func byHand(_ smoothing: String, _ atStart: [Double], _ afterA: [Double]) throws {
    let set = SequenceSet([[0, 1], [0, 1], [1]], alphabetSize: 2)
    let model = try SequenceModel.fit(
      ModelSpecification("markov:1,smoothing=\(smoothing)/eos"), to: set,
      Alphabet(symbols: ["a", "b"], kind: .characters))
    func probabilities<C: Conditional>(_ c: C, after history: [Symbol]) -> [Double] {
      var state = c.start(StepInputs(time: 0))
      for symbol in history { c.advance(&state, past: symbol, StepInputs(time: 0)) }
      return (0..<3).map { exp(c.logProbability(of: $0, state, StepInputs(time: 0))) }
    }
    for (got, wanted) in [
      (probabilities(model.conditional, after: []), atStart), (probabilities(model.conditional, after: [0]), afterA),
    ] {
      #expect(zip(got, wanted).allSatisfy { abs($0 - $1) < 1e-12 }, "\(smoothing): \(got), not \(wanted)")
    }
  }

  private static let odd: [[[Symbol]]] = [[[0, 0, 0, 0]], [[0], [1]], [[]] + [[Int]](repeating: [0, 1], count: 9)]

  private func expectDistribution(_ word: String, _ sequences: [[Symbol]]) throws -> SequenceModel {
    let set = SequenceSet(sequences, alphabetSize: 2)
    let model = try SequenceModel.fit(
      ModelSpecification(word), to: set, valid: set, Alphabet(symbols: ["a", "b"], kind: .characters))
    var prediction = Prediction(model.conditional.shape)
    func predict<C: Conditional>(_ c: C) {
      let inputs = model.inputs(time: 0, length: 3)
      c.predict(c.start(inputs), inputs, into: &prediction)
    }
    predict(model.conditional)
    #expect(abs(prediction.logProbabilities.reduce(0) { $0 + exp($1) } - 1) < 1e-12)
    #expect(model.specification.family.isUnsmoothed || prediction.logProbabilities.allSatisfy { $0 > -.infinity })
    return model
  }

  /// Counts too odd for the closed form: it falls back, says so, and still is a distribution.
  @Test(arguments: odd)
  func kneserNeyNeverAborts(_ sequences: [[Symbol]]) throws {
    for length in ["eos", "halt", "tau"] {
      let model = try expectDistribution("markov:2/\(length)", sequences)
      #expect(!model.notes.isEmpty)
    }
  }

  /// Every smoother, mixing and tuning on the same.
  @Test(arguments: MarkovFamily.examples)
  func noneAborts(_ word: String) throws {
    for sequences in Self.odd + [[[]]] {
      for length in ["eos", "halt", "tau"] {
        _ = try expectDistribution("\(word)/\(length)", sequences)
      }
    }
  }

  /// The chain of substitutes, by the counts of counts that set each off.
  @Test(
    arguments: [
      // "a" once, "b" twice, "c" three and "d" four times: the closed form.
      ([1, 2, 3, 4], nil), ([1, 2], "one Kneser–Ney discount"), ([1, 1], "a fixed discount of 0.75"),
      ([7, 9], "Witten–Bell"),
    ] as [([Int], String?)])
  func chainOfSubstitutes(_ counts: [Int], _ note: String?) throws {
    let sequences = counts.enumerated().flatMap { symbol, count in [[Symbol]](repeating: [symbol], count: count) }
    let model = try SequenceModel.fit(
      ModelSpecification("markov:0/tau:input=none"), to: SequenceSet(sequences, alphabetSize: 4),
      Alphabet(symbols: ["a", "b", "c", "d"], kind: .characters))
    let first = model.notes.first { $0.hasPrefix("smoothing of single symbols: ") }
    #expect(note.map { first?.contains($0) == true } ?? (first == nil), "\(model.notes)")
  }
}
