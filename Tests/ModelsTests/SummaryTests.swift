import Foundation
import Models
import Probability
import Sequences
import Testing

/// Summaries of parts of a set, which add up to that of the set.
@Suite struct SummaryTests {
  private static let k = 3

  /// Every family that is fitted to sums over its data, with every way to end; what is tuned, and what looks at t or x; and contexts
  /// of up to 60 symbols, which are read in a text.
  static let words: [String] =
    Registry.standard.families.filter { $0 is any SummarisingFamily.Type }.flatMap {
      (try? Registry.standard.words(of: $0.examples[0])) ?? []
    } + [
      "markov:3/eos", "markov:k=2,smoothing=modified-kneser-ney,tune=valid/halt", "markov:k=2,time=bucket:3/tau",
      "table:x0+y2/eos", "table:y2+x1+x0/halt", "table:x0+x2+y1/tau",
    ] + deepWords

  static let deepWords = [
    "markov:60/eos", "markov:60,time=each/tau", "markov:60/tau:input=none", "vlmc:60/eos", "ctw:60/halt",
  ]

  /// Ragged sequences, some of them empty or there twice, some long, with inputs x(t) of 0 or 1.
  private static func set(_ count: Int, longest: Int, seed: UInt64) -> SequenceSet {
    var stream = RandomStream(seed: seed)
    var sequences = (0..<count).map { number in
      (0..<(number % 5 == 1 ? 0 : Int(stream.uniform() * Double(longest + 1)))).map { _ in
        Int(stream.uniform() * Double(k))
      }
    }
    if count > 9 { sequences[count - 1] = sequences[0] }
    let inputs = sequences.map { $0.map { _ in [Float(Int(stream.uniform() * 2))] } }
    return SequenceSet(sequences, alphabetSize: k, inputs: InputVectors(perStep: inputs, width: 1))
  }

  /// More sequences than parts, fewer, and none but empty ones; one has long contexts.
  private static let sets = [
    set(40, longest: 9, seed: 1), set(11, longest: 200, seed: 2), set(2, longest: 6, seed: 3),
    SequenceSet([[], [], []], alphabetSize: k, inputs: InputVectors(perStep: [[], [], []], width: 1)),
  ]

  private static func parts(of set: SequenceSet, _ count: Int) -> [SequenceSet] {
    (0..<count).map { set.selecting(($0 * set.count / count)..<(($0 + 1) * set.count / count)) }
  }

  private static let alphabet = try? Alphabet(symbols: ["a", "b", "c"], kind: .characters)

  /// The model of the parts' counts is, byte for byte, that of the set, whose counts are held against their definition in
  /// `ContextCountsTests`.
  @Test(arguments: words)
  func partsAddUpToTheSet(_ word: String) throws {
    let specification = try ModelSpecification(word)
    let alphabet = try #require(Self.alphabet)
    let valid = Self.set(10, longest: 9, seed: 4)
    for set in Self.sets {
      let whole = try ModelFile.bytes(of: SequenceModel.fit(specification, to: set, valid: valid, alphabet))
      for count in [1, 2, 3, 7] {
        let summaries = try Self.parts(of: set, count).map {
          try TensorFile(specification.summary(of: $0).serialized())
        }
        let sum = try SequenceModel.fit(specification, toSummaries: summaries, of: set, valid: valid, alphabet)
        #expect(try ModelFile.bytes(of: sum) == whole, "\(set.count) sequences in \(count) parts")
      }
    }
  }

