import Experiments
import Sequences

/// Survival and hazard of the length: the test data against each model.
enum LengthSection {
  /// Lengths beyond which nothing is drawn.
  private static let longest = 5000
  /// Sequences still running that a hazard of data is estimated from, at least.
  private static let atRisk = 10
  /// Test sequences that say anything of lengths, at least.
  private static let fewest = 5

  static func section(_ context: ReportContext<some RowStorage>) -> Section? {
    let rows = context.rows
    let models = context.shown.charted.filter { rows[$0].lengths != nil }
    if models.isEmpty { return nil }
    let lengths = context.testLengths.sorted()
    let hasData = lengths.count >= fewest
    let ends = models.compactMap { rows[$0].lengths.map { quantile($0.probabilities, 0.95) } }
    let last = min(
      max(hasData ? lengths[(lengths.count - 1) * 199 / 200] + 1 : ends.max() ?? 1, 2), longest)
    let counts = lengths.reduce(into: [Int](repeating: 0, count: last + 1)) { if $1 <= last { $0[$1] += 1 } }
    var survival: [LineChart.Series] = []
    var hazard: [LineChart.Series] = []
    func add(_ name: String, _ style: SeriesStyle, _ curve: Curves) {
      survival.append(.init(name: name, style: style, points: points(curve.survival), isStep: true))
      hazard.append(.init(name: name, style: style, points: points(curve.hazard)))
    }
    if hasData { add("test data", .data, Curves(counts, of: lengths.count, atRisk: atRisk)) }
    for index in models {
      guard let summary = rows[index].lengths else { continue }
      add(
        rows[index].specification.shortWord, context.shown.style(index),
        Curves(summary.probabilities, upTo: last, isExact: summary.isExact))
    }
    let survivalChart = LineChart(x: "length n", y: "P(τ > n)", series: survival, xIsWhole: true, yFromZero: true)
    let hazardChart = LineChart(x: "length n", y: "P(τ = n | τ ≥ n)", series: hazard, xIsWhole: true, yFromZero: true)
    let isEstimated = models.contains { rows[$0].lengths?.isExact == false }
    return Section(
      id: "lengths", title: "Lengths",
      lead: [
        "Survival: the probability that a sequence has more than n elements. Hazard: the probability that it ends after n "
          + "elements, given that it has as many." + (isEstimated ? " Of networks both are estimated from draws." : "")
          + (hasData ? "" : " There are too few test sequences to draw theirs.") + CurveSections.selection(context)
      ],
      groups: [
        FigureGroup(
          legend: context.shown.legend(models, rows, withData: hasData),
          figures: [
            Figure(
              "Survival", "The probability of more than n elements, for the test data and each model.",
              survivalChart.canvas(), table: survivalChart.table),
            Figure(
              "Hazard", "The probability of an end after n elements, for the test data and each model.",
              hazardChart.canvas(), table: hazardChart.table),
          ])
      ])
  }

  /// A value for each length 0, 1, …; `nil` where there is none to draw.
  private struct Curves {
    let survival: [Double]
    let hazard: [Double?]

    /// Of data: how many sequences have each length.
    init(_ counts: [Int], of total: Int, atRisk fewest: Int) {
      var left = total
      var (survival, hazard) = ([Double](), [Double?]())
      for count in counts {
        hazard.append(left >= min(fewest, total) ? Double(count) / Double(max(left, 1)) : nil)
        left -= count
        survival.append(Double(left) / Double(max(total, 1)))
      }
      (self.survival, self.hazard) = (survival, hazard)
    }

    /// Of a model.
    init(_ probabilities: [Double], upTo last: Int, isExact: Bool) {
      // Below these, differences from 1 have no digits left, and draws say nothing.
      let least = isExact ? 1e-7 : 2e-3
      var left = 1.0
      var (survival, hazard) = ([Double](), [Double?]())
      for length in 0...last {
        let probability = length < probabilities.count ? probabilities[length] : nil
        hazard.append(probability.flatMap { left > least ? min($0 / left, 1) : nil })
        left = max(left - (probability ?? 0), 0)
        survival.append(left)
      }
      (self.survival, self.hazard) = (survival, hazard)
    }
  }

  private static func points(_ values: [Double?]) -> [(x: Double, y: Double)] {
    values.enumerated().map { (Double($0.offset), $0.element ?? .nan) }
  }

  private static func quantile(_ probabilities: [Double], _ q: Double) -> Int {
    var sum = 0.0
    return probabilities.firstIndex { probability in
      sum += probability
      return sum >= q
    } ?? probabilities.count
  }
}
