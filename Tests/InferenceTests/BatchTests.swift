import Inference
import Models
import Probability
import Sequences
import Testing

/// The fast ways give what the walk gives.
@Suite struct BatchTests {
  @Test(arguments: Toys.words, [1, 2])
  func batchesAgreeWithTheWalk(_ word: String, _ threads: Int) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let set = Toys.set(alphabetSize: 3)
    for (model, tolerance) in [(model, 1e-5), (Toys.inDouble(model), 1e-12)] {
      let batched = model.scores(of: set, threads: threads)
      for index in 0..<set.count {
        let walked = model.score(of: set[index])
        #expect(abs(batched[index].nats - walked.nats) <= tolerance * max(walked.nats, 1))
        #expect(abs(batched[index].natsLength - walked.natsLength) <= tolerance * max(walked.nats, 1))
      }
    }
  }

  /// A sequence longer than what goes through at a time, among shorter ones.
  @Test(arguments: Toys.lockstepWords)
  func longSequencesGoThroughInPieces(_ word: String) throws {
    let model = Toys.inDouble(try Toys.model(word, alphabetSize: 3))
    let long = (0..<9000).map { ($0 * $0 / 7) % 3 }
    let set = SequenceSet([[0, 1], long, [], Array(long[..<4500]), [2]], alphabetSize: 3)
    let batched = model.scores(of: set)
    for index in 0..<set.count {
      let walked = model.score(of: set[index]).nats
      #expect(abs(batched[index].nats - walked) <= 1e-12 * max(walked, 1))
    }
  }

  /// Many sequences of many lengths, so that they do not all end in the same piece.
  @Test(arguments: Toys.lockstepWords)
  func manySequencesKeepTheirStates(_ word: String) throws {
    let model = Toys.inDouble(try Toys.model(word, alphabetSize: 3))
    var stream = RandomStream(seed: 6)
    let sequences = (0..<600).map { _ in
      (0..<Int(stream.uniform() * 150)).map { _ in Int(stream.uniform() * 3) }
    }
    let set = SequenceSet(sequences, alphabetSize: 3)
    let batched = model.scores(of: set, threads: 2)
    for index in 0..<set.count {
      let walked = model.score(of: set[index]).nats
      #expect(abs(batched[index].nats - walked) <= 1e-12 * max(walked, 1))
    }
  }

  /// The steps of a sequence sum to its score.
  @Test(arguments: Toys.words)
  func stepsSumToTheScore(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    for sequence in Toys.allSequences(2, longest: 4) {
      let steps = model.stepScores(of: sequence)
      let shape = model.conditional.shape
      #expect(steps.count == shape.steps(length: sequence.count) + (model.prior == nil ? 0 : 1))
      let sum = steps.reduce(0.0) { $0 + $1.nats }
      let score = model.score(of: sequence).nats
      #expect(sum == score || abs(sum - score) < 1e-12)
    }
  }
}
