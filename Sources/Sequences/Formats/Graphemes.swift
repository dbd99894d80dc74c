/// Grapheme clusters. CR LF counts as LF.
///
/// Between two ASCII bytes there always is a boundary (Unicode annex 29: of ASCII only CR LF stay together), and on both
/// sides of a line end. So the bytes are cut there, and what lies between is short wherever there is any ASCII.
func readGraphemes(from source: inout ByteSource, into builder: inout SequenceBuilder, lineByLine: Bool) throws {
  var more = true
  repeat {
    more = try source.fill()
    let bytes = source.unread
    var read = 0
    while read < bytes.count, let end = boundary(after: read, in: bytes, isLast: !more) {
      let piece = UnsafeBufferPointer(rebasing: bytes[read..<end])
      if piece[0] == lineFeed, lineByLine {
        builder.endSequence()
      } else if piece[0] == carriageReturn, end < bytes.count, bytes[end] == lineFeed {
        // The line feed that follows stands for both.
      } else if piece.count == 1, piece[0] < 0x80 {
        try builder.append(piece, at: source.location(ofUnread: read))
      } else {
        try append(piece, at: read, of: source, to: &builder)
      }
      read = end
    }
    source.advance(by: read)
  } while more
}

/// The first boundary behind `start` that is certain whatever follows; nil where more must be known.
private func boundary(after start: Int, in bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) -> Int? {
  var i = start
  while i + 1 < bytes.count {
    if bytes[i] < 0x80 ? bytes[i + 1] < 0x80 || isLineEnd(bytes[i]) : isLineEnd(bytes[i + 1]) { return i + 1 }
    i += 1
  }
  return isLast ? bytes.count : nil
}

private func isLineEnd(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }

private func append(
  _ piece: UnsafeBufferPointer<UInt8>, at offset: Int, of source: borrowing ByteSource,
  to builder: inout SequenceBuilder
) throws {
  if let bad = firstIllFormedByte(in: piece) {
    throw DataError.notUTF8(source.location(ofUnread: offset + bad), byte: piece[bad])
  }
  var start = 0
  for grapheme in String(decoding: piece, as: UTF8.self) {
    let end = start + grapheme.utf8.count
    let place = start
    let bytes = UnsafeBufferPointer(rebasing: piece[start..<end])
    try builder.append(bytes, at: source.location(ofUnread: offset + place))
    start = end
  }
}
