/// Piano rolls in JSON: a list of pieces, each a list of frames, each a list of the keys that sound, by MIDI's numbers 21 … 108.
/// Several such lists may stand in an object under the names train, valid and test:
///
///     {"train": [[[60, 64, 67], [60], []], []], "valid": [], "test": [[[72]]]}
///
/// A piece is a sequence, a frame a vector of 88 bits (`PianoKeys`).
package enum PianoRollFormat: VectorFormat {
  package static let name = "pianoroll"
  /// `.json` may be anything: the file's beginning tells.
  package static let suffixes: [String] = []
  package static let summary =
    "a piece: {\"train\": [[[60, 64], []]], \"valid\": …, \"test\": …} or one such list, of keys 21 to 108"

  static let partNames = ["train", "valid", "test"]

  /// What such a file begins with, blanks left out.
  static let beginnings: [String] = ["[[["] + partNames.flatMap { ["{\"\($0)\":[[", "{\"\($0)\":[]"] }

  package static func read(_ source: inout ByteSource, _ options: ReadOptions, into builder: inout VectorBuilder) throws
  {
    try builder.name(columns: PianoKeys.names, at: source.location())
    var parser = PianoRollParser()
    guard let first = try parser.next(&source) else { return }
    if first == UInt8(ascii: "{") {
      try parser.readParts(&source, into: &builder)
    } else {
      try parser.readPieces(&source, into: &builder, "a list of pieces, or an object of such lists")
    }
    if try parser.next(&source) != nil { throw try parser.wrong(&source, "the end of the file") }
  }
}

private struct PianoRollParser {
  private var keys = [Bool](repeating: false, count: PianoKeys.pitches.count)

  /// The next byte that is no blank, which stays unread; nil at the end.
  func next(_ source: inout ByteSource) throws -> UInt8? {
    while let byte = try source.peek() {
      if byte != 0x20, byte != 0x09, byte != lineFeed, byte != carriageReturn { return byte }
      source.advance(by: 1)
    }
    return nil
  }

  /// Passes over a mark if it is next.
  private func skip(_ source: inout ByteSource, _ mark: Unicode.Scalar) throws -> Bool {
    guard try next(&source) == UInt8(ascii: mark) else { return false }
    source.advance(by: 1)
    return true
  }

  private func expect(_ source: inout ByteSource, _ mark: Unicode.Scalar, _ expected: String) throws {
    if try !skip(&source, mark) { throw try wrong(&source, expected) }
  }

  mutating func readParts(_ source: inout ByteSource, into builder: inout VectorBuilder) throws {
    try expect(&source, "{", "an object")
    if try skip(&source, "}") { return }
    var seen: Set<String> = []
    repeat {
      _ = try next(&source)
      let place = source.location()
      let name = try partName(&source)
      guard let name, seen.insert(name).inserted else {
        throw DataError.malformed(
          place,
          "expected \"train\", \"valid\" or \"test\", found \(name.map { "a second \"\($0)\"" } ?? "something else")")
      }
      try expect(&source, ":", "a colon after the name")
      builder.begin(part: name)
      try readPieces(&source, into: &builder, "a list of pieces")
    } while try skip(&source, ",")
    try expect(&source, "}", "a comma or the end of the object")
  }

  /// The name of a part, in quotation marks; nil for anything else.
  private func partName(_ source: inout ByteSource) throws -> String? {
    let longest = 7
    let head = try source.head(longest)
    guard let name = PianoRollFormat.partNames.first(where: { head.starts(with: "\"\($0)\"".utf8) }) else { return nil }
    source.advance(by: name.utf8.count + 2)
    return name
  }

  mutating func readPieces(_ source: inout ByteSource, into builder: inout VectorBuilder, _ expected: String) throws {
    try expect(&source, "[", expected)
    if try skip(&source, "]") { return }
    repeat {
      try readPiece(&source, into: &builder)
      builder.endSequence()
    } while try skip(&source, ",")
    try expect(&source, "]", "a comma or the end of the list of pieces")
  }

  private mutating func readPiece(_ source: inout ByteSource, into builder: inout VectorBuilder) throws {
    try expect(&source, "[", "a piece, which is a list of frames")
    if try skip(&source, "]") { return }
    repeat {
      for key in keys.indices { keys[key] = false }
      try readFrame(&source)
      try builder.append(keys: keys, at: source.location())
    } while try skip(&source, ",")
    try expect(&source, "]", "a comma or the end of the piece")
  }

  private mutating func readFrame(_ source: inout ByteSource) throws {
    try expect(&source, "[", "a frame, which is a list of keys")
    if try skip(&source, "]") { return }
    repeat { keys[try readPitch(&source) - PianoKeys.pitches.lowerBound] = true } while try skip(&source, ",")
    try expect(&source, "]", "a comma or the end of the frame")
  }

  /// Reads the number of a key.
  private func readPitch(_ source: inout ByteSource) throws -> Int {
    _ = try next(&source)
    // The longest number that is right, and what must follow it.
    let head = try source.head(4)
    let digits = head.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let ends = head.dropFirst(digits.count).first.map { ![0x2E, 0x45, 0x65].contains($0) } ?? true
    guard let pitch = Int(String(decoding: digits, as: UTF8.self)), ends, PianoKeys.pitches.contains(pitch) else {
      if head.starts(with: "null".utf8) { throw DataError.missingElement(source.location()) }
      throw try wrong(&source, "the number of a piano's key, 21 to 108")
    }
    source.advance(by: digits.count)
    return pitch
  }

  /// The error that something was expected instead of what comes next.
  func wrong(_ source: inout ByteSource, _ expected: String) throws -> DataError {
    _ = try next(&source)
    let place = source.location()
    let marks = Array("[]{},:\" \t\r\n".utf8)
    let word = try source.head(20).prefix { !marks.contains($0) }
    let found =
      try word.isEmpty
      ? source.nextScalar().flatMap { Unicode.Scalar($0) }.map { String($0) } ?? "the end of the file"
      : VisibleText.text(String(decoding: word, as: UTF8.self))
    return .malformed(place, "expected \(expected), found \(found)")
  }
}
