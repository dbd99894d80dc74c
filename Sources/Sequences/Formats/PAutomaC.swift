/// The format of the PAutomaC competition (Verwer, Eyraud and de la Higuera 2014): first the numbers of sequences and of
/// symbols, then a line for each sequence, its length and its symbols. The alphabet is all that the header declares.
package enum PAutomaCFormat: SymbolFormat {
  package static let name = "pautomac"
  package static let suffixes = [".pautomac"]
  package static let summary = "a line of integers, its length first, below a header `sequences alphabet`"

  /// More symbols than that are a mistake, not an alphabet.
  static let largestAlphabet = 1_000_000

  package static func claims(fileName: String) -> Bool {
    fileName.hasSuffix(".pautomac") || fileName.contains(".pautomac.")
  }

  package static let fixedKind: SymbolKind? = .words

  package static func read(_ source: inout ByteSource, into builder: inout SequenceBuilder) throws {
    guard let header = try source.nextLine() else { return }
    var tokens = IntegerTokens(header)
    let declared = try tokens.next("the number of sequences", source)
    let size = try tokens.next("the size of the alphabet", source)
    if size > largestAlphabet {
      throw DataError.malformed(
        source.location(inLine: tokens.tokenStart),
        "expected an alphabet of at most \(largestAlphabet) symbols, found \(size)")
    }
    try tokens.expectEnd(source)
    let numbers = (0..<size).map { builder.number(of: String($0)) }

    while let line = try source.nextLine() {
      if builder.count == declared {
        guard IntegerTokens(line).isAtEnd else {
          throw DataError.malformed(
            source.location(inLine: 0),
            "expected the end after the \(declared) sequences of the header, found another line")
        }
        continue
      }
      try readSequence(line, numbers, source, into: &builder)
    }
    if builder.count < declared {
      throw DataError.malformed(
        source.location(), "expected \(declared) sequences, as the header says, found \(builder.count)")
    }
  }

  private static func readSequence(
    _ line: UnsafeBufferPointer<UInt8>, _ numbers: [UInt32], _ source: borrowing ByteSource,
    into builder: inout SequenceBuilder
  ) throws {
    var tokens = IntegerTokens(line)
    let length = try tokens.next("a sequence's length", source)
    let lengthStart = tokens.tokenStart
    var count = 0
    while !tokens.isAtEnd {
      let symbol = try tokens.next("a symbol", source)
      guard symbol < numbers.count else {
        throw DataError.malformed(
          source.location(inLine: tokens.tokenStart), "expected a symbol less than \(numbers.count), found \(symbol)")
      }
      let start = tokens.tokenStart
      try builder.append(number: numbers[symbol], { source.location(inLine: start) }, name: { String(symbol) })
      count += 1
    }
    if count != length {
      throw DataError.malformed(
        source.location(inLine: lengthStart),
        "expected \(length) symbols, as the line's first number says, found \(count)")
    }
    builder.endSequence()
  }
}

/// The integers of a line, with blanks between them.
private struct IntegerTokens {
  private let line: UnsafeBufferPointer<UInt8>
  private var position = 0
  /// Where the last integer begins.
  private(set) var tokenStart = 0

  init(_ line: UnsafeBufferPointer<UInt8>) {
    self.line = line
    skipBlanks()
  }

  var isAtEnd: Bool { position == line.count }

  private mutating func skipBlanks() {
    while position < line.count, isBlank(line[position]) { position += 1 }
  }

  /// The next integer, from 0 up; `what` says what it is, in an error.
  mutating func next(_ what: String, _ source: borrowing ByteSource) throws -> Int {
    tokenStart = position
    var value = 0
    var isInteger = !isAtEnd
    while position < line.count, !isBlank(line[position]) {
      let digit = Int(line[position]) - 48
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(digit)
      if !(0...9).contains(digit) || overflow || carry { isInteger = false }
      value = isInteger ? sum : 0
      position += 1
    }
    if !isInteger { throw unexpected(what, source) }
    skipBlanks()
    return value
  }

  func expectEnd(_ source: borrowing ByteSource) throws {
    guard isAtEnd else {
      var rest = self
      rest.tokenStart = position
      while rest.position < line.count, !isBlank(line[rest.position]) { rest.position += 1 }
      throw rest.unexpected("the end of the line", source)
    }
  }

  private func unexpected(_ what: String, _ source: borrowing ByteSource) -> DataError {
    let token = String(decoding: line[tokenStart..<position], as: UTF8.self)
    let found = token.isEmpty ? "the end of the line" : VisibleText.quoted(token)
    return .malformed(source.location(inLine: tokenStart), "expected \(what), found \(found)")
  }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
