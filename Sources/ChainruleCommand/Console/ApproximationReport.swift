import Chainrule
import Foundation

/// A model's best Markov approximations.
struct ApproximationReport: TabularReport {
  let file: String
  let model: ModelSpecification
  let approximations: MarkovApproximations
  let maximumLength: Int

  var files: [String] { [file] }
  private var rows: [MarkovApproximation] { approximations.approximations }

  var json: JSONObject {
    [
      "schema": "chainrule.distance/1", "models": [model.word],
      "approximations": rows.map { row in
        let fields: JSONObject = [
          "order": row.order, "freeParameters": row.freeParameters.text, "contexts": row.contexts,
        ]
        return fields.merging(
          .distance(row.divergence.perSequence, row.divergence.perEvent, row.divergence.source))
      },
      "samples": approximations.samples, "cut": approximations.cut,
    ]
  }

  var table: [[String]] {
    [["order", "free_parameters", "contexts"] + DistanceFigure.columns]
      + rows.map { row in
        ["\(row.order)", row.freeParameters.text, row.contexts.map { "\($0)" } ?? ""]
          + DistanceFigure.cells(row.divergence.perSequence, row.divergence.perEvent, row.divergence.source)
      }
  }

  var text: String {
    var table = Table(
      [
        ("order", .right), ("parameters", .right), ("contexts", .right), ("nats/sequence", .right),
        ("95 % interval", .left), ("nats/event", .right), ("95 % interval", .left), ("by", .left),
      ], droppable: ["contexts", "parameters"])
    for row in rows {
      let divergence = row.divergence
      table.add([
        String(row.order), Numbers.count(row.freeParameters), row.contexts.map { Numbers.count($0) } ?? "–",
        divergence.perSequence.text, divergence.perSequence.interval, divergence.perEvent.text,
        divergence.perEvent.interval, divergence.source.isExact ? "exact" : "samples",
      ])
    }
    return ["KL(\(model.shortWord) ‖ its best Markov approximation of each order)", table.text].joined(separator: "\n")
  }

  var remarks: [String] {
    guard approximations.cut > 0, let samples = approximations.samples else { return [] }
    return [
      "\(Numbers.count(approximations.cut)) of \(Numbers.count(2 * samples)) samples were cut at "
        + "\(Numbers.count(maximumLength)) elements: elements are compared without ends"
    ]
  }

  /// KL an event against the order.
  var chart: Chart {
    let points = rows.map { row -> Chart.Point in
      let figure = row.divergence.perEvent
      return .init(Double(row.order), figure.nats, figure.low...max(figure.high, figure.low))
    }
    return Chart(
      title: "How Markov is \(model.shortWord)?", x: .init("order m"),
      y: .init("KL from the best Markov model, nats an event", startsAtZero: true),
      series: [Chart.Series("", points, hue: 0), Chart.Series("", points, .points, hue: 0)],
      caption: approximations.samples == nil ? "exact" : "with 95 % intervals where by samples")
  }
}
