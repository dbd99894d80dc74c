/// What a format hands its sequences of vectors to.
///
///     try builder.append(number, at: source.location(inLine: offset))
///     try builder.endVector(at: source.location(inLine: start))
///     builder.endSequence()
///
/// The builder sees to it that all vectors are of one width, and holds numbers against the kind that they must be of.
package struct VectorBuilder: ~Copyable {
  /// The largest magnitude of a number: sums of squares must be finite in double precision.
  static let largest = 1e100

  /// The columns of the training data, and the kind that was asked for.
  private let given: Columns?
  private let asked: ElementKind.Values?
  private let file: String
  /// The numbers of all vectors, one behind the other, and where each sequence ends, in vectors.
  private var values: [Double] = []
  private var offsets = PackedBuffer()
  /// The vectors that have ended, and the numbers in them.
  private var vectorCount = 0
  private var numbersInVectors = 0
  /// The numbers in a vector, once that is known, and the line of the first one.
  private(set) var width: Int?
  private var firstLine = 0
  private var names: [String]?
  /// What all numbers so far are.
  private var areBits = true
  private var areCounts = true
  /// The parts that the file names, each with its first sequence.
  private var parts: [(name: String, start: Int)] = []
  /// The inputs of the sequences, in a format that has them.
  var inputs: InputBuilder
  /// What a person should know about how the file was read, a sentence each.
  var remarks: [String] = []

  /// - Parameters:
  ///   - given: the columns that the vectors must have.
  ///   - asked: the kind that the numbers must be of; without it and `given` it is the narrowest one that holds them.
  ///   - inputWidth: the width that inputs must have, 0 for none.
  ///   - file: its name, for errors.
  init(columns given: Columns?, values asked: ElementKind.Values?, inputWidth: Int?, file: String) {
    (self.given, self.asked, self.file) = (given, given?.values ?? asked, file)
    inputs = InputBuilder(widthInTraining: inputWidth)
    width = given?.width
    offsets.append(0)
  }

  /// The number of sequences that have ended.
  var count: Int { offsets.count - 1 }

  /// Names the columns, before the first number.
  /// - Throws: `DataError.malformed` where they are not as many as in the training data, or too many, or where names of the
  ///   training data stand in another order.
  mutating func name(columns: [String], at location: @autoclosure () -> Location) throws {
    if let given {
      if given.width != columns.count {
        throw wrong(location(), "\(numbers(given.width)) a step, as in the training data", String(columns.count))
      }
      let isMoved = zip(given.names, columns).contains { $0 != $1 && columns.contains($0) }
      if isMoved {
        throw wrong(
          location(), "the columns \(given.names.joined(separator: ", ")) in this order, as in the training data",
          columns.joined(separator: ", "))
      }
    }
    if columns.count > Columns.largestWidth { throw tooWide(columns.count, location()) }
    (names, width) = (columns, columns.count)
  }

  /// Names the part that the next sequences belong to.
  mutating func begin(part name: String) { parts.append((name, count)) }

  /// Appends a number to the present vector.
  /// - Throws: `DataError.malformed` where it is not finite, above `largest` in magnitude or of another kind than wanted,
  ///   `DataError.tooLarge`.
  @inline(__always)
  mutating func append(_ number: WrittenNumber, at location: @autoclosure () -> Location) throws {
    let value = number.value
    if value == 0 || value == 1 {
      if !number.isInteger { areCounts = false }
    } else {
      areBits = false
      if !number.isInteger || value < 0 || value > 0x1p53 { areCounts = false }
    }
    guard asked?.contains(value) ?? true, abs(value) <= Self.largest else { throw wrongKind(value, location()) }
    if values.count == values.capacity { try grow() }
    values.append(value)
  }

  /// Ends a vector, which begins at `location`.
  /// - Throws: `DataError.malformed` where it has another width than the others, or is too wide.
  @inline(__always)
  mutating func endVector(at location: @autoclosure () -> Location) throws {
    let found = values.count - numbersInVectors
    if found != width { try checkWidth(found, location()) }
    vectorCount += 1
    numbersInVectors = values.count
  }

  /// Ends the present sequence and begins the next.
  mutating func endSequence() { offsets.append(vectorCount) }

  private mutating func checkWidth(_ found: Int, _ place: Location) throws {
    guard let width else {
      if found == 0 { throw wrong(place, "at least one number a step", "none") }
      if found > Columns.largestWidth { throw tooWide(found, place) }
      (self.width, firstLine) = (found, place.line)
      return
    }
    let others = given != nil ? ", as in the training data" : firstLine > 0 ? ", as in line \(firstLine)" : ""
    throw wrong(place, "\(numbers(width)) a step\(others)", found == 0 ? "none" : String(found))
  }

  private func tooWide(_ found: Int, _ place: Location) -> DataError {
    wrong(place, "at most \(numbers(Columns.largestWidth)) a step", String(found))
  }

  private func wrongKind(_ value: Double, _ place: Location) -> DataError {
    if !value.isFinite { return wrong(place, "a finite number", "\(value)") }
    guard let asked, !asked.contains(value) else {
      return wrong(place, "a number of at most 1e100 in magnitude (best scaled to about 1)", "\(value)")
    }
    let wanted = asked == .bits ? "0 or 1" : "a whole number from 0 on"
    return wrong(
      place, given == nil ? "\(wanted) (--values \(asked.rawValue))" : "\(wanted), as in the training data",
      value.shortest)
  }

  private func wrong(_ place: Location, _ wanted: String, _ found: String) -> DataError {
    .malformed(place, "expected \(wanted), found \(found)")
  }

  /// Makes room for half as many numbers again.
  private mutating func grow() throws {
    let capacity = values.capacity + max(values.capacity / 2, 1 << 10)
    try AvailableMemory.check(capacity * MemoryLayout<Double>.stride, reading: file)
    values.reserveCapacity(capacity)
  }

  /// The sequences, their columns, and the parts that the file names. O(1), and a copy of the numbers where there are parts.
  /// - Throws: `DataError.noSequences`; `DataError.malformed` where not even the width is known.
  consuming func finished() throws -> (VectorSequences, Columns, [SequencePart<VectorRows<Double>>]) {
    if count == 0 { throw DataError.noSequences(file) }
    guard let width else {
      throw wrong(Location(file: file, line: 1, column: 1), "a number", "empty sequences only")
    }
    let kind = asked ?? (areBits ? .bits : areCounts ? .counts : .reals)
    let columns = given ?? names.map { Columns(kind, names: $0) } ?? Columns(kind, width: width)
    let starts = parts.map(\.start) + [count]
    let named = zip(parts, zip(starts, starts.dropFirst())).map { ($0.name, $1.0..<$1.1) }
    if !named.isEmpty { try AvailableMemory.check(values.count * MemoryLayout<Double>.stride, reading: file) }
    let bounds = SequenceBounds(offsets.finished())
    let all = VectorSequences(VectorRows(width: width, values, kind), bounds, inputs: inputs.finished(bounds))
    return (all, columns, named.map { SequencePart(name: $0, sequences: all.selecting($1)) })
  }
}

extension Double {
  /// The shortest decimal number that rounds to this one, without a point where it is whole and below 2^53.
  var shortest: String { self == rounded() && abs(self) < 0x1p53 ? String(Int(self)) : description }
}
