/// A line is a sequence. An empty line is the empty sequence; the last line need not end with a line feed.
package enum LinesFormat: SymbolFormat {
  package static let name = "lines"
  package static let suffixes = [".txt"]
  package static let summary = "a line"

  package static func read(_ source: inout ByteSource, into builder: inout SequenceBuilder) throws {
    try readSymbols(from: &source, into: &builder, lineByLine: true)
    if source.location().column > 1 { builder.endSequence() }
  }
}

/// The whole file is one sequence. Line ends are symbols (CR LF counts as LF), but only separate words.
package enum TextFormat: SymbolFormat {
  package static let name = "text"
  package static let suffixes: [String] = []
  package static let summary = "the whole file (a long text)"
  package static let isText = true

  package static func read(_ source: inout ByteSource, into builder: inout SequenceBuilder) throws {
    guard try source.peek() != nil else { return }
    try readSymbols(from: &source, into: &builder, lineByLine: false)
    builder.endSequence()
  }
}

/// Reads symbols of the builder's kind to the end; `lineByLine` ends a sequence at each line feed.
private func readSymbols(
  from source: inout ByteSource, into builder: inout SequenceBuilder, lineByLine: Bool
) throws {
  switch builder.kind {
  case .characters: try readCharacters(from: &source, into: &builder, lineByLine: lineByLine)
  case .bytes: try readBytes(from: &source, into: &builder, lineByLine: lineByLine)
  case .graphemes: try readGraphemes(from: &source, into: &builder, lineByLine: lineByLine)
  case .words: try readWords(from: &source, into: &builder, lineByLine: lineByLine)
  }
}
