import Chainrule

/// A comparison for programs.
struct ComparisonReport {
  let comparison: Comparison
  let parts: Parts
  let alphabet: Alphabet
  /// Default models that were not run, and why.
  let leftOut: [String]
  let seed: UInt64

  private var best: String? { comparison.best.map { comparison.rows[$0].specification.word } }

  /// The ends of the bootstrap's 95 % interval; none where there is but one test sequence.
  private func interval(_ row: Comparison.Row) -> (low: Double?, high: Double?) {
    parts.test.count > 1 ? (row.difference.low, row.difference.high) : (nil, nil)
  }

  var json: JSONObject {
    let data = [
      "train": JSONObject.size(parts.train, alphabetSize: alphabet.size), "test": .size(parts.test),
      "valid": parts.valid.map { .size($0) },
    ].compactMapValues { $0 }
    return [
      "schema": "chainrule.compare/1", "seed": seed, "data": data,
      "duplicates": parts.duplicates, "symbolsOnlyHeldOut": parts.symbolsOnlyHeldOut(of: alphabet),
      "chosen": best.map { ["model": $0, "by": comparison.isChosenByTest ? "test" : "valid"] },
      "leftOut": leftOut.isEmpty ? nil : leftOut, "models": comparison.rows.map(json),
    ]
  }

  private func json(_ row: Comparison.Row) -> JSONObject {
    let (low, high) = interval(row)
    let difference: JSONObject = [
      "versus": best ?? "", "natsPerSequence": row.difference.mean, "low": low, "high": high,
    ]
    return [
      "model": row.specification.word, "typed": row.specification.typed,
      "parameters": JSONObject.parameters(free: row.free, stored: row.stored), "train": row.train, "valid": row.valid,
      "test": row.test, "difference": difference, "aic": row.criteria.aic, "bic": row.criteria.bic,
      "occurringParameters": row.criteria.parameters, "paretoFront": row.isOnParetoFront,
      "fitSeconds": row.fitSeconds, "notes": row.notes,
      "samples": row.samples.isEmpty ? nil : row.samples.map { $0.sequence.map { alphabet.symbols[$0] } },
      "lengths": row.lengths.map(LengthStudyReport.json),
    ]
  }

  /// A row a model, for spreadsheets; empty where there is no such figure.
  var table: [[String]] {
    let figures = ["nats", "nats_elements", "nats_length", "nats_per_event", "perplexity"]
    let head =
      ["model", "chosen", "parameters", "stored"]
      + ["train", "valid", "test"].flatMap { part in figures.map { "\(part)_\($0)" } }
      + ["difference", "difference_low", "difference_high", "aic", "bic", "pareto_front", "fit_seconds"]
    return [head]
      + comparison.rows.map { row in
        let (low, high) = interval(row)
        let values =
          [row.train, row.valid, row.test].flatMap { figures -> [Double?] in
            guard let figures else { return Array(repeating: nil, count: 5) }
            return [figures.nats, figures.natsElements, figures.natsLength, figures.natsPerEvent, figures.perplexity]
          } + [row.difference.mean, low, high, row.criteria.aic, row.criteria.bic]
        let word = row.specification.word
        return [word, "\(word == best)", row.free.text, "\(row.stored)"]
          + values.map { number in number.map { "\($0)" } ?? "" } + ["\(row.isOnParetoFront)", "\(row.fitSeconds)"]
      }
  }
}
