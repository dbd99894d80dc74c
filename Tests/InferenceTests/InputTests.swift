import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Models whose elements depend on inputs x.
@Suite struct InputTests {
  private static let words = Registry.standard.recurrentNames.flatMap { cell in
    ["feedback=output", "feedback=none", "feedback=none,layers=2,time=bucket:3"].flatMap { options in
      ["eos", "halt", "tau", "tau:input=none", "tau:input=total,as=number,prior=learned"].map {
        "\(cell):hidden=4,\(options),epochs=3/\($0)"
      }
    }
  }

  /// 80 sequences over two symbols; x is a vector a step or a sequence, and y(t) mostly its sign.
  private static func set(perStep: Bool) -> SequenceSet {
    var stream = RandomStream(seed: 5)
    var sequences: [[Symbol]] = []
    var steps: [[[Float]]] = []
    var wholes: [[Float]] = []
    for _ in 0..<80 {
      let whole = [Float(stream.normal()), 1]
      let length = Int(stream.uniform() * 6)
      let rows = (0..<length).map { _ in perStep ? [Float(stream.normal()), 0.5] : whole }
      sequences.append(rows.map { stream.uniform() < 0.9 ? ($0[0] > 0 ? 1 : 0) : Int(stream.uniform() * 2) })
      steps.append(rows)
      wholes.append(whole)
    }
    return SequenceSet(
      sequences, alphabetSize: 2,
      inputs: perStep ? InputVectors(perStep: steps, width: 2) : InputVectors(perSequence: wholes))
  }

  private static func model(_ word: String, perStep: Bool) throws -> SequenceModel {
    let set = set(perStep: perStep)
    return Toys.inDouble(
      try SequenceModel.fit(
        ModelSpecification(word), to: set, valid: set, Toys.alphabet(2), FittingContext(seed: 3)))
  }

  @Test(arguments: words, [true, false])
  func batchesAgreeWithTheWalk(_ word: String, _ perStep: Bool) throws {
    let model = try Self.model(word, perStep: perStep)
    let set = Self.set(perStep: perStep)
    for (batched, walked) in zip(model.scores(of: set, threads: 2), model.walkScores(of: set)) {
      #expect(abs(batched.nats - walked.nats) <= 1e-12 * max(walked.nats, 1))
      #expect(abs(batched.natsLength - walked.natsLength) <= 1e-12 * max(walked.nats, 1))
    }
  }

  /// Given any one x, the sequences' probabilities sum to one: those of at most L symbols by enumeration, and those of
  /// length L with "goes on" in the place of the end.
  @Test(arguments: words)
  func sumsToOneGivenAnInput(_ word: String) throws {
    let model = try Self.model(word, perStep: false)
    let longest = 7
    for x: [Float] in [[0, 0], [1.5, 1], [-2, 3]] {
      let strings = Toys.allSequences(2, longest: longest + 1)
      let set = SequenceSet(strings, alphabetSize: 2, inputs: InputVectors(perSequence: strings.map { _ in x }))
      let scores = model.scores(of: set)
      var sum = zip(strings, scores).filter { $0.0.count <= longest }.reduce(0.0) { $0 + exp(-$1.1.nats) }
      if let law = model.lengthLaw(given: set.input(0)) {
        sum += law.tail(beyond: longest)
      } else {
        // P(longer than L) = Σ P(y(1..L+1) and whatever follows): all that a string of L + 1 costs, but for its end.
        for (string, index) in zip(strings, strings.indices) where string.count == longest + 1 {
          let steps = model.stepScores(of: string, x: set.input(index))
          sum += exp(-steps.dropLast().reduce(0) { $0 + $1.nats })
        }
      }
      #expect(abs(sum - 1) < 1e-9, "\(word) given \(x): \(sum)")
    }
  }

  /// Without feedback nothing that came before moves a step's distribution; with feedback it does.
  @Test(arguments: words)
  func feedback(_ word: String) throws {
    let model = try Self.model(word, perStep: false)
    let pasts: [[Symbol]] = [[0, 0, 0, 1], [1, 0, 1, 1], [1, 1, 1, 1]]
    let set = SequenceSet(pasts, alphabetSize: 2, inputs: InputVectors(perSequence: pasts.map { _ in [0.7, 1] }))
    let last = pasts.indices.map { index in
      model.stepScores(of: pasts[index], x: set.input(index))[model.prior == nil ? 3 : 4].nats
    }
    if word.contains("feedback=none") {
      #expect(last.allSatisfy { abs($0 - last[0]) < 1e-12 })
    } else {
      #expect(!last.allSatisfy { abs($0 - last[0]) < 1e-9 })
    }
  }

  @Test func withoutInputsThereIsNothingToDependOn() throws {
    let set = SequenceSet([[0, 1], [1]], alphabetSize: 2)
    #expect(throws: SpecificationError.self) {
      try SequenceModel.fit(ModelSpecification("rnn:4,feedback=none"), to: set, Toys.alphabet(2))
    }
  }

  /// Nothing that could be fed back; and networks that no file could hold.
  @Test func whatCannotBe() throws {
    for regime in ["scheduled:linear", "free:2"] {
      #expect(throws: SpecificationError.self) { try ModelSpecification("rnn:8,feedback=none,regime=\(regime)") }
    }
    let set = SequenceSet([[0, 1]], alphabetSize: 2)
    #expect(throws: SpecificationError.self) {
      try SequenceModel.fit(ModelSpecification("rnn:16384,layers=64"), to: set, Toys.alphabet(2))
    }
    #expect(throws: SpecificationError.self) { try GradientCheck(ModelSpecification("lstm:16384,layers=64")) }
  }

  /// Inputs that decide the elements are learnt; families that do not look at them say so.
  @Test func inputsHelp() throws {
    let set = Self.set(perStep: true)
    let bare = SequenceSet((0..<set.count).map { Array(set[$0]) }, alphabetSize: 2)
    func nats(_ word: String, _ set: SequenceSet) throws -> Double {
      try SequenceModel.fit(ModelSpecification(word), to: set, valid: set, Toys.alphabet(2)).figures(on: set).nats
    }
    let with = try nats("rnn:8,epochs=60,rate=0.02/tau", set)
    let without = try nats("rnn:8,epochs=60,rate=0.02/tau", bare)
    #expect(with < 0.9 * without)
    let markov = try SequenceModel.fit(ModelSpecification("markov:1"), to: set, Toys.alphabet(2))
    #expect(markov.notes.contains { $0.contains("does not look at the inputs x") })
  }

  /// A model with inputs survives its file.
  @Test(arguments: [
    "gru:4,feedback=none,epochs=1/halt", "lstm:3,layers=2,time=sinusoid:3,epochs=1/tau", "markov:1/eos",
  ])
  func fileRoundTrip(_ word: String) throws {
    let set = Self.set(perStep: true)
    let model = try SequenceModel.fit(ModelSpecification(word), to: set, valid: set, Toys.alphabet(2))
    let read = try ModelFile.model(from: ModelFile.bytes(of: model))
    #expect(read.conditional.shape == model.conditional.shape || word.hasPrefix("markov"))
    #expect(read.scores(of: set) == model.scores(of: set))
    #expect(try ModelFile.bytes(of: read) == ModelFile.bytes(of: model))
  }
}
