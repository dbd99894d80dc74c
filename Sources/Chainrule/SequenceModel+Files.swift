import Models
import Sequences

/// Why a file holds no model.
public enum ModelReadingError: Error, CustomStringConvertible {
  /// A model file that is broken.
  case broken(file: String, ModelFileError)
  /// Something else than a model.
  case notAModel(file: String, reason: String)

  /// The file, and what is wrong with it.
  public var description: String {
    switch self {
    case .broken(let file, let reason): "\(file): \(reason)."
    case .notAModel(let file, let reason): "\(file): this is no model file \(reason)."
    }
  }
}

extension SequenceModel {
  /// Enough of a file to see what it is.
  package static let headSize = 1 << 14

  /// Reads a model file or an ARPA file, packed by gzip or not.
  /// - Parameters:
  ///   - path: a file; `-` for standard input.
  ///   - symbols: what data are to be read as, if that was asked for: what the model's symbols are, or for an ARPA file that
  ///     does not say it what its words are.
  ///   - registry: where the model's word is looked up.
  ///   - warn: is told what is odd about the model.
  /// - Throws: `ModelReadingError`, `DataError`.
  public init(
    contentsOf path: String, symbols: SymbolKind? = nil, registry: Registry = .standard,
    warn: (String) -> Void = { _ in }
  ) throws {
    self = try Self.read(ByteSource(opening: path), symbols: symbols, registry: registry, warn: warn)
  }

  /// The same from a source that is open already.
  package static func read(
    _ source: consuming ByteSource, symbols: SymbolKind? = nil, registry: Registry = .standard,
    warn: (String) -> Void = { _ in }
  ) throws -> SequenceModel {
    let name = source.name
    let head = try source.head(headSize)
    if ArpaFile.recognises(head, name: name) {
      let (model, warnings) = try ArpaFile.model(reading: source, symbols: symbols)
      warnings.forEach(warn)
      return model
    }
    try checkIsModel(Array(head.prefix(ForeignContent.headSize)), name)
    do {
      let model = try ModelFile.model(reading: &source, registry: registry)
      if let warning = ArpaFile.warning(of: model) { warn("\(name): \(warning)") }
      try model.check(symbols)
      return model
    } catch let error as ModelFileError {
      throw ModelReadingError.broken(file: name, error)
    }
  }

  private static func checkIsModel(_ head: [UInt8], _ name: String) throws {
    if ForeignContent.isSafetensors(head) { return }
    if let foreign = ForeignContent(head: head, file: name) { throw DataError.foreign(name, foreign) }
    if CountsFile.recognises(head) {
      throw ModelReadingError.notAModel(
        file: name, reason: "but one of counts: chainrule convert with --model makes a model of them")
    }
    if ForeignContent.isText(head) {
      throw ModelReadingError.notAModel(file: name, reason: "(it seems to be data): make one with chainrule train")
    }
  }

  /// - Throws: `DataError.otherSymbols` where data are asked to be read as other symbols than the model's.
  package func check(_ symbols: SymbolKind?) throws {
    guard let symbols, symbols != alphabet.kind else { return }
    throw DataError.otherSymbols(
      asked: symbols, reason: "the symbols of the model are \(alphabet.kind.rawValue), and data are read as such")
  }

  /// Writes the model as one safetensors file, whole or not at all.
  /// - Throws: `OutputError`.
  public func write(to path: String) throws { try ModelFile.write(self, to: path) }
}
