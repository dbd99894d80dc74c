import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Counts files: out and in, added up, and cut.
@Suite struct CountsFileTests {
  /// Of those that are tuned on held-out data, counts are not all.
  static let words =
    Toys.words.filter { word in
      word.hasPrefix("markov") && !["/tau", "tune=valid", "time="].contains { word.contains($0) }
    } + ["markov:9", "markov:9/halt"]

  private func read(_ bytes: Data) throws -> NGramCounts {
    try CountsFile.counts(reading: ByteSource(bytes: Array(bytes), name: "toy.counts"))
  }

  /// Two sequences "ab" and "a", counted by hand for n = 2.
  @Test func byHand() throws {
    let alphabet = try Alphabet(symbols: ["a", "b"], kind: .characters)
    let set = SequenceSet([[0, 1], [0]], alphabetSize: 2)
    let model = try SequenceModel.fit(ModelSpecification("markov:1"), to: set, alphabet)
    let text = """
      # chainrule counts 1
      # n 2
      # symbols characters
      # sequences 2
      # longest 2
      # hash \(String(set.contentHash, radix: 16))
      # seed 1
      # ngrams 4
      a b\t1
      a </s>\t1
      b </s>\t1
      <s> a\t2
      # end

      """
    #expect(String(decoding: CountsFile.bytes(of: try NGramCounts(of: model)), as: UTF8.self) == text)
  }

  /// A model fitted to counts is the one fitted to the data, to the byte.
  @Test(arguments: words)
  func theSameModelFromCounts(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let bytes = CountsFile.bytes(of: try NGramCounts(of: model))
    let counts = try read(bytes)
    #expect(CountsFile.bytes(of: counts) == bytes)
    #expect(try ModelFile.bytes(of: SequenceModel.fit(model.specification, to: counts)) == ModelFile.bytes(of: model))
  }

  /// Counts of longer n-grams are enough for shorter ones.
  @Test(arguments: ["markov:0", "markov:1", "markov:2,smoothing=witten-bell/halt", "markov:3,smoothing=add:1"])
  func shorterOnesFromLonger(_ word: String) throws {
    let counts = try NGramCounts(of: Toys.model("markov:3", alphabetSize: 3))
    let model = try Toys.model(word, alphabetSize: 3)
    #expect(try ModelFile.bytes(of: SequenceModel.fit(model.specification, to: counts)) == ModelFile.bytes(of: model))
    #expect(throws: SpecificationError.self) { try SequenceModel.fit(ModelSpecification("markov:4"), to: counts) }
  }

  /// Parts with different symbols in them, fitted to the sum as to the whole.
  @Test(arguments: words)
  func countsOfPartsAddUp(_ word: String) throws {
    let alphabet = try Toys.alphabet(3)
    let set = Toys.set(alphabetSize: 3)
    let whole = try SequenceModel.fit(ModelSpecification(word), to: set, alphabet)
    // Those without "c", over an alphabet that has none; and the others.
    let without = (0..<set.count).filter { !set[$0].contains(2) }
    let small = SequenceSet(without.map { Array(set[$0]) }, alphabetSize: 2)
    let parts = [
      try SequenceModel.fit(ModelSpecification(word), to: small, Toys.alphabet(2)),
      try SequenceModel.fit(
        ModelSpecification(word), to: set.selecting((0..<set.count).filter { set[$0].contains(2) }), alphabet),
    ]
    let sum = try NGramCounts(adding: parts.map { try NGramCounts(of: $0) })
    let model = try SequenceModel.fit(ModelSpecification(word), to: sum)
    #expect(model.alphabet == alphabet)
    #expect(model.facts.sequences == set.count && model.facts.symbols == set.symbolCount)
    #expect(model.facts.longest == set.longest)
    for sequence in Toys.allSequences(3, longest: 4) {
      #expect(model.score(of: sequence) == whole.score(of: sequence))
    }
  }

