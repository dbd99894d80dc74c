/// Unicode scalars. CR LF counts as LF.
func readCharacters(
  from source: inout ByteSource, into builder: inout SequenceBuilder, lineByLine: Bool
) throws {
  if lineByLine { builder.endSequencesAtLineFeeds() }
  builder.stopRuns(at: carriageReturn)
  while true {
    if let next = source.unread.first, next < 0x80 { try builder.appendRun(from: &source) }
    guard let scalar = try source.nextScalar() else { return }
    if scalar == lineFeed, lineByLine {
      builder.endSequence()
    } else if scalar == carriageReturn {
      if source.unread.first == lineFeed { continue }
      let place = source.locationOfLast(1)
      if try source.peek() != lineFeed { try builder.append(scalar: scalar, at: place) }
    } else {
      try builder.append(scalar: scalar, at: source.location(ofUnread: -UTF8.width(of: scalar)))
    }
  }
}

/// Bytes as they are.
func readBytes(from source: inout ByteSource, into builder: inout SequenceBuilder, lineByLine: Bool) throws {
  if lineByLine { builder.endSequencesAtLineFeeds() }
  while true {
    try builder.appendRun(from: &source)
    guard let byte = try source.nextByte() else { return }
    if byte == lineFeed, lineByLine {
      builder.endSequence()
    } else {
      try builder.append(scalar: UInt32(byte), at: source.location(ofUnread: -1))
    }
  }
}

extension UTF8 {
  /// The number of bytes of a scalar.
  static func width(of scalar: UInt32) -> Int {
    scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x1_0000 ? 3 : 4
  }
}
