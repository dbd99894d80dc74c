/// y of `jsonl` as symbols: strings, or integers.
extension SequenceBuilder: JSONLineBuilder {
  mutating func readElements(_ scanner: inout JSONScanner, _ location: (Int) -> Location) throws -> Int {
    try scanner.expect("[", "a list under the key \"y\"")
    if scanner.skip("]") { return 0 }
    var count = 0
    repeat {
      try readElement(&scanner, isAfterComma: count > 0, location)
      count += 1
    } while scanner.skip(",")
    try scanner.expect("]", "a comma or the end of y")
    return count
  }

  @inline(__always) private mutating func readElement(
    _ scanner: inout JSONScanner, isAfterComma: Bool, _ location: (Int) -> Location
  ) throws {
    let next = scanner.peek()
    let start = scanner.position
    switch next {
    case UInt8(ascii: "\""):
      let string = try scanner.string("a symbol in y")
      try scanner.withBytes(of: string) { bytes in
        if bytes.isEmpty { throw JSONFault(offset: start, problem: "expected a symbol in y, found an empty string") }
        try append(bytes, at: location(start))
      }
    case let byte? where beginsNumber(byte):
      let token = try scanner.number("an integer in y")
      if token.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }) {
        throw DataError.realValues(location(start))
      }
      guard let integer = Int(String(decoding: token, as: UTF8.self)) else {
        let shown = String(decoding: token.prefix(20), as: UTF8.self) + (token.count > 20 ? "…" : "")
        throw JSONFault(
          offset: start,
          problem: "expected an integer from -2^63 to 2^63 - 1, found \(shown); larger ones can be written as strings")
      }
      try append(String(integer), at: location(start))
    case UInt8(ascii: "["):
      if missing != nil { return try readSet(&scanner, location) }
      // A vector at each step; anything else is no data of ours.
      _ = scanner.skip("[")
      if scanner.skip("]") || scanner.peek().map(beginsNumber) == true { throw DataError.realValues(location(start)) }
      throw JSONFault(
        offset: start,
        problem:
          "expected strings or integers in y, found a list; `--values` reads vectors where the data come from standard input"
      )
    default:
      if scanner.skip(word: "null") {
        guard let missing else { throw DataError.missingElement(location(start)) }
        return try append(keepsUnseen ? GapMarks.json.gap : missing, at: location(start))
      }
      throw scanner.wrong(isAfterComma ? "a string or an integer after the comma" : "strings or integers in y")
    }
  }

  /// A list of the symbols of which one stands here, between marks of their own: as where lines of words have it.
  private mutating func readSet(_ scanner: inout JSONScanner, _ location: (Int) -> Location) throws {
    let start = scanner.position
    _ = scanner.skip("[")
    guard keepsUnseen else {
      throw JSONFault(offset: start, problem: "expected a symbol, found a list: sets of symbols are for fill and score")
    }
    try append(GapMarks.json.begin, at: location(start))
    if scanner.skip("]") { throw JSONFault(offset: start, problem: "expected symbols in a set, found none") }
    var count = 0
    repeat {
      if let next = scanner.peek(), next == UInt8(ascii: "[") || next == UInt8(ascii: "n") {
        throw JSONFault(
          offset: scanner.position, problem: "expected a symbol of a set, found \(next == 0x5B ? "a list" : "null")")
      }
      try readElement(&scanner, isAfterComma: count > 0, location)
      count += 1
    } while scanner.skip(",")
    try scanner.expect("]", "a comma or the end of a set of symbols")
    try append(GapMarks.json.end, at: location(start))
  }
}
