import Chainrule
import Foundation
import Reports
import Runs

/// A comparison with all that is told of it: as JSON, as tables for spreadsheets, as text.
struct ComparisonReport<Rows: RowStorage> {
  let comparison: Comparison
  let design: Design<Rows>
  let dataset: SequenceData<Rows>
  /// Figures of others.
  let published: [PublishedFigure]
  /// How the figures were made.
  let protocolLine: String
  /// Default models that were not run, and why.
  let leftOut: [String]
  let areDefaults: Bool
  /// How many samples of each model a person is shown.
  var shownSamples = Int.max
  /// Which breakdowns a person and a spreadsheet are shown.
  var shownBreakdowns = Breakdown.Kind.allCases
  /// Whether a person is shown the calibration.
  var showsCalibration = true
  /// Whether one file was split in three.
  let isSplit: Bool
  let seed: UInt64

  /// Whether a person is shown the figures without first steps.
  var skipsFirst = false

  /// The symbols' names; `nil` of vectors.
  var alphabet: Alphabet? { (dataset as? Dataset)?.alphabet }
  var best: String? { comparison.best.map { comparison.rows[$0].specification.word } }
  /// One sequence is no sample to draw from again.
  var hasIntervals: Bool { design.testCount > 1 }
  /// Those of a test sequence, in the mean.
  var eventsPerSequence: Double {
    let test = comparison.rows.first?.test
    return test.map { Double($0.events) / Double(max($0.sequences, 1)) } ?? 1
  }

  /// The symbols of the alphabet that the training data do not hold; of folds those of the first.
  var symbolsOnlyHeldOut: Int? {
    guard let alphabet, let parts = design.folds[0] as? Parts<SymbolRows> else { return nil }
    return design.folds.count > 1 ? 0 : parts.symbolsOnlyHeldOut(of: alphabet)
  }

  /// The ends of the bootstrap's 95 % interval; none where there is but one test sequence.
  private func interval(_ row: Comparison.Row) -> (low: Double?, high: Double?) {
    hasIntervals ? (row.difference.low, row.difference.high) : (nil, nil)
  }

  func json(perSequence: Bool) -> JSONObject {
    let parts = design.folds[0]
    let data =
      design.folds.count > 1
      ? ["all": JSONObject.size(dataset.weightedSequences, alphabetSize: alphabet?.size)]
      : [
        "train": JSONObject.size(parts.train, alphabetSize: alphabet?.size), "test": .size(parts.test),
        "valid": parts.valid.map { .size($0) },
      ].compactMapValues { $0 }
    return [
      "schema": "chainrule.compare/1", "seed": seed, "data": data, "protocol": protocolLine,
      "folds": design.folds.count > 1 ? design.folds.count : nil,
      "repeats": design.seeds.count > 1 ? design.seeds.count : nil, "duplicates": design.duplicates,
      "nearDuplicates": design.nearDuplicates, "symbolsOnlyHeldOut": symbolsOnlyHeldOut,
      "chosen": best.map { ["model": $0, "by": comparison.isChosenByTest ? "test" : "valid"] },
      "leftOut": leftOut.isEmpty ? nil : leftOut,
      "testSequences": perSequence ? design.folds.flatMap(\.testNumbers) : nil,
      "published": published.isEmpty ? nil : published.map(json), "truth": truthJSON,
      "overtaking": overtaking.isEmpty ? nil : overtakingJSON,
      "models": comparison.rows.map { json($0, perSequence: perSequence) },
    ]
  }

  private func json(_ figure: PublishedFigure) -> JSONObject {
    [
      "name": figure.name, "figure": figure.figure, "unit": figure.unit.rawValue, "source": figure.source,
      "protocol": figure.protocol, "natsPerEvent": figure.natsPerEvent(events: eventsPerSequence),
      "natsPerSymbol": figure.natsPerSymbol,
    ]
  }

