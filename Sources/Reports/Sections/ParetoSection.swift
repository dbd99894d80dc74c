import Experiments
import Sequences

/// Parameters against nats.
enum ParetoSection {
  static func section(_ context: ReportContext<some RowStorage>) -> Section? {
    let rows = context.rows
    guard rows.count > 1, rows.contains(where: { $0.test.nats.isFinite }) else { return nil }
    let families = rows.reduce(into: [String]()) { if !$0.contains($1.familyName) { $0.append($1.familyName) } }
    let lengths = rows.reduce(into: [String]()) { if !$0.contains($1.lengthName) { $0.append($1.lengthName) } }
    let markers: [Marker] = [.circle, .square, .triangle, .diamond]
    func style(_ row: Comparison.Row) -> SeriesStyle { .model(families.firstIndex(of: row.familyName) ?? 0) }
    func marker(_ row: Comparison.Row) -> Marker { markers[(lengths.firstIndex(of: row.lengthName) ?? 0) % 4] }
    let chosen = context.best.map { context.allPerUnit(rows[$0].test) }
    let points = rows.enumerated().map { index, row in
      ParetoChart.Point(
        name: row.specification.shortWord, logParameters: max(row.free.log10, 0), nats: context.allPerUnit(row.test),
        interval: interval(row, chosen, context), isOnFront: row.isOnParetoFront, isChosen: index == context.best,
        style: style(row), marker: marker(row))
    }
    let chart = ParetoChart(points: points, unit: "nats/\(context.unit)")
    let left = rows.filter { !$0.test.nats.isFinite }.map(\.specification.shortWord)
    let figure = Figure(
      "Free parameters and test nats/\(context.unit)",
      "A point for each of \(rows.count) models; the table of models has the figures.",
      wide: chart.canvas(width: 1180, height: 460), narrow: chart.canvas(width: 380, height: 360))
    let keys =
      families.enumerated().map { LegendKey(markup: SeriesStyle.model($0.offset).keyOfColour, text: $0.element) }
      + (lengths.count > 1
        ? lengths.enumerated().map { number, name in
          LegendKey(markup: outline(markers[number % 4]), text: "/\(name)")
        } : [])
    let lead =
      "Larger points, joined by a dotted line, are the Pareto front: no other model has at most as many parameters and predicts the "
      + (context.report.comparison.isChosenByTest ? "test" : "validation") + " data better."
      + (context.hasIntervals && chosen != nil
        ? " Bars are 95 % intervals of the difference to the chosen model, drawn at that model's figure." : "")
      + (context.isOfVectors ? " The nats for where sequences end are among them." : "")
      + " Hollow points lie beyond the edge of the plot."
      + (left.isEmpty ? "" : " Not drawn, as their nats are infinite: \(left.joined(separator: ", ")).")
    return Section(
      id: "pareto", title: "Size and likelihood", lead: [lead],
      groups: [FigureGroup(legend: keys, figures: [figure])])
  }

  private static func interval(
    _ row: Comparison.Row, _ chosen: Double?, _ context: ReportContext<some RowStorage>
  ) -> ClosedRange<Double>? {
    let difference = row.difference
    guard context.hasIntervals, let chosen, difference.low.isFinite, difference.high.isFinite,
      difference.low < difference.high
    else { return nil }
    return
      (chosen + difference.low / context.unitsPerSequence)...(chosen + difference.high / context.unitsPerSequence)
  }

  private static func outline(_ marker: Marker) -> String {
    var canvas = Canvas(width: 26, height: 12)
    canvas.path(marker.path(13, 6, 4), "hollow data")
    return canvas.elements
  }
}

extension SeriesStyle {
  /// A sample of the colour alone.
  fileprivate var keyOfColour: String {
    var canvas = Canvas(width: 26, height: 12)
    canvas.path("M4 1h18v10h-18z", "mark \(name)")
    return canvas.elements
  }
}
