import Chainrule
import Foundation

/// Models of vectors, and data of vectors.
extension InfoCommand {
  func report(_ model: VectorModel) throws {
    let facts = model.facts
    if json {
      return try printJSON(
        [
          "schema": "chainrule.info/1", "kind": "model", "model": model.specification.word,
          "values": model.columns.values.rawValue, "width": model.width, "columns": model.columns.names,
          "levels": model.columns.levels,
          "parameters": JSONObject.parameters(free: model.parameterCount, stored: model.storedParameters),
          "inputWidth": model.inputWidth,
          "train": ["sequences": facts.sequences, "steps": facts.symbols, "longest": facts.longest],
          "seed": facts.seed, "dataHash": String(facts.dataHash, radix: 16), "notes": model.notes,
        ], reading: [file])
    }
    try Console.print("model       \(model.specification.word)")
    try Console.print("vectors     of \(Self.list(model.columns))")
    for (name, levels) in zip(model.columns.names, model.columns.levels ?? []) {
      try Console.print(
        "levels      of \(name): \(Numbers.count(levels.count)): \(Numbers.list(levels.map(Self.shown)))")
    }
    try printFacts(of: model, elements: "step")
  }

  /// - Parameter parts: those that the file names.
  func report(_ dataset: VectorDataset, parts: [SequencePart<VectorRows<Double>>]) throws {
    let set = dataset.sequences
    let lengths = LengthTable(set, isSmoothed: false)
    let summary = [lengths.lengths.first ?? 0, lengths.median, lengths.lengths.last ?? 0]
    let levels = dataset.columns.levels.map { zip($0, set.levelCounts()).map { Array(zip($0, $1)) } }
    let columns = levels == nil ? set.columnSummaries(dataset.columns) : []
    let x = set.inputs.map { (width: $0.width, per: $0.isPerStep ? "step" : "sequence") }
    if json {
      return try printJSON(
        [
          "schema": "chainrule.info/1", "kind": "data", "format": dataset.format, "sequences": set.count,
          "steps": set.elementCount, "values": dataset.columns.values.rawValue, "width": dataset.columns.width,
          "columns": levels.map { zip(dataset.columns.names, $0).map(Self.json) }
            ?? columns.map { column -> JSONObject in
              [
                "name": column.name, "mean": column.mean, "deviation": column.deviation, "least": column.least,
                "largest": column.largest, "constant": column.isConstant, "step": column.step,
              ]
            }, "lengths": summary, "parts": parts.isEmpty ? nil : parts.map(\.name),
          "x": x.map { ["width": $0.width, "per": $0.per] as JSONObject },
        ], reading: [file])
    }
    try Console.print("data       \(dataset.name), format \(dataset.format)")
    if !parts.isEmpty {
      try Console.print(
        "parts      "
          + parts.map { "\($0.name) \(Numbers.count($0.sequences.count, "sequence"))" }.joined(separator: ", "))
    }
    try Console.print("sequences  \(Numbers.count(set.count)), \(Numbers.count(set.elementCount, "step"))")
    try Console.print("lengths    \(summary[0]) to \(summary[2]), median \(summary[1])")
    try Console.print("vectors    of \(Self.list(dataset.columns))")
    if let x { try Console.print("x          \(Numbers.count(x.width, "number")) a \(x.per)") }
    if !columns.isEmpty { try Console.print("\n" + Self.table(columns, dataset.columns.values)) }
    for (name, levels) in zip(dataset.columns.names, levels ?? []) {
      try Console.print("\n" + Self.table(name, levels))
    }
    try dataset.remarks(of: columns).forEach { try Console.print($0) }
  }

  /// Components that are listed for people.
  private static let mostListed = 30

  private static func table(_ columns: [ColumnSummary], _ values: ElementKind.Values) -> String {
    var table = Table(
      [("component", .left), (values == .bits ? "rate" : "mean", .right)]
        + (values == .bits ? [] : [("deviation", .right), ("least", .right), ("largest", .right)]))
    for column in columns.prefix(mostListed) {
      let numbers = values == .bits ? [column.mean] : [column.mean, column.deviation, column.least, column.largest]
      table.add([column.name] + numbers.map { Numbers.significant($0) })
    }
    let left = columns.count - mostListed
    return table.text + (left > 0 ? "\n(\(Numbers.count(left)) more with --json)" : "")
  }

  /// A column of categories: each level with its number of occurrences.
  private static func json(_ name: String, _ levels: [(name: String, count: Int)]) -> JSONObject {
    [
      "name": name, "levels": levels.map { ["level": $0.name, "count": $0.count] as JSONObject },
      "constant": levels.count { $0.count > 0 } <= 1,
    ]
  }

  /// The levels of a column with their frequencies, the most frequent ones first.
  private static func table(_ name: String, _ levels: [(name: String, count: Int)]) -> String {
    let total = levels.reduce(0) { $0 + $1.count }
    let sorted = levels.sorted { $0.count > $1.count }
    var table = Table([("level of \(name)", .left), ("count", .right), ("share", .right)])
    for level in sorted.prefix(mostListed) {
      table.add([
        shown(level.name), Numbers.count(level.count),
        Numbers.significant(Double(level.count) / Double(max(total, 1))),
      ])
    }
    let left = levels.count - mostListed
    return table.text + (left > 0 ? "\n(\(Numbers.count(left)) more with --json)" : "")
  }

  /// The name of a level, so that it can be told where it begins and ends.
  private static func shown(_ level: String) -> String { VisibleText.quoted(level) }

  /// "12 real numbers: y1, y2, …".
  private static func list(_ columns: Columns) -> String {
    let list = Numbers.list(columns.names)
    if columns.values == .categories { return "categories in \(Numbers.count(columns.width, "column")): \(list)" }
    let thing = columns.values == .reals ? "real number" : String(columns.values.name.dropLast())
    return "\(Numbers.count(columns.width, thing)): \(list)"
  }
}
