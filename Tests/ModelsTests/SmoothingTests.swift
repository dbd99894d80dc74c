import Foundation
import Models
import Sequences
import Testing

/// Smoothers against independent figures.
@Suite struct SmoothingTests {
  private static let examples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Examples/Data")

  private func nats(_ word: String, train: String, test: String) throws -> Double {
    let data = try Dataset(reading: Self.examples.appending(path: train).path)
    let test = try Dataset(reading: Self.examples.appending(path: test).path, alphabet: data.alphabet)
    let model = try SequenceModel.fit(ModelSpecification(word), to: data.sequences, data.alphabet)
    func walk<C: Conditional<Symbol>>(_ conditional: C) -> Double {
      var nats = 0.0
      for index in 0..<test.sequences.count {
        var state = conditional.start(StepInputs(time: 0))
        for symbol in test.sequences[index] {
          nats -= conditional.logProbability(of: symbol, state, StepInputs(time: 0))
          conditional.advance(&state, past: symbol, StepInputs(time: 0))
        }
        nats -= conditional.logProbability(of: data.alphabet.size, state, StepInputs(time: 0))
      }
      return nats
    }
    return walk(model.conditional)
  }

  /// Tests/Reference/kneser_ney.py on the same files, n = k + 1.
  @Test(arguments: [
    (0, 103597.496294592), (1, 93036.599173507), (2, 88350.557682865), (4, 83536.512668686),
  ])
  func modifiedKneserNey(_ order: Int, _ reference: Double) throws {
    let nats = try nats("markov:\(order)/eos", train: "surnames.txt", test: "given-names.txt")
    #expect(abs(nats - reference) < 1e-9 * reference)
  }

  /// By hand: "ab" twice and "b" once; after "a" only "b".
  @Test(
    arguments: [
      ("ml", [2.0 / 3, 1.0 / 3, 0], [0.0, 1, 0]),
      ("add:1", [3.0 / 6, 2.0 / 6, 1.0 / 6], [1.0 / 5, 3.0 / 5, 1.0 / 5]),
      // N = 3, T = 2 at the start and N = 2, T = 1 after "a"; below them the unigrams a 2, b 3, end 3, T = 3, over 1/3.
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
    func probabilities<C: Conditional<Symbol>>(_ c: C, after history: [Symbol]) -> [Double] {
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

  /// Counts too odd for the closed form: it falls back, says so, and still is a distribution.
  @Test(arguments: [[[0, 0, 0, 0]], [[0], [1]], [[]] + [[Int]](repeating: [0, 1], count: 9)] as [[[Symbol]]])
  func kneserNeyNeverAborts(_ sequences: [[Symbol]]) throws {
    let set = SequenceSet(sequences, alphabetSize: 2)
    for length in ["eos", "halt", "tau"] {
      let model = try SequenceModel.fit(
        ModelSpecification("markov:2/\(length)"), to: set, Alphabet(symbols: ["a", "b"], kind: .characters))
      #expect(!model.notes.isEmpty)
      var prediction = Prediction(model.conditional.shape)
      func predict<C: Conditional<Symbol>>(_ c: C) {
        let inputs = model.inputs(time: 0, length: 3)
        c.predict(c.start(inputs), inputs, into: &prediction)
      }
      predict(model.conditional)
      #expect(abs(prediction.logProbabilities.reduce(0) { $0 + exp($1) } - 1) < 1e-12)
      #expect(prediction.logProbabilities.allSatisfy { $0 > -.infinity })
    }
  }
}
