/// Tables of numbers or of categories, with commas, semicolons or tabs between their columns, in one of two forms.
///
/// In the long form a row is a step. The header names a column `sequence`, any text, or a column `step`, numbers that rise
/// within a sequence, or both; all other columns are the components of vectors. Without the column `sequence` the table is one
/// sequence. A row without a step and without numbers is an empty sequence.
///
/// In the wide form a row is a sequence of single numbers, of any length, below a header or none; of single levels of a category
/// where that is asked for, and then without a header, unless it names inputs.
///
/// In the long form the vectors are of categories where that is asked for, or where all cells of the first one are texts that
/// do not begin as numbers do.
///
/// A blank line is an empty sequence in the wide form, and passed over in the long form.
///
/// Columns named `x`, or with names that begin with `x_`, are inputs: one vector a step in the long form, one a sequence in the
/// wide form.
package enum CSVFormat: VectorFormat {
  package static let name = "csv"
  package static let suffixes = [".csv", ".tsv"]
  package static let summary = "one row per step (columns sequence, step, values), or one row per sequence"

  package static func read(_ source: inout ByteSource, _ options: ReadOptions, into builder: inout VectorBuilder) throws
  {
    guard let first = try source.nextLine() else { return }
    var cells = CSVCells(separator: CSVCells.separator(of: first))
    try cells.read(first, source)
    let names = (0..<cells.count).map { cells.text($0) }
    if names.contains(where: { CSVLongForm.keys.contains($0) }) {
      var form = try CSVLongForm(names, cells, source, into: &builder)
      while let line = try source.nextLine() {
        try cells.read(line, source)
        try form.readRow(cells, source, into: &builder)
      }
      form.finish(&builder)
    } else {
      try readWide(&source, &cells, names, into: &builder)
    }
  }

  /// Whether a column of this name is an input.
  static func isInput(_ name: String) -> Bool { name == "x" || name.hasPrefix("x_") }

  // MARK: The wide form

  /// - Parameter cells: those of the first row.
  private static func readWide(
    _ source: inout ByteSource, _ cells: inout CSVCells, _ names: [String], into builder: inout VectorBuilder
  ) throws {
    let inputs = Set(names.indices.filter { isInput(names[$0]) })
    let namesInputs = names.contains(where: isInput)
    var (isHeader, isFirst) = (builder.takesLevels ? namesInputs : isHeader(names), true)
    if isHeader {
      builder.remarks.append(
        "\(source.name) has no column named sequence or step: each row is read as a sequence of single numbers")
    }
    while true {
      if !isHeader {
        try readWideRow(cells, inputs, isFirst: isFirst, source, into: &builder)
        isFirst = false
      }
      isHeader = false
      guard let line = try source.nextLine() else { return }
      try cells.read(line, source)
    }
  }

  /// Whether a first row holds names: of inputs, or of anything that is no number. What looks like a number that is not
  /// finite is none.
  private static func isHeader(_ names: [String]) -> Bool {
    if names.contains(where: isInput) { return true }
    let named = names.filter { !CSVCells.marksOfMissing.contains($0) }
    return !named.isEmpty && named.allSatisfy { WrittenNumber(text: $0) == nil && Double($0) == nil }
  }

  /// - Parameter isFirst: whether it is the first row below the header: text in it suggests a file of symbols.
  private static func readWideRow(
    _ cells: CSVCells, _ inputs: Set<Int>, isFirst: Bool, _ source: borrowing ByteSource,
    into builder: inout VectorBuilder
  ) throws {
    let last = (0..<cells.count).last { !inputs.contains($0) && !cells.isEmpty($0) } ?? -1
    for i in 0..<last + 1 where !inputs.contains(i) {
      let place = cells.start(i)
      if builder.takesLevels {
        try cells.withLevel(i, source) { try builder.append(level: $0, at: source.location(inLine: place)) }
        try builder.endVector(at: source.location(inLine: place))
        continue
      }
      let number = try cells.number(
        i, source,
        advice: "; a table with several numbers a step has a column named sequence or step"
          + (isFirst && Double(cells.text(i)) == nil ? "; `--input-format lines` reads lines of symbols" : ""))
      try builder.append(number, at: source.location(inLine: place))
      try builder.endVector(at: source.location(inLine: place))
    }
    if inputs.isEmpty {
      try builder.inputs.noInputs { source.location(inLine: 0) }
    } else {
      for i in inputs.sorted() {
        if i >= cells.count { throw DataError.missingElement(source.location(inLine: cells.end)) }
        try builder.inputs.append(cells.input(i, source), reading: source.name)
      }
      try builder.inputs.endVector(width: inputs.count, isPerStep: false) { source.location(inLine: 0) }
    }
    builder.endSequence()
  }
}
