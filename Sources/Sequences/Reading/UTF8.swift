/// What stands at the start of some bytes.
enum DecodedScalar {
  case scalar(UInt32, length: Int)
  /// They begin a scalar, and end before it does.
  case incomplete
  case illFormed
}

/// Decodes the scalar at the start of `bytes`, which are not empty. Well-formed are the sequences of table 3-7 of the
/// Unicode standard: none overlong, no surrogates, nothing above U+10FFFF.
func decodedScalar(_ bytes: UnsafeBufferPointer<UInt8>) -> DecodedScalar {
  let lead = bytes[0]
  let length: Int
  var value: UInt32
  var second: ClosedRange<UInt8> = 0x80...0xBF
  switch lead {
  case 0..<0x80: return .scalar(UInt32(lead), length: 1)
  case 0xC2...0xDF: (length, value) = (2, UInt32(lead & 0x1F))
  case 0xE0...0xEF: (length, value) = (3, UInt32(lead & 0x0F))
  case 0xF0...0xF4: (length, value) = (4, UInt32(lead & 0x07))
  default: return .illFormed
  }
  switch lead {
  case 0xE0: second = 0xA0...0xBF
  case 0xED: second = 0x80...0x9F
  case 0xF0: second = 0x90...0xBF
  case 0xF4: second = 0x80...0x8F
  default: break
  }
  for i in 1..<length {
    if i == bytes.count { return .incomplete }
    guard (i == 1 ? second : 0x80...0xBF).contains(bytes[i]) else { return .illFormed }
    value = value << 6 | UInt32(bytes[i] & 0x3F)
  }
  return .scalar(value, length: length)
}

/// The position of the first byte that begins no well-formed scalar, or nil. O(count), eight bytes at a time in ASCII.
func firstIllFormedByte(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
  var i = 0
  while i < bytes.count {
    if bytes.count - i >= 8 {
      let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: i, as: UInt64.self)
      if word & 0x8080_8080_8080_8080 == 0 {
        i += 8
        continue
      }
    }
    guard case .scalar(_, let length) = decodedScalar(UnsafeBufferPointer(rebasing: bytes[i...])) else { return i }
    i += length
  }
  return nil
}
