import BigInt
import Foundation
import Inference
import Models
import Sequences

/// Several models fitted to the same data and held against the same test set.
public struct Comparison: Sendable {
  /// One model's row.
  public struct Row: Sendable {
    public let specification: ModelSpecification
    public let free: BigInt
    public let stored: Int
    public let train: Figures
    public let valid: Figures?
    public let test: Figures
    /// Nats of each test sequence.
    public let testNats: [Double]
    public let notes: [String]
    public let fitSeconds: Double
    /// The first draws from it, as many as were asked for.
    public let samples: [Sample]
    /// What it says of lengths, where that was asked for.
    public let lengths: LengthStudy?
    /// Nats a sequence above the best model, paired sequence by sequence; the same resamples for all rows.
    public internal(set) var difference = BootstrapInterval([], seed: 0)
  }

  public private(set) var rows: [Row] = []
  /// Why rows are missing: fits that went wrong. They do not take the others with them.
  public private(set) var failures: [FittingError] = []
  /// The row with the fewest nats on the test set.
  public private(set) var best: Int?

  /// Fits each model and holds it against the test set. An interruption ends it with the rows that are complete.
  /// - Parameters:
  ///   - samples: how many sequences to draw from each model.
  ///   - studiesLengths: whether to look at each model's law of length as well.
  ///   - willFit: called before each fit.
  /// - Throws: what fitting throws, but for `FittingError`.
  public init(
    _ specifications: [ModelSpecification], _ parts: Parts, _ alphabet: Alphabet, _ context: FittingContext,
    samples: Int = 0, studiesLengths: Bool = false,
    willFit: (_ specification: ModelSpecification, _ number: Int) -> Void = { _, _ in }
  ) throws {
    for (number, specification) in specifications.enumerated() {
      willFit(specification, number)
      let row: Row
      do {
        row = try Row(specification, parts, alphabet, context, samples, studiesLengths)
      } catch FittingError.interrupted {
        break
      } catch let failure as FittingError {
        failures.append(failure)
        continue
      }
      if context.isInterrupted() { break }
      rows.append(row)
    }
    best = rows.indices.min { rows[$0].test.nats < rows[$1].test.nats }
    guard let best else { return }
    for row in rows.indices {
      // An impossible sequence is no better or worse than an impossible one.
      let differences = zip(rows[row].testNats, rows[best].testNats).map { $0 == $1 ? 0 : $0 - $1 }
      rows[row].difference = BootstrapInterval(differences, seed: context.seed)
    }
  }
}

extension Comparison.Row {
  fileprivate init(
    _ specification: ModelSpecification, _ parts: Parts, _ alphabet: Alphabet, _ context: FittingContext, _ draws: Int,
    _ studiesLengths: Bool
  ) throws {
    let start = ContinuousClock.now
    let fitting = parts.fitting(specification)
    let model = try SequenceModel.fit(specification, to: fitting.train, valid: fitting.valid, alphabet, context)
    fitSeconds = (ContinuousClock.now - start) / .seconds(1)
    for set in [parts.test, fitting.valid] { try model.check(set?.inputs) }
    let scores = model.scores(of: parts.test, threads: context.threads)
    self.specification = specification
    free = model.freeParameters
    stored = model.storedParameters
    train = model.figures(on: parts.train, threads: context.threads)
    valid = fitting.valid.map { model.figures(on: $0, threads: context.threads) }
    test = Figures(scores, symbols: parts.test.symbolCount)
    testNats = scores.map(\.nats)
    notes = model.notes
    var sampling = SamplingOptions()
    // Draws are given the test set's inputs x, where the model looks at them.
    if model.inputWidth > 0 { sampling.inputs = parts.test.inputs }
    samples = try model.samples(draws, seed: context.seed, sampling, threads: context.threads)
    lengths = try studiesLengths ? LengthStudy(model, parts.test, context) : nil
  }
}
