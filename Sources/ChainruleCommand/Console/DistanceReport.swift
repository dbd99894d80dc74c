import Chainrule
import Foundation

/// A report for people, for programs and for spreadsheets.
protocol TabularReport {
  var files: [String] { get }
  var json: JSONObject { get }
  var table: [[String]] { get }
  var text: String { get }
  /// What a person should know beside the figures.
  var remarks: [String] { get }
}

/// Divergences between two models.
struct DistanceReport: TabularReport {
  let files: [String]
  let models: [ModelSpecification]
  let distance: ModelDistance
  let maximumLength: Int

  private struct Row {
    let name: String
    let perSequence: DistanceFigure
    let perEvent: DistanceFigure
    let source: DistanceSource
  }

  private var rows: [Row] {
    func row(_ name: String, _ divergence: Divergence) -> Row {
      Row(
        name: name, perSequence: divergence.perSequence, perEvent: divergence.perEvent, source: divergence.source)
    }
    return [
      row("KL(A ‖ B)", distance.there), row("KL(B ‖ A)", distance.back),
      Row(
        name: "Jensen–Shannon", perSequence: distance.jensenShannon, perEvent: distance.jensenShannonPerEvent,
        source: .samples(distance.samples, cut: distance.cut)),
    ]
  }

  var json: JSONObject {
    let keys = ["there", "back", "jensenShannon"]
    return [
      "schema": "chainrule.distance/1", "models": models.map(\.word),
      "divergences": zip(keys, rows).map { key, row in
        (["divergence": key] as JSONObject).merging(.distance(row.perSequence, row.perEvent, row.source))
      },
      "samples": distance.samples, "cut": distance.cut,
      "symbolsOfOne": [distance.symbolsOfFirst, distance.symbolsOfSecond],
    ]
  }

  var table: [[String]] {
    [["divergence"] + DistanceFigure.columns]
      + zip(["there", "back", "jensen_shannon"], rows).map {
        [$0] + DistanceFigure.cells($1.perSequence, $1.perEvent, $1.source)
      }
  }

  var text: String {
    var table = Table([
      ("", .left), ("nats/sequence", .right), ("95 % interval", .left), ("nats/event", .right),
      ("95 % interval", .left),
      ("by", .left),
    ])
    for row in rows {
      table.add([
        row.name, row.perSequence.text, row.perSequence.interval, row.perEvent.text, row.perEvent.interval,
        row.source.isExact ? "exact" : "samples",
      ])
    }
    return ["A: \(models[0].shortWord), \(files[0])", "B: \(models[1].shortWord), \(files[1])", table.text].joined(
      separator: "\n")
  }

  var remarks: [String] {
    var remarks: [String] = []
    for (name, symbols, divergence) in [
      ("A", distance.symbolsOfFirst, "KL(A ‖ B)"), ("B", distance.symbolsOfSecond, "KL(B ‖ A)"),
    ] where !symbols.isEmpty {
      let shown = symbols.prefix(10).map { VisibleText.quoted($0) } + (symbols.count > 10 ? ["…"] : [])
      remarks.append(
        "\(Numbers.count(symbols.count, "symbol")) of \(name) alone (\(shown.joined(separator: ", "))): \(divergence) is inf where "
          + "they have a probability")
    }
    if distance.cut > 0 {
      remarks.append(
        "\(Numbers.count(distance.cut)) of \(Numbers.count(2 * distance.samples)) samples were cut at "
          + "\(Numbers.count(maximumLength)) elements: their beginnings were compared")
    }
    return remarks
  }
}

extension JSONObject {
  /// The figures of a divergence.
  static func distance(
    _ perSequence: DistanceFigure, _ perEvent: DistanceFigure, _ source: DistanceSource
  ) -> JSONObject {
    [
      "natsPerSequence": perSequence.nats, "low": perSequence.low, "high": perSequence.high,
      "natsPerEvent": perEvent.nats, "lowPerEvent": perEvent.low, "highPerEvent": perEvent.high,
      "exact": source.isExact,
    ]
  }
}

extension DistanceFigure {
  /// Of a table for spreadsheets.
  static let columns = [
    "nats_per_sequence", "low", "high", "nats_per_event", "low_per_event", "high_per_event", "exact",
  ]

  static func cells(_ perSequence: DistanceFigure, _ perEvent: DistanceFigure, _ source: DistanceSource) -> [String] {
    [perSequence, perEvent].flatMap { ["\($0.nats)", "\($0.low)", "\($0.high)"] } + ["\(source.isExact)"]
  }

  /// With as many digits as the interval leaves sense to.
  var text: String { Self.text(nats, decimals) }
  /// Nothing where it is exact.
  var interval: String {
    low == high ? "" : "[\(Self.text(low, decimals)), \(Self.text(high, decimals))]"
  }

  private var decimals: Int {
    low == high || !high.isFinite ? 6 : min(max(Numbers.decimals(for: (high - low) / 2), 3), 6)
  }

  private static func text(_ number: Double, _ decimals: Int) -> String {
    number.isFinite ? Numbers.decimal(number, decimals) : "inf"
  }
}
