import Foundation
import Inference
import Models
import Probability
import Sequences

/// Several models fitted to the same data. The validation data choose one of them, and the test data, which had no part in
/// the choice, judge all.
public struct Comparison: Sendable {
  /// One model's row.
  public struct Row: Sendable {
    /// The model's word.
    public let specification: ModelSpecification
    /// The free parameters, before any data.
    public let free: ParameterCount
    /// The numbers in the fitted model.
    public let stored: Int
    /// The figures of the training data.
    public let train: Figures
    /// Of families that are fitted to all of the training data where no validation data were given, those of the same
    /// model fitted without the part that is held out for choosing.
    public let valid: Figures?
    /// The figures of the test data.
    public let test: Figures
    /// Nats of each test sequence.
    public let testNats: [Double]
    /// Akaike's and the Bayesian information criterion of the training data.
    public let criteria: InformationCriteria
    /// What there is to say of the fit.
    public let notes: [String]
    /// Seconds of fitting.
    public let fitSeconds: Double
    /// The first draws from it, as many as were asked for.
    public let samples: [Sample]
    /// What it says of lengths, where that was asked for.
    public let lengths: LengthSummary?
    /// Nats a sequence above the chosen model on the test set, paired sequence by sequence; the same resamples for all
    /// rows.
    public internal(set) var difference = BootstrapInterval([], seed: 0)
    /// Whether no other row has at most as many free parameters and predicts the validation data better.
    public internal(set) var isOnParetoFront = false

    /// Nats of the data by which a model is chosen.
    var choosingNats: Double { (valid ?? test).nats }
  }

  /// A fit that went wrong.
  public struct Failure: Error, CustomStringConvertible {
    /// The model's word.
    public let model: String
    /// Why there is no row.
    public let error: any Error
    /// The error, told in a sentence.
    public var description: String { "\(error)" }
  }

  /// A row for each model, in their order.
  public private(set) var rows: [Row] = []
  /// Why rows are missing. They do not take the others with them.
  public private(set) var failures: [Failure] = []
  /// The row with the fewest nats on the validation set.
  public private(set) var best: Int?
  /// Whether it was chosen by the test set, since there is no validation set: its own figures flatter it then.
  public private(set) var isChosenByTest = false
  /// The rows with the smallest criteria.
  public private(set) var smallestAIC: Int?
  /// The row with the smallest Bayesian criterion.
  public private(set) var smallestBIC: Int?

  /// Fits models and holds each against the test set. An interruption ends it with the rows that are complete.
  /// - Parameters:
  ///   - samples: how many sequences to draw from each model.
  ///   - studiesLengths: whether to look at each model's distribution of the length as well.
  ///   - isChoice: whether a model is to be chosen, so that each needs validation figures.
  ///   - next: the next model, given the rows so far; `nil` at the end.
  ///   - didFit: called after each row.
  /// - Throws: what `next` throws.
  public init(
    _ parts: Parts, _ alphabet: Alphabet, _ context: FittingContext, samples: Int = 0, studiesLengths: Bool = false,
    isChoice: Bool = true, next: (_ rows: [Row]) throws -> ModelSpecification?, didFit: (_ row: Row) -> Void = { _ in }
  ) throws {
    while let specification = try next(rows) {
      do {
        let row = try Row(specification, parts, alphabet, context, samples, studiesLengths, isChoice)
        if context.isInterrupted() { break }
        rows.append(row)
        didFit(row)
      } catch FittingError.interrupted {
        break
      } catch {
        failures.append(Failure(model: specification.shortWord, error: error))
        if context.isInterrupted() { break }
      }
    }
    compare(seed: context.seed)
  }

  /// The same of a list of models.
  public init(
    _ specifications: [ModelSpecification], _ parts: Parts, _ alphabet: Alphabet, _ context: FittingContext,
    samples: Int = 0, studiesLengths: Bool = false, didFit: (_ row: Row) -> Void = { _ in }
  ) throws {
    var waiting = specifications[...]
    try self.init(
      parts, alphabet, context, samples: samples, studiesLengths: studiesLengths, isChoice: specifications.count > 1,
      next: { _ in waiting.popFirst() }, didFit: didFit)
  }

  private mutating func compare(seed: UInt64) {
    func smallest(_ value: (Row) -> Double) -> Int? {
      rows.indices.filter { value(rows[$0]).isFinite }.min { value(rows[$0]) < value(rows[$1]) }
    }
    best = rows.contains { $0.valid == nil } ? nil : smallest { $0.choosingNats }
    isChosenByTest = best == nil
    best = best ?? smallest { $0.test.nats } ?? rows.indices.first
    smallestAIC = smallest { $0.criteria.aic }
    smallestBIC = smallest { $0.criteria.bic }
    guard let best else { return }
    for index in rows.indices {
      let row = rows[index]
      // An impossible sequence is no better or worse than an impossible one.
      let differences = zip(row.testNats, rows[best].testNats).map { $0 == $1 ? 0 : $0 - $1 }
      rows[index].difference = BootstrapInterval(differences, seed: seed)
      rows[index].isOnParetoFront =
        row.choosingNats.isFinite
        && !rows.contains { other in
          let isNoWorse = other.free.log10 <= row.free.log10 && other.choosingNats <= row.choosingNats
          return isNoWorse && (other.free.log10 < row.free.log10 || other.choosingNats < row.choosingNats)
        }
    }
  }
}

extension Comparison.Row {
  fileprivate init(
    _ specification: ModelSpecification, _ parts: Parts, _ alphabet: Alphabet, _ context: FittingContext, _ draws: Int,
    _ studiesLengths: Bool, _ isChoice: Bool
  ) throws {
    let threads = context.threads
    let start = ContinuousClock.now
    let fitting = parts.fitting(specification)
    let model = try SequenceModel.fit(specification, to: fitting.train, valid: fitting.valid, alphabet, context)
    fitSeconds = (ContinuousClock.now - start) / .seconds(1)
    for set in [parts.test, fitting.valid] { try model.check(set?.inputs) }
    let scores = model.scores(of: parts.test, threads: threads)
    self.specification = specification
    free = model.parameterCount
    stored = model.storedParameters
    let isWhole = fitting.valid == nil || parts.valid != nil
    train =
      isWhole
      ? model.figures(onTraining: parts.train, threads: threads)
      : model.figures(on: parts.train, threads: threads, detailsUnknown: false)
    if let valid = fitting.valid {
      self.valid = model.figures(on: valid, threads: threads)
    } else if isChoice, let held = parts.heldOut {
      let chosen = try SequenceModel.fit(specification, to: held.train, alphabet, context)
      valid = chosen.figures(on: held.valid, threads: threads)
    } else {
      valid = nil
    }
    test = model.figures(scores, on: parts.test, threads: threads)
    testNats = scores.map(\.nats)
    criteria = InformationCriteria(nats: train.nats, parameters: model.occurringParameters, events: train.events)
    notes = model.notes
    var sampling = SamplingOptions()
    // Draws are given the test set's inputs x, where the model looks at them.
    if model.inputWidth > 0 { sampling.inputs = parts.test.inputs }
    samples = try model.samples(draws, seed: context.seed, sampling, threads: threads)
    lengths = try studiesLengths ? LengthSummary(model, parts.test, context) : nil
  }
}
