import Experiments
import Inference
import Sequences

/// The probability integral transform of the test data: whether densities, or probabilities of counts and bits, are right.
enum TransformSection {
  /// Components with a histogram of their own; of more, all together have one beside those of the smallest p-values.
  private static let mostHistograms = 4
  private static let mostRows = 128

  static func section(_ context: ReportContext<some RowStorage>) -> Section? {
    let models = context.shown.sampled.filter { (context.rows[$0].transform?.steps ?? 0) > 0 }
    if models.isEmpty { return nil }
    let isOne = context.columns?.width == 1
    let groups = models.map { index -> FigureGroup in
      let name = context.rows[index].specification.shortWord
      let style = context.shown.style(index)
      return FigureGroup(
        subtitle: isOne ? nil : name, layout: .four,
        figures: context.rows[index].transform.map { figures($0, style, of: name, isOne) } ?? [])
    }
    let joined = isOne ? [FigureGroup(layout: .four, figures: groups.flatMap(\.figures))] : groups
    return Section(
      id: "transforms", title: "Probability integral transform",
      lead: [
        "u = P(Y ≤ y | past, lower components) of each number of the test data. If the model is true all of them are independent and "
          + "uniform: the bars are as high as the dashed line, most of them within the grey band, and p "
          + "(Kolmogorov–Smirnov) is no smaller than chance makes it."
          + (context.columns?.values == .categories
            ? "" : " High bars at both ends: predictions too narrow; in the middle: too wide.")
          + (context.columns?.values == .reals
            ? "" : " Of \(context.columns?.values.name ?? "counts") u is drawn between P(Y < y) and P(Y ≤ y).")
      ], groups: joined)
  }

  private static func figures(
    _ transform: ProbabilityTransform, _ style: SeriesStyle, of model: String, _ isOne: Bool
  ) -> [Figure] {
    func figure(_ component: ProbabilityTransform.Component, _ table: DataTable? = nil) -> Figure {
      let histogram = TransformHistogram(component: component, style: style)
      let name = isOne ? model : VisibleText.text(component.name)
      return Figure(
        "\(name): \(Numbers.pClause(component.test?.pValue))",
        "A histogram of the transforms of \(isOne ? "the data" : name) by \(model).", histogram.canvas(),
        table: table ?? histogram.table)
    }
    if transform.components.count <= mostHistograms { return transform.components.map { figure($0) } }
    let worst = transform.components.sorted { ($0.test?.pValue ?? 1) < ($1.test?.pValue ?? 1) }
    let table = DataTable(
      head: ["component", "mean", "distance", "p"],
      rows: transform.components.prefix(mostRows).map { component in
        [
          VisibleText.text(component.name), Numbers.decimal(component.mean, 4),
          component.test.map { Numbers.decimal($0.distance, 4) } ?? "–", Numbers.pValue(component.test?.pValue),
        ]
      })
    return [figure(transform.allComponents, table)] + worst.prefix(mostHistograms - 1).map { figure($0) }
  }
}
