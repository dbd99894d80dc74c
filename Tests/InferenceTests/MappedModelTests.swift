import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Markov models asked in their mapped file, against the same models in memory.
@Suite struct MappedModelTests {
  static let words = [
    "markov:0", "markov:1/eos", "markov:3/eos", "markov:30/eos", "markov:0/halt", "markov:3/halt",
    "markov:2/tau:input=none", "markov:2,smoothing=witten-bell/eos",
  ]

  private static func sequences(seed: UInt64, _ count: Int) -> SequenceSet {
    var stream = RandomStream(seed: seed)
    return SequenceSet(
      (0..<count).map { _ in
        (0..<Int.random(in: 0...9, using: &stream)).map { _ in
          min(Int.random(in: 0..<6, using: &stream), Int.random(in: 0..<6, using: &stream))
        }
      }, alphabetSize: 6)
  }

  private static func model(_ word: String) throws -> SequenceModel {
    try SequenceModel.fit(ModelSpecification(word), to: sequences(seed: 5, 60), Toys.alphabet(6))
  }

  private static func withFile<Result>(_ bytes: Data, _ body: (MappedFile) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.appending(path: "chainrule-\(UUID()).safetensors").path
    try bytes.write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(try #require(MappedFile(path)))
  }

  /// By the walk, in batches, and step by step. Logarithms are added in another order, so 1e-12 is asked for.
  @Test(arguments: words) func answerAsInMemory(_ word: String) throws {
    let model = try Self.model(word)
    try Self.withFile(ModelFile.bytes(of: model)) { file in
      let mapped = try ModelFile.model(opening: file)
      let asked = Self.sequences(seed: 6, 200)
      let expected = model.walkScores(of: asked)
      for scores in [mapped.scores(of: asked, threads: 2), mapped.walkScores(of: asked), model.scores(of: asked)] {
        for (score, expected) in zip(scores, expected) {
          #expect(abs(score.natsElements - expected.natsElements) <= 1e-12 * max(expected.nats, 1))
          #expect(abs(score.natsLength - expected.natsLength) <= 1e-12 * max(expected.nats, 1))
        }
      }
      #expect(
        try mapped.samples(30, seed: 3, SamplingOptions()).map(\.sequence)
          == model.samples(30, seed: 3, SamplingOptions()).map(\.sequence))
      #expect(mapped.storedParameters == model.storedParameters)
      #expect(try ModelFile.bytes(of: mapped) == ModelFile.bytes(of: model))
    }
  }

  /// Long sequences are scored in stretches, from k symbols before each.
  @Test(arguments: words) func longSequencesAreScoredInStretches(_ word: String) throws {
    let model = try Self.model(word)
    var stream = RandomStream(seed: 9)
    let asked = SequenceSet(
      [1 << 15, 3, 70_000, 0].map { count in (0..<count).map { _ in Int.random(in: 0..<6, using: &stream) } },
      alphabetSize: 6)
    try Self.withFile(ModelFile.bytes(of: model)) { file in
      let mapped = try ModelFile.model(opening: file)
      let expected = model.walkScores(of: asked)
      for scores in [mapped.scores(of: asked, threads: 2), model.scores(of: asked, threads: 2)] {
        #expect(scores.count == expected.count)
        for (score, expected) in zip(scores, expected) {
          // A sum of 70,000 in another order.
          #expect(abs(score.natsElements - expected.natsElements) <= 1e-11 * max(expected.nats, 1))
          #expect(abs(score.natsLength - expected.natsLength) <= 1e-11 * max(expected.nats, 1))
        }
      }
    }
  }

