/// What is needed to make a report's figures again.
public struct Provenance: Sendable {
  /// A file that was read.
  public struct File: Sendable {
    /// The path, as it was given.
    public let path: String
    /// The size, where it is known.
    public let bytes: Int?
    /// The hash of its bytes, where they could be read again.
    public let sha256: String?

    /// A file by its path as given; size and hash where it could be read again.
    public init(path: String, bytes: Int? = nil, sha256: String? = nil) {
      (self.path, self.bytes, self.sha256) = (path, bytes, sha256)
    }
  }

  /// An experiment's description.
  public struct Description: Sendable {
    let name: String
    let text: String
    let sha256: String

    /// The YAML text and its hash.
    public init(name: String, text: String, sha256: String) {
      (self.name, self.text, self.sha256) = (name, text, sha256)
    }
  }

  let version: String
  let command: [String]
  let seed: UInt64
  let machine: String
  let files: [File]
  let experiment: Description?

  /// - Parameters:
  ///   - version: of the program.
  ///   - command: the words of its command line, without the program's name.
  ///   - machine: processor and system.
  public init(
    version: String, command: [String], seed: UInt64, machine: String, files: [File], experiment: Description? = nil
  ) {
    (self.version, self.command, self.seed) = (version, command, seed)
    (self.machine, self.files, self.experiment) = (machine, files, experiment)
  }

  /// The command as a shell takes it.
  var shellLine: String {
    (["chainrule"] + command).map { word in
      let isPlain =
        !word.isEmpty
        && word.unicodeScalars.allSatisfy {
          $0.properties.isAlphabetic || "0123456789-_./:,=+@%".unicodeScalars.contains($0)
        }
      return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }.joined(separator: " ")
  }
}
