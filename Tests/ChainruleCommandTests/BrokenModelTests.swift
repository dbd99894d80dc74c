import Chainrule
import Foundation
import Testing

/// Model files that are cut short, foreign, from the future or damaged: an error, or a model that is one.
@Suite struct BrokenModelTests {
  /// Each family, each smoother and each way to end.
  static let words =
    smallModels
    + ["add:0.5", "witten-bell", "ml"].flatMap { smoothing in
      ["eos", "halt", "tau:input=none"].map { "markov:1,smoothing=\(smoothing)/\($0)" }
    }

  private func dataset() throws -> Dataset {
    var source = try ByteSource(bytes: Array((names(25, seed: 4) + "\n").utf8), name: "names")
    return try Dataset(reading: &source)
  }

  private func file(_ word: String) throws -> Data {
    let data = try dataset()
    let model = try SequenceModel.fit(
      ModelSpecification(word), to: data.sequences, valid: data.sequences, data.alphabet)
    return try ModelFile.bytes(of: model)
  }

  /// As versions without checksums wrote it.
  private func fileWithoutChecksums(_ word: String) throws -> Data {
    try TensorFile(file(word)).serialized(hasChecksums: false)
  }

  @Test(arguments: words) func aWholeFileIsTakenAndWrittenBack(word: String) throws {
    let bytes = try file(word)
    #expect(try ModelFile.bytes(of: ModelFile.model(from: bytes)) == bytes)
  }

