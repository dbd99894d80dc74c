/// The format .ts of sktime and aeon: lines that begin with @ describe the data, and each line after @data is a sequence.
/// Its dimensions, lists of numbers with commas between them, stand between colons, and behind the last colon its class:
///
///     @classLabel true left right
///     @data
///     0.5,0.7,0.9:1,2,3:left
///
/// Number t of each dimension make the vector at step t. The class is x, one vector a sequence: 1 at its place among the sorted
/// names of the classes, 0 elsewhere, so that files of the same classes agree on x whatever the order of their headers. Of a
/// `@targetLabel`, a number, x is that number. Lines that begin with # are comments.
package enum TimeSeriesFormat: VectorFormat {
  package static let name = "ts"
  package static let suffixes = [".ts"]
  package static let summary = "a line of sktime's .ts, dimensions between colons, the class as x"

  package static func read(_ source: inout ByteSource, _ options: ReadOptions, into builder: inout VectorBuilder) throws
  {
    var header = TimeSeriesHeader()
    while let line = try source.nextLine() {
      guard let first = line.first(where: { $0 != 0x20 && $0 != 0x09 }), first != UInt8(ascii: "#") else { continue }
      if header.isComplete {
        try TimeSeriesLine(line, header).read(source, into: &builder)
      } else if first == UInt8(ascii: "@") {
        try header.read(String(decoding: line, as: UTF8.self), at: source.location(inLine: 0))
      } else {
        throw DataError.malformed(
          source.location(inLine: 0), "expected @data before the sequences, found \(shown(line))")
      }
    }
  }
}

/// What the header of a .ts file says.
private struct TimeSeriesHeader {
  /// What stands behind the last colon.
  enum Label {
    case none
    /// The names of the classes, in the order of their scalars.
    case classes([String])
    case number
  }

  /// More classes are a mistake: each is a number of x in each sequence.
  private static let mostClasses = 4096

  private(set) var label = Label.none
  /// The number of dimensions; nil where the first sequence says it.
  private(set) var dimensions: Int?
  /// Whether @data was read.
  private(set) var isComplete = false

  mutating func read(_ line: String, at place: Location) throws {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    let value = words.dropFirst().first?.lowercased()
    switch words.first?.lowercased() {
    case "@data": isComplete = true
    case "@timestamps" where value == "true":
      throw DataError.malformed(
        place, "expected @timestamps false, found true: numbers with times cannot be read; write one number a step")
    case "@classlabel" where value == "true":
      let names = Array(words.dropFirst(2))
      guard !names.isEmpty, Set(names).count == names.count else {
        throw DataError.malformed(
          place, "expected different names of classes after @classlabel true, found none or twice the same")
      }
      guard names.count <= Self.mostClasses else {
        throw DataError.malformed(
          place, "expected at most \(Self.mostClasses) classes after @classlabel true, found \(names.count)")
      }
      label = .classes(names.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) })
    case "@targetlabel" where value == "true": label = .number
    case "@dimensions", "@dimension":
      guard let value, let count = Int(value), count > 0 else {
        throw DataError.malformed(place, "expected a number of dimensions, found \(value ?? "none")")
      }
      dimensions = count
    default: break
    }
  }
}

/// A sequence of a .ts file.
private struct TimeSeriesLine {
  private let line: UnsafeBufferPointer<UInt8>
  private let header: TimeSeriesHeader

  init(_ line: UnsafeBufferPointer<UInt8>, _ header: TimeSeriesHeader) { (self.line, self.header) = (line, header) }

  func read(_ source: borrowing ByteSource, into builder: inout VectorBuilder) throws {
    var fields = pieces(0..<line.count, UInt8(ascii: ":"))
    var label: Range<Int>?
    switch header.label {
    case .none: break
    case .classes, .number: label = fields.removeLast()
    }
    let wanted = header.dimensions ?? max(fields.count, 1)
    guard fields.count == wanted else {
      throw DataError.malformed(
        source.location(inLine: 0),
        "expected \(wanted) dimension\(wanted == 1 ? "" : "s")\(label == nil ? "" : " and a label") between colons, found "
          + "\(fields.count)")
    }
    // An empty dimension has no numbers.
    let numbers = fields.map { field in trimmed(field).isEmpty ? [] : pieces(field, UInt8(ascii: ",")) }
    for (field, others) in zip(fields, numbers) where others.count != numbers[0].count {
      throw DataError.malformed(
        source.location(inLine: field.lowerBound),
        "expected as many numbers as in the first dimension, \(numbers[0].count), found \(others.count)")
    }
    for step in numbers[0].indices {
      for dimension in numbers {
        let range = trimmed(dimension[step])
        try builder.append(number(range, source), at: source.location(inLine: range.lowerBound))
      }
      try builder.endVector(at: source.location(inLine: numbers[0][step].lowerBound))
    }
    try readLabel(label.map(trimmed), source, into: &builder.inputs)
    builder.endSequence()
  }

  private func readLabel(
    _ label: Range<Int>?, _ source: borrowing ByteSource, into inputs: inout InputBuilder
  ) throws {
    switch (header.label, label) {
    case (.classes(let names), let label?):
      let name = String(decoding: line[label], as: UTF8.self)
      guard let found = names.firstIndex(of: name) else {
        throw DataError.malformed(
          source.location(inLine: label.lowerBound),
          "expected a class of the header (\(names.joined(separator: ", "))), found \(name.isEmpty ? "none" : VisibleText.text(name))"
        )
      }
      for index in names.indices { try inputs.append(index == found ? 1 : 0, reading: source.name) }
      try inputs.endVector(width: names.count, isPerStep: false) { source.location(inLine: label.lowerBound) }
    case (.number, let label?):
      let value = Float(try number(label, source).value)
      guard abs(value) <= InputVectors.largest else {
        throw DataError.malformed(
          source.location(inLine: label.lowerBound), "expected a target of at most 1e12 in magnitude, found \(value)")
      }
      try inputs.append(value, reading: source.name)
      try inputs.endVector(width: 1, isPerStep: false) { source.location(inLine: label.lowerBound) }
    default: try inputs.noInputs { source.location(inLine: 0) }
    }
  }

  private func number(_ range: Range<Int>, _ source: borrowing ByteSource) throws -> WrittenNumber {
    let bytes = UnsafeBufferPointer(rebasing: line[range])
    if let number = WrittenNumber(bytes), number.value.isFinite { return number }
    let place = source.location(inLine: range.lowerBound)
    if bytes.elementsEqual("?".utf8) { throw DataError.missingElement(place) }
    throw DataError.malformed(
      place, "expected a finite number, found \(bytes.isEmpty ? "none" : shown(bytes))")
  }

  /// The ranges between separators.
  private func pieces(_ range: Range<Int>, _ separator: UInt8) -> [Range<Int>] {
    var (pieces, start) = ([Range<Int>](), range.lowerBound)
    for position in range where line[position] == separator {
      pieces.append(start..<position)
      start = position + 1
    }
    return pieces + [start..<range.upperBound]
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, line[start] == 0x20 || line[start] == 0x09 { start += 1 }
    while end > start, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
    return start..<end
  }
}
