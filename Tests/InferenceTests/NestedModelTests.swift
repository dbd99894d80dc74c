import Foundation
import Inference
import Models
import Probability
import Sequences
import Synchronization
import Testing

/// Models within models: words with brackets, and files with scopes. On a mixture, which only these tests have.
@Suite struct NestedModelTests {
  static let registry: Registry = {
    var registry = Registry.standard
    registry.families.append(MixtureFamily.self)
    return registry
  }()

  /// Mixtures, and the words of their parts with their weights.
  static let mixtures: [(word: String, parts: [(word: String, weight: Double)])] = [
    ("mixture(markov:2;markov:k=1,smoothing=add:0.5)", [("markov:2", 0.5), ("markov:k=1,smoothing=add:0.5", 0.5)]),
    (
      "mixture(markov:1;gru:3,epochs=2,layers=2)",
      [("markov:1", 0.5), ("gru:3,epochs=2,layers=2", 0.5)]
    ),
    (
      "mixture(tabular;mixture(markov:0;vlmc:2))",
      [("tabular", 0.5), ("markov:0", 0.25), ("vlmc:2", 0.25)]
    ),
  ]

  static func model(_ word: String) throws -> SequenceModel {
    let set = Toys.set(alphabetSize: 2)
    return try SequenceModel.fit(
      ModelSpecification(word, registry: registry), to: set, valid: set, Toys.alphabet(2), FittingContext(seed: 20))
  }

  // MARK: Words

