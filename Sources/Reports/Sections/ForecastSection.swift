import Experiments
import Inference
import Sequences

/// Forecasts of a test sequence from its first half.
enum ForecastSection {
  /// Components that are drawn of each model.
  private static let mostComponents = 3

  static func section(_ context: ReportContext<VectorRows<Double>>) -> Section? {
    let models = context.shown.sampled.filter { context.rows[$0].forecast != nil }
    guard let columns = context.columns, let first = models.first.flatMap({ context.rows[$0].forecast }) else {
      return nil
    }
    let shown = min(columns.width, mostComponents)
    // Components of a model side by side.
    let figures = models.map { index -> [Figure] in
      guard let forecast = context.rows[index].forecast else { return [] }
      let model = context.rows[index].specification.shortWord
      return (0..<shown).map { component in
        let name = VisibleText.text(columns.names[component])
        let chart = FanChart(
          forecast: forecast, component: component, name: name, style: context.shown.style(index))
        return Figure(
          columns.width == 1 ? model : "\(model): \(name)",
          "A forecast of \(name) by \(model): quantiles of samples, and the data.", chart.canvas(), table: chart.table)
      }
    }
    return Section(
      id: "forecasts", title: "Forecasts",
      lead: [
        "A test sequence of the median length, forecast from its first \(Numbers.count(first.start, "step")): the quantiles of "
          + "\(Numbers.count(first.draws, "sample")) that begin so, at each step where a tenth of them has not ended. Bands: "
          + "from 5 to 95\u{A0}% and from 25 to 75\u{A0}%; thin line: the median; thick line: the data."
          + (columns.width > shown ? " The first \(shown) of \(Numbers.count(columns.width)) components." : "")
      ],
      groups: (columns.width == 1 ? [figures.flatMap(\.self)] : figures).enumerated().map { number, figures in
        FigureGroup(
          legend: number == 0 ? context.shown.legend(models, context.rows, withData: true) : [], figures: figures)
      })
  }
}
