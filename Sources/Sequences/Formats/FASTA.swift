/// FASTA: a line ">name…", then the letters of the sequence over any number of lines. Blanks count for nothing, nor does
/// a `*` at the end of a sequence. Letters are kept as they are, upper or lower case.
public enum FASTAFormat: SequenceFormat {
  public static let name = "fasta"
  public static let suffixes = [".fasta", ".fa", ".faa", ".fna"]
  public static let summary = "a record"

  public static func kind(asked kind: SymbolKind) -> SymbolKind { .characters }

  public static func read(_ source: inout ByteSource, into builder: inout SequenceBuilder) throws {
    var isInHeader = false
    var isInRecord = false
    var isAtLineStart = true
    /// A `*` that is a letter only if another one follows.
    var star: Location?

    builder.stopRuns(at: 0x2A)
    while let scalar = try source.nextScalar() {
      defer { isAtLineStart = scalar == lineFeed }
      if isInHeader {
        isInHeader = scalar != lineFeed
      } else if isAtLineStart, scalar == 0x3E {
        if isInRecord { builder.endSequence() }
        (isInHeader, isInRecord, star) = (true, true, nil)
      } else if scalar == lineFeed || scalar == carriageReturn || scalar == 0x20 || scalar == 0x09 {
        continue
      } else if !isInRecord {
        let name = Unicode.Scalar(scalar).map { String(Character($0)).debugDescription } ?? ""
        throw DataError.malformed(
          source.location(ofUnread: -UTF8.width(of: scalar)),
          "expected \">\" and a name before any letter, found \(name)")
      } else {
        if let place = star { try builder.append(scalar: 0x2A, at: place) }
        star = nil
        if scalar == 0x2A {
          star = source.locationOfLast(1)
        } else {
          try builder.append(scalar: scalar, at: source.location(ofUnread: -UTF8.width(of: scalar)))
          try builder.appendRun(from: &source)  // to the end of the line, mostly
        }
      }
    }
    if isInRecord { builder.endSequence() }
  }
}
