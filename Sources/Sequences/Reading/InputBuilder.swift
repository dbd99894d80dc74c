/// Gathers inputs x(t) while a file is read, and sees to it that all sequences have them, of one width and one kind.
///
/// Of each sequence it is told in one of three ways: `noInputs`, `noVectors`, or numbers by `append` and behind those of
/// each vector `endVector`.
struct InputBuilder {
  /// The width that the training data has, 0 for none; nil where it is training data that is read.
  private let widthInTraining: Int?
  /// Of all vectors; nil before the first.
  private var kind: Kind?
  private var values: [Float] = []
  /// The line of the first sequence with x, be it empty, and of the first without.
  private var lineWith: Int?
  private var lineWithout: Int?
  /// Where the first x without vectors stands, of an empty sequence and of another one, as long as there is no `kind`.
  private var firstOfEmpty: Location?
  private var firstOfOthers: Location?

  private struct Kind {
    var width: Int
    var isPerStep: Bool
    /// Where the first vector stands.
    var line: Int
  }

  init(widthInTraining: Int?) {
    precondition(widthInTraining ?? 0 >= 0, "a width is not negative")
    self.widthInTraining = widthInTraining
  }

  /// The sequence has no x.
  mutating func noInputs(at location: () -> Location) throws {
    if let width = widthInTraining, width > 0 { throw Self.wrong(location(), wantsTraining(width), "none") }
    if let line = lineWith { throw Self.wrong(location(), "x, as in line \(line)", "none") }
    if lineWithout == nil { lineWithout = location().line }
  }

  /// The sequence, of `length` elements, has an x without any vector.
  mutating func noVectors(length: Int, at location: () -> Location) throws {
    try begin(at: location)
    if let kind {
      if length > 0 || !kind.isPerStep { throw Self.wrong(location(), wants(kind), "none") }
    } else if length > 0 {
      if let width = widthInTraining, width > 0 { throw Self.wrong(location(), wantsTraining(width), "none") }
      if firstOfOthers == nil { firstOfOthers = location() }
    } else if firstOfEmpty == nil {
      firstOfEmpty = location()
    }
  }

  /// Appends a number, which is finite, to the present vector.
  /// - Throws: `DataError.tooLarge`.
  @inline(__always)
  mutating func append(_ value: Float, reading file: @autoclosure () -> String) throws {
    if values.count == values.capacity { try grow(reading: file()) }
    values.append(value)
  }

  /// Makes room for half as many numbers again.
  private mutating func grow(reading file: String) throws {
    let capacity = values.capacity + max(values.capacity / 2, 1 << 10)
    try AvailableMemory.check(capacity * MemoryLayout<Float>.stride, reading: file)
    values.reserveCapacity(capacity)
  }

  /// Ends a vector of `width` numbers, which begins at `location`.
  mutating func endVector(width: Int, isPerStep: Bool, at location: () -> Location) throws {
    if let kind {
      if width == kind.width, isPerStep == kind.isPerStep { return }
      let found = isPerStep == kind.isPerStep ? String(width) : "one vector \(isPerStep ? "a step" : "for all steps")"
      throw Self.wrong(location(), wants(kind), found)
    }
    try begin(at: location)
    let place = location()
    if let trained = widthInTraining, trained != width {
      throw Self.wrong(place, wantsTraining(trained), trained == 0 ? "one of \(numbers(width))" : String(width))
    }
    if width == 0 { throw Self.wrong(place, "at least one number in a vector of x", "none") }
    let first = Kind(width: width, isPerStep: isPerStep, line: place.line)
    // What had to wait: who has no vector in a file that has some?
    if let other = firstOfOthers ?? (isPerStep ? nil : firstOfEmpty) { throw Self.wrong(other, wants(first), "none") }
    kind = first
  }

  /// All inputs; nil where the file has none. `bounds` are those of its sequences.
  consuming func finished(_ bounds: SequenceBounds) -> InputVectors? {
    let count = bounds.count
    if let kind {
      return InputVectors(
        VectorRows(width: kind.width, values), count: count, bounds: kind.isPerStep ? bounds : nil)
    }
    // Empty sequences alone, beside training data with inputs.
    guard let widthInTraining, widthInTraining > 0, lineWith != nil else { return nil }
    return InputVectors(VectorRows(width: widthInTraining, []), count: count, bounds: bounds)
  }

  private mutating func begin(at location: () -> Location) throws {
    if let line = lineWithout { throw Self.wrong(location(), "no x, as in line \(line)", "one") }
    if lineWith == nil { lineWith = location().line }
  }

  private func wants(_ kind: Kind) -> String {
    "x of \(numbers(kind.width))\(kind.isPerStep ? " a step" : " for all steps"), as in line \(kind.line)"
  }

  private func wantsTraining(_ width: Int) -> String {
    width == 0 ? "no x, as in the training data" : "x of \(numbers(width)) a step, as in the training data"
  }

  private static func wrong(_ location: Location, _ wanted: String, _ found: String) -> DataError {
    .malformed(location, "expected \(wanted), found \(found)")
  }
}

/// "1 number", "2 numbers".
func numbers(_ count: Int) -> String { "\(count) number\(count == 1 ? "" : "s")" }
