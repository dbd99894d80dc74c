import Chainrule
import Foundation

/// A forecast for people, for programs and as a fan chart.
struct ForecastReport {
  private let forecast: Forecast
  private let columns: Columns
  /// The beginning.
  private let prefix: [[Double]]
  private let draws: Int

  init(_ forecast: Forecast, _ columns: Columns, _ prefix: [[Double]], draws: Int) {
    (self.forecast, self.columns, self.prefix, self.draws) = (forecast, columns, prefix, draws)
  }

  var json: [JSONObject] {
    forecast.steps.map { step in
      ["step": step.time, "draws": step.draws, "fractions": Forecast.fractions, "quantiles": step.quantiles]
    }
  }

  /// A row for each component of each step.
  var table: [[String]] {
    [["step", "draws", "component"] + Forecast.fractions.map { "q\(Int(($0 * 100).rounded()))" }]
      + forecast.steps.flatMap { step in
        zip(columns.names, step.quantiles).map { name, quantiles in
          ["\(step.time)", "\(step.draws)", name] + quantiles.map { "\($0)" }
        }
      }
  }

  /// Rows that are shown to people.
  private static let mostRows = 60

  var text: String {
    var table = Table(
      [("step", .right), ("samples", .right), ("component", .left)]
        + Forecast.fractions.map { (Self.percent($0), .right) })
    let rows = forecast.steps.flatMap { step in
      zip(columns.names, step.quantiles).map { name, quantiles in
        [String(step.time), Numbers.count(step.draws), name] + quantiles.map { Numbers.significant($0) }
      }
    }
    for row in rows.prefix(Self.mostRows) { table.add(row) }
    let left = rows.count - Self.mostRows
    return
      "Quantiles of \(Numbers.count(draws, "sample")) after \(Numbers.count(prefix.count, "step")), at each step of those "
      + "that have not ended\n" + table.text + (left > 0 ? "\n(\(Numbers.count(left)) more rows with --csv)" : "")
  }

  private static func percent(_ fraction: Double) -> String { "\(Int((fraction * 100).rounded())) %" }

  /// Components that are drawn, and steps before the forecast, at most.
  private static let mostDrawn = 6
  private static let mostBefore = 50
  /// The share of samples that must not have ended, so that quantiles are drawn.
  private static let leastShare = 0.1

  /// A panel for each of the first components: the beginning, the median, and the quantiles on both sides.
  var chart: Chart {
    let steps = forecast.steps.filter { Double($0.draws) >= Self.leastShare * Double(draws) }
    let first = max(prefix.count - Self.mostBefore, 0)
    let panels = columns.names.prefix(Self.mostDrawn).enumerated().map { component, name in
      let before = (first..<prefix.count).map { Chart.Point(Double($0 + 1), prefix[$0][component]) }
      func line(_ quantile: Int, hue: Int) -> Chart.Series {
        Chart.Series(
          Self.percent(Forecast.fractions[quantile]),
          steps.map { .init(Double($0.time), $0.quantiles[component][quantile]) }, hue: hue)
      }
      return Chart.Panel(
        y: .init(name),
        series: [Chart.Series("", before, hue: 6), line(4, hue: 5), line(3, hue: 0), line(2, hue: 1), line(1, hue: 0)]
          + [line(0, hue: 5)])
    }
    let left = columns.width - panels.count
    return Chart(
      title: "Forecast: quantiles of \(Numbers.count(draws, "sample"))", x: .init("step"), panels: panels,
      caption: "where at least a tenth of the samples has not ended" + (left > 0 ? "; \(left) more components" : ""))
  }
}
