import Chainrule
import Foundation

/// Edge strengths in one source: data, or a model's samples.
struct StrengthReport {
  let source: String
  let strengths: EdgeStrengths
  /// The lags of the graph's edges.
  let edges: Set<Int>

  init(_ source: String, _ strengths: EdgeStrengths, _ graph: UnrolledGraph) {
    self.source = source
    self.strengths = strengths
    edges = (0..<graph.count).reduce(into: []) { edges, child in
      edges.formUnion(graph.parents(child).compactMap { graph.lag(Int($0), child) })
    }
  }

  /// `nats` is `estimate` under its older name.
  var json: JSONObject {
    [
      "source": source, "window": strengths.window, "stretches": strengths.windows, "distinct": strengths.distinct,
      "lags": strengths.lags.map { lag -> JSONObject in
        [
          "lag": lag.lag, "estimate": lag.estimate, "nats": lag.estimate, "low": lag.low, "high": lag.high,
          "supported": lag.isSupported, "error": lag.error, "plugIn": lag.plugIn, "missing": lag.missing,
          "edge": edges.contains(lag.lag),
        ]
      },
    ]
  }

  /// Said where a good part of an estimate comes from a model of the windows and not from counts.
  fileprivate var remark: String? {
    guard strengths.lags.contains(where: { $0.isSupported && 5 * $0.missing > $0.estimate }) || strengths.isSparse
    else { return nil }
    return
      "\(source): \(Numbers.count(strengths.distinct)) of \(Numbers.count(strengths.windows)) windows are distinct, too many "
      + "for more than rough figures: a smaller --window gives narrower intervals"
  }
}

extension EdgeStrength {
  fileprivate var figure: String { text(estimate) }
  fileprivate var interval: String { "[\(text(low)), \(text(high))]" }

  /// Without a sign where it is rounded to 0.
  private func text(_ number: Double) -> String {
    let text = Numbers.decimal(number, max(Numbers.decimals(for: (high - low) / 2), 2))
    return text.hasPrefix("-") && !text.contains { "123456789".contains($0) } ? String(text.dropFirst()) : text
  }
}

extension GraphAnswer {
  /// A table for people; a picture shows the first source.
  static func strengths(_ sources: [StrengthReport], window: Int) -> GraphAnswer {
    var table = Table(
      [("lag", .right), ("edge", .left)]
        + sources.flatMap { [($0.source, .right), ("95 % interval", .left), ("supported", .left)] })
    let first = sources[0]
    for (index, strength) in first.strengths.lags.enumerated() {
      table.add(
        [String(strength.lag), first.edges.contains(strength.lag) ? "yes" : "no"]
          + sources.flatMap { source in
            let lag = source.strengths.lags[index]
            return [lag.figure, lag.interval, lag.isSupported ? "yes" : "no"]
          })
    }
    let head =
      "I(y(t−lag); y(t) | the rest of a window of \(window)) in nats, less its mean under permutations; an edge whose "
      + "interval\nholds 0 is not supported by the data"
    var answer = GraphAnswer(
      text: ([head, table.text] + sources.compactMap(\.remark)).joined(separator: "\n"),
      fields: ["strengths": sources.map(\.json)])
    answer.strengths = Dictionary(
      uniqueKeysWithValues: first.strengths.lags.map {
        ($0.lag, DrawnStrength(nats: $0.estimate, label: $0.figure, isSupported: $0.isSupported))
      })
    answer.legend =
      [
        "Conditional mutual information of y(t−lag) and y(t) given the rest",
        "of a window of \(window), in nats, in \(first.source):",
      ]
      + first.strengths.lags.map {
        "lag \($0.lag): \($0.figure) \($0.interval)\($0.isSupported ? "" : ", not supported")"
      }
    answer.table =
      [["source", "lag", "edge", "estimate", "low", "high", "supported", "plugIn"]]
      + sources.flatMap { source in
        source.strengths.lags.map { lag in
          [
            source.source, "\(lag.lag)", "\(source.edges.contains(lag.lag))", "\(lag.estimate)", "\(lag.low)",
            "\(lag.high)", "\(lag.isSupported)", "\(lag.plugIn)",
          ]
        }
      }
    return answer
  }
}