  @Test func whatDoesNotAddUp() throws {
    let counts = try NGramCounts(of: Toys.model("markov:2", alphabetSize: 2))
    let other = try NGramCounts(of: Toys.model("markov:1", alphabetSize: 2))
    #expect(throws: SpecificationError.self) { try NGramCounts(adding: [counts, other]) }
    for word in ["markov:2/tau", "tabular", "rnn:4"] {
      #expect(throws: SpecificationError.self) { try NGramCounts(of: Toys.model(word, alphabetSize: 2)) }
      #expect(throws: SpecificationError.self) { try SequenceModel.fit(ModelSpecification(word), to: counts) }
    }
  }

  /// A file cut anywhere is refused, and the message names a line of it.
  @Test func aFileCutAnywhereIsRefused() throws {
    let bytes = CountsFile.bytes(of: try NGramCounts(of: Toys.model("markov:2", alphabetSize: 3)))
    let lines = bytes.count { $0 == 10 }
    // Without its last line feed it is whole.
    for length in 0..<(bytes.count - 1) {
      let error = #expect(throws: DataError.self, "\(length)") { try read(bytes.prefix(length)) }
      guard case .malformed(let place, _) = error else {
        Issue.record("\(length): \(String(describing: error))")
        continue
      }
      #expect(place.file == "toy.counts" && (1...lines).contains(place.line))
    }
  }

  @Test(
    arguments: [
      ("# n 2", "# n 0", 2), ("# n 2", "# n two", 2), ("# n 2", "# n 2\n# n 2", 3), ("# n 2\n", "", 7),
      ("# symbols characters", "# symbols letters", 3), ("# sequences 2", "# sequences 3", 13),
      ("# longest 2", "# longest 9", 13), ("# ngrams 4", "# ngrams 5", 13), ("# ngrams 4", "# ngrams 3", 12),
      ("a b\t1", "a b", 9), ("a b\t1", "a b\t-1", 9), ("a b\t1", "a b\t1.5", 9),
      ("a b\t1", "a b\t99999999999999999999", 9),
      ("a b\t1", "a b\t9007199254740993", 9), ("a b\t1", "b\t1", 9), ("a b\t1", "a b b\t1", 9),
      ("a b\t1", "</s> b\t1", 9),
      ("a b\t1", "a <s>\t1", 9), ("# end", "b b\t1", 13),
    ])
  func refusedWithTheLine(_ old: String, _ new: String, _ line: Int) throws {
    let alphabet = try Alphabet(symbols: ["a", "b"], kind: .characters)
    let model = try SequenceModel.fit(
      ModelSpecification("markov:1"), to: SequenceSet([[0, 1], [0]], alphabetSize: 2), alphabet)
    let text = String(decoding: CountsFile.bytes(of: try NGramCounts(of: model)), as: UTF8.self)
    let error = #expect(throws: DataError.self) { try read(Data(text.replacing(old, with: new).utf8)) }
    guard case .malformed(let place, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(place.line == line, "\(String(describing: error))")
  }

  @Test func mutationsDoNoHarm() throws {
    let whole = Array(CountsFile.bytes(of: try NGramCounts(of: Toys.model("markov:2", alphabetSize: 2))))
    var stream = RandomStream(seed: 23, purpose: "counts")
    for _ in 0..<4000 {
      var broken = whole
      for _ in 0...Int(stream.uniform() * 2) {
        let place = Int(stream.uniform() * Double(broken.count))
        switch stream.next() % 3 {
        case 0: broken[place] = UInt8(truncatingIfNeeded: stream.next())
        case 1: broken[place] = whole[Int(stream.uniform() * Double(whole.count))]
        default: broken.remove(at: place)
        }
      }
      do {
        let counts = try read(Data(broken))
        let model = try SequenceModel.fit(ModelSpecification("markov:\(counts.order)/halt"), to: counts)
        #expect(!model.score(of: [0]).nats.isNaN)
        #expect(
          try ModelFile.bytes(of: ModelFile.model(from: ModelFile.bytes(of: model))) == ModelFile.bytes(of: model))
      } catch is DataError {}
    }
  }
}