  @Test func wordsAreCanonical() throws {
    let word = "mixture(markov:5;gru:64,layers=2)/tau:prior=poisson"
    let specification = try ModelSpecification(word, registry: Self.registry)
    let markov = try ModelSpecification("markov:5")
    let network = try ModelSpecification("gru:64,layers=2")
    #expect(
      specification.word
        == "mixture(\(markov.family.word(complete: true));\(network.family.word(complete: true)))"
        + "/tau:input=remaining,prior=poisson")
    #expect(specification.shortWord.hasPrefix("mixture(markov:5;gru:hidden=64,layers=2)/"))
    for word in [specification.word, specification.shortWord] {
      #expect(try ModelSpecification(word, registry: Self.registry).word == specification.word)
    }
    #expect(try ModelSpecification("mixture(markov:1;markov:2)", registry: Self.registry).shortWord.hasSuffix(")/eos"))
  }

  @Test(arguments: [
    ("mixture", "needs models in brackets"), ("mixture(markov:1)", "needs models in brackets"),
    ("mixture()", "one is empty"), ("mixture(markov:1;)", "one is empty"), ("mixture(;markov:1)", "one is empty"),
    ("mixture(markov:1;markov:2", "not closed"), ("mixture(markov:1;markov:2))", "none before it"),
    ("mixture(markov:1;markov:2)/eos)", "none before it"), ("mixture(markov:1;markov:2)x", "after the closing bracket"),
    ("mixture(markov:1;markof:2)", "did you mean 'markov'"), ("mixture(markov:1;markov:x)", "whole number"),
    ("mixture(markov:1/eos;markov:2)/eos", "leave out what follows '/'"),
    ("mixture(markov:1;markov:2):k=3", "unknown option of mixture 'k'"),
    ("mixture(markov:1;arpa:2)/halt", "no other end"),
    ("mixture(markov:1;rnn(markov:1):2)", "rnn takes no models in brackets"),
  ])
  func wrongWordsAreExplained(_ word: String, _ part: String) {
    let error = #expect(throws: SpecificationError.self) { try ModelSpecification(word, registry: Self.registry) }
    #expect(error.map { "\($0)".contains(part) } == true, "\(String(describing: error))")
  }

  /// As deep as it may be, one deeper, and so deep that recursion would end the program.
  @Test func depthIsBounded() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "mixture(markov:0;", count: depth) + "markov:1" + String(repeating: ")", count: depth)
    }
    let deepest = try ModelSpecification(nested(32), registry: Self.registry)
    #expect(deepest.shortWord == nested(32) + "/eos")
    for depth in [33, 1000, 100_000] {
      let error = #expect(throws: SpecificationError.self) {
        try ModelSpecification(nested(depth), registry: Self.registry)
      }
      #expect(error.map { "\($0)" } == "brackets in a model's word go at most 32 deep")
    }
  }

  // MARK: Models

  /// −log Σ_i w_i P_i of each step, by parts that were fitted by themselves.
  @Test(arguments: mixtures.indices, ["eos", "halt", "tau:input=remaining"])
  func scoresAreThoseOfThePartsFittedAlone(_ index: Int, _ length: String) throws {
    let (word, weighted) = Self.mixtures[index]
    let model = try Self.model("\(word)/\(length)")
    let parts = try weighted.map { (model: try Self.model("\($0.word)/\(length)"), weight: $0.weight) }
    let set = SequenceSet(Toys.allSequences(2, longest: 5), alphabetSize: 2)
    let scores = model.scores(of: set)
    for sequence in 0..<set.count {
      let steps = parts.map { part in
        part.model.stepScores(of: set[sequence]).map { part.weight * exp(-$0.nats) }
      }
      let expected = steps[0].indices.reduce(0.0) { sum, step in sum - log(steps.reduce(0) { $0 + $1[step] }) }
      let walked = model.score(of: set[sequence])
      #expect(abs(walked.nats - expected) < 1e-12 * max(expected, 1))
      #expect(abs(scores[sequence].nats - expected) < 1e-12 * max(expected, 1))
    }
  }

  /// Draws are as frequent as their probabilities say, within five standard deviations, and score what they are drawn with.
  @Test(arguments: mixtures.indices, ["eos", "halt", "tau:input=remaining"])
  func drawsFollowTheScores(_ index: Int, _ length: String) throws {
    let model = try Self.model("\(Self.mixtures[index].word)/\(length)")
    let count = 4000
    let samples = try model.samples(count, seed: 3)
    for sample in samples.prefix(50) {
      #expect(abs(sample.score.nats - model.score(of: sample.sequence).nats) < 1e-9)
    }
    for sequence in Toys.allSequences(2, longest: 2) {
      let p = exp(-model.score(of: sequence).nats)
      let drawn = Double(samples.count { $0.sequence == sequence })
      #expect(abs(drawn - Double(count) * p) <= 5 * (Double(count) * p * (1 - p)).squareRoot() + 1)
    }
  }

  /// Checkpoints of a component would be taken for the whole model's.
  @Test func componentsKeepNoCheckpoints() throws {
    let set = Toys.set(alphabetSize: 2)
    for (word, keeps) in [("gru:3,epochs=3/eos", true), ("mixture(markov:1;gru:3,epochs=3)/eos", false)] {
      let saved = Mutex(0)
      let context = FittingContext(seed: 20, checkpoints: Checkpoints(interval: 0) { _ in saved.withLock { $0 += 1 } })
      _ = try SequenceModel.fit(
        ModelSpecification(word, registry: Self.registry), to: set, valid: set, Toys.alphabet(2), context)
      #expect(saved.withLock { ($0 > 0) == keeps })
    }
  }

  // MARK: Files

  @Test(arguments: mixtures.indices, ["eos", "halt", "tau:input=remaining"])
  func roundTrip(_ index: Int, _ length: String) throws {
    let model = try Self.model("\(Self.mixtures[index].word)/\(length)")
    let bytes = try ModelFile.bytes(of: model)
    let file = try TensorFile(bytes)
    #expect(file.metadata["chainrule.format"] == "2")
    #expect(file.tensors.keys.allSatisfy { $0.hasPrefix("0.") || $0.hasPrefix("1.") || $0.hasPrefix("length.") })
    for (index, back) in try Self.readings(of: bytes).enumerated() {
      // A mapped Markov model has no notes, and adds up in another order.
      let isMapped = index == 2
      #expect(back.specification.word == model.specification.word && (back.notes == model.notes || isMapped))
      #expect(try ModelFile.bytes(of: back) == bytes)
      for sequence in Toys.allSequences(2, longest: 4) {
        let (score, expected) = (back.score(of: sequence).nats, model.score(of: sequence).nats)
        #expect(isMapped ? abs(score - expected) < 1e-12 * expected : score == expected)
      }
    }
  }

  /// Files without scopes keep their number.
  @Test func formatOneIsKept() throws {
    for word in ["markov:2/eos", "gru:2,epochs=1/tau"] {
      #expect(try TensorFile(ModelFile.bytes(of: Self.model(word))).metadata["chainrule.format"] == "1")
    }
  }

  /// From bytes, as a stream, and mapped.
  private static func readings(of bytes: Data) throws -> [SequenceModel] {
    var source = try ByteSource(bytes: [UInt8](bytes), name: "model")
    return [
      try ModelFile.model(from: bytes, registry: registry),
      try ModelFile.model(reading: &source, registry: registry), try mapped(bytes),
    ]
  }

  private static func mapped(_ bytes: Data) throws -> SequenceModel {
    let path = FileManager.default.temporaryDirectory.appending(path: "nested-\(UUID()).safetensors")
    try bytes.write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    return try ModelFile.model(opening: #require(MappedFile(path.path)), registry: registry)
  }

  /// Refused with a sentence in which something of the fault is, whichever way it is read.
  private func expectRefusal(_ file: TensorFile, _ part: String) throws {
    let bytes = try file.serialized()
    var source = try ByteSource(bytes: [UInt8](bytes), name: "model")
    let errors = [
      #expect(throws: ModelFileError.self) { try ModelFile.model(from: bytes, registry: Self.registry) },
      #expect(throws: ModelFileError.self) { try ModelFile.model(reading: &source, registry: Self.registry) },
      #expect(throws: ModelFileError.self) { try Self.mapped(bytes) },
    ]
    for error in errors { #expect(error.map { "\($0)".contains(part) } == true, "\(String(describing: error))") }
  }

  private static let broken = "mixture(markov:k=2;rnn:hidden=3,epochs=1)/tau:input=remaining"

  /// A component's tensors that are not there, that stand in another's scope, in one that nobody has, or in none.
  @Test func brokenScopesAreRefused() throws {
    let whole = try TensorFile(ModelFile.bytes(of: Self.model(Self.broken)))
    func moved(_ scope: String, to other: String?) -> TensorFile {
      var file = whole
      for (name, tensor) in whole.tensors where name.hasPrefix(scope) {
        file.remove(name)
        if let other { file.add(tensor, named: other + name.dropFirst(scope.count)) }
      }
      return file
    }
    try expectRefusal(moved("0.", to: nil), "tensor 0.")
    try expectRefusal(moved("1.", to: nil), "tensor 1.")
    try expectRefusal(moved("1.", to: "2."), "tensor 2.")
    try expectRefusal(moved("1.", to: ""), "is none of mixture")
    try expectRefusal(moved("1.", to: "1.0."), "tensor 1.0.")
    try expectRefusal(moved("length.", to: "0.length."), "tensor 0.length.")
    var swapped = moved("0.", to: "2.")
    for (name, tensor) in whole.tensors where name.hasPrefix("1.") {
      swapped.remove(name)
      swapped.add(tensor, named: "0." + name.dropFirst(2))
    }
    try expectRefusal(swapped, "tensor ")
    for name in ["junk", "0.junk", "2.contexts.labels", "contexts.labels", "0.0.contexts.labels"] {
      var file = whole
      file.set(name, [1] as [Int32])
      try expectRefusal(file, "tensor \(name) is none of mixture")
    }
    for name in whole.tensors.keys where name.hasPrefix("1.") && name != "1.length.longest" {
      var file = whole
      file.remove(name)
      try expectRefusal(file, "tensor \(name) is missing")
    }
  }

  /// Words that are none, or of other models than those in the file.
  @Test(arguments: [
    ("mixture(markov:k=2;rnn:hidden=4,epochs=1)", "has shape"),
    ("mixture(markov:k=2;gru:hidden=3,epochs=1)", "has shape"),
    ("mixture(rnn:hidden=3,epochs=1;markov:k=2)", "tensor "),
    ("mixture(markov:k=2;rnn:hidden=3,epochs=1;markov:0)", "tensor "),
    ("mixture(markov:k=2;rnn:hidden=3,layers=2,epochs=1)", "tensor 1.rnn."),
    ("mixture(markov:k=1;rnn:hidden=3,epochs=1)", "broken model file"),
    ("mixture(markov:k=2;mixture(rnn:hidden=3,epochs=1;markov:0))", "tensor 1."),
    ("rnn:hidden=3,epochs=1", "tensor "), ("mixture(markov:k=2", "not closed"), ("mixture(a;b)", "unknown model 'a'"),
    ("mixture(markov:k=2;)", "one is empty"), ("mixture(markov:k=2;arpa:k=2)", "no other end"),
  ])
  func wordsThatDoNotFitAreRefused(_ word: String, _ part: String) throws {
    var file = try TensorFile(ModelFile.bytes(of: Self.model(Self.broken)))
    file.metadata["chainrule.model"] = word + "/tau:input=remaining"
    try expectRefusal(file, part)
  }

  /// Files without checksums in which some bytes were changed.
  @Test(arguments: ["eos", "halt", "tau:input=total"]) func brokenBytesDoNoHarm(_ length: String) throws {
    let model = try Self.model("mixture(tabular;mixture(markov:2;rnn:hidden=2,epochs=1))/\(length)")
    let bytes = try Toys.bytesWithoutChecksums(of: model)
    var stream = RandomStream(seed: 98, purpose: length)
    var refused = 0
    for _ in 0..<400 {
      var changed = bytes
      for _ in 0...Int(stream.uniform() * 3) {
        changed[Int(stream.uniform() * Double(changed.count))] = UInt8(truncatingIfNeeded: stream.next())
      }
      do {
        let model = try ModelFile.model(from: changed, registry: Self.registry)
        for sequence in Toys.allSequences(min(model.alphabet.size, 2), longest: 3) {
          #expect(!model.score(of: sequence).nats.isNaN)
        }
      } catch is ModelFileError {
        refused += 1
      }
    }
    #expect(refused > 100)
  }
}
