import Foundation

/// A file, standard input, a pipe or an array as a stream of bytes, read block by block.
///
/// What is unread stands side by side in one buffer, which grows where a reader needs a longer piece than a block. Lines
/// and columns are not counted while reading: each block is counted when it is left, and a place within the present one
/// when somebody asks for it.
package struct ByteSource: ~Copyable {
  /// The path, or "standard input".
  package let name: String
  /// Whether a column is a byte instead of a Unicode scalar.
  var columnsAreBytes = false

  private let input: any ByteInput
  private let blockSize: Int
  private var memory: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var start = 0
  private var end: Int
  private var lineStart = 0
  /// Whether the line that `nextLine` returned has an end, and is not what a file that was cut ends with.
  package private(set) var lineIsWhole = true
  private var isAtEnd = false
  /// Whether each CR becomes an LF.
  private var returnsEndLines = false
  /// Line ends in front of the byte `counted`, and columns since the last of them.
  private var counted = 0
  private var linesBefore = 0
  private var columnsBefore = 0

  package static let defaultBlockSize = 1 << 20

  /// Opens the file at `path`; "-" is standard input. Gzip is known by its first bytes, and expected behind ".gz".
  ///
  /// Throws `DataError` where the file is missing or unreadable, or no gzip though its name says so.
  package init(opening path: String, blockSize: Int = defaultBlockSize) throws {
    if path == "-" {
      try self.init(fileDescriptor: 0, name: standardInputName, blockSize: blockSize)
    } else {
      try self.init(FileInput(path: path), name: path, blockSize: blockSize)
    }
  }

  /// Reads from a descriptor that is open, and leaves it open.
  package init(fileDescriptor: Int32, name: String, blockSize: Int = defaultBlockSize) throws {
    let input = FileInput(descriptor: fileDescriptor, name: name, closes: false)
    try self.init(input, name: name, blockSize: blockSize)
  }

  /// Reads what a file of this name and content would hold.
  package init(bytes: [UInt8], name: String, blockSize: Int = defaultBlockSize) throws {
    try self.init(MemoryInput(bytes), name: name, blockSize: blockSize)
  }

  private init(_ input: any ByteInput, name: String, blockSize: Int) throws {
    precondition(blockSize > 0, "a block holds at least one byte")
    var prefix: [UInt8] = []
    while prefix.count < GzipInput.magic.count {
      var byte: UInt8 = 0
      if try withUnsafeMutableBytes(of: &byte, { try input.read(into: $0) }) == 0 { break }
      prefix.append(byte)
    }
    if prefix == GzipInput.magic {
      self.input = try GzipInput(input, prefix: prefix, name: name, blockSize: blockSize)
      prefix = []
    } else if name.hasSuffix(".gz") {
      throw DataError.corruptGzip(name, reason: "they do not begin as gzip does")
    } else {
      self.input = input
    }
    self.name = name
    self.blockSize = blockSize
    capacity = blockSize + prefix.count
    memory = resized(nil, byteCount: capacity).assumingMemoryBound(to: UInt8.self)
    memory.update(from: prefix, count: prefix.count)
    end = prefix.count
  }

  deinit { free(memory) }

  /// The bytes in the buffer that are not read yet. Valid until the next call that may fill the buffer.
  var unread: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: memory + start, count: end - start) }

  /// Counts the first `count` unread bytes as read.
  mutating func advance(by count: Int) { start += count }

  /// Adds a block behind the unread bytes; false at the end of the input.
  ///
  /// As much is read as is unread already, so that pieces longer than a block cost O(length) altogether.
  mutating func fill() throws -> Bool {
    if isAtEnd { return false }
    count(upTo: start)
    memory.update(from: memory + start, count: end - start)
    end -= start
    start = 0
    counted = 0
    let wanted = max(blockSize, end)
    if capacity - end < wanted {
      try AvailableMemory.check(end + wanted - capacity, reading: name)
      capacity = end + wanted
      memory = resized(memory, byteCount: capacity).assumingMemoryBound(to: UInt8.self)
    }
    let count = try input.read(into: UnsafeMutableRawBufferPointer(start: memory + end, count: wanted))
    if returnsEndLines { endLinesAtReturns(from: end, count) }
    end += count
    isAtEnd = count == 0
    return !isAtEnd
  }
}

// MARK: - Places

extension ByteSource {
  /// The place of the unread byte number `offset`; a negative one has been read since the last call that may fill the
  /// buffer. O(block).
  package func location(ofUnread offset: Int = 0) -> Location { location(at: start + offset) }

  /// The place of byte number `offset` of the line that `nextLine` returned. O(line).
  package func location(inLine offset: Int) -> Location { location(at: lineStart + offset) }

  /// The place of the last `count` bytes read. O(bytes) for all calls together, to be used where it may not be needed.
  mutating func locationOfLast(_ count: Int) -> Location {
    self.count(upTo: start - count)
    return location(at: counted)
  }

  private func location(at position: Int) -> Location {
    let (lines, columns) = counts(before: position)
    return Location(file: name, line: lines + 1, column: columns + 1)
  }

