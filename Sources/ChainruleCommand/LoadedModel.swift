import Chainrule
import Foundation

/// A model from a file, or an error that names the file. ARPA files are models too; what is odd about one is said on
/// standard error.
enum LoadedModel {
  /// - Throws: `ModelReadingError`, `DataError`.
  static func read(_ path: String, symbols: SymbolKind? = nil) throws -> SequenceModel {
    try SequenceModel(contentsOf: path, symbols: symbols, warn: warn)
  }

  static func read(_ source: consuming ByteSource, symbols: SymbolKind? = nil) throws -> SequenceModel {
    try SequenceModel.read(source, symbols: symbols, warn: warn)
  }

  /// A model of symbols or of vectors. A large file of symbols is opened as `open` does.
  /// - Throws: `ModelReadingError`, `DataError`.
  static func readAny(_ path: String, symbols: SymbolKind? = nil, inPlace: Bool = false) throws -> AnyModel {
    if inPlace, path != "-", let file = MappedFile(path), file.count > 1 << 26, !ModelFile.isOfVectors(file) {
      return .symbols(try open(path, symbols: symbols))
    }
    return try readAny(ByteSource(opening: path), symbols: symbols)
  }

  static func readAny(_ source: consuming ByteSource, symbols: SymbolKind? = nil) throws -> AnyModel {
    try AnyModel.read(source, symbols: symbols, warn: warn)
  }

  /// Whether a file is one of a model, as far as its beginning tells; what cannot be opened twice, such as a pipe, is data.
  /// - Throws: `DataError` where it cannot be opened.
  static func isModel(_ path: String) throws -> Bool {
    var status = stat()
    if path == "-" || stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG { return false }
    var source = try ByteSource(opening: path)
    return isModel(try source.head(SequenceModel.headSize), path)
  }

  /// Whether what begins so is a model file.
  static func isModel(_ head: [UInt8], _ path: String) -> Bool {
    ArpaFile.recognises(head, name: path) || ForeignContent.isSafetensors(head) || path.hasSuffix(".safetensors")
      || path.hasSuffix(".safetensors.gz")
  }

  private static func warn(_ warning: String) { Console.say("chainrule: \(warning)") }

  /// Opens a model to ask it for probabilities and draws alone. A large file is not read, but mapped and asked in place;
  /// smaller ones are checked through and through in the time that it takes to start.
  static func open(_ path: String, symbols: SymbolKind? = nil) throws -> SequenceModel {
    guard path != "-", let file = MappedFile(path), file.count > 1 << 26 else {
      return try read(path, symbols: symbols)
    }
    ShortenedFile.watch(file, named: path)
    do {
      let model = try ModelFile.model(opening: file)
      try model.check(symbols)
      return model
    } catch is ModelFileError {
      // Compressed, or none: what is wrong is said there.
      return try read(path, symbols: symbols)
    }
  }
}
