import Chainrule

/// What stands below the table of models: breakdowns, learning curves, calibration; a column a model.
enum ComparisonDetails {
  static func sections<Rows: RowStorage>(_ report: ComparisonReport<Rows>) -> [String] {
    let rows = report.comparison.rows
    guard let first = rows.first else { return [] }
    let shown = first.breakdowns.indices.filter { report.shownBreakdowns.contains(first.breakdowns[$0].kind) }
    var sections = shown.map { breakdown($0, rows, report) }
    if !first.curve.isEmpty { sections.append(curves(rows)) }
    if let overtaking = report.overtakingText { sections.append(overtaking) }
    if first.reliability != nil, report.showsCalibration { sections.append(reliability(report)) }
    return sections
  }

  /// A table with a column for each model.
  private static func table(_ head: [String], _ rows: [Comparison.Row]) -> Table {
    Table(
      [(head[0], .left)] + head.dropFirst().map { ($0, .right) } + rows.map { ($0.specification.shortWord, .right) })
  }

  private static func breakdown<Rows: RowStorage>(
    _ number: Int, _ rows: [Comparison.Row], _ report: ComparisonReport<Rows>
  ) -> String {
    // A model that does not take its densities apart has no groups of components.
    let first = rows.map { $0.breakdowns[number] }.first { !$0.groups.isEmpty } ?? rows[0].breakdowns[number]
    let title = first.kind == .seen ? "sequence" : first.kind.rawValue
    let unit = report.unit(first)
    var table = table([title, "\(unit)s"], rows)
    for group in first.groups {
      let isSymbol = first.kind == .symbol && !report.areEnds(group, first)
      let name =
        isSymbol
        ? VisibleText.symbol(group.name) : first.kind == .component ? VisibleText.text(group.name) : group.name
      table.add(
        [name, Numbers.count(group.events)]
          + rows.map { row in
            row.breakdowns[number].groups.first { $0.order == group.order }
              .map { Numbers.decimal($0.natsPerEvent, 4) } ?? "–"
          })
    }
    return
      "Nats a\(unit == "event" ? "n" : "") \(unit) of the test data by \(first.kind.rawValue):\n\n\(table.text)"
  }

  private static func curves(_ rows: [Comparison.Row]) -> String {
    var table = table(["of the training data", "sequences"], rows)
    for (index, point) in rows[0].curve.enumerated() {
      let sequences =
        point.sequences == point.sequences.rounded()
        ? Numbers.count(Int(point.sequences)) : Numbers.decimal(point.sequences, 1)
      table.add(
        [point.fraction == 1 ? "all" : "1/\(Int((1 / point.fraction).rounded()))", sequences]
          + rows.map { row in
            guard index < row.curve.count else { return "–" }
            let spread = row.curve[index].spread.map { " ± \(Numbers.decimal($0, 4))" } ?? ""
            return Numbers.decimal(row.curve[index].natsPerEvent, 4) + spread
          })
    }
    return
      "Learning curves: nats an event (of vectors: a step) of the test data after fits to parts of the training data:\n\n\(table.text)"
  }

  private static func reliability(_ report: ComparisonReport<some RowStorage>) -> String {
    let rows = report.comparison.rows
    var table = table(["predicted probability"], rows)
    let groups = rows[0].reliability?.groups ?? []
    for (index, group) in groups.enumerated()
    where rows.contains(where: { ($0.reliability?.groups[index].outcomes ?? 0) > 0 }) {
      table.add(
        ["\(Numbers.significant(group.low))–\(Numbers.significant(group.high))"]
          + rows.map { row in
            guard let here = row.reliability?.groups[index], here.outcomes > 0 else { return "–" }
            return "\(Numbers.significant(here.predicted, 3)) → \(Numbers.significant(here.frequency, 3))"
          })
    }
    table.add(["error"] + rows.map { $0.reliability.map { Numbers.significant($0.error, 3) } ?? "–" })
    return """
      Calibration: the mean predicted probability \(report.alphabet == nil ? "that bits are 1" : "of outcomes") → their observed frequency; error: Σ over groups of \
      |observed − expected|, divided by the number of \(report.alphabet == nil ? "bits" : "events"):

      \(table.text)
      """
  }
}
