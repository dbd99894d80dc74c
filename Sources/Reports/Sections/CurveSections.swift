import Experiments
import Sequences

/// Learning curves over the size of the training part, and training curves over epochs.
enum CurveSections {
  static func learning(_ context: ReportContext<some RowStorage>) -> Section? {
    let rows = context.rows
    let drawn = context.shown.charted.filter { rows[$0].curve.count > 1 }
    if drawn.isEmpty { return nil }
    let chart = LineChart(
      x: "training sequences", y: "test nats/\(context.unit)",
      series: drawn.map { index in
        let curve = rows[index].curve
        return LineChart.Series(
          name: rows[index].specification.shortWord, style: context.shown.style(index),
          points: curve.map { ($0.sequences, $0.natsPerEvent) }, spreads: curve.map(\.spread), hasMarkers: true)
      }, xIsLogarithmic: true)
    let figure = Figure(
      "Learning curves",
      "Nats a\(context.isOfVectors ? "" : "n") \(context.unit) of the test data after fits to parts of the training data.",
      wide: chart.canvas(width: 1180, height: 420), narrow: chart.canvas(width: 380, height: 320), table: chart.table)
    let hasSpread = drawn.contains { rows[$0].curve.contains { $0.spread != nil } }
    return Section(
      id: "learning", title: "Learning curves",
      lead: [
        "How the test data are predicted after fits to parts of the training data; each part holds the smaller ones."
          + (hasSpread ? " Bars: ± one standard deviation over seeds." : "") + selection(context)
      ], groups: [FigureGroup(legend: context.shown.legend(drawn, rows), figures: [figure])])
  }

  /// Which models are drawn, where not all are.
  static func selection(_ context: ReportContext<some RowStorage>, atMost count: Int = SeriesStyle.count) -> String {
    context.rows.count > count
      ? " Drawn are the chosen model, the best of each family and then the next best, up to \(count)." : ""
  }

  /// Trainings that are drawn at most.
  private static let mostTrainings = 9

  static func training(_ context: ReportContext<some RowStorage>) -> Section? {
    let trained = context.rows.indices.filter { context.rows[$0].trials[0].epochs.count > 1 }
    if trained.isEmpty { return nil }
    func nats(_ row: Int) -> Double { (context.rows[row].valid ?? context.rows[row].test).nats }
    let drawn = Set(trained.sorted { nats($0) < nats($1) }.prefix(mostTrainings))
    let figures = trained.filter(drawn.contains).map { index in
      let row = context.rows[index]
      let epochs = row.trials[0].epochs
      let style = SeriesStyle.data
      let chart = LineChart(
        x: "epoch", y: "nats/event",
        series: [
          LineChart.Series(
            name: "training", style: style, points: epochs.map { (Double($0.epoch), $0.train) }, isFaint: true),
          LineChart.Series(
            name: "validation", style: style,
            points: epochs.compactMap { epoch in epoch.valid.map { (Double(epoch.epoch), $0) } }),
        ].filter { !$0.points.isEmpty }, xIsWhole: true)
      return Figure(
        row.specification.shortWord, "Nats an event of training and validation data over \(epochs.count) epochs.",
        chart.canvas(), table: chart.table)
    }
    let trial = context.report.design.places.count > 1 ? " Of each model the first training." : ""
    return Section(
      id: "training", title: "Training curves",
      lead: [
        "Solid: the validation data. Dotted: the training data as seen during the epoch, with dropout, while the parameters "
          + "moved.\(trial)"
          + (context.isOfVectors ? " An event is a step or the end of a sequence." : "")
          + (trained.count > figures.count ? " The \(figures.count) best of \(trained.count) trainings are drawn." : "")
      ], groups: [FigureGroup(figures: figures)])
  }
}