  @Test(arguments: words) func aFileCutShortAnywhereIsRefused(word: String) throws {
    let bytes = try file(word)
    for count in Array(0..<64) + Array(stride(from: 64, to: bytes.count, by: 37)) + [bytes.count - 1] {
      #expect(throws: ModelFileError.self, "\(count) of \(bytes.count) bytes") {
        try ModelFile.model(from: bytes.prefix(count))
      }
    }
    #expect(throws: ModelFileError.self) { try ModelFile.model(from: bytes + [0]) }
  }

  /// Either it is refused, or it is some model: its likelihoods and draws are numbers.
  @Test(arguments: words) func aDamagedFileIsRefusedOrIsAModel(word: String) throws {
    let whole = try fileWithoutChecksums(word)
    let lengths = try dataset().sequences
    var stream = RandomStream(seed: 6, purpose: word)
    for trial in 0..<150 {
      var bytes = [UInt8](whole)
      for _ in 0..<(1 + trial % 3) {
        let place = Int(stream.next() % UInt64(bytes.count))
        // A bit, or a whole byte.
        bytes[place] = trial % 2 == 0 ? bytes[place] ^ 1 << (stream.next() % 8) : UInt8(stream.next() % 256)
      }
      let model: SequenceModel
      do { model = try ModelFile.model(from: Data(bytes)) } catch is ModelFileError { continue }
      try expectNumbers(of: model, lengths, "\(word), trial \(trial)")
    }
  }

  /// The same where the damage is in the numbers alone.
  @Test(arguments: words) func damagedNumbersAreRefusedOrAModel(word: String) throws {
    let whole = try fileWithoutChecksums(word)
    let lengths = try dataset().sequences
    let header = whole.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) } + 8
    var stream = RandomStream(seed: 7, purpose: word)
    for trial in 0..<150 {
      var bytes = [UInt8](whole)
      for _ in 0..<(1 + trial % 8) {
        bytes[header + Int(stream.next() % UInt64(bytes.count - header))] ^= 1 << UInt8(stream.next() % 8)
      }
      let model: SequenceModel
      do { model = try ModelFile.model(from: Data(bytes)) } catch is ModelFileError { continue }
      try expectNumbers(of: model, lengths, "\(word), trial \(trial)")
    }
  }

  /// Weights of any finite size: sums of them may pass what single precision holds.
  @Test(arguments: smallModels.filter { $0.hasPrefix("rnn") || $0.hasPrefix("gru") }, [1e10, 1e20, 9.99e29, 3e38])
  func weightsOfAnySizeAreRefusedOrAModel(word: String, size: Double) throws {
    let lengths = try dataset().sequences
    var file = try TensorFile(try file(word))
    var stream = RandomStream(seed: 8, purpose: word)
    for (name, tensor) in file.tensors where tensor.element == .float32 && name != "rnn.bias_hh_l0" {
      let values = (0..<tensor.bytes.count / 4).map { _ in Float((stream.uniform() * 2 - 1) * size) }
      file.remove(name)
      file.set(name, values, shape: tensor.shape)
    }
    do {
      try expectNumbers(of: ModelFile.model(from: file.serialized()), lengths, "\(word), \(size)")
    } catch is ModelFileError {}
  }

  private func expectNumbers(of model: SequenceModel, _ sequences: SequenceSet, _ comment: Comment) throws {
    let size = model.alphabet.size
    let set = SequenceSet((0..<sequences.count).map { sequences[$0].map { $0 % size } }, alphabetSize: size)
    #expect(model.scores(of: set).allSatisfy { !$0.nats.isNaN && !$0.natsLength.isNaN }, comment)
    #expect(!model.score(of: set[0]).nats.isNaN, comment)
    var sampling = SamplingOptions()
    sampling.maximumLength = 30
    #expect(try model.samples(3, seed: 1, sampling).allSatisfy { !$0.score.nats.isNaN }, comment)
    sampling.prefix = Array(set[0])
    do {
      #expect(try model.samples(2, seed: 1, sampling).allSatisfy { !$0.score.nats.isNaN }, comment)
    } catch is SpecificationError {
      // No sequence begins like this, or P(τ) has become too broad to be weighed.
    }
    #expect(model.freeParameters >= 0 && model.storedParameters >= 0, comment)
  }

  @Test func aFormatOfTheFutureIsTold() throws {
    var file = try TensorFile(try file("markov:1"))
    file.metadata["chainrule.format"] = "3"
    let bytes = try file.serialized()
    #expect(throws: ModelFileError.newer(format: 3)) { try ModelFile.model(from: bytes) }
    let folder = try Folder()
    try folder.write("new", bytes)
    let outcome = try Program.run("info", "new", in: folder)
    #expect(outcome.code == 65)
    #expect(outcome.errors.contains("new: the file has format 3, which is newer than this program"))
  }

  /// By every command that reads a model, and from standard input: exit code 65 and a sentence with the file's name.
  @Test func theProgramNamesTheFile() throws {
    let folder = try Folder()
    try folder.write("data.txt", names(5, seed: 1))
    let whole = try file("markov:2")
    var foreign = TensorFile()
    foreign.set("weight", [1.0, 2.0] as [Double], shape: [2])
    var hostile = try TensorFile(whole)
    hostile.metadata["chainrule.model"] = "rnn:hidden=16384/eos"
    let files: [(name: String, bytes: Data, reason: String)] = [
      ("empty", Data(), "0 bytes"),
      ("words", Data("a list of words, which is no model\n".utf8), "no model file (it seems to be data)"),
      ("short", whole.prefix(5), "5 bytes"), ("header", whole.prefix(100), "header"),
      ("half", whole.prefix(whole.count * 2 / 3), "within the file"), ("long", whole + [1, 2], "at its end"),
      ("foreign", try foreign.serialized(), "not a model of chainrule"),
      ("hostile", try hostile.serialized(), "is none of rnn:16384"),
      ("json", Data([2, 0, 0, 0, 0, 0, 0, 0]) + Data("{]".utf8), "header"),
    ]
    for file in files {
      try folder.write(file.name, file.bytes)
      for arguments in [["score", file.name, "data.txt"], ["sample", file.name]] {
        let outcome = try Program.run(arguments, in: folder)
        #expect(outcome.code == 65, "\(arguments)")
        #expect(outcome.errors.contains("\(file.name): ") && outcome.errors.contains(file.reason), "\(outcome.errors)")
        #expect(outcome.text == "")
      }
      let piped = try Program.run(["sample", "-"], input: file.bytes, in: folder)
      #expect(piped.code == 65)
      #expect(piped.errors.contains("standard input: "))
    }
    for name in ["header", "half", "long", "foreign", "hostile"] {
      let outcome = try Program.run("info", name, in: folder)
      #expect(outcome.code == 65 && outcome.errors.contains("\(name): "), "\(outcome.errors)")
      #expect(try Program.run(["info", "-"], input: folder.read(name), in: folder).code == 65)
    }
  }
}
