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
    /// The decimal digits; of numbers with more than 10,000 an expression.
    var free: String
    var freeLog10: Double
    var stored: Int

    init(free: ParameterCount, stored: Int) {
      self.free = free.text
      freeLog10 = free.log10
      self.stored = stored
    }
  }

  /// Which model was chosen, and by which part of the data.
  struct Choice: Encodable {
    var model: String
    var by: String
  }

  struct Difference: Encodable {
    var versus: String
    var natsPerSequence: Double
    /// Of the bootstrap's 95 % interval; none where there is but one test sequence.
    var low: Double?
    var high: Double?
  }

  struct Model: Encodable {
    var model: String
    /// The word as it was given.
    var typed: String
    var parameters: Parameters
    var train: Figures
    var valid: Figures?
    var test: Figures
    var difference: Difference
    /// Of the training data, with p free parameters; of tables, of those whose contexts occur there.
    var aic: Double
    var bic: Double
    var occurringParameters: Double
    /// Whether no other model has at most as many free parameters and fewer nats on the validation data.
    var paretoFront: Bool
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
  /// Symbols of the alphabet that the training part does not hold.
  var symbolsOnlyHeldOut: Int
  var chosen: Choice?
  /// Default models that were not run, and why.
  var leftOut: [String]?
  var models: [Model]

  /// A row a model, for spreadsheets; empty where there is no such figure.
  var table: [[String]] {
    let parts = ["train", "valid", "test"]
    let figures = ["nats", "nats_elements", "nats_length", "nats_per_event", "perplexity"]
    let head =
      ["model", "chosen", "parameters", "stored"] + parts.flatMap { part in figures.map { "\(part)_\($0)" } }
      + ["difference", "difference_low", "difference_high", "aic", "bic", "pareto_front", "fit_seconds"]
    return [head]
      + models.map { model in
        let values = [model.train, model.valid, model.test].flatMap { figures in
          let numbers = figures.map { [$0.nats, $0.natsElements, $0.natsLength, $0.natsPerEvent, $0.perplexity] }
          return numbers?.map { "\($0)" } ?? Array(repeating: "", count: 5)
        }
        let difference: [Double?] = [
          model.difference.natsPerSequence, model.difference.low, model.difference.high, model.aic, model.bic,
        ]
        return [model.model, "\(model.model == chosen?.model)", model.parameters.free, "\(model.parameters.stored)"]
          + values + difference.map { number in number.map { "\($0)" } ?? "" }
          + ["\(model.paretoFront)", "\(model.fitSeconds)"]
      }
  }

  init(_ comparison: Comparison, _ parts: Parts, _ alphabet: Alphabet, leftOut: [String], seed: UInt64) {
    self.seed = seed
    data = ["train": Counts(parts.train, alphabetSize: alphabet.size), "test": Counts(parts.test)]
    if let valid = parts.valid { data["valid"] = Counts(valid) }
    symbolsOnlyHeldOut = alphabet.countOfSymbols(
      in: [parts.test] + (parts.valid.map { [$0] } ?? []), notIn: parts.train)
    duplicates = parts.test.countOfSequences(alsoIn: parts.train)
    self.leftOut = leftOut.isEmpty ? nil : leftOut
    chosen = comparison.best.map {
      Choice(model: comparison.rows[$0].specification.word, by: comparison.isChosenByTest ? "test" : "valid")
    }
    let best = comparison.best.map { comparison.rows[$0].specification.word } ?? ""
    let hasIntervals = parts.test.count > 1
    models = comparison.rows.map { row in
      Model(
        model: row.specification.word, typed: row.specification.typed,
        parameters: Parameters(free: row.free, stored: row.stored),
        train: row.train, valid: row.valid, test: row.test,
        difference: Difference(
          versus: best, natsPerSequence: row.difference.mean, low: hasIntervals ? row.difference.low : nil,
          high: hasIntervals ? row.difference.high : nil),
        aic: row.criteria.aic, bic: row.criteria.bic, occurringParameters: row.criteria.parameters,
        paretoFront: row.isOnParetoFront,
        fitSeconds: row.fitSeconds, notes: row.notes,
        samples: row.samples.isEmpty ? nil : row.samples.map { $0.sequence.map { alphabet.symbols[$0] } },
        lengths: row.lengths.map { LengthStudyReport($0) })
    }
  }
}
