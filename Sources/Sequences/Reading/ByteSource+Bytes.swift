extension ByteSource {
  /// Reads the next `count` bytes, or what there is of them. Memory grows with the bytes that come, not with the number
  /// that was asked for. O(count).
  package mutating func nextBytes(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(max(count, 0), 1 << 24))
    while bytes.count < count {
      if unread.isEmpty { if try !fill() { break } }
      let next = unread.prefix(count - bytes.count)
      bytes.append(contentsOf: next)
      advance(by: next.count)
    }
    return bytes
  }

  /// Whether nothing is left to read.
  package mutating func isExhausted() throws -> Bool { try unread.isEmpty && !fill() }
}
