/// What is wrong with a line of JSON, and at which of its bytes.
struct JSONFault: Error {
  var offset: Int
  /// "expected a, found b".
  var problem: String
}

/// A strict scanner of one line of JSON (RFC 8259): each value is read once, and whatever is not well-formed is refused
/// where it stands.
///
/// The bytes must be valid UTF-8. Every operation is O(bytes that it passes over).
struct JSONScanner {
  private let line: UnsafeBufferPointer<UInt8>
  private(set) var position = 0
  /// The last string that has escapes, decoded.
  private var decoded: [UInt8] = []

  /// Lists and objects within each other, beyond which a line is refused.
  static let deepestNesting = 512

  init(_ line: UnsafeBufferPointer<UInt8>) { self.line = line }

  /// The next byte that is no blank, which stays unread; nil at the end of the line.
  @inline(__always) mutating func peek() -> UInt8? {
    while position < line.count {
      let byte = line[position]
      if byte != 0x20, byte != 0x09, byte != carriageReturn { return byte }
      position += 1
    }
    return nil
  }

  /// Passes over U+FEFF at the start.
  mutating func skipByteOrderMark() { if line.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 } }

  /// Passes over `character` if it is next.
  @inline(__always) mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// The same, and an error where something else is next.
  mutating func expect(_ character: Unicode.Scalar, _ expected: String) throws(JSONFault) {
    guard skip(character) else { throw wrong(expected) }
  }
}

// MARK: - Strings

extension JSONScanner {
  /// Reads a string and its closing quote. Nil where it has escapes, which are decoded; `withBytes` gives the content of both.
  mutating func string(_ expected: String) throws(JSONFault) -> Range<Int>? {
    try expect("\"", expected)
    let start = position
    while position < line.count {
      let byte = line[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        return start..<position - 1
      }
      if byte == UInt8(ascii: "\\") {
        try decode(from: start)
        return nil
      }
      if byte < 0x20 { throw bareControl(byte) }
      position += 1
    }
    throw wrong("the end of a string")
  }

  /// The content of the string that was read last.
  func withBytes<Result>(
    of string: Range<Int>?, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    if let string { return try body(UnsafeBufferPointer(rebasing: line[string])) }
    return try decoded.withUnsafeBufferPointer(body)
  }

  /// Decodes the rest of a string, whose first escape is next.
  private mutating func decode(from start: Int) throws(JSONFault) {
    decoded.removeAll(keepingCapacity: true)
    decoded.append(contentsOf: line[start..<position])
    while position < line.count {
      let byte = line[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return
      case UInt8(ascii: "\\"): try decodeEscape()
      case 0..<0x20: throw bareControl(byte)
      default:
        decoded.append(byte)
        position += 1
      }
    }
    throw wrong("the end of a string")
  }

  private mutating func decodeEscape() throws(JSONFault) {
    let start = position
    position += 1
    guard position < line.count else { throw wrong("the end of a string") }
    let byte = line[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "n"): decoded.append(0x0A)
    case UInt8(ascii: "r"): decoded.append(0x0D)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "u"): try decodeScalar(from: start)
    default: throw JSONFault(offset: start, problem: "expected an escape of JSON after the \\, such as \\\\ or \\n")
    }
  }

  /// Decodes an escape by four hexadecimal digits, or the two of a surrogate pair; the first `\u` has been read.
  private mutating func decodeScalar(from start: Int) throws(JSONFault) {
    var value = try hexadecimal(from: start)
    if 0xD800..<0xDC00 ~= value, position + 1 < line.count, line[position] == UInt8(ascii: "\\"),
      line[position + 1] == UInt8(ascii: "u")
    {
      position += 2
      let low = try hexadecimal(from: position - 2)
      if 0xDC00..<0xE000 ~= low { value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00) }
    }
    guard let scalar = Unicode.Scalar(value) else {
      let name = value.hexadecimal(digits: 4, uppercase: true)
      throw JSONFault(
        offset: start, problem: "expected a character, found half of a surrogate pair, U+\(name), without the other")
    }
    decoded.append(contentsOf: Array(String(Character(scalar)).utf8))
  }

  private mutating func hexadecimal(from start: Int) throws(JSONFault) -> UInt32 {
    let digits = line[position..<min(position + 4, line.count)]
    guard digits.count == 4, digits.allSatisfy({ isHexadecimal($0) }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw JSONFault(offset: start, problem: "expected four hexadecimal digits after \\u") }
    position += 4
    return value
  }

  private func bareControl(_ byte: UInt8) -> JSONFault {
    let code = byte.hexadecimal(digits: 4, uppercase: true)
    return JSONFault(
      offset: position,
      problem: "expected a character, found the control character U+\(code), which JSON writes \\u\(code)")
  }
}