  private func json(_ row: Comparison.Row, perSequence: Bool) -> JSONObject {
    let (low, high) = interval(row)
    let difference: JSONObject = [
      "versus": best ?? "", "natsPerSequence": row.difference.mean, "low": low, "high": high,
      "percentileLow": hasIntervals ? row.difference.percentiles.lowerBound : nil,
      "percentileHigh": hasIntervals ? row.difference.percentiles.upperBound : nil, "p": row.pValue,
      "adjustedP": row.adjustedPValue,
    ]
    return [
      "model": row.specification.word, "typed": row.specification.typed,
      "parameters": JSONObject.parameters(free: row.free, stored: row.stored), "train": JSONObject.figures(row.train),
      "valid": JSONObject.figures(row.valid), "test": JSONObject.figures(row.test), "spread": row.spread,
      "difference": difference, "regret": regretJSON(row), "aic": row.criteria.aic,
      "bic": row.criteria.bic, "occurringParameters": row.criteria.parameters, "paretoFront": row.isOnParetoFront,
      "fitSeconds": row.fitSeconds, "notes": row.notes,
      "trials": row.trials.count > 1
        ? row.trials.map {
          JSONObject(
            dictionaryLiteral: ("fold", $0.place.fold), ("seed", $0.place.seed),
            ("valid", JSONObject.figures($0.valid)),
            ("test", JSONObject.figures($0.test)))
        } : nil,
      "learningCurve": row.curve.isEmpty ? nil : row.curve,
      "breakdowns": row.breakdowns.isEmpty ? nil : row.breakdowns.map(json),
      "calibration": row.reliability.map(Self.json),
      "transform": row.transform.map { TransformReport(transform: $0).json }, "forecast": row.forecast,
      "testNats": perSequence ? row.testNats : nil,
      "samples": samples(row),
      "lengths": row.lengths.map(LengthStudyReport.json),
    ]
  }

  private func samples(_ row: Comparison.Row) -> (any Encodable)? {
    if let vectors = row.vectorSamples, !vectors.isEmpty { return vectors }
    guard let alphabet, !row.samples.isEmpty else { return nil }
    return row.samples.map { $0.map { alphabet.symbols[$0] } }
  }

  /// What events of a breakdown are called.
  func unit(_ breakdown: Breakdown) -> String {
    breakdown.kind == .component ? "number" : alphabet == nil ? "step" : "event"
  }

  /// Whether a group is that of the ends among symbols.
  func areEnds(_ group: Breakdown.Group, _ breakdown: Breakdown) -> Bool {
    alphabet.map { breakdown.areEnds(group, of: $0) } ?? false
  }

  private func json(_ breakdown: Breakdown) -> JSONObject {
    [
      "by": breakdown.kind,
      "groups": breakdown.groups.map {
        JSONObject(
          dictionaryLiteral: ("name", $0.name), ("end", areEnds($0, breakdown) ? true : nil),
          ("nats", $0.nats), ("events", $0.events), ("natsPerEvent", $0.natsPerEvent))
      },
    ]
  }

  private static func json(_ reliability: Reliability) -> JSONObject {
    [
      "error": reliability.error, "events": reliability.events,
      "groups": reliability.groups.map {
        JSONObject(
          dictionaryLiteral: ("low", $0.low), ("high", $0.high), ("outcomes", $0.outcomes), ("predicted", $0.predicted),
          ("frequency", $0.frequency))
      },
    ]
  }

