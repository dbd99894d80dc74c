import Chainrule

/// The JSON of `compare`.
struct ComparisonReport: Encodable {
  struct Counts: Encodable {
    var sequences: Int
    var symbols: Int
    var alphabetSize: Int?

    init(_ set: SequenceSet, alphabetSize: Int? = nil) {
      sequences = set.count
      symbols = set.symbolCount
      self.alphabetSize = alphabetSize
    }
  }

  struct Parameters: Encodable {
    var free: String
    var stored: Int
  }

  struct Difference: Encodable {
    var versus: String
    var natsPerSequence: Double
    var low: Double
    var high: Double
  }

  struct Model: Encodable {
    var model: String
    var parameters: Parameters
    var train: Figures
    var valid: Figures?
    var test: Figures
    var difference: Difference
    var fitSeconds: Double
    var notes: [String]
    /// Where draws were asked for.
    var samples: [[String]]?
    /// Where it was asked for.
    var lengths: LengthStudyReport?
  }

  var schema = "chainrule.compare/1"
  var seed: UInt64
  var data: [String: Counts]
  var duplicates: Int
  var models: [Model]

  init(_ comparison: Comparison, _ parts: Parts, _ alphabet: Alphabet, seed: UInt64) {
    self.seed = seed
    data = ["train": Counts(parts.train, alphabetSize: alphabet.size), "test": Counts(parts.test)]
    if let valid = parts.valid { data["valid"] = Counts(valid) }
    duplicates = parts.test.countOfSequences(alsoIn: parts.train)
    let best = comparison.best.map { comparison.rows[$0].specification.word } ?? ""
    models = comparison.rows.map { row in
      Model(
        model: row.specification.word, parameters: Parameters(free: String(row.free), stored: row.stored),
        train: row.train, valid: row.valid, test: row.test,
        difference: Difference(
          versus: best, natsPerSequence: row.difference.mean, low: row.difference.low, high: row.difference.high),
        fitSeconds: row.fitSeconds, notes: row.notes,
        samples: row.samples.isEmpty ? nil : row.samples.map { $0.sequence.map { alphabet.symbols[$0] } },
        lengths: row.lengths.map { LengthStudyReport($0) })
    }
  }
}
