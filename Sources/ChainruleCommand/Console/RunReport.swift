import Chainrule
import Foundation
import Runs

/// A run of a file of runs: as a line, as JSON, as text.
struct RunReport {
  private let run: StoredRun
  private var trial: Trial { run.trial }

  init(_ run: StoredRun) { self.run = run }

  /// A model's word as people read it; as it is where this program does not know it.
  static func shortWord(_ word: String) -> String { (try? specification(word))?.shortWord ?? word }

  /// The model of a stored word: columns of categories have words that of symbols mean another model.
  static func specification(_ word: String) throws -> ModelSpecification {
    let model = try ModelSpecification(word)
    guard word.contains("emission=\(Self.categorical)") else { return model }
    return (try? model.resolved(for: .vectors(.categories, width: 1, levels: [2]))) ?? model
  }

  private static let categorical = "categorical"

  /// What nats of several runs are told a part of: an event, of vectors a step.
  static func unit(_ figures: [Figures]) -> String {
    let units = Set(figures.map(\.unit))
    return units.count > 1 ? "event or step" : units.first ?? "event"
  }

  /// What a list shows of it.
  var summary: JSONObject {
    let isOfVectors = trial.test.width != nil
    return [
      "run": run.id, "model": run.model, "data": run.data, "dataHash": run.dataHash, "fold": trial.place.fold,
      "seed": trial.place.seed, "fraction": trial.place.fraction,
      "natsPerEvent": isOfVectors ? nil : trial.test.natsPerEvent,
      "natsPerStep": isOfVectors ? trial.test.natsPerStep : nil, "natsPerComponent": trial.test.natsPerComponent,
      "fitSeconds": trial.fitSeconds, "created": run.created, "version": run.version, "machine": run.machine,
      "tags": run.tags,
    ]
  }

  /// All that is kept.
  var whole: JSONObject { summary.merging(["key": run.key, "result": trial, "testNats": trial.testNats]) }

  /// A row a run, with all digits.
  static func table(_ runs: [StoredRun]) -> [[String]] {
    // Columns of vectors where there are some.
    let hasVectors = runs.contains { $0.trial.test.width != nil }
    let figures =
      ["nats", "nats_elements", "nats_length", "nats_per_event", "perplexity"]
      + (hasVectors ? ["nats_per_step", "nats_per_component"] : [])
    let head =
      ["run", "model", "data", "data_hash", "fold", "seed", "fraction"]
      + ["train", "valid", "test"].flatMap { part in figures.map { "\(part)_\($0)" } }
      + ["parameters", "stored", "aic", "bic", "fit_seconds", "created", "version", "machine", "tags"]
    return [head]
      + runs.map { run in
        let trial = run.trial
        let values = [trial.train, trial.valid, trial.test].flatMap { figures -> [String] in
          guard let given = figures else { return Array(repeating: "", count: hasVectors ? 7 : 5) }
          let isOfVectors = given.width != nil
          let cells: [Double?] =
            [given.nats, given.natsElements, given.natsLength]
            + (isOfVectors ? [nil, nil] : [given.natsPerEvent, given.perplexity])
            + (hasVectors ? [isOfVectors ? given.natsPerStep : nil, given.natsPerComponent] : [])
          return cells.map { $0.map { "\($0)" } ?? "" }
        }
        return [
          "\(run.id)", run.model, run.data, run.dataHash, "\(trial.place.fold)", "\(trial.place.seed)",
          "\(trial.place.fraction)",
        ]
          + values + [trial.free.text, "\(trial.stored)", "\(trial.criteria.aic)", "\(trial.criteria.bic)"]
          + ["\(trial.fitSeconds)", run.created, run.version, run.machine, run.tags.joined(separator: " ")]
      }
  }

