import Experiments
import Foundation
import Inference
import Sequences

/// Sequences of vectors of the test data against samples: piano rolls of bits, small multiples of other numbers; categories have
/// no picture.
enum VectorSection {
  static func section(_ context: ReportContext<VectorRows<Double>>) -> Section? {
    let models = context.shown.sampled.filter { context.rows[$0].vectorSamples?.isEmpty == false }
    guard let columns = context.columns, !models.isEmpty, columns.values != .categories else { return nil }
    let sources =
      [Source(name: "test data", style: .data, sequences: context.testSequences(mostSequences))]
      + models.map { index in
        Source(
          name: context.rows[index].specification.shortWord, style: context.shown.style(index),
          sequences: Array((context.rows[index].vectorSamples ?? []).prefix(mostSequences)))
      }
    let pictures = columns.values == .bits ? rolls(sources, columns) : multiples(sources, columns, context)
    return Section(
      id: "sequences", title: "Data against samples",
      lead: [
        "Test sequences, and the first samples from the best models, seed \(context.report.provenance.seed). "
          + pictures.lead
      ],
      groups: [pictures.group])
  }

  private struct Source {
    let name: String
    let style: SeriesStyle
    let sequences: [[[Double]]]
  }

  private static let mostSequences = 12

  // MARK: Piano rolls

  private static let widestRoll = 240
  private static let narrowestRoll = 72
  /// Components of a roll, at most.
  private static let mostRows = 128

  private static func rolls(_ sources: [Source], _ columns: Columns) -> (lead: String, group: FigureGroup) {
    var rows = PianoRoll.rows(sources.flatMap(\.sequences), width: columns.width)
    let all = rows.count
    rows = rows.prefix(mostRows)
    let names = columns.names.map { VisibleText.text($0) }
    let rolls = sources.map { PianoRoll(names: names, sequences: $0.sequences, style: $0.style, rows: rows) }
    func canvas(_ roll: PianoRoll, width: Double, steps: Int) -> Canvas {
      roll.canvas(width: width, steps: steps, extent: rolls.map { $0.extent(atMost: steps) }.max())
    }
    let figures = zip(sources, rolls).map { source, roll in
      Figure(
        source.name, "A piano roll of \(source.name): a row a component, a column a step.",
        wide: canvas(roll, width: 1180, steps: widestRoll), narrow: canvas(roll, width: 380, steps: narrowestRoll))
    }
    return (
      "A row for each component, a column for each step; gaps part sequences."
        + (all > rows.count ? " The first \(rows.count) of \(Numbers.count(all)) components." : ""),
      FigureGroup(figures: figures)
    )
  }

  // MARK: Small multiples

  private static let mostPanels = 3
  private static let mostSteps = 200
  private static let mostComponents = 6

  private static func multiples(
    _ sources: [Source], _ columns: Columns, _ context: ReportContext<VectorRows<Double>>
  ) -> (lead: String, group: FigureGroup) {
    let shown = min(columns.width, mostComponents)
    let scaling = Scaling(context.report.design.folds[0].train, components: shown)
    let drawn = sources.map { source in
      source.sequences.prefix(mostPanels).map { $0.prefix(mostSteps).map { scaling.scaled($0) } }
    }
    let steps = drawn.joined().map(\.count).max() ?? 1
    let range = range(of: Array(drawn.joined()), around: scaling.bounds + drawn[0].joined().joined())
    let names = columns.names.prefix(shown).map { VisibleText.text($0) }
    let figures = zip(sources, drawn).map { source, sequences in
      let plot = SmallMultiples(
        names: names, sequences: sequences, range: range, steps: steps,
        styles: names.count == 1 ? [source.style] : names.indices.map(SeriesStyle.model),
        axis: scaling.isStandardised ? "standardised" : columns.width == 1 ? names[0] : "value")
      return Figure(
        source.name, "\(Numbers.count(sequences.count, "sequence")) of \(source.name), a panel each.",
        plot.canvas(width: 310), table: plot.table)
    }
    let legend = names.enumerated().map { LegendKey(markup: SeriesStyle.model($0.offset).key(), text: $0.element) }
    return (
      "A panel for each sequence, all on the same axes."
        + (columns.width > shown ? " The first \(shown) of \(Numbers.count(columns.width)) components." : "")
        + (scaling.isStandardised
          ? " Their ranges differ much: drawn are distances from the mean in standard deviations, both of the training "
            + "data." : "") + " What lies far beyond the data is drawn at the edge.",
      FigureGroup(layout: .four, legend: names.count > 1 ? legend : [], figures: figures)
    )
  }

  /// The range of what is drawn, as far as it is at most half the range of all data beyond them.
  private static func range(of drawn: [[[Double]]], around data: [Double]) -> ClosedRange<Double> {
    let numbers = drawn.joined().joined().filter(\.isFinite)
    guard let low = numbers.min(), let high = numbers.max() else { return 0...1 }
    guard let least = data.min(), let most = data.max(), least < most else { return low...high }
    let room = most / 2 - least / 2
    let (first, last) = (max(low, least - room), min(high, most + room))
    return first <= last ? first...last : least...most
  }

  /// Components on one axis: as they are, or standardised where that would hide some of them.
  private struct Scaling {
    private let means: [Double]
    private let deviations: [Double]
    let isStandardised: Bool
    /// The ends of the training data's ranges, scaled.
    private(set) var bounds: [Double] = []
    private let components: Int

    /// The ratio of two standard deviations beyond which both are not seen on one axis.
    private static let largestRatio = 6.0

    init(_ train: VectorSequences, components: Int) {
      let (values, width) = (train.rows.values, train.rows.width)
      let count = Double(max(train.elementCount, 1))
      let numbers = (0..<components).map { component in
        stride(from: component, to: values.count, by: width).map { values[$0] }
      }
      let means = numbers.map { $0.reduce(0) { $0 + $1 / count } }
      let deviations = zip(numbers, means).map { numbers, mean in
        (numbers.reduce(0) { $0 + ($1 - mean) * (($1 - mean) / count) }).squareRoot()
      }
      let varying = deviations.filter { $0 > 0 && $0.isFinite }
      let spread = (varying.max() ?? 1) / (varying.min() ?? 1)
      let farthest = (means.max() ?? 0) - (means.min() ?? 0)
      let isFar = farthest > 2 * Self.largestRatio * (varying.max() ?? 1)
      isStandardised = components > 1 && (spread > Self.largestRatio || isFar)
      self.means = means
      self.deviations = deviations.map { $0 > 0 && $0.isFinite ? $0 : 1 }
      self.components = components
      bounds = [numbers.map { $0.min() ?? 0 }, numbers.map { $0.max() ?? 0 }].flatMap(scaled)
    }

    func scaled(_ element: [Double]) -> [Double] {
      (0..<components).map { isStandardised ? (element[$0] - means[$0]) / deviations[$0] : element[$0] }
    }
  }
}