  /// A row a model, for spreadsheets; empty where there is no such figure. Published figures stand below, each in its own
  /// unit too. Nats a symbol leave the ends out.
  var table: [[String]] {
    let isOfVectors = alphabet == nil
    let figures =
      ["nats", "nats_elements", "nats_length"]
      + (isOfVectors ? ["nats_per_step", "nats_per_component"] : ["nats_per_event", "perplexity"])
    let head =
      ["model", "chosen", "parameters", "stored"]
      + ["train", "valid", "test"].flatMap { part in figures.map { "\(part)_\($0)" } }
      + [
        "difference", "difference_low", "difference_high", "aic", "bic", "pareto_front", "fit_seconds", "test_spread",
        "p", "adjusted_p", "test_nats_per_symbol", "figure", "unit", "source", "protocol",
      ] + (comparison.truth == nil ? [] : ["regret", "regret_low", "regret_high"])
    let rows = comparison.rows.map { row -> [String] in
      let (low, high) = interval(row)
      let values =
        [row.train, row.valid, row.test].flatMap { figures -> [Double?] in
          guard let figures else { return Array(repeating: nil, count: 5) }
          return [figures.nats, figures.natsElements, figures.natsLength]
            + (isOfVectors
              ? [figures.natsPerStep, figures.natsPerComponent] : [figures.natsPerEvent, figures.perplexity])
        } + [row.difference.mean, low, high, row.criteria.aic, row.criteria.bic]
      let word = row.specification.word
      return [word, "\(word == best)", row.free.text, "\(row.stored)"] + values.map(Self.cell)
        + ["\(row.isOnParetoFront)", "\(row.fitSeconds)"]
        + [row.spread, row.pValue, row.adjustedPValue, log(row.test.perplexityWithoutEnd)].map(Self.cell)
        + ["", "", "", protocolLine] + regretCells(row).map(Self.cell)
    }
    let others = published.map { figure in
      head.map { column in
        switch column {
        case "model": figure.name
        case "chosen": "published"
        case "test_nats_per_step": Self.cell(figure.natsPerSymbol)
        case "test_nats_per_event": Self.cell(figure.natsPerEvent(events: eventsPerSequence))
        case "test_nats_per_symbol": Self.cell(figure.natsPerSymbol)
        case "figure": "\(figure.figure)"
        case "unit": figure.unit.rawValue
        case "source": figure.source
        case "protocol": figure.protocol
        default: ""
        }
      }
    }
    return [head] + rows + truthCells(head) + others
  }

  private static func cell(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }

  /// A row a model and group of events. A symbol may have the name of the ends, which `end` tells apart.
  var breakdownTable: [[String]] {
    [["model", "by", "group", "events", "nats", "nats_per_event", "end"]]
      + comparison.rows.flatMap { row in
        row.breakdowns.filter { shownBreakdowns.contains($0.kind) }.flatMap { breakdown in
          breakdown.groups.map {
            [
              row.specification.word, breakdown.kind.rawValue, $0.name, "\($0.events)", "\($0.nats)",
              "\($0.natsPerEvent)", "\(areEnds($0, breakdown))",
            ]
          }
        }
      }
  }

  /// A row a model and size of the training part.
  var curveTable: [[String]] {
    let truth = comparison.truth?.test.natsPerUnit
    return [
      ["model", "fraction", "sequences", "nats_per_event", "spread"] + (truth == nil ? [] : ["regret"])
    ]
      + comparison.rows.flatMap { row in
        row.curve.map { point in
          [
            row.specification.word, "\(point.fraction)", "\(point.sequences)", "\(point.natsPerEvent)",
            Self.cell(point.spread),
          ] + (truth.map { ["\(point.natsPerEvent - $0)"] } ?? [])
        }
      }
  }

  /// A row a model and group of predictions.
  var reliabilityTable: [[String]] {
    [["model", "low", "high", "outcomes", "predicted", "frequency"]]
      + comparison.rows.flatMap { row in
        (row.reliability?.groups ?? []).filter { $0.outcomes > 0 }.map {
          [row.specification.word, "\($0.low)", "\($0.high)", "\($0.outcomes)", "\($0.predicted)", "\($0.frequency)"]
        }
      }
  }

  /// The page for a browser.
  /// - Parameter files: the paths that were read; those that were not given are `nil`.
  func page(reading files: [String?], experiment: Experiment? = nil) throws -> String {
    let provenance = Provenance(
      version: Version.current, command: Array(CommandLine.arguments.dropFirst()), seed: seed,
      machine: Machine.description, files: files.compactMap { $0 }.map { Provenance.File(hashing: $0) },
      experiment: experiment.map { Provenance.Description(name: $0.name, text: $0.text, sha256: $0.hash) })
    return try Report(
      comparison, design, dataset, published: published, protocolLine: protocolLine, provenance: provenance
    ).html()
  }

  /// All of it for a person.
  var text: String { ([ComparisonTable(self).text] + ComparisonDetails.sections(self)).joined(separator: "\n\n") }
}
