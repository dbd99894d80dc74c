/// NumPy's arrays: one in a file .npy, or several in an archive .npz.
///
/// An array with one axis is a sequence of single numbers, one with two a sequence (steps × numbers), one with three as many
/// sequences of one length (sequences × steps × numbers). The arrays of an archive follow each other in the order of their
/// names, numbers in these as numbers: arr_2 stands before arr_10. All have as many axes. Arrays named train, valid and test
/// are parts of the data, as in `numpy.savez("music.npz", train=a, valid=b, test=c)`.
package enum NPZFormat: VectorFormat {
  package static let name = "npz"
  package static let suffixes = [".npz", ".npy"]
  package static let summary = "an array of NumPy (steps × numbers), or each row of one with three axes"
  package static let isBinary = true

  package static func claims(head: [UInt8]) -> Bool {
    if head.starts(with: NPYArray.magic) { return true }
    guard isArchive(head), head.count > 30 else { return false }
    return head[30...].prefix(Int(head[26]) + 256 * Int(head[27])).suffix(4).elementsEqual(".npy".utf8)
  }

  package static func read(_ source: inout ByteSource, _ options: ReadOptions, into builder: inout VectorBuilder) throws
  {
    guard try source.peek() != nil else { return }
    let reader = try BinaryReader(&source)
    guard isArchive(Array(reader.bytes.prefix(4))) else {
      return try append(try NPYArray(reader), "the array", into: &builder)
    }
    let archive = try ZipArchive(reader)
    let entries = try inOrder(archive.entries, reader)
    var first: (name: String, axes: Int)?
    for entry in entries {
      guard entry.name.hasSuffix(".npy") else {
        throw reader.wrong("arrays (.npy) in the archive", VisibleText.text(entry.name), at: 0)
      }
      let content = try archive.content(of: entry)
      let array = try NPYArray(BinaryReader(content[...], file: "\(reader.file)(\(entry.name))"))
      let (axes, expected) = (array.shape.count, first ?? (entry.name, array.shape.count))
      guard axes == expected.axes else {
        throw DataError.malformed(
          array.location(0),
          "expected arrays of the same number of axes, found \(expected.axes) in \(expected.name) and \(axes) in \(entry.name); "
            + "an array of labels or of targets cannot be read")
      }
      first = expected
      if let part = part(entry) { builder.begin(part: part) }
      try append(array, entry.name, into: &builder)
    }
  }

  /// The part of the data that a file of an archive holds; nil for other names.
  private static func part(_ entry: ZipArchive.Entry) -> String? {
    PianoRollFormat.partNames.first { entry.name == "\($0).npy" }
  }

  /// The files of an archive in the order of reading: by their names, but parts as train, valid, test.
  /// - Throws: `DataError.malformed` where there are parts and other files, or a part twice.
  private static func inOrder(_ entries: [ZipArchive.Entry], _ reader: BinaryReader) throws -> [ZipArchive.Entry] {
    guard entries.contains(where: { part($0) != nil }) else {
      return entries.sorted { isBefore($0.name, $1.name) }
    }
    if let other = entries.first(where: { part($0) == nil }) {
      throw reader.wrong("no arrays beside train, valid and test", VisibleText.text(other.name), at: 0)
    }
    return try PianoRollFormat.partNames.flatMap { name in
      let found = entries.filter { part($0) == name }
      if found.count > 1 { throw reader.wrong("one array \(name)", String(found.count), at: 0) }
      return found
    }
  }

  private static func isArchive(_ head: [UInt8]) -> Bool { head.starts(with: [0x50, 0x4B, 3, 4]) }

  private static func append(_ array: NPYArray, _ name: String, into builder: inout VectorBuilder) throws {
    let shape = array.shape
    let place = array.location(0)
    let width = shape.count == 1 ? 1 : shape.last ?? 0
    guard 1...3 ~= shape.count, width > 0 else {
      throw DataError.malformed(
        place, "expected one to three axes in \(name), the last of at least one number, found the shape \(shape)")
    }
    if let others = builder.width, others != width {
      throw DataError.malformed(
        place,
        "expected \(numbers(others)) a step, as in the \(builder.count == 0 ? "training data" : "arrays before"), "
          + "found the shape \(shape) in \(name)")
    }
    let (count, steps) = shape.count == 3 ? (shape[0], shape[1]) : (1, shape[0])
    guard steps > 0 || count <= mostEmptySequences else {
      throw DataError.malformed(
        place, "expected at most \(mostEmptySequences) empty sequences in \(name), found \(count)")
    }
    let strides = [Int](repeating: 0, count: 3 - shape.count) + shape.indices.map { array.stride($0) }
    let (sequenceStride, stepStride, columnStride) =
      shape.count == 1 ? (0, strides[2], 0) : (strides[0], strides[1], strides[2])
    for sequence in 0..<count {
      for step in 0..<steps {
        let start = sequence &* sequenceStride &+ step &* stepStride
        for column in 0..<width {
          let index = start &+ column &* columnStride
          let number = array.number(index)
          if !number.value.isFinite {
            throw DataError.malformed(
              array.location(index),
              "expected a finite number in \(name), found \(number.value) at step \(step) and column \(column), from 0")
          }
          try builder.append(number, at: array.location(index))
        }
        try builder.endVector(at: place)
      }
      builder.endSequence()
    }
  }

  /// More of them in an array that holds no number are a mistake.
  private static let mostEmptySequences = 1 << 20

  /// Whether a name comes before another, digits taken as numbers.
  static func isBefore(_ first: String, _ second: String) -> Bool {
    let (a, b) = (pieces(first), pieces(second))
    for (x, y) in zip(a, b) where x != y {
      guard x.isNumber, y.isNumber else {
        return x.text.unicodeScalars.lexicographicallyPrecedes(y.text.unicodeScalars)
      }
      let (m, n) = (x.text.drop { $0 == "0" }, y.text.drop { $0 == "0" })
      if m.count != n.count { return m.count < n.count }
      if m != n { return m < n }
    }
    return a.count != b.count ? a.count < b.count : first < second
  }

  private struct Piece: Equatable {
    var text: String
    var isNumber: Bool
  }

  /// Runs of digits and of anything else.
  private static func pieces(_ name: String) -> [Piece] {
    var pieces: [Piece] = []
    for character in name {
      let isDigit = character.isASCII && character.isNumber
      if let last = pieces.last, last.isNumber == isDigit {
        pieces[pieces.count - 1].text.append(character)
      } else {
        pieces.append(Piece(text: String(character), isNumber: isDigit))
      }
    }
    return pieces
  }
}
