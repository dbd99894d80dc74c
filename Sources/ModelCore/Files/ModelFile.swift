import Foundation
import Probability
import Sequences

/// A model as one safetensors file: its tensors, and as metadata its word, its alphabet and the facts of its training. What
/// reads one takes the registry that its word is looked up in.
public enum ModelFile {
  /// The newest format that is read. Each number has something that programs before it could not read: 2 has scopes. A file
  /// without them is written with format 1.
  package static let format = 2

  /// A model's file in memory.
  public static func bytes(of model: some FittedModel) throws -> Data { try file(of: model).serialized() }

  /// Writes a model, whole or not at all, without a copy of its numbers.
  /// - Throws: `OutputError`.
  public static func write(_ model: some FittedModel, to path: String) throws {
    try write(model, to: OutputFile(path))
  }

  package static func write(_ model: some FittedModel, to output: OutputFile) throws {
    let file = try file(of: model)
    try output.write { try file.write($0) }
  }

  /// A checkpoint's bytes: those of its model, with the fit's state beside.
  public static func bytes(of checkpoint: Checkpoint) throws -> Data {
    func file(_ model: some FittedModel) throws -> TensorFile { try self.file(of: model) }
    var file = try file(checkpoint.model)
    file.merge(checkpoint.state)
    if file.hasScopes { file.metadata["chainrule.format"] = "2" }
    return try file.serialized()
  }

  /// Reads a checkpoint from its file's bytes. O(bytes).
  /// - Throws: as `model(from:)`.
  public static func checkpoint(from data: Data, registry: Registry) throws -> Checkpoint {
    try checkpoint(from: TensorFile(data), registry)
  }

  /// - Throws: as `model(reading:)`.
  package static func checkpoint(
    reading source: inout ByteSource, registry: Registry
  ) throws -> Checkpoint {
    try checkpoint(from: anyFile(reading: &source, registry), registry)
  }

  private static func checkpoint(from file: TensorFile, _ registry: Registry) throws -> Checkpoint {
    Checkpoint(model: try anyModel(from: file, registry), state: file)
  }

  static func file(of model: some FittedModel) throws -> TensorFile {
    var file = TensorFile()
    model.process.write(to: &file)
    model.prior?.write(to: &file)
    let facts = model.facts
    file.metadata = try model.metadata
    let description = [
      "chainrule.format": file.hasScopes ? "2" : "1",
      "chainrule.model": model.specification.word,
      "chainrule.train.sequences": String(facts.sequences),
      "chainrule.train.symbols": String(facts.symbols),
      "chainrule.train.longest": String(facts.longest),
      "chainrule.train.hash": String(facts.dataHash, radix: 16),
      "chainrule.train.seed": String(facts.seed),
      "chainrule.versions": "chainrule \(Version.current), GSL \(GSL.version)",
    ]
    file.metadata.merge(description) { $1 }
    let inputs = model.shape.inputWidth
    if inputs > 0 { file.metadata["chainrule.inputs"] = String(inputs) }
    return file
  }

  /// Reads a model from its file's bytes. O(bytes).
  /// - Throws: `ModelFileError`; the specification's own error where the word is not one.
  public static func model<Model: FittedModel>(
    from data: Data, as type: Model.Type = SequenceModel.self, registry: Registry
  ) throws -> Model {
    try model(from: TensorFile(data), registry)
  }

  /// Reads a file, a pipe or what gzip packs, as far as its header says that it goes.
  /// - Throws: `DataError`, and as `model(from:)`.
  package static func model<Model: FittedModel>(
    reading source: inout ByteSource, as type: Model.Type = SequenceModel.self, registry: Registry
  ) throws -> Model {
    try model(from: file(reading: &source, as: type, registry), registry)
  }

  /// Reads a model of symbols or of vectors, whichever the file holds.
  /// - Throws: `DataError`, and as `model(from:)`.
  package static func anyModel(reading source: inout ByteSource, registry: Registry) throws -> any FittedModel {
    try anyModel(from: anyFile(reading: &source, registry), registry)
  }

  /// Whether a mapped file is one of a model of vectors, as its header says.
  package static func isOfVectors(_ file: MappedFile) -> Bool {
    (try? TensorFile(opening: file).metadata[VectorModel.key]) != nil
  }

  private static func anyModel(from file: TensorFile, _ registry: Registry) throws -> any FittedModel {
    func model<Model: FittedModel>(_ type: Model.Type) throws -> any FittedModel {
      try self.model(from: file, registry) as Model
    }
    return try file.metadata[VectorModel.key] == nil ? model(SequenceModel.self) : model(VectorModel.self)
  }

  private static func anyFile(reading source: inout ByteSource, _ registry: Registry) throws -> TensorFile {
    try TensorFile(reading: &source) { header in
      header.metadata[VectorModel.key] == nil
        ? try check(header, as: SequenceModel.self, registry) : try check(header, as: VectorModel.self, registry)
    }
  }

  /// Opens a model in a mapped file. Of a family that can be asked in place nothing but sizes and the few numbers that are
  /// read at once is checked: opening takes no time, whatever the file's size, and a damaged file gives wrong figures at
  /// worst.
  /// - Throws: as `model(from:)`.
  package static func model<Model: FittedModel>(
    opening file: MappedFile, as type: Model.Type = SequenceModel.self, registry: Registry
  ) throws -> Model {
    try model(from: TensorFile(opening: file), registry)
  }