  private mutating func count(upTo position: Int) {
    (linesBefore, columnsBefore) = counts(before: position)
    counted = max(counted, position)
  }

  private func counts(before position: Int) -> (lines: Int, columns: Int) {
    let passed = UnsafeBufferPointer(start: memory + counted, count: max(position - counted, 0))
    let lines = countBytes(lineFeed, in: passed)
    let lastLine = lines == 0 ? 0 : (passed.lastIndex(of: lineFeed) ?? -1) + 1
    var columns = lines == 0 ? columnsBefore : 0
    for byte in passed[lastLine...] where columnsAreBytes || byte & 0xC0 != 0x80 { columns += 1 }
    return (linesBefore + lines, columns)
  }
}

// MARK: - Bytes, scalars and lines

extension ByteSource {
  /// The next byte, which stays unread; nil at the end.
  @inline(__always) mutating func peek() throws -> UInt8? {
    while start == end { if try !fill() { return nil } }
    return memory[start]
  }

  /// Reads a byte; nil at the end.
  @inline(__always) mutating func nextByte() throws -> UInt8? {
    guard let byte = try peek() else { return nil }
    start += 1
    return byte
  }

  /// Reads a Unicode scalar; nil at the end. Throws `DataError.notUTF8`.
  @inline(__always) mutating func nextScalar() throws -> UInt32? {
    guard let byte = try peek() else { return nil }
    if byte < 0x80 {
      start += 1
      return UInt32(byte)
    }
    return try nextLongScalar()
  }

  private mutating func nextLongScalar() throws -> UInt32 {
    while true {
      switch decodedScalar(unread) {
      case .scalar(let value, let length):
        start += length
        return value
      case .incomplete: if try fill() { continue }
      case .illFormed: break
      }
      throw DataError.notUTF8(location(), byte: memory[start])
    }
  }

  /// Reads a line; nil at the end. The bytes are valid UTF-8, without the line's end (LF or CR LF), and stay in memory
  /// until the next call. Throws `DataError.notUTF8`.
  package mutating func nextLine() throws -> UnsafeBufferPointer<UInt8>? {
    guard try peek() != nil else { return nil }
    var length = 0
    while true {
      if let found = memchr(memory + start + length, Int32(lineFeed), end - start - length) {
        length = UnsafeRawPointer(found) - UnsafeRawPointer(memory + start)
        break
      }
      length = end - start
      if try !fill() { break }
    }
    lineStart = start
    let hasEnd = start + length < end
    lineIsWhole = hasEnd
    start += length + (hasEnd ? 1 : 0)
    if hasEnd, length > 0, memory[lineStart + length - 1] == carriageReturn { length -= 1 }
    let line = UnsafeBufferPointer(start: memory + lineStart, count: length)
    if let bad = firstIllFormedByte(in: line) { throw DataError.notUTF8(location(inLine: bad), byte: line[bad]) }
    return line
  }

  /// The first bytes that are unread, `count` of them if there are so many; they stay unread.
  package mutating func head(_ count: Int) throws -> [UInt8] {
    while unread.count < count { if try !fill() { break } }
    return Array(unread.prefix(count))
  }

  /// Makes each CR an LF where the first lines end at CR alone, as in files of old Macs; says whether they do. Lines of
  /// more than 64 KB are not looked through.
  mutating func endLinesAtLoneReturns() throws -> Bool {
    let looked = 1 << 16
    while unread.count < looked, !unread.contains(lineFeed) { if try !fill() { break } }
    // The last CR may belong to an LF that is not there yet.
    let start = isAtEnd ? unread[...] : unread.prefix(looked).dropLast()
    guard start.contains(carriageReturn), !unread.contains(lineFeed) else { return false }
    returnsEndLines = true
    endLinesAtReturns(from: self.start, unread.count)
    return true
  }

  /// What a person is told where they do.
  var remarkOnLoneReturns: String { "\(name) has no line feeds: its lines end at carriage returns (CR)" }

  private func endLinesAtReturns(from position: Int, _ count: Int) {
    for i in position..<position + count where memory[i] == carriageReturn { memory[i] = lineFeed }
  }

  /// Passes over U+FEFF at the start of the input, which then counts as no column.
  package mutating func skipByteOrderMark() throws {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    while unread.count < mark.count, unread.elementsEqual(mark.prefix(unread.count)) { if try !fill() { return } }
    guard unread.starts(with: mark) else { return }
    advance(by: mark.count)
    counted = start
  }
}

/// How often `byte` occurs. Every block passes here: the counts of short pieces fit a byte, and without
/// overflow checks the compiler makes vectors of them.
private func countBytes(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
  guard let base = bytes.baseAddress else { return 0 }
  let piece = 224
  var total = 0
  var start = 0
  while bytes.count - start >= piece {
    let first = base + start
    var few: UInt8 = 0
    var i = 0
    while i != piece {
      few &+= first[i] == byte ? 1 : 0
      i &+= 1
    }
    total += Int(few)
    start += piece
  }
  for i in start..<bytes.count where base[i] == byte { total += 1 }
  return total
}

let standardInputName = "standard input"
let lineFeed: UInt8 = 10
let carriageReturn: UInt8 = 13
