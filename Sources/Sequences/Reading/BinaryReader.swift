/// Reads numbers from bytes in memory, and knows where they stand: an error gives the number of the byte, from 1, as column
/// of line 1.
struct BinaryReader {
  /// The file's name, for errors.
  let file: String
  let bytes: ArraySlice<UInt8>
  /// The index of the next byte.
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>, file: String) {
    (self.bytes, self.file, position) = (bytes, file, bytes.startIndex)
  }

  /// All that is left of a source.
  /// - Throws: `DataError`, also where the memory cannot hold it.
  init(_ source: inout ByteSource) throws {
    var bytes: [UInt8] = []
    repeat {
      let next = source.unread
      if bytes.capacity - bytes.count < next.count {
        try AvailableMemory.check(2 * bytes.capacity + next.count, reading: source.name)
      }
      bytes.append(contentsOf: next)
      source.advance(by: next.count)
    } while try source.fill()
    self.init(bytes[...], file: source.name)
  }

  /// How many bytes are left.
  var rest: Int { bytes.endIndex - position }

  /// The place of the byte at an index; of the next one if that is left out.
  func location(_ index: Int? = nil) -> Location { Location(file: file, line: 1, column: (index ?? position) + 1) }

  /// What was expected and what stands at an index, or next.
  func wrong(_ expected: String, _ found: String, at index: Int? = nil) -> DataError {
    .malformed(location(index), "expected \(expected), found \(found)")
  }

  /// The next byte, which stays unread; nil at the end.
  var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  /// Reads a byte.
  /// - Throws: `DataError.malformed` at the end.
  mutating func byte(_ expected: String) throws(DataError) -> UInt8 {
    guard position < bytes.endIndex else { throw wrong(expected, "the end of the data") }
    position += 1
    return bytes[position - 1]
  }

  /// Reads so many bytes, which are not copied.
  /// - Throws: `DataError.malformed` where there are fewer.
  mutating func slice(_ count: Int, _ expected: String) throws(DataError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest else {
      throw wrong("\(count) bytes of \(expected)", rest == 0 ? "the end of the data" : "only \(rest)")
    }
    position += count
    return bytes[position - count..<position]
  }

  /// Reads an unsigned number of so many bytes, at most eight, the greatest first.
  mutating func bigEndian(_ count: Int, _ expected: String) throws(DataError) -> Int {
    Int(truncatingIfNeeded: try slice(count, expected).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  /// Reads an unsigned number of so many bytes, at most eight, the least first.
  mutating func littleEndian(_ count: Int, _ expected: String) throws(DataError) -> Int {
    Int(truncatingIfNeeded: try slice(count, expected).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  /// Goes to an index.
  /// - Throws: `DataError.malformed` where it lies outside.
  mutating func go(to index: Int, _ expected: String) throws(DataError) {
    guard index >= bytes.startIndex, index <= bytes.endIndex else { throw wrong(expected, "a place outside the file") }
    position = index
  }
}
