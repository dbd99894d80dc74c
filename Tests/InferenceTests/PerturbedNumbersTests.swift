import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Model files with other numbers in them than were written, under checksums that are right: each is refused, or is a
/// model whose probabilities sum to one, by enumeration.
@Suite struct PerturbedNumbersTests {
  /// Of each tensor a few numbers, one at a time.
  @Test(arguments: Toys.words) func areRefusedOrSumToOne(_ word: String) throws {
    try perturb(Toys.model(word, alphabetSize: 2), word, trials: 6)
  }

  /// Contexts that are read in the text: a position at which another context stands is refused.
  @Test(arguments: ["markov:150/eos", "ctw:150/eos"])
  func positionsOfOtherContextsAreRefused(_ word: String) throws {
    var stream = RandomStream(seed: 5)
    let set = SequenceSet((0..<60).map { _ in (0..<200).map { _ in Int(stream.uniform() * 20) } }, alphabetSize: 20)
    let bytes = try ModelFile.bytes(of: SequenceModel.fit(ModelSpecification(word), to: set, Toys.alphabet(20)))
    let file = try TensorFile(bytes)
    let places = try file.int32s("tails.places")
    #expect(places.contains { $0 >= 0 })
    for wrong in [0, 1, places.max() ?? 0] as [Int32] {
      var changed = file
      changed.remove("tails.places")
      changed.set("tails.places", places.map { $0 < 0 ? $0 : wrong })
      #expect(throws: ModelFileError.self) { try ModelFile.model(from: changed.serialized()) }
    }
    _ = try ModelFile.model(from: bytes)
  }

  /// Tables that were estimated elsewhere, here by other smoothers.
  @Test(arguments: ["kneser-ney", "witten-bell", "modified-kneser-ney"])
  func tablesFromElsewhereAreRefusedOrSumToOne(_ smoothing: String) throws {
    let markov = try Toys.model("markov:k=2,smoothing=\(smoothing)/eos", alphabetSize: 3)
    let bytes = [UInt8](try ArpaFile.bytes(of: markov, .full))
    let (arpa, warnings) = try ArpaFile.model(reading: ByteSource(bytes: bytes, name: "model.arpa"))
    #expect(warnings.isEmpty)
    #expect(try perturb(arpa, "arpa, \(smoothing)", trials: 40) > 40)
  }

  /// A probability and the gap of the same file that it leaves: the note of the model says so.
  @Test func aTableThatDoesNotSumToOneSaysSo() throws {
    let markov = try Toys.model("markov:k=1,smoothing=witten-bell/eos", alphabetSize: 2)
    let text = String(decoding: try ArpaFile.bytes(of: markov, .full), as: UTF8.self)
    // The first n-gram of two symbols.
    let lines = text.components(separatedBy: "\n")
    let first = try #require(lines.firstIndex(of: "\\2-grams:")) + 1
    let changed = (lines[..<first] + ["-0.00001\t" + lines[first].split(separator: "\t")[1]] + lines[(first + 1)...])
      .joined(separator: "\n")
    let (arpa, warnings) = try ArpaFile.model(reading: ByteSource(bytes: Array(changed.utf8), name: "model.arpa"))
    #expect(warnings.count == 1)
    let back = try ModelFile.model(from: ModelFile.bytes(of: arpa))
    #expect(back.notes == arpa.notes && back.notes.contains { $0.contains("does not sum to one") })
  }

  /// Weights and inputs of any size that is taken: probabilities sum to one whatever x is, by the walk and in batches.
  @Test(
    arguments: Registry.standard.recurrentNames.flatMap { cell in
      ["eos", "halt", "tau"].map { "\(cell):hidden=3,layers=2,epochs=1/\($0)" }
    },
    [1e3, 1e9, Double(TensorFile.largestWeight)])
  func weightsOfAnySizeSumToOne(_ word: String, _ size: Double) throws {
    let largest = InputVectors.largest
    let strings = Toys.allSequences(2, longest: 3)
    func set(_ x: [Float]) -> SequenceSet {
      SequenceSet(strings, alphabetSize: 2, inputs: InputVectors(perSequence: strings.map { _ in x }))
    }
    let model = try SequenceModel.fit(ModelSpecification(word), to: set([1, -1]), Toys.alphabet(2))
    var stream = RandomStream(seed: 12, purpose: word)
    for x in [[0, 0], [1, -1], [largest, largest], [-largest, 1e-12]] as [[Float]] {
      var file = try TensorFile(ModelFile.bytes(of: model))
      for (name, tensor) in file.tensors.sorted(by: { $0.key < $1.key })
      where tensor.element == .float32 && !name.contains("bias_hh") {
        let count = tensor.shape.reduce(1, *)
        // Some of them alike, so that there are ties.
        let values = (0..<count).map { _ in
          Float(size) * [1, 1, -1, Float(stream.uniform())][Int(stream.uniform() * 4)]
        }
        file.remove(name)
        file.set(name, values, shape: tensor.shape)
      }
      let hostile = try ModelFile.model(from: file.serialized())
      let data = set(x)
      for scores in [hostile.walkScores(of: data), hostile.scores(of: data)] {
        #expect(scores.allSatisfy { !$0.nats.isNaN })
        // Of two elements, each with whatever else its step says.
        let elements = zip(strings, scores).filter { $0.0.count == 2 }
        if hostile.conditional.shape.stop == .given {
          let sum = elements.reduce(0.0) { $0 + exp(-$1.1.natsElements) }
          #expect(abs(sum - 1) < 1e-5, "\(word), \(x): \(sum)")
        } else {
          // Nothing sums to more than one.
          #expect(scores.reduce(0.0) { $0 + exp(-$1.nats) } < 1 + 1e-5, "\(word), \(x)")
        }
      }
      var options = SamplingOptions()
      options.maximumLength = 20
      options.inputs = InputVectors(perSequence: (0..<5).map { _ in x })
      #expect(try hostile.samples(5, seed: 1, options).allSatisfy { !$0.score.nats.isNaN })
    }
  }

