/// FASTA: a line ">name…", then the letters of the sequence over any number of lines. Names and comments (lines that
/// begin with ";") may hold any bytes. Blanks count for nothing, nor does a `*` at the end of a sequence. Letters are
/// kept as they are, upper or lower case.
package enum FASTAFormat: SymbolFormat {
  package static let name = "fasta"
  package static let suffixes = [".fasta", ".fa", ".faa", ".fna"]
  package static let summary = "a record"
  package static let fixedKind: SymbolKind? = .characters

  package static func read(_ source: inout ByteSource, into builder: inout SequenceBuilder) throws {
    var isInRecord = false
    var isAtLineStart = true
    /// A `*` that is a letter only if another one follows.
    var star: Location?

    builder.stopRuns(at: 0x2A)
    while let byte = try source.peek() {
      if isAtLineStart, byte == UInt8(ascii: ">") || byte == UInt8(ascii: ";") {
        if byte == UInt8(ascii: ">") {
          if isInRecord { builder.endSequence() }
          (isInRecord, star) = (true, nil)
        }
        while let skipped = try source.nextByte(), skipped != lineFeed {}
        continue
      }
      guard let scalar = try source.nextScalar() else { break }
      if scalar == lineFeed { isAtLineStart = true }
      if scalar == lineFeed || scalar == carriageReturn || scalar == 0x20 || scalar == 0x09 { continue }
      isAtLineStart = false
      guard isInRecord else {
        let name = Unicode.Scalar(scalar).map { VisibleText.quoted(String(Character($0))) } ?? ""
        throw DataError.malformed(
          source.location(ofUnread: -UTF8.width(of: scalar)),
          "expected \">\" and a name before any letter, found \(name)")
      }
      if let place = star { try builder.append(scalar: 0x2A, at: place) }
      star = nil
      if scalar == 0x2A {
        star = source.locationOfLast(1)
      } else {
        try builder.append(scalar: scalar, at: source.location(ofUnread: -UTF8.width(of: scalar)))
        try builder.appendRun(from: &source)  // to the end of the line, mostly
      }
    }
    if isInRecord { builder.endSequence() }
  }
}
