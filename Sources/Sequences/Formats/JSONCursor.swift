/// A walk along a line of JSON, value by value.
///
/// It does not check the whole: whoever needs a line to be JSON has it decoded as well. Whatever stands there, the walk
/// stays in the line and comes to its end.
struct JSONCursor {
  private let line: UnsafeBufferPointer<UInt8>
  private(set) var position: Int

  init(_ line: UnsafeBufferPointer<UInt8>, at position: Int = 0) {
    self.line = line
    self.position = position
  }

  /// The next byte that is no blank; nil at the end of the line. What lies before it is passed over.
  mutating func peek() -> UInt8? {
    while position < line.count {
      let byte = line[position]
      if byte != 0x20, byte != 0x09, byte != carriageReturn { return byte }
      position += 1
    }
    return nil
  }

  /// Passes over `character` if it is next.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Passes over the next value, lists and objects whole, and returns where it stands; an empty range where there is none.
  mutating func skipValue() -> Range<Int> {
    _ = peek()
    let start = position
    var depth = 0
    repeat {
      switch peek() {
      case UInt8(ascii: "\""): skipString()
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        position += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        if depth == 0 { return start..<position }
        depth -= 1
        position += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        if depth == 0 { return start..<position }
        position += 1
      case nil: return start..<position
      default: skipWord()
      }
    } while depth > 0
    return start..<position
  }

  private mutating func skipString() {
    position += 1
    while position < line.count, line[position] != UInt8(ascii: "\"") {
      position += line[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    position = min(position + 1, line.count)
  }

  /// A number, true, false or null: up to the next mark.
  private mutating func skipWord() {
    while position < line.count {
      switch line[position] {
      case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"), UInt8(ascii: "["),
        UInt8(ascii: "{"), UInt8(ascii: "\""), 0x20, 0x09, carriageReturn:
        return
      default: position += 1
      }
    }
  }
}
