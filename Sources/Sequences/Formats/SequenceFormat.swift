/// One file format. A new format is one file, and one line in `SequenceFormats.all`. It is a `SymbolFormat`, a `VectorFormat`,
/// or both.
package protocol SequenceFormat: Sendable {
  /// What the user calls it.
  static var name: String { get }
  /// How file names end, with the point.
  static var suffixes: [String] { get }
  /// What one sequence is, in half a sentence.
  static var summary: String { get }

  /// Whether a file of this name (in lower case, without folders and ".gz") is taken for one of this format.
  static func claims(fileName: String) -> Bool
  /// Whether a file that begins with these bytes is certainly one of this format; only binary formats can tell.
  static func claims(head: [UInt8]) -> Bool
  /// Whether the file is no text. Errors count its bytes as columns of one line.
  static var isBinary: Bool { get }
}

/// A format of sequences of symbols.
package protocol SymbolFormat: SequenceFormat {
  /// Whether the file is one long sequence, which a split cuts by position.
  static var isText: Bool { get }
  /// What the symbols always are; nil where that is open.
  static var fixedKind: SymbolKind? { get }
  /// Reads `source` to its end. Throws `DataError`.
  static func read(_ source: inout ByteSource, into builder: inout SequenceBuilder) throws
}

/// A format of sequences of vectors.
package protocol VectorFormat: SequenceFormat {
  /// Whether a file that begins like this holds vectors, in a format that may hold symbols as well.
  static func holdsVectors(head: [UInt8]) -> Bool
  /// Reads `source` to its end. Throws `DataError`.
  static func read(_ source: inout ByteSource, _ options: ReadOptions, into builder: inout VectorBuilder) throws
}

extension SequenceFormat {
  package static func claims(fileName: String) -> Bool { suffixes.contains { fileName.hasSuffix($0) } }
  package static func claims(head: [UInt8]) -> Bool { false }
  package static var isBinary: Bool { false }
}

extension SymbolFormat {
  package static var isText: Bool { false }
  package static var fixedKind: SymbolKind? { nil }
}

extension VectorFormat {
  package static func holdsVectors(head: [UInt8]) -> Bool { true }
}

/// The formats that there are.
package enum SequenceFormats {
  package static let all: [any SequenceFormat.Type] = [
    LinesFormat.self,
    TextFormat.self,
    PAutomaCFormat.self,
    FASTAFormat.self,
    JSONLinesFormat.self,
    CSVFormat.self,
    PianoRollFormat.self,
    MIDIFormat.self,
    TimeSeriesFormat.self,
    NPZFormat.self,
  ]

  /// The format of a file, by its name; lines where the name says nothing.
  package static func guess(path: String) -> any SequenceFormat.Type { claiming(path: path) ?? LinesFormat.self }

  /// The format of a file of this name; nil where the name says nothing.
  static func claiming(path: String) -> (any SequenceFormat.Type)? {
    var name = fileName(path).lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    return all.last { $0.claims(fileName: name) }
  }

  /// The format with this name. Throws `DataError.unknownFormat`.
  package static func named(_ name: String) throws -> any SequenceFormat.Type {
    guard let format = all.first(where: { $0.name == name }) else {
      throw DataError.unknownFormat(name, known: all.map { $0.name })
    }
    return format
  }

  /// The last part of a path.
  static func fileName(_ path: String) -> String {
    String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
  }
}
