/// Words: runs of anything but blanks and tabs, and in a text of anything but white space. Blanks at the start and the
/// end of a line count for nothing; CR LF counts as LF.
func readWords(from source: inout ByteSource, into builder: inout SequenceBuilder, lineByLine: Bool) throws {
  var separates = [Bool](repeating: false, count: 256)
  for byte in lineByLine ? [0x20, 0x09, lineFeed] : [0x20, 0x09, lineFeed, 0x0B, 0x0C, carriageReturn] {
    separates[Int(byte)] = true
  }
  var more = true
  repeat {
    more = try source.fill()
    let bytes = source.unread
    var read = 0
    while read < bytes.count {
      var end = read
      var all: UInt8 = 0  // the bits of all bytes together: is it ASCII?
      while end < bytes.count, !separates[Int(bytes[end])] {
        all |= bytes[end]
        end += 1
      }
      if end == bytes.count, more { break }  // the word may go on in the next block
      let isLineEnd = end < bytes.count && bytes[end] == lineFeed && lineByLine
      let hasReturn = isLineEnd && end > read && bytes[end - 1] == carriageReturn
      let word = UnsafeBufferPointer(rebasing: bytes[read..<(hasReturn ? end - 1 : end)])
      if all >= 0x80, let bad = firstIllFormedByte(in: word) {
        throw DataError.notUTF8(source.location(ofUnread: read + bad), byte: word[bad])
      }
      if !word.isEmpty { try builder.append(word, at: source.location(ofUnread: read)) }
      if isLineEnd { builder.endSequence() }
      read = min(end + 1, bytes.count)
    }
    source.advance(by: read)
  } while more
}
