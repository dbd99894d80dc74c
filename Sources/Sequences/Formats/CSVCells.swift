/// The cells of one line of a table (RFC 4180): fields between separators, which may stand in quotation marks. Blanks around a
/// field count for nothing.
struct CSVCells {
  /// A field of the line.
  struct Cell {
    /// Where it begins.
    var start: Int
    /// Its content, without quotation marks.
    var content: Range<Int>
    /// Whether the content has doubled quotation marks, each of which stands for one.
    var hasEscapes = false
  }

  private let separator: UInt8
  private var line = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  private var cells: [Cell] = []

  init(separator: UInt8) { self.separator = separator }

  /// The separator of a table with this first line: a tab if there is one outside quotation marks, else a semicolon, else a
  /// comma.
  static func separator(of line: UnsafeBufferPointer<UInt8>) -> UInt8 {
    var (isQuoted, found) = (false, UInt8(ascii: ","))
    for byte in line {
      if byte == quote { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == UInt8(ascii: "\t") { return byte }
      if byte == UInt8(ascii: ";") { found = byte }
    }
    return found
  }

  /// Divides the line that `source` read last, which must stay in memory while cells are asked for. O(bytes).
  /// - Throws: `DataError.malformed` where a quotation mark is not closed.
  mutating func read(_ line: UnsafeBufferPointer<UInt8>, _ source: borrowing ByteSource) throws {
    self.line = line
    cells.removeAll(keepingCapacity: true)
    var position = 0
    repeat {
      while position < line.count, isBlank(line[position]) { position += 1 }
      var cell = Cell(start: position, content: position..<position)
      if position < line.count, line[position] == Self.quote {
        try readQuoted(&cell, &position, source)
      } else {
        while position < line.count, line[position] != separator { position += 1 }
        var end = position
        while end > cell.start, isBlank(line[end - 1]) { end -= 1 }
        cell.content = cell.start..<end
      }
      cells.append(cell)
      position += 1
    } while position <= line.count
  }

  private func readQuoted(_ cell: inout Cell, _ position: inout Int, _ source: borrowing ByteSource) throws {
    position += 1
    let start = position
    while true {
      guard position < line.count else {
        throw DataError.malformed(
          source.location(inLine: cell.start),
          "expected a closing quotation mark, found the end of the line; fields with line breaks cannot be read")
      }
      if line[position] == Self.quote {
        guard position + 1 < line.count, line[position + 1] == Self.quote else { break }
        cell.hasEscapes = true
        position += 1
      }
      position += 1
    }
    cell.content = start..<position
    position += 1
    while position < line.count, isBlank(line[position]) { position += 1 }
    if position < line.count, line[position] != separator {
      throw DataError.malformed(
        source.location(inLine: position),
        "expected a separator after the quotation mark, found \(shown(UnsafeBufferPointer(rebasing: line[position...])))"
      )
    }
  }

  /// How many there are, at least one.
  var count: Int { cells.count }

  /// The bytes of a cell, without quotation marks.
  subscript(_ i: Int) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: line[cells[i].content]) }

  /// The text of a cell.
  func text(_ i: Int) -> String {
    let text = String(decoding: self[i], as: UTF8.self)
    return cells[i].hasEscapes ? text.replacing("\"\"", with: "\"") : text
  }

  /// The level of a category in a cell, lent to `body`. Marks of a missing element are levels in quotation marks.
  /// - Throws: `DataError.missingElement`.
  func withLevel(
    _ i: Int, _ source: borrowing ByteSource, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
  ) throws {
    if isMissing(i) { throw DataError.missingElement(source.location(inLine: start(i))) }
    if !cells[i].hasEscapes { return try body(self[i]) }
    var text = text(i)
    try text.withUTF8(body)
  }

  /// Whether a cell certainly holds a text: it is no mark of a missing element, and neither a number nor what may be meant as one,
  /// such as 0,5 or a date.
  func isText(_ i: Int) -> Bool {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let beginsNumber = self[i].drop { "+-.".utf8.contains($0) }.first.map(digits.contains) ?? true
    return !beginsNumber && Double(text(i)) == nil && !isMissing(i)
  }

  private func isMissing(_ i: Int) -> Bool {
    let isQuoted = cells[i].content.lowerBound > cells[i].start
    return !isQuoted && Self.marksOfMissing.contains { self[i].elementsEqual($0.utf8) }
  }

  /// Where a cell begins in the line.
  func start(_ i: Int) -> Int { cells[i].start }

  /// Where the line ends.
  var end: Int { line.count }

  /// Whether nothing stands in a cell.
  func isEmpty(_ i: Int) -> Bool { cells[i].content.isEmpty }

  /// The number in a cell.
  /// - Throws: `DataError.missingElement`; `DataError.malformed` with `advice`, a clause, where no number stands there.
  @inline(__always)
  func number(
    _ i: Int, _ source: borrowing ByteSource, advice: @autoclosure () -> String = ""
  ) throws -> WrittenNumber {
    let bytes = self[i]
    if let number = WrittenNumber(bytes), number.value.isFinite { return number }
    throw noNumber(bytes, source.location(inLine: start(i)), advice())
  }

  /// x's number in a cell.
  /// - Throws: as `number`, also for numbers that are too large for an input.
  func input(_ i: Int, _ source: borrowing ByteSource) throws -> Float {
    let value = Float(try number(i, source).value)
    if abs(value) <= InputVectors.largest { return value }
    throw DataError.malformed(
      source.location(inLine: start(i)),
      "expected a number in x of at most 1e12 in magnitude (best scaled to about 1), found \(shown(self[i]))")
  }

  private func noNumber(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Location, _ advice: String) -> DataError {
    if Self.marksOfMissing.contains(where: { bytes.elementsEqual($0.utf8) }) { return .missingElement(place) }
    let hasComma = WrittenNumber(text: String(decoding: bytes, as: UTF8.self).replacing(",", with: ".")) != nil
    let isLarge = WrittenNumber(bytes) != nil
    return .malformed(
      place,
      "expected a \(isLarge ? "finite " : "")number, found \(shown(bytes))"
        + (hasComma && !isLarge ? "; decimals are written with a point" : advice))
  }

  /// What stands in tables for an element that is not known.
  static let marksOfMissing = ["", "NA", "?", "null"]

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 && separator != 0x09 }

  private static let quote = UInt8(ascii: "\"")
}
