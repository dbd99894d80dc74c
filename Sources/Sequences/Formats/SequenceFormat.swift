/// One file format. A new format is one file, and one line in `SequenceFormats.all`.
package protocol SequenceFormat: Sendable {
  /// What the user calls it.
  static var name: String { get }
  /// How file names end, with the point.
  static var suffixes: [String] { get }
  /// What one sequence is, in half a sentence.
  static var summary: String { get }
  /// Whether the file is one long sequence, which a split cuts by position.
  static var isText: Bool { get }

  /// Whether a file of this name (in lower case, without folders and ".gz") is taken for one of this format.
  static func claims(fileName: String) -> Bool
  /// What the symbols always are; nil where that is open.
  static var fixedKind: SymbolKind? { get }
  /// Reads `source` to its end. Throws `DataError`.
  static func read(_ source: inout ByteSource, into builder: inout SequenceBuilder) throws
}

extension SequenceFormat {
  package static var isText: Bool { false }
  package static func claims(fileName: String) -> Bool { suffixes.contains { fileName.hasSuffix($0) } }
  package static var fixedKind: SymbolKind? { nil }
}

/// The formats that there are.
package enum SequenceFormats {
  package static let all: [any SequenceFormat.Type] = [
    LinesFormat.self,
    TextFormat.self,
    PAutomaCFormat.self,
    FASTAFormat.self,
    JSONLinesFormat.self,
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
