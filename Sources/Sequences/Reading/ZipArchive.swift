import CZlib
import Foundation

/// The files within a ZIP archive (PKWARE's APPNOTE 6.3), stored or deflated, without encryption and below 4 GB.
struct ZipArchive {
  /// A file within.
  struct Entry {
    var name: String
    fileprivate var isDeflated: Bool
    fileprivate var checksum: UInt32
    fileprivate var packedSize: Int
    fileprivate var size: Int
    fileprivate var offset: Int
  }

  private let reader: BinaryReader
  /// In the order of the archive's directory.
  private(set) var entries: [Entry] = []

  /// Reads the directory. O(bytes).
  /// - Throws: `DataError.malformed`, with the number of the byte.
  init(_ reader: BinaryReader) throws(DataError) {
    self.reader = reader
    var reader = reader
    guard let end = Self.endRecord(reader.bytes) else {
      throw reader.wrong(
        "the directory of a ZIP archive at its end", "none: the file is damaged or cut", at: reader.bytes.endIndex)
    }
    try reader.go(to: end + 10, "the end of the directory")
    let count = try reader.littleEndian(2, "the number of files")
    _ = try reader.slice(4, "the directory's size")
    let start = try reader.littleEndian(4, "the directory's place")
    if count == 0xFFFF || start == 0xFFFF_FFFF { throw Self.tooLarge(reader, at: end) }
    try reader.go(to: start, "the directory")
    for _ in 0..<count { entries.append(try Self.entry(&reader)) }
  }

  /// The content of a file. O(its bytes).
  /// - Throws: `DataError.malformed` for damaged data, `DataError.tooLarge`.
  func content(of entry: Entry) throws -> [UInt8] {
    var reader = reader
    try reader.go(to: entry.offset, "a file of the archive")
    let start = reader.position
    guard try reader.slice(4, "a file of the archive").elementsEqual([0x50, 0x4B, 3, 4]) else {
      throw reader.wrong("the header of \(entry.name)", "other bytes", at: start)
    }
    _ = try reader.slice(22, "a header")
    let nameLength = try reader.littleEndian(2, "the length of a name")
    let extraLength = try reader.littleEndian(2, "the length of a field")
    _ = try reader.slice(nameLength + extraLength, "a header")
    let packed = try reader.slice(entry.packedSize, "\(entry.name)")
    try AvailableMemory.check(entry.size, reading: reader.file)
    let content = entry.isDeflated ? Self.inflated(packed, size: entry.size) : Array(packed)
    guard let content, content.count == entry.size,
      content.withUnsafeBytes({ Checksum(of: $0).value }) == entry.checksum
    else { throw reader.wrong("\(entry.name) whole", "damaged data", at: start) }
    return content
  }

  private static func entry(_ reader: inout BinaryReader) throws(DataError) -> Entry {
    let start = reader.position
    guard try reader.slice(4, "the directory").elementsEqual([0x50, 0x4B, 1, 2]) else {
      throw reader.wrong("an entry of the directory", "other bytes", at: start)
    }
    _ = try reader.slice(4, "versions")
    let flags = try reader.littleEndian(2, "flags")
    let method = try reader.littleEndian(2, "the method of compression")
    _ = try reader.slice(4, "a time")
    let checksum = try reader.littleEndian(4, "a checksum")
    let packedSize = try reader.littleEndian(4, "a size")
    let size = try reader.littleEndian(4, "a size")
    let nameLength = try reader.littleEndian(2, "the length of a name")
    let extraLength = try reader.littleEndian(2, "the length of a field")
    let commentLength = try reader.littleEndian(2, "the length of a comment")
    _ = try reader.slice(8, "attributes")
    let offset = try reader.littleEndian(4, "a place")
    let name = String(decoding: try reader.slice(nameLength, "a name"), as: UTF8.self)
    _ = try reader.slice(extraLength + commentLength, "a field")
    if [packedSize, size, offset].contains(0xFFFF_FFFF) { throw tooLarge(reader, at: start) }
    guard flags & 1 == 0, method == 0 || method == 8 else {
      throw reader.wrong(
        "a file that is stored or deflated", flags & 1 == 1 ? "an encrypted one" : "compression \(method)", at: start)
    }
    return Entry(
      name: name, isDeflated: method == 8, checksum: UInt32(truncatingIfNeeded: checksum), packedSize: packedSize,
      size: size, offset: offset)
  }

  private static func tooLarge(_ reader: BinaryReader, at index: Int) -> DataError {
    reader.wrong("an archive of less than 4 GB and 65,535 files", "a larger one (ZIP64)", at: index)
  }

  /// Where the record stands that ends an archive, before a comment of at most 65,535 bytes.
  private static func endRecord(_ bytes: ArraySlice<UInt8>) -> Int? {
    let size = 22
    var index = bytes.endIndex - size
    while index >= bytes.startIndex, index >= bytes.endIndex - size - 0xFFFF {
      if bytes[index] == 0x50, bytes[index..<index + 4].elementsEqual([0x50, 0x4B, 5, 6]) { return index }
      index -= 1
    }
    return nil
  }

  /// The content of deflated bytes (RFC 1951), if it has this size; nil for damaged data.
  private static func inflated(_ packed: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    var stream = z_stream()
    guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      return nil
    }
    defer { inflateEnd(&stream) }
    var input = Array(packed)
    // One byte more than there should be, so that a longer content is noticed.
    return input.withUnsafeMutableBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: size + 1) { output, count in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(size + 1)
        let status = inflate(&stream, Z_FINISH)
        count = status == Z_STREAM_END ? size + 1 - Int(stream.avail_out) : 0
      }
    }
  }
}
