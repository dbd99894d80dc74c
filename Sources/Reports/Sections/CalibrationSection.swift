import Experiments
import Inference
import Sequences

/// Reliability diagrams: predicted probabilities against frequencies.
enum CalibrationSection {
  static func section(_ context: ReportContext<some RowStorage>) -> Section? {
    let rows = context.rows
    let models = context.shown.charted.filter { rows[$0].reliability != nil }
    if models.isEmpty { return nil }
    let chart = LineChart(
      x: "predicted probability", y: "frequency",
      series: models.map { index in
        LineChart.Series(
          name: rows[index].specification.shortWord, style: context.shown.style(index),
          points: points(rows[index].reliability), hasMarkers: true)
      }, xIsLogarithmic: true, yIsLogarithmic: true, hasDiagonal: true)
    let errors = DotPlot(
      axis: "error", heading: "model", groups: models.map { rows[$0].specification.shortWord },
      series: models.enumerated().map { number, index in
        DotPlot.Series(
          name: rows[index].specification.shortWord, style: context.shown.style(index),
          values: models.indices.map { $0 == number ? rows[index].reliability?.error : nil })
      }, fromZero: true)
    let errorTable = DataTable(
      head: ["model", "error"],
      rows: models.map { index in
        [
          rows[index].specification.shortWord,
          rows[index].reliability.map { Numbers.significant($0.error, 3) } ?? "–",
        ]
      })
    return Section(
      id: "calibration", title: "Calibration",
      lead: [
        (context.isOfVectors
          ? "Bits in groups by the predicted probability that they are 1, given the past and the lower bits of their step"
          : "Outcomes in groups of similar predictions")
          + ": a calibrated model's lie on the dashed line. Groups that expect less than one "
          + "outcome are left out. Error: the sum of |frequency − prediction| over groups, "
          + (context.isOfVectors ? "a bit." : "an event.")
          + CurveSections.selection(context)
      ],
      groups: [
        FigureGroup(
          legend: context.shown.legend(models, rows),
          figures: [
            Figure(
              "Reliability", "The frequency of outcomes over their predicted probability, for each model.",
              chart.canvas(height: 320), table: chart.table),
            Figure("Calibration error", "The error of each model.", errors.canvas(), table: errorTable),
          ])
      ])
  }

  private static func points(_ reliability: Reliability?) -> [(x: Double, y: Double)] {
    (reliability?.groups ?? []).filter { $0.expected >= 1 }.map { ($0.predicted, $0.frequency) }
  }
}
