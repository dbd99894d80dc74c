import Foundation
import Probability
import Sequences

/// A model as one safetensors file: its tensors, and as metadata its word, its alphabet and the facts of its training. What
/// reads one takes the registry that its word is looked up in.
public enum ModelFile {
  /// The newest format that is read. Each number has something that programs before it could not read: 2 has scopes. A file
  /// without them is written with format 1.
  public static let format = 2

  public static func bytes(of model: SequenceModel) throws -> Data { try file(of: model).serialized() }

  /// Writes a model, whole or not at all, without a copy of its numbers.
  /// - Throws: `OutputError`.
  public static func write(_ model: SequenceModel, to path: String) throws {
    try write(model, to: OutputFile(path))
  }

  public static func write(_ model: SequenceModel, to output: OutputFile) throws {
    let file = try file(of: model)
    try output.write { try file.write($0) }
  }

  /// A checkpoint's bytes: those of its model, with the fit's state beside.
  public static func bytes(of checkpoint: Checkpoint) throws -> Data {
    var file = try file(of: checkpoint.model)
    file.merge(checkpoint.state)
    if file.hasScopes { file.metadata["chainrule.format"] = "2" }
    return try file.serialized()
  }

  /// - Throws: as `model(from:)`.
  public static func checkpoint(from data: Data, registry: Registry) throws -> Checkpoint {
    try checkpoint(from: TensorFile(data), registry)
  }

  /// - Throws: as `model(reading:)`.
  public static func checkpoint(
    reading source: inout ByteSource, registry: Registry
  ) throws -> Checkpoint {
    try checkpoint(from: file(reading: &source, registry), registry)
  }

  private static func checkpoint(from file: TensorFile, _ registry: Registry) throws -> Checkpoint {
    Checkpoint(model: try model(from: file, registry), state: file)
  }

  static func file(of model: SequenceModel) throws -> TensorFile {
    var file = TensorFile()
    model.conditional.write(to: &file)
    model.prior?.write(to: &file)
    let facts = model.facts
    file.metadata = [
      "chainrule.format": file.hasScopes ? "2" : "1",
      "chainrule.model": model.specification.word,
      "chainrule.alphabet": String(decoding: try JSONEncoder().encode(model.alphabet.symbols), as: UTF8.self),
      "chainrule.symbols": model.alphabet.kind.rawValue,
      "chainrule.train.sequences": String(facts.sequences),
      "chainrule.train.symbols": String(facts.symbols),
      "chainrule.train.longest": String(facts.longest),
      "chainrule.train.hash": String(facts.dataHash, radix: 16),
      "chainrule.train.seed": String(facts.seed),
      "chainrule.versions": "chainrule \(Version.current), GSL \(GSL.version)",
    ]
    if let unknown = model.alphabet.unknown { file.metadata["chainrule.unknown"] = model.alphabet.symbols[unknown] }
    let inputs = model.conditional.shape.inputWidth
    if inputs > 0 { file.metadata["chainrule.inputs"] = String(inputs) }
    return file
  }

  /// - Throws: `ModelFileError`; the specification's own error where the word is not one.
  public static func model(from data: Data, registry: Registry) throws -> SequenceModel {
    try model(from: TensorFile(data), registry)
  }

  /// Reads a file, a pipe or what gzip packs, as far as its header says that it goes.
  /// - Throws: `DataError`, and as `model(from:)`.
  public static func model(
    reading source: inout ByteSource, registry: Registry
  ) throws -> SequenceModel {
    try model(from: file(reading: &source, registry), registry)
  }

  /// Opens a model in a mapped file. Of a family that can be asked in place nothing but sizes and the few numbers that are
  /// read at once is checked: opening takes no time, whatever the file's size, and a damaged file gives wrong figures at
  /// worst.
  /// - Throws: as `model(from:)`.
  public static func model(opening file: MappedFile, registry: Registry) throws -> SequenceModel {
    try model(from: TensorFile(opening: file), registry)
  }

  /// Reads tensors that the model can have, and no others: gzip packs gigabytes of zeros into a few megabytes.
  private static func file(reading source: inout ByteSource, _ registry: Registry) throws -> TensorFile {
    try TensorFile(reading: &source) { header in
      let (specification, shape, _) = try description(header.metadata, registry)
      try check(header.entries.map { ($0.name, $0.shape) }, specification, shape)
    }
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

  private static func text(_ key: String, _ metadata: [String: String]) throws -> String {
    guard let value = metadata["chainrule." + key] else {
      throw ModelFileError.foreign("its metadata has no chainrule.\(key)")
    }
    return value
  }

  private static func number<Number: FixedWidthInteger>(
    _ key: String, _ metadata: [String: String], radix: Int = 10
  ) throws -> Number {
    guard let value = Number(try text(key, metadata), radix: radix), value >= 0 else {
      throw ModelFileError.inconsistent("chainrule.\(key) is not a number")
    }
    return value
  }

  /// What the metadata say of a model: its word, what it gives out, and its alphabet.
  private static func description(
    _ metadata: [String: String], _ registry: Registry
  ) throws -> (specification: ModelSpecification, shape: OutputShape, alphabet: Alphabet) {
    let written: Int = try number("format", metadata)
    guard written <= format else { throw ModelFileError.newer(format: written) }
    let specification: ModelSpecification
    do {
      specification = try ModelSpecification(try text("model", metadata), registry: registry)
    } catch let error as SpecificationError {
      throw ModelFileError.inconsistent("chainrule.model: \(error)")
    }
    let alphabet = try alphabet(
      text("alphabet", metadata), text("symbols", metadata), unknown: metadata["chainrule.unknown"])
    let inputWidth: Int = metadata["chainrule.inputs"] == nil ? 0 : try number("inputs", metadata)
    guard inputWidth < 1 << 24 else { throw ModelFileError.inconsistent("chainrule.inputs is absurd") }
    return (specification, specification.shape(alphabetSize: alphabet.size, inputWidth: inputWidth), alphabet)
  }

  private static func model(from file: TensorFile, _ registry: Registry) throws -> SequenceModel {
    let (specification, shape, alphabet) = try description(file.metadata, registry)
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
    let conditional = try specification.family.conditional(from: file, shape)
    guard conditional.agrees(with: facts) else {
      throw ModelFileError.inconsistent("its table is not of as many sequences and symbols as chainrule.train says")
    }
    let prior = try specification.length.prior?.read(from: file, inputWidth: shape.inputWidth)
    if let prior, !prior.agrees(with: facts) {
      throw ModelFileError.inconsistent("its lengths are not those of the sequences that chainrule.train tells of")
    }
    return SequenceModel(
      specification: specification, alphabet: alphabet, conditional: conditional, prior: prior, facts: facts)
  }

  private static func alphabet(_ json: String, _ kind: String, unknown: String?) throws -> Alphabet {
    guard let symbols = try? JSONDecoder().decode([String].self, from: Data(json.utf8)),
      let kind = SymbolKind(rawValue: kind), !symbols.isEmpty,
      let alphabet = try? Alphabet(symbols: symbols, kind: kind, unknown: unknown)
    else { throw ModelFileError.inconsistent("chainrule.alphabet is not an alphabet") }
    return alphabet
  }
}

/// This program's version.
public enum Version {
  public static let current = "0.1.0"
}
