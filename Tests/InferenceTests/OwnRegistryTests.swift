import Foundation
import GraphicalModel
import Inference
import Models
import Probability
import Sequences
import Synchronization
import Testing

/// What is in a registry of one's own alone takes part in everything, and its models are read back.
@Suite struct OwnRegistryTests {
  private static var registry: Registry {
    var registry = Registry.standard
    registry.priors.append(UniformLengths.self)
    return registry
  }

  /// A distribution of the length: lengths 0 … 4 of the toy data have probability 1/5 each, and draws follow it.
  @Test(arguments: ["none", "remaining", "total"]) func distributionsOfTheLength(_ input: String) throws {
    let word = "markov:k=1,smoothing=add:1/tau:input=\(input),prior=uniform"
    let specification = try ModelSpecification(word, registry: Self.registry)
    #expect(specification.word == word && specification.growth().hasSuffix(" + 1"))
    let set = Toys.set(alphabetSize: 2)
    #expect((0..<set.count).map { set.length($0) }.max() == 4)
    let model = try SequenceModel.fit(specification, to: set, Toys.alphabet(2))
    let free = try specification.freeParameters(alphabetSize: 2, longest: 4)
    #expect(
      try free
        == ModelSpecification("markov:1/tau:input=\(input),prior=poisson")
        .freeParameters(alphabetSize: 2, longest: 4))

    let bytes = try ModelFile.bytes(of: model)
    var source = try ByteSource(bytes: [UInt8](bytes), name: "model")
    for back in [
      try ModelFile.model(from: bytes, registry: Self.registry),
      try ModelFile.model(reading: &source, registry: Self.registry),
    ] {
      #expect(back.specification.word == word)
      #expect(try ModelFile.bytes(of: back) == bytes)
      for sequence in Toys.allSequences(2, longest: 5) {
        let expected = sequence.count > 4 ? Double.infinity : log(5)
        #expect(abs(back.score(of: sequence).natsLength - expected) < 1e-12 || expected == .infinity)
        #expect(back.score(of: sequence) == model.score(of: sequence))
      }
    }
    // Five cells of 1000 draws: four standard deviations of a count are 113.
    let lengths = try model.samples(5000, seed: 5).map(\.sequence.count)
    for length in 0...4 { #expect(abs(lengths.count { $0 == length } - 1000) < 113) }

    // The standard registry has no such distribution.
    #expect(throws: SpecificationError.self) { try ModelSpecification(word) }
    #expect(throws: ModelFileError.self) { try ModelFile.model(from: bytes) }
  }

  /// A family: fitted, saved and read back; P = 2^−(n + 1) k^−n by hand.
  @Test func families() throws {
    var registry = Registry.standard
    registry.families = [HaltingFamily.self]
    let model = try SequenceModel.fit(
      ModelSpecification("halting/halt", registry: registry), to: Toys.set(alphabetSize: 3), Toys.alphabet(3))
    let bytes = try ModelFile.bytes(of: model)
    var source = try ByteSource(bytes: [UInt8](bytes), name: "model")
    for back in [
      try ModelFile.model(from: bytes, registry: registry), try ModelFile.model(reading: &source, registry: registry),
    ] {
      #expect(try ModelFile.bytes(of: back) == bytes)
      for sequence in Toys.allSequences(3, longest: 3) {
        let n = Double(sequence.count)
        #expect(abs(back.score(of: sequence).nats - (n + 1) * log(2) - n * log(3)) < 1e-12)
      }
    }
    #expect(try ModelFile.model(from: bytes, registry: registry).samples(3, seed: 1) == model.samples(3, seed: 1))
    let error = #expect(throws: ModelFileError.self) { try ModelFile.model(from: bytes) }
    #expect(error.map { "\($0)".contains("unknown model 'halting'") } == true)
  }