  /// Returns how many files were refused.
  @discardableResult
  private func perturb(_ model: SequenceModel, _ word: String, trials: Int) throws -> Int {
    let whole = try TensorFile(ModelFile.bytes(of: model))
    var stream = RandomStream(seed: 31, purpose: word)
    var refused = 0
    for (name, tensor) in whole.tensors.sorted(by: { $0.key < $1.key }) {
      let bytes = tensor.bytes.withUnsafeBytes { Array($0) }
      if bytes.isEmpty { continue }
      let width = bytes.count / max(tensor.shape.reduce(1, *), 1)
      for trial in 0..<trials {
        var changed = bytes
        let start = Int(stream.next() % UInt64(bytes.count / width)) * width
        switch trial % 3 {
        case 0: changed[start + Int(stream.next() % UInt64(width))] ^= 1 << UInt8(stream.next() % 8)
        case 1:
          // Another number of the same tensor, or a small one more.
          let other = Int(stream.next() % UInt64(bytes.count / width)) * width
          changed.replaceSubrange(start..<(start + width), with: bytes[other..<(other + width)])
        default: changed[start] &+= 1
        }
        if changed == bytes { continue }
        var file = whole
        file.replaceBytes(of: name, by: changed)
        let read: SequenceModel
        do { read = try ModelFile.model(from: file.serialized()) } catch is ModelFileError {
          refused += 1
          continue
        }
        // Networks hold single precision.
        let defect = Self.defect(of: read)
        #expect(
          defect <= max(1e-9, 100 * read.conditional.roundingError), "\(word): \(name), trial \(trial): \(defect)")
      }
    }
    return refused
  }

  /// How far the probabilities of all sequences are from one: those of at most four elements and the mass of longer ones,
  /// by the walk and in batches; where lengths are drawn first, the lengths' and, of each length, the elements'.
  private static func defect(of model: SequenceModel) -> Double {
    let longest = 3
    let strings = Toys.allSequences(model.alphabet.size, longest: longest)
    let set = SequenceSet(strings, alphabetSize: model.alphabet.size)
    var worst = 0.0
    for scores in [strings.map { model.score(of: $0) }, model.scores(of: set)] {
      if let law = model.lengthLaw() {
        let lengths = (0...longest).reduce(0.0) { $0 + exp(law.logProbability($1)) } + law.tail(beyond: longest)
        worst = max(worst, abs(lengths - 1))
        for length in 0...longest where law.logProbability(length) > -.infinity {
          let elements = zip(strings, scores).filter { $0.0.count == length }.reduce(0.0) {
            $0 + exp(-$1.1.natsElements)
          }
          worst = max(worst, abs(elements - 1))
        }
      } else {
        let sum = zip(strings, scores).reduce(0.0) { $0 + exp(-$1.1.nats) }
        let beyond = strings.filter { $0.count == longest }.reduce(0.0) {
          $0 + massBeyond($1, model.conditional, model)
        }
        worst = max(worst, abs(sum + beyond - 1))
      }
      if worst.isNaN { return .infinity }
    }
    return worst
  }

  /// P(begins with `prefix` and is longer).
  private static func massBeyond<C: Conditional>(
    _ prefix: [Symbol], _ conditional: C, _ model: SequenceModel
  ) -> Double {
    var state = conditional.start(model.inputs(time: 0, length: 0))
    var log = 0.0
    for (time, symbol) in prefix.enumerated() {
      if conditional.shape.stop == .variable {
        log += conditional.logStop(state, model.inputs(time: time, length: 0)).continuing
      }
      log += conditional.logProbability(of: symbol, state, model.inputs(time: time, length: 0))
      conditional.advance(&state, past: symbol, model.inputs(time: time + 1, length: 0))
    }
    return exp(log + conditional.logStop(state, model.inputs(time: prefix.count, length: 0)).continuing)
  }
}
