/// What a format hands its sequences of vectors to.
///
///     try builder.append(number, at: source.location(inLine: offset))
///     try builder.endVector(at: source.location(inLine: start))
///     builder.endSequence()
///
/// The builder sees to it that all vectors are of one width, and holds numbers against the kind that they must be of. Of
/// categories it takes texts, the levels of the columns, or numbers as texts.
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
  /// Whether what comes are the levels of categories.
  private(set) var takesLevels: Bool
  /// Whether that was neither asked for nor given, but follows from the data's first vector.
  private(set) var infersLevels = false
  private var levels: LevelTable
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
    takesLevels = self.asked == .categories
    levels = LevelTable(given?.levels)
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
        throw wrong(location(), "\(amount(given.width)) a step, as in the training data", String(columns.count))
      }
      let isMoved = zip(given.names, columns).contains { $0 != $1 && columns.contains($0) }
      if isMoved {
        throw wrong(
          location(), "the columns \(given.names.joined(separator: ", ")) in this order, as in the training data",
          columns.joined(separator: ", "))
      }
    }
    if columns.count > Columns.largestWidth { throw tooWide(columns.count, location()) }
    if takesLevels, columns.count > Columns.mostOfCategories { throw tooManyColumns(location()) }
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
    if takesLevels {
      var level = value.shortest
      return try level.withUTF8 { try append(level: $0, at: location()) }
    }
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

  /// Whether the kind of the data is still open: nothing was read, asked for or given.
  var isOpen: Bool { asked == nil && values.isEmpty }

  /// Whether a text, where a number is expected, may be meant as a level: in the first vector of data of no given kind.
  var mayMeanLevels: Bool { asked == nil && vectorCount == 0 }

  /// Takes the first texts that come for levels of categories.
  mutating func inferLevels() {
    precondition(isOpen, "the data are of another kind")
    (takesLevels, infersLevels) = (true, true)
  }

  /// Appends the level of the present column: its bytes are valid UTF-8.
  /// - Throws: `DataError.unknownLevel`; `DataError.malformed` where it is empty; `DataError.tooLarge`.
  mutating func append(level: UnsafeBufferPointer<UInt8>, at location: @autoclosure () -> Location) throws {
    let column = values.count - numbersInVectors
    if level.isEmpty { throw wrong(location(), "the name of a level", "an empty text") }
    if column >= Columns.mostOfCategories { throw tooManyColumns(location()) }
    if values.count == values.capacity { try grow() }
    // A vector that is too wide is refused where it ends.
    if column >= width ?? .max { return values.append(0) }
    guard let number = levels.number(of: level, column: column) else {
      throw unknownLevel(String(decoding: level, as: UTF8.self), column, location())
    }
    values.append(Double(number))
  }

  private func unknownLevel(_ level: String, _ column: Int, _ place: Location) -> DataError {
    let known = levels.names(column)
    let shown = known.prefix(8).map { VisibleText.quoted($0) }.joined(separator: ", ")
    return .unknownLevel(
      place, column: given?.names[column] ?? "", level: level,
      advice: "train on data that have it, or replace it by one of \(shown)"
        + (known.count > 8 ? " and \(known.count - 8) more" : ""))
  }

  private func tooManyColumns(_ place: Location) -> DataError {
    wrong(place, "at most \(Columns.mostOfCategories) columns of categories", "more")
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
    throw wrong(place, "\(amount(width)) a step\(others)", found == 0 ? "none" : String(found))
  }

  /// "2 numbers", "2 levels".
  private func amount(_ count: Int) -> String {
    takesLevels ? "\(count) level\(count == 1 ? "" : "s")" : numbers(count)
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
      throw wrong(
        Location(file: file, line: 1, column: 1), takesLevels ? "a level" : "a number", "empty sequences only")
    }
    if takesLevels { return try finishedCategories(width) }
    let kind = asked ?? (areBits ? .bits : areCounts ? .counts : .reals)
    let columns = given ?? names.map { Columns(kind, names: $0) } ?? Columns(kind, width: width)
    return try finished(columns)
  }

  /// The same of categories, whose levels get their numbers in the order of their names' bytes.
  private consuming func finishedCategories(
    _ width: Int
  ) throws -> (VectorSequences, Columns, [SequencePart<VectorRows<Double>>]) {
    if let given { return try finished(given) }
    let (found, ranks) = levels.sorted()
    // Of a table with empty sequences only, all that is known are the columns' names.
    if found.isEmpty {
      throw wrong(Location(file: file, line: 1, column: 1), "a level in each column", "empty sequences only")
    }
    for index in values.indices { values[index] = ranks[index % width][Int(values[index])] }
    let columns =
      names.map { Columns(.categories, names: $0, levels: found) } ?? Columns(.categories, width: width, levels: found)
    return try finished(columns)
  }

  private consuming func finished(
    _ columns: Columns
  ) throws -> (VectorSequences, Columns, [SequencePart<VectorRows<Double>>]) {
    let starts = parts.map(\.start) + [count]
    let named = zip(parts, zip(starts, starts.dropFirst())).map { ($0.name, $1.0..<$1.1) }
    if !named.isEmpty { try AvailableMemory.check(values.count * MemoryLayout<Double>.stride, reading: file) }
    let bounds = SequenceBounds(offsets.finished())
    let levelCounts = columns.levels?.map(\.count) ?? []
    let all = VectorSequences(
      VectorRows(width: columns.width, values, columns.values, levels: levelCounts), bounds,
      inputs: inputs.finished(bounds))
    return (all, columns, named.map { SequencePart(name: $0, sequences: all.selecting($1)) })
  }
}

extension Double {
  /// The shortest decimal number that rounds to this one, without a point where it is whole and below 2^53.
  var shortest: String { self == rounded() && abs(self) < 0x1p53 ? String(Int(self)) : description }
}
