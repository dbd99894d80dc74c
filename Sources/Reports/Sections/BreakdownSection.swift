import Experiments
import Inference
import Sequences

/// Where the nats are spent.
enum BreakdownSection {
  /// Groups of a chart; of more symbols the most frequent are drawn, and of more components those with the most nats.
  private static let mostGroups = 24

  static func section(_ context: ReportContext<some RowStorage>) -> Section? {
    let rows = context.rows
    guard let first = rows.first, !first.breakdowns.isEmpty else { return nil }
    let models = context.shown.few
    let figures = first.breakdowns.indices.compactMap { number -> Figure? in
      // A model that does not take its densities apart has no groups of components.
      let breakdown = (models.map { rows[$0] } + [first]).map { $0.breakdowns[number] }.first { !$0.groups.isEmpty }
      guard let breakdown else { return nil }
      let unit = breakdown.kind == .component ? "number" : context.unit
      let all = breakdown.groups
      func weight(_ index: Int) -> Double {
        breakdown.kind == .component ? all[index].nats : Double(all[index].events)
      }
      let most = Set(all.indices.sorted { (weight($1), $0) < (weight($0), $1) }.prefix(mostGroups))
      let groups = all.indices.filter(most.contains).map { all[$0] }
      let plot = DotPlot(
        axis: "nats/\(unit)", heading: heading(breakdown.kind),
        groups: groups.map { name($0, breakdown, context) },
        series: models.map { index in
          let own = Dictionary(rows[index].breakdowns[number].groups.map { ($0.order, $0.natsPerEvent) }) { first, _ in
            first
          }
          return DotPlot.Series(
            name: rows[index].specification.shortWord, style: context.shown.style(index),
            values: groups.map { own[$0.order] })
        }, fromZero: !context.isOfVectors)
      let left = all.count - groups.count
      return Figure(
        title(breakdown.kind)
          + (left == 0
            ? ""
            : ": the \(breakdown.kind == .component ? "\(groups.count) with the most nats" : "\(groups.count) most frequent") of "
              + Numbers.count(all.count)),
        "Nats a\(unit == "event" ? "n" : "") \(unit) of the test data by \(breakdown.kind.rawValue), a point a model.",
        plot.canvas(),
        table: plot.table)
    }
    return Section(
      id: "breakdowns", title: "Where the nats are spent",
      lead: [
        (context.isOfVectors
          ? "Nats of the elements of the test data in groups: a step, or by component a number, which is predicted given the lower "
            + "components of its step."
          : "Nats an event of the test data in groups. The end of a sequence has the position behind its last element.")
          + CurveSections.selection(context, atMost: models.count)
      ],
      groups: [
        FigureGroup(layout: .columns, legend: context.shown.legend(models, rows, hasLines: false), figures: figures)
      ])
  }

  private static func title(_ kind: Breakdown.Kind) -> String {
    kind == .seen ? "By whether the sequence is in the training data" : "By \(kind.rawValue)"
  }

  private static func heading(_ kind: Breakdown.Kind) -> String { kind == .seen ? "sequence" : kind.rawValue }

  private static func name(
    _ group: Breakdown.Group, _ breakdown: Breakdown, _ context: ReportContext<some RowStorage>
  ) -> String {
    let alphabet = context.report.dataset.schema as? Alphabet
    return switch breakdown.kind {
    case .symbol where alphabet.map { !breakdown.areEnds(group, of: $0) } ?? true: VisibleText.symbol(group.name)
    case .component: VisibleText.text(group.name)
    case .seen: group.name == "in the training data" ? "seen" : "not seen"
    default: group.name
    }
  }
}
