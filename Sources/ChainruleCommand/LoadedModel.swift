import Chainrule
import Foundation

/// A model from a file, or an error that names the file. ARPA files are models too; what is odd about one is said on
/// standard error.
enum LoadedModel {
  struct Failure: Error, CustomStringConvertible {
    let name: String
    let reason: ModelFileError
    var description: String { "\(name): \(reason)." }
  }

  /// A file of something else than a model.
  struct NoModel: Error, CustomStringConvertible {
    let name: String
    let reason: String
    var description: String { "\(name): this is no model file \(reason)." }
  }

  /// Enough of a file to see what it is.
  static let headSize = 1 << 14

  /// - Parameter symbols: what data are to be read as, if that was asked for: what the model's symbols are, or for an ARPA
  ///   file that does not say it what its words are.
  /// - Throws: `Failure`, `NoModel`, `DataError`.
  static func read(_ path: String, symbols: SymbolKind? = nil) throws -> SequenceModel {
    try read(ByteSource(opening: path), symbols: symbols)
  }

  static func read(_ source: consuming ByteSource, symbols: SymbolKind? = nil) throws -> SequenceModel {
    let name = source.name
    let head = try source.head(headSize)
    if ArpaFile.recognises(head, name: name) { return try arpa(source, symbols) }
    try checkIsModel(Array(head.prefix(ForeignContent.headSize)), name)
    do {
      let model = try ModelFile.model(reading: &source)
      if let warning = ArpaFile.warning(of: model) { Console.say("chainrule: \(name): \(warning)") }
      try check(symbols, model)
      return model
    } catch let error as ModelFileError {
      throw Failure(name: name, reason: error)
    }
  }

  private static func checkIsModel(_ head: [UInt8], _ name: String) throws {
    if ForeignContent.isSafetensors(head) { return }
    if let foreign = ForeignContent(head: head, file: name) { throw DataError.foreign(name, foreign) }
    if CountsFile.recognises(head) {
      throw NoModel(name: name, reason: "but one of counts: chainrule convert with --model makes a model of them")
    }
    if ForeignContent.isText(head) {
      throw NoModel(name: name, reason: "(it seems to be data): make one with chainrule train")
    }
  }

  private static func check(_ symbols: SymbolKind?, _ model: SequenceModel) throws {
    guard let symbols, symbols != model.alphabet.kind else { return }
    throw DataError.otherSymbols(
      asked: symbols, reason: "the symbols of the model are \(model.alphabet.kind.rawValue), and data are read as such")
  }

  /// Opens a model to ask it for probabilities and draws alone. A large file is not read, but mapped and asked in place;
  /// smaller ones are checked through and through in the time that it takes to start.
  static func open(_ path: String, symbols: SymbolKind? = nil) throws -> SequenceModel {
    guard path != "-", let file = MappedFile(path), file.count > 1 << 26 else {
      return try read(path, symbols: symbols)
    }
    ShortenedFile.watch(file, named: path)
    do {
      let model = try ModelFile.model(opening: file)
      try check(symbols, model)
      return model
    } catch is ModelFileError {
      // Compressed, or none: what is wrong is said there.
      return try read(path, symbols: symbols)
    }
  }

  private static func arpa(_ source: consuming ByteSource, _ symbols: SymbolKind?) throws -> SequenceModel {
    let (model, warnings) = try ArpaFile.model(reading: source, symbols: symbols)
    for warning in warnings { Console.say("chainrule: \(warning)") }
    return model
  }
}
