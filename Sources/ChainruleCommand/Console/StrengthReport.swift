import Chainrule
import Foundation

/// The JSON of edge strengths in one source: data, or a model's samples.
struct StrengthReport: Encodable {
  struct Lag: Encodable {
    var lag: Int
    /// In nats, its bias removed.
    var estimate: Double
    /// The same under its older name.
    var nats: Double
    /// A 95 % confidence interval.
    var low: Double
    var high: Double
    /// Whether it lies above 0.
    var supported: Bool
    /// One standard error.
    var error: Double
    var plugIn: Double
    /// What permutations are estimated to have subtracted too much.
    var missing: Double
    /// Whether the graph has such an edge.
    var edge: Bool

    init(_ strength: EdgeStrength, isEdge: Bool) {
      lag = strength.lag
      estimate = strength.estimate
      nats = strength.estimate
      low = strength.low
      high = strength.high
      supported = strength.isSupported
      error = strength.error
      plugIn = strength.plugIn
      missing = strength.missing
      edge = isEdge
    }
  }

  var source: String
  var window: Int
  /// Windows of window + 1 elements, and the distinct ones.
  var stretches: Int
  var distinct: Int
  var lags: [Lag]

  init(_ source: String, _ strengths: EdgeStrengths, _ graph: UnrolledGraph) {
    self.source = source
    window = strengths.window
    stretches = strengths.windows
    distinct = strengths.distinct
    var present: Set<Int> = []
    for child in 0..<graph.count {
      present.formUnion(graph.parents(child).compactMap { graph.lag(Int($0), child) })
    }
    lags = strengths.lags.map { Lag($0, isEdge: present.contains($0.lag)) }
  }

  /// Said where a good part of an estimate comes from a model of the windows and not from counts.
  fileprivate var remark: String? {
    guard lags.contains(where: { $0.supported && 5 * $0.missing > $0.estimate }) || 2 * distinct > stretches else {
      return nil
    }
    return
      "\(source): \(Numbers.count(distinct)) of \(Numbers.count(stretches)) windows are distinct, too many for more than "
      + "rough figures: a smaller --window gives narrower intervals"
  }
}

extension StrengthReport.Lag {
  fileprivate var decimals: Int { max(Numbers.decimals(for: (high - low) / 2), 2) }
  fileprivate var figure: String { text(estimate) }
  fileprivate var interval: String { "[\(text(low)), \(text(high))]" }

  /// Without a sign where it is rounded to 0.
  private func text(_ number: Double) -> String {
    let text = Numbers.decimal(number, decimals)
    return text.hasPrefix("-") && !text.contains { "123456789".contains($0) } ? String(text.dropFirst()) : text
  }
}

extension GraphAnswer {
  /// A table for people; a picture shows the first source.
  static func strengths(_ sources: [StrengthReport], window: Int) -> GraphAnswer {
    var table = Table(
      [("lag", .right), ("edge", .left)]
        + sources.flatMap { [($0.source, .right), ("95 % interval", .left), ("supported", .left)] })
    for index in sources[0].lags.indices {
      table.add(
        [String(sources[0].lags[index].lag), sources[0].lags[index].edge ? "yes" : "no"]
          + sources.flatMap { source in
            let lag = source.lags[index]
            return [lag.figure, lag.interval, lag.supported ? "yes" : "no"]
          })
    }
    let head =
      "I(y(t−lag); y(t) | the rest of a window of \(window)) in nats, less its mean under permutations; an edge whose "
      + "interval\nholds 0 is not supported by the data"
    var answer = GraphAnswer(
      text: ([head, table.text] + sources.compactMap(\.remark)).joined(separator: "\n"),
      fields: .init(strengths: sources))
    answer.strengths = Dictionary(
      uniqueKeysWithValues: sources[0].lags.map {
        ($0.lag, DrawnStrength(nats: $0.estimate, label: $0.figure, isSupported: $0.supported))
      })
    answer.legend =
      [
        "Conditional mutual information of y(t−lag) and y(t) given the rest",
        "of a window of \(window), in nats, in \(sources[0].source):",
      ]
      + sources[0].lags.map { "lag \($0.lag): \($0.figure) \($0.interval)\($0.supported ? "" : ", not supported")" }
    answer.table =
      [["source", "lag", "edge", "estimate", "low", "high", "supported", "plugIn"]]
      + sources.flatMap { source in
        source.lags.map { lag in
          [
            source.source, "\(lag.lag)", "\(lag.edge)", "\(lag.estimate)", "\(lag.low)", "\(lag.high)",
            "\(lag.supported)", "\(lag.plugIn)",
          ]
        }
      }
    return answer
  }
}