  /// Places and numbers at the borders of what there can be: refused, or wrong figures at worst.
  @Test(arguments: words, [Int.max, Int.max - 1, -1, 1, 1 << 32]) func hostileNumbersDoNoHarm(
    _ word: String, _ number: Int
  )
    throws
  {
    let model = try Self.model(word)
    let asked = Self.sequences(seed: 7, 20)
    var options = SamplingOptions()
    options.maximumLength = 20
    for name in ["query.start", "query.rules", "query.counts", "query.words"] {
      var file = try TensorFile(ModelFile.bytes(of: model))
      guard let tensor = file.tensors[name] else { continue }
      var bytes = tensor.bytes.withUnsafeBytes { Array($0) }
      // All of it, with the words around a hostile start as large as they can be.
      let pattern = withUnsafeBytes(of: number.littleEndian) { Array($0) }
      for place in bytes.indices { bytes[place] = pattern[place % 8] }
      file.replaceBytes(of: name, by: bytes)
      try Self.withFile(file.serialized()) { file in
        guard let model = try? ModelFile.model(opening: file) else { return }
        let scores = model.scores(of: asked) + model.walkScores(of: asked)
        #expect(scores.allSatisfy { !$0.nats.isNaN })
        _ = try? model.samples(2, seed: 1, options)
      }
    }
  }

  @Test(arguments: [Double.nan, .infinity, -1, 1e300]) func numbersThatAreNoneAreRefused(_ number: Double) throws {
    for name in ["query.rules", "query.counts"] {
      var file = try TensorFile(ModelFile.bytes(of: Self.model("markov:3/eos")))
      var bytes = try #require(file.tensors[name]).bytes.withUnsafeBytes { Array($0) }
      withUnsafeBytes(of: number) { for (place, byte) in $0.enumerated() { bytes[place] = byte } }
      file.replaceBytes(of: name, by: bytes)
      try Self.withFile(file.serialized()) { file in
        _ = #expect(throws: ModelFileError.self) { try ModelFile.model(opening: file) }
      }
    }
  }

  /// Wrong figures at worst.
  @Test(arguments: words) func damagedFilesDoNoHarm(_ word: String) throws {
    let whole = try Toys.bytesWithoutChecksums(of: Self.model(word))
    let header = 8 + Int(whole.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    let asked = Self.sequences(seed: 7, 20)
    var stream = RandomStream(seed: 8, purpose: word)
    var options = SamplingOptions()
    options.maximumLength = 20
    for trial in 0..<300 {
      var bytes = whole
      for _ in 0...(trial % 40) {
        let place = header + Int(stream.next() % UInt64(bytes.count - header))
        // Small and enormous numbers, positive and negative ones.
        bytes[place] = [0, 1, 0x7f, 0x80, 0xff, UInt8(stream.next() % 256)][Int(stream.next() % 6)]
      }
      try Self.withFile(bytes) { file in
        guard let model = try? ModelFile.model(opening: file) else { return }
        _ = model.scores(of: asked)
        _ = model.walkScores(of: asked)
        _ = try? model.samples(2, seed: 1, options)
      }
    }
  }

  @Test func filesOfAnotherSizeAreRefused() throws {
    let whole = try ModelFile.bytes(of: Self.model("markov:2/eos"))
    for count in stride(from: 1, to: whole.count, by: 41) {
      try Self.withFile(whole.prefix(count)) { file in
        _ = #expect(throws: ModelFileError.self) { try ModelFile.model(opening: file) }
      }
    }
  }
}

/// The training set's figures from the counts alone.
@Suite struct TrainingFiguresTests {
  @Test(arguments: Toys.words.filter { $0.hasPrefix("markov") }) func areThoseOfItsSequences(_ word: String) throws {
    let set = SequenceSet([[0, 1, 1], [], [1], [0, 1, 0, 0, 1], [0, 1, 1]], alphabetSize: 2)
    let model = try SequenceModel.fit(ModelSpecification(word), to: set, Toys.alphabet(2))
    let (counted, walked) = (
      model.figures(onTraining: set), Figures(model.walkScores(of: set), symbols: set.symbolCount)
    )
    #expect(abs(counted.natsElements - walked.natsElements) <= 1e-12 * walked.nats)
    #expect(abs(counted.natsLength - walked.natsLength) <= 1e-12 * walked.nats)
    #expect((counted.sequences, counted.symbols, counted.impossible) == (5, 12, walked.impossible))
  }
}