  var text: String {
    let place = trial.place
    var lines = [
      "run \(run.id): \(run.model)",
      "data: \(run.data) (hash \(run.dataHash.prefix(16))…), fold \(place.fold + 1), seed \(place.seed)"
        + (place.fraction < 1 ? ", 1/\(Int((1 / place.fraction).rounded())) of the training data" : ""),
      "finished \(run.created) by chainrule \(run.version) on \(run.machine), fitted in \(Numbers.seconds(trial.fitSeconds))",
      "\(Numbers.count(trial.free)) free parameters, \(Numbers.count(trial.stored)) stored; AIC \(Numbers.decimal(trial.criteria.aic, 1)), "
        + "BIC \(Numbers.decimal(trial.criteria.bic, 1))",
    ]
    if !run.tags.isEmpty { lines.append("tags: \(run.tags.joined(separator: " "))") }
    lines.append("train  \(FiguresLine.text(trial.train))")
    if let valid = trial.valid { lines.append("valid  \(FiguresLine.text(valid))") }
    lines.append("test   \(FiguresLine.text(trial.test))")
    if let lengths = trial.lengths {
      lines.append(
        "length: mean \(Numbers.significant(lengths.mean)), s.d. \(Numbers.significant(lengths.variance.squareRoot()))")
    }
    if let reliability = trial.reliability {
      lines.append(
        "calibration error: \(Numbers.significant(reliability.error, 3)) a\(trial.test.width == nil ? "n event" : " bit")"
      )
    }
    if let transform = trial.transform {
      let (least, count) = (transform.components.compactMap { $0.test?.pValue }.min(), transform.components.count)
      lines.append(
        "probability integral transform: \(Numbers.pClause(transform.allComponents.test?.pValue))"
          + (count > 1 ? ", of single components at least \(Numbers.pValue(least))" : ""))
    }
    lines += trial.notes.map { "note: \($0)" }
    if !trial.epochs.isEmpty {
      var table = Table([
        ("epoch", .right), ("train", .right), ("valid", .right), ("gradient norm", .right), ("rate", .right),
      ])
      for epoch in trial.epochs {
        table.add([
          "\(epoch.epoch)", Numbers.decimal(epoch.train, 4), epoch.valid.map { Numbers.decimal($0, 4) } ?? "–",
          Numbers.significant(epoch.gradientNorm, 3), Numbers.significant(epoch.rate, 3),
        ])
      }
      lines += ["", table.text]
    }
    return lines.joined(separator: "\n")
  }
}

/// Two runs side by side.
struct RunDifference {
  private let first: StoredRun
  private let second: StoredRun
  /// Nats a test sequence of the second above the first; `nil` of different test data.
  private let difference: BootstrapInterval?

  init(_ first: StoredRun, _ second: StoredRun) {
    self.first = first
    self.second = second
    let (a, b) = (first.trial, second.trial)
    difference =
      first.dataHash == second.dataHash && a.testNats.count == b.testNats.count
      ? BootstrapInterval(zip(b.testNats, a.testNats).map { $0 == $1 ? 0 : $0 - $1 }, seed: 1) : nil
  }

  /// What each is, in the same order.
  private static func settings(_ run: StoredRun) -> [(String, String)] {
    let place = run.trial.place
    return [
      ("model", RunReport.shortWord(run.model)), ("data", run.data), ("data hash", String(run.dataHash.prefix(16))),
      ("fold", "\(place.fold + 1)"),
      ("seed", "\(place.seed)"), ("part of the training data", "\(place.fraction)"), ("version", run.version),
      ("machine", run.machine), ("free parameters", run.trial.free.text), ("stored", "\(run.trial.stored)"),
    ]
  }

  private static func figures(_ trial: Trial) -> [(String, Double)] {
    let unit = "nats/\(trial.test.unit)"
    return [
      ("train \(unit)", trial.train.natsPerUnit), ("valid \(unit)", trial.valid?.natsPerUnit ?? .nan),
      ("test \(unit)", trial.test.natsPerUnit), ("test nats/component", trial.test.natsPerComponent ?? .nan),
      ("test nats/sequence", trial.test.natsPerSequence),
      ("AIC", trial.criteria.aic), ("BIC", trial.criteria.bic), ("fit seconds", trial.fitSeconds),
    ].filter { !$0.1.isNaN }
  }

  private var different: [(name: String, first: String, second: String)] {
    zip(Self.settings(first), Self.settings(second)).compactMap { a, b in a.1 == b.1 ? nil : (a.0, a.1, b.1) }
  }

  var json: JSONObject {
    [
      "schema": "chainrule.runs-diff/1", "first": RunReport(first).summary, "second": RunReport(second).summary,
      "different": different.map {
        JSONObject(dictionaryLiteral: ("name", $0.name), ("first", $0.first), ("second", $0.second))
      },
      "difference": difference.map {
        JSONObject(dictionaryLiteral: ("natsPerSequence", $0.mean), ("low", $0.low), ("high", $0.high))
      },
    ]
  }

  var text: String {
    var table = Table([("", .left), ("run \(first.id)", .right), ("run \(second.id)", .right), ("difference", .right)])
    for (name, a, b) in different { table.add([name, a, b, ""]) }
    let others = Dictionary(uniqueKeysWithValues: Self.figures(second.trial))
    for (name, a) in Self.figures(first.trial) {
      guard let b = others[name] else { continue }
      table.add([name, Numbers.significant(a, 6), Numbers.significant(b, 6), String(format: "%+.4g", b - a)])
    }
    guard let difference else { return table.text + "\n\nTheir data differ: no interval." }
    return table.text
      + "\n\nOn the same test data, run \(second.id) − run \(first.id): \(Numbers.decimal(difference.mean, 4, signed: true)) nats per sequence, "
      + "95 % interval [\(Numbers.decimal(difference.low, 4)), \(Numbers.decimal(difference.high, 4))]."
  }
}
