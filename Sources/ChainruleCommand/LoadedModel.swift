import Chainrule
import Foundation

/// A model from a file, or an error that names the file.
enum LoadedModel {
  struct Failure: Error, CustomStringConvertible {
    let name: String
    let reason: ModelFileError
    var description: String { "\(name): \(reason)." }
  }

  static func read(_ path: String) throws -> SequenceModel {
    try model(from: WholeFile.read(path), named: path == "-" ? "standard input" : path)
  }

  static func model(from bytes: Data, named name: String) throws -> SequenceModel {
    do {
      return try ModelFile.model(from: bytes)
    } catch let error as ModelFileError {
      throw Failure(name: name, reason: error)
    }
  }
}
