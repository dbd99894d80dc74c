/// y of `jsonl` as vectors: numbers or texts, or lists of them.
extension VectorBuilder: JSONLineBuilder {
  mutating func readElements(_ scanner: inout JSONScanner, _ location: (Int) -> Location) throws -> Int {
    try scanner.expect("[", "a list under the key \"y\"")
    if scanner.skip("]") { return 0 }
    var count = 0
    repeat {
      let next = scanner.peek()
      let start = scanner.position
      if next == UInt8(ascii: "[") {
        _ = scanner.skip("[")
        if !scanner.skip("]") {
          repeat { try readNumber(&scanner, location) } while scanner.skip(",")
          try scanner.expect("]", "a comma or the end of a vector in y")
        }
      } else {
        try readNumber(&scanner, location)
      }
      try endVector(at: location(start))
      count += 1
    } while scanner.skip(",")
    try scanner.expect("]", "a comma or the end of y")
    return count
  }

  @inline(__always)
  private mutating func readNumber(_ scanner: inout JSONScanner, _ location: (Int) -> Location) throws {
    let next = scanner.peek()
    let start = scanner.position
    if next == UInt8(ascii: "\"") { return try readLevel(&scanner, location) }
    if scanner.skip(word: "null") { throw DataError.missingElement(location(start)) }
    if infersLevels {
      let token = UnsafeBufferPointer(rebasing: try scanner.number("a text in y, as in the first vector"))
      throw JSONFault(
        offset: start,
        problem:
          "expected a text in y, as in the first vector, found \(shown(token)); `--values categories` reads numbers as "
          + "levels too")
    }
    let token = UnsafeBufferPointer(rebasing: try scanner.number("a number in y"))
    guard let number = WrittenNumber(token), number.value.isFinite else {
      throw JSONFault(offset: start, problem: "expected a finite number in y, found \(shown(token))")
    }
    try append(number, at: location(start))
  }

  /// Reads a text, the level of a category; where nothing says what the data are, the first one does.
  private mutating func readLevel(_ scanner: inout JSONScanner, _ location: (Int) -> Location) throws {
    let start = scanner.position
    let string = try scanner.string("a text in y")
    if isOpen { inferLevels() }
    guard takesLevels else {
      throw JSONFault(
        offset: start,
        problem: "expected a number in y, found a string"
          + (mayMeanLevels ? "; `--values categories` reads texts and numbers as levels" : ""))
    }
    try scanner.withBytes(of: string) { try append(level: $0, at: location(start)) }
  }
}

extension JSONLinesFormat {
  /// Whether y holds vectors, by its elements at the beginning of the file: the first one that is no integer says so. A string is
  /// a symbol, a number with a point or an exponent, or a list, a vector; integers alone are symbols.
  package static func holdsVectors(head: [UInt8]) -> Bool {
    for line in head.split(whereSeparator: { $0 == lineFeed || $0 == carriageReturn }) {
      let answer = line.withUnsafeBufferPointer { bytes in
        var scanner = JSONScanner(bytes)
        return try? elementsAreVectors(&scanner)
      }
      if let answer { return answer }
    }
    return false
  }

  /// Whether the elements of y in one line are vectors; nil where they may be either.
  /// - Throws: `JSONFault`, also where the line goes on behind the bytes.
  private static func elementsAreVectors(_ scanner: inout JSONScanner) throws(JSONFault) -> Bool? {
    // A byte order mark, in the first line, is not looked at.
    scanner.skipByteOrderMark()
    guard scanner.skip("{") else { return nil }
    repeat {
      let key = try scanner.key(isAfterComma: false)
      guard scanner.withBytes(of: key, { $0.elementsEqual("y".utf8) }) else {
        try scanner.skipValue()
        continue
      }
      guard scanner.skip("[") else { return nil }
      repeat {
        switch scanner.peek() {
        case UInt8(ascii: "["): return true
        case UInt8(ascii: "\""): return false
        case let byte? where beginsNumber(byte):
          if let number = WrittenNumber(UnsafeBufferPointer(rebasing: try scanner.number("a number"))),
            !number.isInteger
          {
            return true
          }
        default: try scanner.skipValue()
        }
      } while scanner.skip(",")
      return nil
    } while scanner.skip(",")
    return nil
  }
}
