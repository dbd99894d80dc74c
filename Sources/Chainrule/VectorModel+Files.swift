import Models
import Sequences

extension VectorModel {
  /// Reads a model file, packed by gzip or not.
  /// - Parameter path: a file; `-` for standard input.
  /// - Throws: `ModelReadingError`, `DataError`.
  public init(contentsOf path: String, registry: Registry = .standard) throws {
    guard let model = try AnyModel.read(ByteSource(opening: path), registry: registry).vectors else {
      throw ModelReadingError.notAModel(file: path, reason: "of vectors: its elements are symbols")
    }
    self = model
  }

  /// Writes the model as one safetensors file, whole or not at all.
  /// - Throws: `OutputError`.
  public func write(to path: String) throws { try ModelFile.write(self, to: path) }
}

/// A model of symbols or of vectors, whichever its file holds.
public enum AnyModel: Sendable {
  /// A model of symbols.
  case symbols(SequenceModel)
  /// A model of vectors.
  case vectors(VectorModel)

  /// The model, whichever it is.
  public var model: any FittedModel {
    switch self {
    case .symbols(let model): model
    case .vectors(let model): model
    }
  }

  /// The model, where it is one of vectors.
  public var vectors: VectorModel? { if case .vectors(let model) = self { model } else { nil } }

  /// Reads a model file or an ARPA file, packed by gzip or not.
  /// - Throws: `ModelReadingError`, `DataError`.
  public static func read(_ path: String, registry: Registry = .standard) throws -> AnyModel {
    try read(ByteSource(opening: path), registry: registry)
  }

  /// The same from a source that is open already.
  /// - Parameters:
  ///   - symbols: as in `SequenceModel(contentsOf:)`.
  ///   - warn: is told what is odd about the model.
  package static func read(
    _ source: consuming ByteSource, symbols: SymbolKind? = nil, registry: Registry = .standard,
    warn: (String) -> Void = { _ in }
  ) throws -> AnyModel {
    let name = source.name
    guard ForeignContent.isSafetensors(try source.head(ForeignContent.headSize)) else {
      return .symbols(try SequenceModel.read(source, symbols: symbols, registry: registry, warn: warn))
    }
    do {
      switch try ModelFile.anyModel(reading: &source, registry: registry) {
      case let model as VectorModel:
        if let symbols {
          throw DataError.otherSymbols(asked: symbols, reason: "the model is one of \(model.columns.values.name)")
        }
        return .vectors(model)
      case let model as SequenceModel:
        if let warning = ArpaFile.warning(of: model) { warn("\(name): \(warning)") }
        try model.check(symbols)
        return .symbols(model)
      default: throw ModelFileError.inconsistent("its elements are of no kind that is known")
      }
    } catch let error as ModelFileError {
      throw ModelReadingError.broken(file: name, error)
    }
  }
}
