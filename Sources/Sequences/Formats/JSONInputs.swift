/// Reads x of a line of `jsonl`: a list of numbers, or a list of such lists.
struct JSONInputs {
  private let line: UnsafeBufferPointer<UInt8>
  private var cursor: JSONCursor

  private init(_ line: UnsafeBufferPointer<UInt8>, at start: Int) {
    self.line = line
    cursor = JSONCursor(line, at: start)
  }

  /// Hands the x of a sequence of `length` elements to `inputs`. `location` tells the place of a byte of the line.
  static func read(
    _ line: UnsafeBufferPointer<UInt8>, length: Int, into inputs: inout InputBuilder, _ location: (Int) -> Location
  ) throws {
    let starts = JSONPlaces.offsets(ofValuesUnder: "x", in: line)
    guard let start = starts.first, line[start...].prefix(4).elementsEqual("null".utf8) == false else {
      return try inputs.noInputs { location(0) }
    }
    if starts.count > 1 { throw DataError.malformed(location(starts[1]), "expected one x, found a second") }
    var reader = JSONInputs(line, at: start)
    try reader.read(length: length, into: &inputs, location)
  }

  private mutating func read(length: Int, into inputs: inout InputBuilder, _ location: (Int) -> Location) throws {
    let start = cursor.position
    guard cursor.skip("[") else { throw wrong("a list in x", location) }
    if cursor.skip("]") { return try inputs.noVectors(length: length) { location(start) } }
    guard cursor.peek() == UInt8(ascii: "[") else {
      let width = try readNumbers(into: &inputs, location)
      return try inputs.endVector(width: width, isPerStep: false) { location(start) }
    }
    var rows = 0
    repeat {
      _ = cursor.peek()
      let vector = cursor.position
      guard cursor.skip("[") else { throw wrong("a vector in x", location) }
      let width = cursor.skip("]") ? 0 : try readNumbers(into: &inputs, location)
      try inputs.endVector(width: width, isPerStep: true) { location(vector) }
      rows += 1
    } while cursor.skip(",")
    guard cursor.skip("]") else { throw wrong("a comma or the end of x", location) }
    guard rows == length else {
      let wanted = length == 1 ? "1 vector" : "\(length) vectors"
      throw DataError.malformed(
        location(start), "expected \(wanted) in x, one for each element of y, found \(rows)")
    }
  }

  /// Reads numbers up to the end of their list, and returns how many.
  private mutating func readNumbers(into inputs: inout InputBuilder, _ location: (Int) -> Location) throws -> Int {
    var count = 0
    repeat {
      _ = cursor.peek()
      var next = cursor
      let token = line[next.skipValue()]
      guard isNumber(token), let value = Float(String(decoding: token, as: UTF8.self)) else {
        throw wrong("a number in x", location)
      }
      guard abs(value) <= InputVectors.largest else {
        throw wrong("a number in x of at most 1e12 in magnitude (best scaled to about 1)", location)
      }
      inputs.append(value)
      count += 1
      cursor = next
    } while cursor.skip(",")
    guard cursor.skip("]") else { throw wrong("a comma or the end of a list in x", location) }
    return count
  }

  /// The error that something was expected instead of what comes next.
  private mutating func wrong(_ expected: String, _ location: (Int) -> Location) -> DataError {
    let found =
      switch cursor.peek() {
      case UInt8(ascii: "["): "a list"
      case UInt8(ascii: "{"): "an object"
      case UInt8(ascii: "\""): "a string"
      case nil: "the end of the line"
      case let byte?: found(byte)
      }
    return .malformed(location(cursor.position), "expected \(expected), found \(found)")
  }

  /// A word, cut where it is long, or a mark.
  private func found(_ byte: UInt8) -> String {
    var next = cursor
    let word = line[next.skipValue()]
    let shown = word.isEmpty ? String(Unicode.Scalar(byte)) : String(decoding: word.prefix(20), as: UTF8.self)
    return word.count > 20 ? shown + "…" : shown
  }
}

/// Whether this is a number of JSON (RFC 8259, section 6), which the decoder does not see to where it passes over one.
private func isNumber(_ token: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
  var rest = token
  func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
  func digits() -> Int {
    let count = rest.prefix(while: isDigit).count
    rest = rest.dropFirst(count)
    return count
  }
  if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
  let startsWithZero = rest.first == UInt8(ascii: "0")
  let whole = digits()
  if whole == 0 || startsWithZero && whole > 1 { return false }
  if rest.first == UInt8(ascii: ".") {
    rest = rest.dropFirst()
    if digits() == 0 { return false }
  }
  if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
    rest = rest.dropFirst()
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    if digits() == 0 { return false }
  }
  return rest.isEmpty
}
