import CZlib

/// CRC-32 (ISO 3309, as in gzip and PNG), by zlib: it finds every damage of up to 32 bits in a row, and of others all
/// but one in 2³². It protects against accidents, not against forgery.
package struct Checksum: Sendable, Hashable {
  package private(set) var value: UInt32 = 0

  package init() {}

  /// That of some bytes. O(bytes), about a gigabyte a second.
  package init(of bytes: UnsafeRawBufferPointer) { add(bytes) }

  /// Goes on with more bytes.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    // zlib takes no address for a fresh start.
    guard let base = bytes.baseAddress, bytes.count > 0 else { return }
    value = UInt32(truncatingIfNeeded: crc32_z(UInt(value), base.assumingMemoryBound(to: UInt8.self), bytes.count))
  }

  package mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  /// From what `text` gives; `nil` for anything else.
  package init?(text: String) {
    guard text.utf8.count == 8, text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16) else { return nil }
    self.value = value
  }

  /// Eight hexadecimal digits.
  package var text: String { value.hexadecimal(digits: 8) }
}
