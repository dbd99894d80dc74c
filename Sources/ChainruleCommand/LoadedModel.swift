import Chainrule

/// A model from a file, or an error that names the file.
enum LoadedModel {
  struct Failure: Error, CustomStringConvertible {
    let path: String
    let reason: ModelFileError
    var description: String { "\(path): \(reason)" }
  }

  static func read(_ path: String) throws -> SequenceModel {
    let bytes = try WholeFile.read(path)
    do {
      return try ModelFile.model(from: bytes)
    } catch let error as ModelFileError {
      throw Failure(path: path == "-" ? "standard input" : path, reason: error)
    }
  }
}
