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
    return try safetensors(WholeFile.read(&source), named: name)
  }

  private static func safetensors(_ bytes: Data, named name: String) throws -> SequenceModel {
    do {
      return try ModelFile.model(from: bytes)
    } catch let error as ModelFileError {
      throw Failure(name: name, reason: error)
    }
  }

  private static func arpa(_ source: consuming ByteSource) throws -> SequenceModel {
    let (model, warnings) = try ArpaFile.model(reading: source)
    for warning in warnings { Console.say("chainrule: \(warning)") }
    return model
  }
}
