import Chainrule
import Foundation

/// The JSON of strengths in one source: data, or a model's draws.
struct StrengthReport: Encodable {
  struct Lag: Encodable {
    var lag: Int
    var nats: Double
    /// One standard error.
    var error: Double
    var plugIn: Double
    /// Whether the graph has such an edge.
    var edge: Bool
  }

  var source: String
  var window: Int
  var stretches: Int
  var distinct: Int
  var lags: [Lag]

  init(_ source: String, _ strengths: EdgeStrengths, _ graph: UnrolledGraph) {
    self.source = source
    window = strengths.window
    stretches = strengths.stretches
    distinct = strengths.distinct
    var present: Set<Int> = []
    for child in 0..<graph.count {
      present.formUnion(graph.parents(child).compactMap { graph.lag(Int($0), child) })
    }
    lags = strengths.lags.map {
      Lag(lag: $0.lag, nats: $0.nats, error: $0.error, plugIn: $0.plugIn, edge: present.contains($0.lag))
    }
  }

  /// Where most stretches occur but once.
  fileprivate var remark: String? {
    2 * distinct > stretches
      ? "\(source): \(Numbers.count(distinct)) of \(Numbers.count(stretches)) stretches are different, "
        + "so that these figures are mostly bias: take a smaller window" : nil
  }
}

extension GraphAnswer {
  /// A table for people; widths from the first source.
  static func strengths(_ sources: [StrengthReport], window: Int) -> GraphAnswer {
    var table = Table([("lag", .right), ("edge", .left)] + sources.map { ($0.source, .left) })
    for place in sources[0].lags.indices {
      let lag = sources[0].lags[place]
      table.add(
        [String(lag.lag), lag.edge ? "yes" : "no"]
          + sources.map { source in
            let lag = source.lags[place]
            let decimals = max(Numbers.decimals(for: lag.error), 2)
            return "\(Numbers.decimal(lag.nats, decimals)) ± \(Numbers.decimal(lag.error, decimals))"
          })
    }
    let head =
      "I(y(t−lag); y(t) | the rest of a window of \(window)) in nats, ± one standard error (jackknife over 20 blocks), "
      + "Miller and Madow's correction"
    var answer = GraphAnswer(
      text: ([head, table.text] + sources.compactMap(\.remark)).joined(separator: "\n"),
      fields: .init(strengths: sources))
    answer.strengths = Dictionary(uniqueKeysWithValues: sources[0].lags.map { ($0.lag, $0.nats) })
    return answer
  }
}