  /// Reads tensors that the model can have, and no others: gzip packs gigabytes of zeros into a few megabytes.
  private static func file<Model: FittedModel>(
    reading source: inout ByteSource, as type: Model.Type, _ registry: Registry
  ) throws -> TensorFile {
    try TensorFile(reading: &source) { try check($0, as: type, registry) }
  }

  /// Refuses a header whose tensors are not those of its model.
  private static func check<Model: FittedModel>(
    _ header: TensorHeader, as type: Model.Type, _ registry: Registry
  ) throws {
    let (specification, shape, _) = try description(header.metadata, of: type, registry)
    try check(header.entries.map { ($0.name, $0.shape) }, specification, shape)
  }

  /// Refuses tensors that the model does not have, or not in that size.
  private static func check(
    _ tensors: [(name: String, shape: [Int])], _ specification: ModelSpecification, _ shape: OutputShape
  ) throws {
    let sizes = specification.family.tensorSizes(shape)
    let lengths = specification.length.prior?.tensorNames ?? []
    for tensor in tensors {
      guard let size = sizes[tensor.name] ?? (lengths.contains(tensor.name) ? .some(nil) : nil) else {
        throw ModelFileError.wrongTensor("tensor \(tensor.name) is none of \(specification.shortWord)")
      }
      guard size == nil || size == tensor.shape.reduce(1, *) else {
        throw ModelFileError.wrongTensor(
          "tensor \(tensor.name) has shape \(tensor.shape), and \(specification.shortWord) has \(size ?? 0) such numbers"
        )
      }
    }
  }

  static func text(_ key: String, _ metadata: [String: String]) throws -> String {
    guard let value = metadata["chainrule." + key] else {
      throw ModelFileError.foreign("its metadata has no chainrule.\(key)")
    }
    return value
  }

  static func number<Number: FixedWidthInteger>(
    _ key: String, _ metadata: [String: String], radix: Int = 10
  ) throws -> Number {
    guard let value = Number(try text(key, metadata), radix: radix), value >= 0 else {
      throw ModelFileError.inconsistent("chainrule.\(key) is not a number")
    }
    return value
  }

  /// What the metadata say of a model: its word, what it gives out, and how it is made of the rest.
  private static func description<Model: FittedModel>(
    _ metadata: [String: String], of type: Model.Type, _ registry: Registry
  ) throws -> (specification: ModelSpecification, shape: OutputShape, make: ModelMaker<Model>) {
    let written: Int = try number("format", metadata)
    guard written <= format else { throw ModelFileError.newer(format: written) }
    var specification: ModelSpecification
    let word = try text("model", metadata)
    do {
      specification = try ModelSpecification(word, registry: registry)
    } catch let error as SpecificationError {
      throw ModelFileError.inconsistent("chainrule.model: \(error)")
    }
    let (elements, make) = try type.reading(metadata)
    if let reason = specification.family.refusal(specification.length, [elements]) {
      throw ModelFileError.inconsistent("\(specification.shortWord): \(reason)")
    }
    // What a word leaves to the kind of vectors is settled in a file; `categorical` alone is of symbols before it is resolved.
    if case .vectors = elements {
      let resolved = try specification.resolved(for: elements)
      guard [specification.word, word].contains(resolved.word) else {
        throw ModelFileError.inconsistent("chainrule.model leaves open what it is of \(elements.name)")
      }
      specification = resolved
    }
    let inputWidth: Int = metadata["chainrule.inputs"] == nil ? 0 : try number("inputs", metadata)
    guard inputWidth < 1 << 24 else { throw ModelFileError.inconsistent("chainrule.inputs is absurd") }
    return (specification, specification.shape(elements, inputWidth: inputWidth), make)
  }

  private static func model<Model: FittedModel>(from file: TensorFile, _ registry: Registry) throws -> Model {
    let (specification, shape, make) = try description(file.metadata, of: Model.self, registry)
    func number<Number: FixedWidthInteger>(_ key: String, radix: Int = 10) throws -> Number {
      try self.number("train." + key, file.metadata, radix: radix)
    }
    let facts = TrainingFacts(
      sequences: try number("sequences"), symbols: try number("symbols"), longest: try number("longest"),
      dataHash: try number("hash", radix: 16), seed: try number("seed"))
    guard facts.longest <= facts.symbols, facts.symbols < 1 << 48 else {
      throw ModelFileError.inconsistent("chainrule.train.longest is longer than all sequences together")
    }
    // A tensor outside of the components' scopes would not be read. Files of format 1 may hold more tensors.
    if file.metadata["chainrule.format"] != "1" {
      try check(file.tensors.map { ($0.key, $0.value.shape) }, specification, shape)
    }
    let process = try specification.family.process(from: file, shape)
    guard process.agrees(with: facts) else {
      throw ModelFileError.inconsistent("its table is not of as many sequences and symbols as chainrule.train says")
    }
    let prior = try specification.length.prior?.read(from: file, inputWidth: shape.inputWidth)
    if let prior, !prior.agrees(with: facts) {
      throw ModelFileError.inconsistent("its lengths are not those of the sequences that chainrule.train tells of")
    }
    return try make(specification, process, prior, facts)
  }
}

/// This program's version.
package enum Version {
  package static let current = "0.1.0"
}
