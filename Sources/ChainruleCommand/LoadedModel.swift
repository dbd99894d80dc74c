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

  /// Opens a model to ask it for probabilities and draws alone. A large file is not read, but mapped and asked in place;
  /// smaller ones are checked through and through in the time that it takes to start.
  static func open(_ path: String) throws -> SequenceModel {
    guard path != "-", let file = MappedFile(path), file.count > 1 << 26 else { return try read(path) }
    do {
      return try ModelFile.model(opening: file)
    } catch is ModelFileError {
      // Compressed, or none: what is wrong is said there.
      return try read(path)
    }
  }

  static func model(from bytes: Data, named name: String) throws -> SequenceModel {
    do {
      return try ModelFile.model(from: bytes)
    } catch let error as ModelFileError {
      throw Failure(name: name, reason: error)
    }
  }
}
