/// An object `{"y": […], "x": […]}` a line. y holds strings or integers, which are symbols, or numbers, or lists of numbers or
/// of strings of one width, which are vectors. x, the inputs, is one vector of numbers, or a list of as many vectors as y has elements; it
/// may be left out, and then in all lines. Other keys are ignored.
package enum JSONLinesFormat: SymbolFormat, VectorFormat {
  package static let name = "jsonl"
  package static let suffixes = [".jsonl", ".ndjson"]
  package static let summary =
    "an object {\"y\": [...]}, y of strings, integers, numbers or lists of numbers or strings, with \"x\" if there are inputs"

  package static let fixedKind: SymbolKind? = .words

  package static func read(_ source: inout ByteSource, into builder: inout SequenceBuilder) throws {
    try readLines(&source, into: &builder)
  }

  package static func read(_ source: inout ByteSource, _ options: ReadOptions, into builder: inout VectorBuilder) throws
  {
    try readLines(&source, into: &builder)
  }

  private static func readLines(_ source: inout ByteSource, into builder: inout some JSONLineBuilder & ~Copyable) throws
  {
    while let line = try source.nextLine() {
      var object = JSONSequence(line)
      do {
        if try object.read(into: &builder, { source.location(inLine: $0) }) { builder.endSequence() }
      } catch let fault as JSONFault {
        throw DataError.malformed(source.location(inLine: fault.offset), fault.problem)
      }
    }
  }
}

/// What the lines of `jsonl` are read into.
protocol JSONLineBuilder: ~Copyable {
  var inputs: InputBuilder { get set }
  /// Appends the elements of y, a list that is next, and returns how many.
  /// - Parameter location: the place of a byte of the line.
  /// - Throws: `JSONFault`, `DataError`.
  mutating func readElements(_ scanner: inout JSONScanner, _ location: (Int) -> Location) throws -> Int
  mutating func endSequence()
}

/// Reads one line of `jsonl` in a single pass.
private struct JSONSequence {
  private var scanner: JSONScanner
  /// The elements of y; nil before it was read.
  private var length: Int?
  private var x: Inputs?

  /// What stands under x, and where.
  private struct Inputs {
    var offset: Int
    var shape: Shape
  }

  private enum Shape { case null, empty, oneVector, vectors(Int) }

  init(_ line: UnsafeBufferPointer<UInt8>) { scanner = JSONScanner(line) }

  /// Appends the elements of y and the numbers of x; false where the line is blank.
  /// - Parameter location: the place of a byte of the line.
  /// - Throws: `JSONFault`, `DataError`.
  mutating func read(
    into builder: inout some JSONLineBuilder & ~Copyable, _ location: (Int) -> Location
  ) throws -> Bool {
    if scanner.peek() == nil { return false }
    try scanner.expect("{", "an object {\"y\": […]} on each line")
    if !scanner.skip("}") {
      var isAfterComma = false
      repeat {
        _ = scanner.peek()
        let start = scanner.position
        let key = try scanner.key(isAfterComma: isAfterComma)
        switch scanner.withBytes(of: key, { $0.count == 1 ? $0[0] : nil }) {
        case UInt8(ascii: "y"):
          if length != nil { throw JSONFault(offset: start, problem: "expected one y, found a second") }
          length = try builder.readElements(&scanner, location)
        case UInt8(ascii: "x"):
          if x != nil { throw JSONFault(offset: start, problem: "expected one x, found a second") }
          x = try readInputs(into: &builder.inputs, location)
        default: try scanner.skipValue()
        }
        isAfterComma = scanner.skip(",")
      } while isAfterComma
      try scanner.expect("}", "a comma or the end of the object")
    }
    if scanner.peek() != nil { throw scanner.wrong("the end of the line after the object") }
    guard let length else {
      throw JSONFault(offset: 0, problem: "expected a list under the key \"y\", found no such key")
    }
    try endInputs(length, &builder.inputs, location)
    return true
  }

  private mutating func readInputs(into inputs: inout InputBuilder, _ location: (Int) -> Location) throws -> Inputs {
    _ = scanner.peek()
    let start = scanner.position
    if scanner.skip(word: "null") { return Inputs(offset: start, shape: .null) }
    try scanner.expect("[", "a list in x")
    if scanner.skip("]") { return Inputs(offset: start, shape: .empty) }
    guard scanner.peek() == UInt8(ascii: "[") else {
      let width = try readNumbers(into: &inputs, location)
      try inputs.endVector(width: width, isPerStep: false) { location(start) }
      return Inputs(offset: start, shape: .oneVector)
    }
    var rows = 0
    repeat {
      _ = scanner.peek()
      let vector = scanner.position
      try scanner.expect("[", "a vector in x")
      let width = scanner.skip("]") ? 0 : try readNumbers(into: &inputs, location)
      try inputs.endVector(width: width, isPerStep: true) { location(vector) }
      rows += 1
    } while scanner.skip(",")
    try scanner.expect("]", "a comma or the end of x")
    return Inputs(offset: start, shape: .vectors(rows))
  }

  /// Reads numbers up to the end of their list, and returns how many.
  private mutating func readNumbers(into inputs: inout InputBuilder, _ location: (Int) -> Location) throws -> Int {
    var count = 0
    repeat {
      _ = scanner.peek()
      let start = scanner.position
      let token = try scanner.number("a number in x")
      guard let value = Float(String(decoding: token, as: UTF8.self)), abs(value) <= InputVectors.largest
      else {
        let shown = String(decoding: token.prefix(20), as: UTF8.self) + (token.count > 20 ? "…" : "")
        throw JSONFault(
          offset: start,
          problem: "expected a number in x of at most 1e12 in magnitude (best scaled to about 1), found \(shown)")
      }
      try inputs.append(value, reading: location(start).file)
      count += 1
    } while scanner.skip(",")
    try scanner.expect("]", "a comma or the end of a list in x")
    return count
  }

  /// What can be said of x when the length of y is known.
  private func endInputs(_ length: Int, _ inputs: inout InputBuilder, _ location: (Int) -> Location) throws {
    guard let x else { return try inputs.noInputs { location(0) } }
    switch x.shape {
    case .null: try inputs.noInputs { location(0) }
    case .empty: try inputs.noVectors(length: length) { location(x.offset) }
    case .oneVector: break
    case .vectors(let rows) where rows != length:
      let wanted = length == 1 ? "1 vector" : "\(length) vectors"
      throw JSONFault(
        offset: x.offset, problem: "expected \(wanted) in x, one for each element of y, found \(rows)")
    case .vectors: break
    }
  }
}
