/// Reads the rows of a table in the long form, each a step.
struct CSVLongForm {
  /// Names of columns that only the long form has.
  static let keys = ["sequence", "step"]

  private let columnCount: Int
  private let sequenceColumn: Int?
  private let stepColumn: Int?
  private let valueColumns: [Int]
  private let inputColumns: [Int]

  /// The present sequence; nil before the first row.
  private var name: [UInt8]?
  /// The names of all sequences so far.
  private var names: Set<[UInt8]> = []
  private var lastStep = -Double.infinity

  /// - Parameters:
  ///   - header: the names of the columns.
  ///   - cells: where they stand.
  /// - Throws: `DataError.malformed`, also where the columns are not those of the training data.
  init(
    _ header: [String], _ cells: CSVCells, _ source: borrowing ByteSource, into builder: inout VectorBuilder
  ) throws {
    func wrong(_ i: Int, _ problem: String) -> DataError {
      .malformed(source.location(inLine: cells.start(i)), problem)
    }
    var seen: Set<String> = []
    for (i, name) in header.enumerated() {
      if name.isEmpty {
        throw wrong(i, "expected a name for each column, found none; pandas leaves an index out by to_csv(index=False)")
      }
      if !seen.insert(name).inserted {
        throw wrong(i, "expected a name for each column, found a second \(VisibleText.quoted(name))")
      }
    }
    columnCount = header.count
    sequenceColumn = header.firstIndex(of: "sequence")
    stepColumn = header.firstIndex(of: "step")
    let others = header.indices.filter { !Self.keys.contains(header[$0]) }
    inputColumns = others.filter { CSVFormat.isInput(header[$0]) }
    valueColumns = others.filter { !CSVFormat.isInput(header[$0]) }
    guard let first = valueColumns.first else {
      throw wrong(0, "expected a column of numbers beside sequence, step and x, found none")
    }
    try builder.name(columns: valueColumns.map { header[$0] }, at: source.location(inLine: cells.start(first)))
  }

  /// Reads a row; blank lines are passed over.
  mutating func readRow(_ cells: CSVCells, _ source: borrowing ByteSource, into builder: inout VectorBuilder) throws {
    if cells.count == 1, cells.isEmpty(0) { return }
    if cells.count != columnCount {
      throw DataError.malformed(
        source.location(inLine: cells.count > columnCount ? cells.start(columnCount) : cells.end),
        "expected \(columnCount) cells in the row, as in line 1, found \(cells.count)")
    }
    try beginSequence(cells, source, into: &builder)
    if isEmptySequence(cells) {
      if !inputColumns.isEmpty { try builder.inputs.noVectors(length: 0) { source.location(inLine: 0) } }
      return
    }
    if let stepColumn {
      let step = try cells.number(stepColumn, source).value
      if step <= lastStep {
        throw DataError.malformed(
          source.location(inLine: cells.start(stepColumn)),
          "expected a step after \(lastStep.shortest), found \(step.shortest); sort the rows by sequence and step")
      }
      lastStep = step
    }
    if builder.isOpen, valueColumns.allSatisfy(cells.isText) { builder.inferLevels() }
    for i in valueColumns {
      let place = cells.start(i)
      if builder.takesLevels {
        try cells.withLevel(i, source) { try builder.append(level: $0, at: source.location(inLine: place)) }
        continue
      }
      let number = try cells.number(
        i, source,
        advice: builder.mayMeanLevels && cells.isText(i)
          ? "; `--values categories` reads texts and numbers as levels" : "")
      try builder.append(number, at: source.location(inLine: place))
    }
    try builder.endVector(at: source.location(inLine: cells.start(valueColumns[0])))
    if inputColumns.isEmpty { return }
    for i in inputColumns { try builder.inputs.append(cells.input(i, source), reading: source.name) }
    try builder.inputs.endVector(width: inputColumns.count, isPerStep: true) {
      source.location(inLine: cells.start(inputColumns[0]))
    }
  }

  /// Ends the last sequence.
  func finish(_ builder: inout VectorBuilder) { if name != nil { builder.endSequence() } }

  /// Begins another sequence where the row's name is not the present one.
  private mutating func beginSequence(
    _ cells: CSVCells, _ source: borrowing ByteSource, into builder: inout VectorBuilder
  ) throws {
    guard let column = sequenceColumn else {
      if name == nil { try begin([], source, into: &builder) }
      return
    }
    if let name, cells[column].elementsEqual(name) { return }
    if cells.isEmpty(column) {
      throw DataError.malformed(
        source.location(inLine: cells.start(column)), "expected the name of a sequence, found nothing")
    }
    let next = Array(cells[column])
    guard names.insert(next).inserted else {
      throw DataError.malformed(
        source.location(inLine: cells.start(column)),
        "expected the rows of a sequence together, found one of \(VisibleText.quoted(cells.text(column))) after other "
          + "sequences; sort the rows by sequence and step")
    }
    finish(&builder)
    try begin(next, source, into: &builder)
  }

  private mutating func begin(
    _ name: [UInt8], _ source: borrowing ByteSource, into builder: inout VectorBuilder
  ) throws {
    (self.name, lastStep) = (name, -.infinity)
    if inputColumns.isEmpty { try builder.inputs.noInputs { source.location(inLine: 0) } }
  }

  /// Whether a row has neither a step nor numbers.
  private func isEmptySequence(_ cells: CSVCells) -> Bool {
    guard let stepColumn, cells.isEmpty(stepColumn) else { return false }
    return valueColumns.allSatisfy { cells.isEmpty($0) } && inputColumns.allSatisfy { cells.isEmpty($0) }
  }
}
