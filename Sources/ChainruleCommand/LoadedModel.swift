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

  /// Enough of a file to see what it is.
  static let headSize = 1 << 14

  /// - Throws: `Failure`, `DataError`.
  static func read(_ path: String) throws -> SequenceModel { try read(ByteSource(opening: path)) }

  static func read(_ source: consuming ByteSource) throws -> SequenceModel {
    let name = source.name
    if ArpaFile.recognises(try source.head(headSize), name: name) { return try arpa(source) }
    do {
      let model = try ModelFile.model(reading: &source)
      if let warning = ArpaFile.warning(of: model) { Console.say("chainrule: \(name): \(warning)") }
      return model
    } catch let error as ModelFileError {
      throw Failure(name: name, reason: error)
    }
  }

  /// Opens a model to ask it for probabilities and draws alone. A large file is not read, but mapped and asked in place;
  /// smaller ones are checked through and through in the time that it takes to start.
  static func open(_ path: String) throws -> SequenceModel {
    guard path != "-", let file = MappedFile(path), file.count > 1 << 26 else { return try read(path) }
    ShortenedFile.watch(file, named: path)
    do {
      return try ModelFile.model(opening: file)
    } catch is ModelFileError {
      // Compressed, or none: what is wrong is said there.
      return try read(path)
    }
  }

  private static func arpa(_ source: consuming ByteSource) throws -> SequenceModel {
    let (model, warnings) = try ArpaFile.model(reading: source)
    for warning in warnings { Console.say("chainrule: \(warning)") }
    return model
  }
}
