import Inference
import Models
import Probability
import Sequences
import Testing

/// Sequences drawn many at a time are those drawn one at a time, to the bit.
@Suite struct LockstepTests {
  @Test(arguments: Toys.lockstepWords)
  func anyNumberDrawsTheSame(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    var plain = SamplingOptions()
    plain.maximumLength = 40
    var tempered = plain
    tempered.truncation.temperature = 0.7
    tempered.truncation.topK = 2
    var greedy = plain
    greedy.truncation.temperature = 0
    for options in [plain, tempered, greedy] {
      let all = try model.samples(600, seed: 9, options)
      #expect(try model.samples(600, seed: 9, options, threads: 2) == all)
      #expect(try model.samples(7, seed: 9, options) == Array(all[..<7]))
      for number in [0, 1, 300, 599] {
        #expect(try model.samples(number..<(number + 1), seed: 9, options) == [all[number]])
      }
    }
  }

  /// The walk draws the same sequences; its log-probabilities agree, being summed in another order.
  @Test(arguments: Toys.lockstepWords)
  func theWalkDrawsTheSame(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    var options = SamplingOptions()
    options.prefix = [1]
    options.maximumLength = 40
    let lanes = try model.samples(0..<200, seed: 4, options)
    let walked = try model.walkSamples(0..<200, seed: 4, options)
    #expect(lanes.map(\.sequence) == walked.map(\.sequence))
    for (a, b) in zip(lanes, walked) { #expect(abs(a.score.nats - b.score.nats) < 1e-5 * max(b.score.nats, 1)) }
    for (sample, number) in zip(lanes, 0..<20) where sample.isComplete {
      #expect(abs(model.score(of: sample.sequence).nats - lanes[number].score.nats) < 1e-4)
    }
  }

  /// Odd sizes, so that the kernels' remainders are met: a network of 37 units, over 5 symbols.
  @Test(arguments: ["rnn:37", "gru:37", "lstm:37,layers=2", "gru:37,time=sinusoid:5"], ["eos", "halt", "tau"])
  func oddSizes(_ family: String, _ length: String) throws {
    let set = Toys.set(alphabetSize: 5)
    let model = try SequenceModel.fit(
      ModelSpecification("\(family),epochs=1/\(length)"), to: set, valid: set, Toys.alphabet(5))
    var options = SamplingOptions()
    options.maximumLength = 30
    let all = try model.samples(513, seed: 2, options)
    for number in stride(from: 0, to: 513, by: 57) {
      #expect(try model.samples(number..<(number + 1), seed: 2, options) == [all[number]])
    }
    #expect(try model.samples(40..<45, seed: 2, options) == Array(all[40..<45]))
  }

  /// Draw i is given the inputs of sequence i modulo their count.
  @Test func inputs() throws {
    let vectors = InputVectors(perSequence: [[3, 0], [-3, 0], [0, 1]])
    var stream = RandomStream(seed: 1)
    let sequences = (0..<90).map { index in
      (0..<4).map { _ in stream.uniform() < 0.95 ? [1, 0, 2][index % 3] : Int(stream.uniform() * 3) }
    }
    let set = SequenceSet(
      sequences, alphabetSize: 3,
      inputs: InputVectors(perSequence: (0..<90).map { [[3, 0], [-3, 0], [0, 1]][$0 % 3] }))
    let model = try SequenceModel.fit(
      ModelSpecification("rnn:8,epochs=80,rate=0.02/tau"), to: set, valid: set, Toys.alphabet(3))
    #expect(throws: SpecificationError.self) { try model.samples(3, seed: 1) }
    var options = SamplingOptions()
    options.inputs = vectors
    let samples = try model.samples(300, seed: 1, options)
    for kind in 0..<3 {
      let drawn = stride(from: kind, to: 300, by: 3).flatMap { samples[$0].sequence }
      #expect(Double(drawn.count { $0 == [1, 0, 2][kind] }) > 0.8 * Double(drawn.count))
    }
    #expect(try model.samples(101..<103, seed: 1, options) == Array(samples[101..<103]))
    options.inputs = InputVectors(perSequence: [[1]])
    #expect(throws: SpecificationError.self) { try model.samples(3, seed: 1, options) }
  }
}