  /// A checkpoint of a family of one's own is read back, and the training ends as it would have without an interruption.
  @Test func checkpoints() throws {
    var registry = Registry.standard
    registry.families.append(OwnFamily.self)
    let set = Toys.set(alphabetSize: 2)
    let specification = try ModelSpecification("own(gru:3,epochs=4)/eos", registry: registry)
    let kept = Mutex<[Data]>([])
    func fit(_ resuming: Checkpoint?) throws -> SequenceModel {
      let checkpoints = Checkpoints(interval: 0, resuming: resuming) { checkpoint in
        let bytes = try ModelFile.bytes(of: checkpoint)
        kept.withLock { $0.append(bytes) }
      }
      return try SequenceModel.fit(
        specification, to: set, valid: set, Toys.alphabet(2), FittingContext(seed: 4, checkpoints: checkpoints))
    }
    let whole = try ModelFile.bytes(of: fit(nil))
    let middle = try #require(kept.withLock { $0.count > 2 ? $0[$0.count / 2] : nil })
    var source = try ByteSource(bytes: [UInt8](middle), name: "checkpoint")
    for checkpoint in [
      try ModelFile.checkpoint(from: middle, registry: registry),
      try ModelFile.checkpoint(reading: &source, registry: registry),
    ] {
      #expect(try ModelFile.bytes(of: fit(checkpoint)) == whole)
    }
    #expect(throws: ModelFileError.self) { try ModelFile.checkpoint(from: middle) }
  }
}

/// `own(family)`: another family by another name.
private struct OwnFamily: ModelFamily {
  static let name = "own"
  static let leadingOption: String? = nil
  static let examples = ["own(gru:2,epochs=1)"]
  static let summary = "for tests"

  let family: any ModelFamily

  init(_ options: inout ModelOptions, registry: Registry) throws {
    guard let family = try options.families(registry: registry).first else {
      throw SpecificationError.malformed("own needs a family")
    }
    self.family = family
  }

  func word(complete: Bool) -> String { word(of: [family], [], complete: complete) }
  var isUnsmoothed: Bool { family.isUnsmoothed }
  var usesValidation: Bool { family.usesValidation }
  var keepsCheckpoints: Bool { family.keepsCheckpoints }
  func template(_ shape: OutputShape) -> DirectedTemplate { family.template(shape) }
  func fit(_ data: TrainingData, _ shape: OutputShape, _ context: FittingContext) throws -> any Conditional {
    try family.fit(data, shape, context)
  }
  func tensorSizes(_ shape: OutputShape) -> [String: Int?] { family.tensorSizes(shape) }
  func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    try family.conditional(from: file, shape)
  }
}

/// P(τ) = 1/(n + 1) for τ = 0 … n, n being the longest length seen.
private struct UniformLengths: LengthLaw, LengthPrior, LengthPriorKind {
  static let name = "uniform"
  static let ownParameters: Int? = 1
  static let tensorNames: Set = ["length.longest-seen"]

  let longest: Int

  static func fit(_ set: SequenceSet, _ context: FittingContext) -> any LengthPrior { Self(longest: set.longest) }

  static func read(from file: TensorFile, inputWidth: Int) throws -> any LengthPrior {
    Self(longest: try file.counts("length.longest-seen", count: 1)[0])
  }

  func write(to file: inout TensorFile) { file.set("length.longest-seen", counts: [longest]) }
  func agrees(with facts: TrainingFacts) -> Bool { facts.longest == longest }

  var storedParameters: Int { 1 }
  var mean: Double { Double(longest) / 2 }
  var variance: Double { Double(longest * (longest + 2)) / 12 }
  func logProbability(_ length: Int) -> Double {
    (0...longest).contains(length) ? -log(Double(longest + 1)) : -.infinity
  }
  func tail(beyond length: Int) -> Double { Double(max(longest - max(length, -1), 0)) / Double(longest + 1) }
  func sample(_ stream: inout RandomStream) -> Int { Int(stream.uniform() * Double(longest + 1)) }
}
