import Foundation
import Inference
import Models
import Sequences
import Testing

/// What `show` shows.
@Suite struct NextDistributionTests {
  /// Of every family with every way to end: the probabilities sum to one, and are those that sequences are scored with.
  @Test(arguments: Toys.words)
  func nextIsWhatScoresSay(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    let tolerance = 1e-12 + 50 * model.conditional.roundingError
    for sequence in [[0, 1, 1], [1, 0], [1]] as [[Symbol]] {
      let scores = Array(model.stepScores(of: sequence).dropFirst(model.prior == nil ? 0 : 1))
      for (time, symbol) in sequence.enumerated() {
        let hasInput = model.conditional.shape.hasLengthInput
        let next = try model.next(after: Array(sequence[..<time]), length: hasInput ? sequence.count : nil)
        #expect((next.length != nil) == hasInput)
        let sum = next.probabilities.reduce(0, +) + (hasInput ? 0 : next.end)
        #expect(abs(sum - 1) < tolerance, "\(sum)")
        let p = model.prior == nil ? next.probabilities[symbol] : next.ifContinuing[symbol]
        #expect(abs(p - exp(-scores[time].nats)) < tolerance, "\(word) \(p) \(scores[time])")
      }
      guard model.prior == nil, let last = scores.last else { continue }
      #expect(try abs(model.next(after: sequence).end - exp(-last.nats)) < tolerance)
    }
  }

  /// P(τ = n | τ ≥ n) of a table of lengths by hand, and the length that is given where none is asked for.
  @Test func theEndOfALengthThatIsDrawnFirst() throws {
    let set = SequenceSet([[0], [0, 1], [1, 1], [0, 1, 0]], alphabetSize: 2)
    let model = try SequenceModel.fit(
      ModelSpecification("markov:1,smoothing=add:1/tau:prior=table:ml"), to: set, Toys.alphabet(2))
    #expect(try abs(model.next(after: [0]).end - 1 / 4.0) < 1e-12)
    #expect(try abs(model.next(after: [0, 1]).end - 2 / 3.0) < 1e-12)
    #expect(try model.next(after: []).length == 2 && model.next(after: [0, 1]).length == 3)
    #expect(throws: SpecificationError.self) { try model.next(after: [0], length: 1) }
    #expect(throws: SpecificationError.self) { try model.next(after: [0, 1, 0]) }
  }

  /// Counts of contexts by their definition.
  @Test(arguments: [
    "markov:2/eos", "markov:2/halt", "markov:2/tau:input=none", "markov:0", "ctw:2", "tabular", "tabular/halt",
  ])
  func contextsByCounting(_ word: String) throws {
    let set = Toys.set(alphabetSize: 3)
    let model = try SequenceModel.fit(ModelSpecification(word), to: set, Toys.alphabet(3))
    let order = word.hasPrefix("tabular") ? Int.max : word.contains("0") ? 0 : 2
    var counts: [[Int]: Int] = [:]
    for i in 0..<set.count {
      let sequence = Array(set[i])
      for time in 0...sequence.count where time < sequence.count || model.prior == nil {
        // A mark where nothing stands before.
        let isBeginning = time < order
        counts[(isBeginning ? [-1] : []) + sequence[max(time - min(order, time), 0)..<time], default: 0] += 1
      }
    }
    let counting = try #require(model.conditional as? any TabledConditional)
    let found = try #require(counting.frequentContexts(1000))
    #expect(found.count == counts.count, "\(found) \(counts)")
    for context in found { #expect(counts[(context.isBeginning ? [-1] : []) + context.symbols] == context.count) }
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.count >= $1.count })
    #expect(counting.frequentContexts(2)?.count == min(2, counts.count))
  }

  @Test(arguments: [
    ("markov:1", true), ("markov:1/halt", true), ("markov:1/tau:input=none", true), ("markov:1/tau", false),
    ("table:y1", true), ("markov:2", false), ("markov:0", false), ("rnn:3", false), ("tabular", false),
    ("markov:1,time=bucket:2", false),
  ])
  func whatHasATransitionMatrix(_ word: String, _ hasOne: Bool) throws {
    #expect(
      try Toys.model(word.hasPrefix("rnn") ? word + ",epochs=1" : word, alphabetSize: 2).hasTransitionMatrix == hasOne)
  }
}