// MARK: - Numbers, words and whole values

extension JSONScanner {
  /// Reads a number, whose text has the form that JSON demands.
  mutating func number(_ expected: String) throws(JSONFault) -> Slice<UnsafeBufferPointer<UInt8>> {
    _ = peek()
    let token = line[word()]
    guard isNumber(token) else { throw wrong(expected) }
    position = token.endIndex
    return token
  }

  /// Passes over the word, such as `null`, if it is next.
  mutating func skip(word expected: StaticString) -> Bool {
    _ = peek()
    let range = word()
    guard expected.withUTF8Buffer({ line[range].elementsEqual($0) }) else { return false }
    position = range.upperBound
    return true
  }

  /// Passes over the next value, lists and objects whole.
  mutating func skipValue() throws(JSONFault) {
    var closers: [Unicode.Scalar] = []
    var isAfterComma = false
    repeat {
      // The next value, or the beginning of one.
      if let opened = try skipSimpleValue(isAfterComma) {
        if closers.count == Self.deepestNesting {
          position -= 1
          throw wrong("lists within lists at most \(Self.deepestNesting) deep")
        }
        isAfterComma = false
        if !skip(opened) {
          closers.append(opened)
          if opened == "}" { _ = try key(isAfterComma: false) }
          continue
        }
      }
      // A value has ended.
      isAfterComma = false
      while let closer = closers.last, !isAfterComma {
        isAfterComma = skip(",")
        if isAfterComma {
          if closer == "}" { _ = try key(isAfterComma: true) }
        } else {
          try expect(closer, "a comma or the end of \(closer == "]" ? "a list" : "an object")")
          closers.removeLast()
        }
      }
    } while !closers.isEmpty
  }

  /// Passes over a value that holds no others; the end of the list or object that begins instead.
  private mutating func skipSimpleValue(_ isAfterComma: Bool) throws(JSONFault) -> Unicode.Scalar? {
    switch peek() {
    case UInt8(ascii: "["):
      position += 1
      return "]"
    case UInt8(ascii: "{"):
      position += 1
      return "}"
    case UInt8(ascii: "\""): _ = try string("a string")
    case let byte? where beginsNumber(byte): _ = try number("a number")
    default:
      guard skip(word: "true") || skip(word: "false") || skip(word: "null") else {
        throw wrong(isAfterComma ? "a value after the comma" : "a value")
      }
    }
    return nil
  }

  /// Reads the key of an object's next value and the colon. As with `string`, nil where it has escapes.
  mutating func key(isAfterComma: Bool) throws(JSONFault) -> Range<Int>? {
    let key = try string(isAfterComma ? "a key after the comma" : "a key")
    try expect(":", "a colon after the key")
    return key
  }

  /// Where the next word ends: a number, true, false or null, up to a blank or a mark.
  private func word() -> Range<Int> {
    var end = position
    scan: while end < line.count {
      switch line[end] {
      case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"), UInt8(ascii: "["),
        UInt8(ascii: "{"), UInt8(ascii: "\""), 0x20, 0x09, carriageReturn:
        break scan
      default: end += 1
      }
    }
    return position..<end
  }

  /// The error that something was expected instead of what comes next.
  mutating func wrong(_ expected: String) -> JSONFault {
    let found: String
    switch peek() {
    case UInt8(ascii: "["): found = "a list"
    case UInt8(ascii: "{"): found = "an object"
    case UInt8(ascii: "\""): found = "a string"
    case nil: found = "the end of the line"
    case let byte?:
      let word = line[word()]
      let shown = word.isEmpty ? String(Unicode.Scalar(byte)) : String(decoding: word.prefix(20), as: UTF8.self)
      found = word.count > 20 ? shown + "…" : shown
    }
    return JSONFault(offset: position, problem: "expected \(expected), found \(found)")
  }
}

/// Whether no other value of JSON than a number begins like this.
func beginsNumber(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || isDigit(byte) }

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

private func isHexadecimal(_ byte: UInt8) -> Bool {
  isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
}

/// Whether this is a number of JSON (RFC 8259, section 6).
private func isNumber(_ token: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
  var rest = token
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
