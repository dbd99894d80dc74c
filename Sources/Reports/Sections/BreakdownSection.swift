import Experiments
import Inference
import Sequences

/// Where the nats are spent.
enum BreakdownSection {
  /// Groups of a chart; of more symbols the most frequent are drawn.
  private static let mostGroups = 24

  static func section(_ context: ReportContext) -> Section? {
    let rows = context.rows
    guard let first = rows.first, !first.breakdowns.isEmpty else { return nil }
    let models = context.shown.few
    let figures = first.breakdowns.indices.map { number -> Figure in
      let breakdown = first.breakdowns[number]
      let all = breakdown.groups
      let most = Set(all.indices.sorted { (all[$1].events, $0) < (all[$0].events, $1) }.prefix(mostGroups))
      let groups = all.indices.filter(most.contains).map { all[$0] }
      let plot = DotPlot(
        axis: "nats/event", heading: heading(breakdown.kind),
        groups: groups.map { name($0, breakdown, context.alphabet) },
        series: models.map { index in
          let own = Dictionary(rows[index].breakdowns[number].groups.map { ($0.order, $0.natsPerEvent) }) { first, _ in
            first
          }
          return DotPlot.Series(
            name: rows[index].specification.shortWord, style: context.shown.style(index),
            values: groups.map { own[$0.order] })
        }, fromZero: true)
      let left = all.count - groups.count
      return Figure(
        title(breakdown.kind)
          + (left > 0 ? ": the \(groups.count) most frequent of \(Numbers.count(all.count))" : ""),
        "Nats an event of the test data by \(breakdown.kind.rawValue), a point a model.", plot.canvas(),
        table: plot.table)
    }
    return Section(
      id: "breakdowns", title: "Where the nats are spent",
      lead: [
        "Nats an event of the test data in groups. The end of a sequence has the position behind its last element."
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

  private static func name(_ group: Breakdown.Group, _ breakdown: Breakdown, _ alphabet: Alphabet) -> String {
    switch breakdown.kind {
    case .symbol where !breakdown.areEnds(group, of: alphabet): VisibleText.symbol(group.name)
    case .seen: group.name == "in the training data" ? "seen" : "not seen"
    default: group.name
    }
  }
}
