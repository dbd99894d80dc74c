import Chainrule
import Foundation

/// Mutual information against distance for people, for programs and as a picture.
struct MemoryReport {
  struct Source {
    let file: String
    /// `nil` for data.
    let model: ModelSpecification?
    let memory: SequenceMemory

    var name: String { model?.shortWord ?? (file == "-" ? "data" : URL(filePath: file).lastPathComponent) }
  }

  let sources: [Source]
  let maximumLength: Int

  var json: JSONObject {
    [
      "schema": "chainrule.memory/1",
      "sources": sources.map { source -> JSONObject in
        let memory = source.memory
        return [
          "source": source.file, "model": source.model?.word, "sequences": memory.sequences,
          "symbols": memory.symbols, "cut": source.model == nil ? nil : memory.cut,
          "entropyRate": memory.entropyRate.map { rate -> JSONObject in
            ["nats": rate.nats, "low": rate.low, "high": rate.high, "by": rate.source.rawValue]
          },
          "points": memory.curve.points.map { point -> JSONObject in
            [
              "distance": point.distance, "pairs": point.pairs, "estimate": point.estimate, "low": point.low,
              "high": point.high, "plugIn": point.plugIn, "supported": point.isSupported,
            ]
          },
        ]
      },
    ]
  }

  var table: [[String]] {
    [["source", "distance", "pairs", "estimate", "low", "high", "plug_in", "supported"]]
      + sources.flatMap { source in
        source.memory.curve.points.map { point in
          [
            source.name, "\(point.distance)", "\(point.pairs)", "\(point.estimate)", "\(point.low)", "\(point.high)",
            "\(point.plugIn)", "\(point.isSupported)",
          ]
        }
      }
  }

  var text: String {
    var table = Table(
      [("d", .right)] + sources.flatMap { [($0.name, .right), ("95 % interval", .left)] })
    let points = sources.map { Dictionary(uniqueKeysWithValues: $0.memory.curve.points.map { ($0.distance, $0) }) }
    for distance in Set(points.flatMap(\.keys)).sorted() {
      table.add(
        [String(distance)]
          + points.flatMap { points in
            points[distance].map { [Self.text($0.estimate), "[\(Self.text($0.low)), \(Self.text($0.high))]"] }
              ?? ["–", ""]
          })
    }
    var rates = Table([
      ("source", .left), ("sequences", .right), ("symbols", .right), ("nats/event", .right), ("95 % interval", .left),
      ("by", .left),
    ])
    for source in sources {
      let memory = source.memory
      let rate = memory.entropyRate
      rates.add([
        source.name, Numbers.count(memory.sequences), Numbers.count(memory.symbols),
        rate.map { Self.text($0.nats) } ?? "–",
        rate.map { $0.source == .exact ? "" : "[\(Self.text($0.low)), \(Self.text($0.high))]" } ?? "",
        rate?.source.rawValue ?? "too few events",
      ])
    }
    return [
      "I(y(t); y(t+d)) in nats, without its bias; an interval that holds 0 shows no dependence", table.text, "",
      "Entropy rate", rates.text,
    ].joined(separator: "\n")
  }

  var remarks: [String] {
    sources.filter { $0.memory.curve.points.isEmpty }.map {
      "\($0.name): no two pairs of symbols of one sequence are equally far apart: give longer sequences, or more of them"
    }
      + sources.compactMap { source in
        source.memory.cut > 0
          ? "\(source.name): \(Numbers.count(source.memory.cut)) of \(Numbers.count(source.memory.sequences, "sample")) were cut at "
            + "\(Numbers.count(maximumLength)) elements" : nil
      }
  }

  /// Four decimals, without a sign where they are all 0.
  private static func text(_ number: Double) -> String {
    if !number.isFinite { return number < 0 ? "−∞" : "∞" }
    let text = Numbers.decimal(number, 4)
    return text.contains { "123456789".contains($0) } ? text : Numbers.decimal(0, 4)
  }

  /// On a logarithmic axis, which an exponential decay crosses in a straight line; of estimates that do not differ from 0
  /// only the intervals' upper parts are there.
  var chart: Chart {
    let all = sources.flatMap(\.memory.curve.points)
    // As far down as the data tell.
    let supported = all.filter { $0.isSupported && $0.estimate > 0 }.map(\.estimate)
    let floor = (supported.min() ?? 1e-3) / 10
    return Chart(
      title: "Memory: mutual information of symbols d steps apart", x: .init("distance d"),
      y: .init("I(y(t); y(t+d)) in nats", scale: .logarithmic),
      series: sources.enumerated().flatMap { hue, source in
        let points = source.memory.curve.points
        return [
          Chart.Series(
            source.name, points.map { .init(Double($0.distance), $0.estimate > floor ? $0.estimate : .nan) }, hue: hue),
          Chart.Series(
            "",
            points.map {
              .init(
                Double($0.distance), $0.estimate > floor ? $0.estimate : .nan,
                max($0.low, floor)...max($0.high.isFinite ? $0.high : floor, floor))
            }, .points, hue: hue),
        ]
      }, caption: "dots: estimates without their bias, with 95 % intervals")
  }
}