  /// Contexts are read in the text where they are deep, or the test above would not see it.
  @Test(arguments: deepWords)
  func deepContextsAreReadInTheText(_ word: String) throws {
    let model = try SequenceModel.fit(ModelSpecification(word), to: Self.sets[1], #require(Self.alphabet))
    var file = TensorFile()
    model.conditional.write(to: &file)
    #expect((file.tensors["tails.text"] != nil) == !word.hasPrefix("vlmc"))
  }

  /// (a + b) + c and a + (b + c) have the same bytes, as they are or written and read, with a block or more in a part.
  @Test(arguments: words)
  func anyGroupingIsTheSame(_ word: String) throws {
    let specification = try ModelSpecification(word)
    func check<Family: SummarisingFamily>(_ family: Family, _ set: SequenceSet) throws {
      let shape = specification.shape(alphabetSize: Self.k, inputWidth: 1)
      let parts = try Self.parts(of: set, 3).map { try family.summarise($0, shape, FittingContext()) }
      var (left, right, whole) = (parts[0], parts[1], try family.summarise(set, shape, FittingContext()))
      func file(_ sums: Family.Sums) -> TensorFile {
        var file = TensorFile()
        family.write(sums, to: &file)
        return file
      }
      try left.add(parts[1])
      left = try family.sums(from: TensorFile(file(left).serialized()), shape)
      try left.add(parts[2])
      try right.add(parts[2])
      var sum = parts[0]
      try sum.add(right)
      #expect(file(left) == file(sum) && file(sum) == file(whole), "\(set.count) sequences")
      try whole.add(family.summarise(set.selecting([]), shape, FittingContext()))
      #expect(file(whole) == file(sum))
    }
    let family = try #require(specification.family as? any SummarisingFamily)
    for set in Self.sets { try check(family, set) }
  }

  /// A block's runs join others' wherever blocks end.
  @Test func blocksAndPartsMakeTheSameTree() throws {
    for set in Self.sets {
      let shape = OutputShape(alphabetSize: Self.k, stop: .outcome)
      let path = ContextPath(order: 30, shape: shape)
      func counts(_ parts: [SequenceSet], block: Int?) throws -> ContextCounts {
        var sum = try EventCounts(parts[0], path, shape, tails: .always, block: block)
        for part in parts.dropFirst() { sum.add(try EventCounts(part, path, shape, tails: .always, block: block)) }
        return try ContextCounts(sum, path, shape, lowerOrders: true, tails: .always)
      }
      let whole = try ContextCounts(set, path, shape, lowerOrders: true, tails: .always)
      for count in [1, 2, 3, 7] {
        for block in [nil, 5, 64] {
          #expect(try counts(Self.parts(of: set, count), block: block) == whole, "\(count) parts in blocks")
        }
      }
    }
  }

  /// A missing part, one twice, and one of another model or of a family without sums are refused.
  @Test func whatIsNotTheSetIsRefused() throws {
    let (set, alphabet) = (Self.sets[0], try #require(Self.alphabet))
    let specification = try ModelSpecification("markov:2/eos")
    let parts = try Self.parts(of: set, 2).map { try specification.summary(of: $0) }
    let other = try ModelSpecification("markov:1/eos").summary(of: Self.parts(of: set, 2)[1])
    for summaries in [[], [parts[0]], [parts[0], parts[1], parts[1]], [parts[0], other]] {
      #expect(throws: ModelFileError.self) {
        try SequenceModel.fit(specification, toSummaries: summaries, of: set, alphabet)
      }
    }
    #expect(throws: SpecificationError.self) { try ModelSpecification("gru:4/eos").summary(of: set) }
  }

  /// Numbers that somebody changed: a summary is refused, or makes a model; nothing traps.
  @Test(
    arguments: ["markov:2/eos", "markov:40/halt", "markov:1,time=each/tau", "table:x0+y2/halt", "tabular/tau"], 0..<4)
  func changedNumbersDoNotTrap(_ word: String, quarter: Int) throws {
    let specification = try ModelSpecification(word)
    let (set, alphabet) = (Self.sets[word.contains("40") ? 1 : 2], try #require(Self.alphabet))
    let file = try specification.summary(of: set)
    var refused = 0
    for (name, tensor) in file.tensors {
      let size = tensor.element == .int64 ? 8 : 4
      let bytes = tensor.bytes.withUnsafeBytes { Array($0) }
      for index in stride(from: quarter * size, to: min(bytes.count, 1200), by: 4 * size) {
        for change: [UInt8] in [
          [0, 0, 0, 0], [1, 0, 0, 0], [4, 0, 0, 0], [255, 255, 255, 127], [255, 255, 255, 255],
        ] {
          var changed = bytes
          changed.replaceSubrange(index..<index + 4, with: change)
          if changed == bytes { continue }
          var broken = file
          broken.replaceBytes(of: name, by: changed)
          do {
            _ = try SequenceModel.fit(specification, toSummaries: [broken], of: set, alphabet)
          } catch is ModelFileError {
            refused += 1
          }
        }
      }
    }
    #expect(refused > 2)
  }
}
