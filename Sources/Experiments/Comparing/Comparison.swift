import Foundation
import Inference
import Models
import Probability
import Sequences

/// Several models fitted to the same data. The validation data choose one of them, and the test data, which had no part in
/// the choice, judge all.
public struct Comparison: Sendable {
  /// A fit that went wrong.
  public struct Failure: Error, CustomStringConvertible {
    /// The model's word.
    public let model: String
    /// Why there is no row.
    public let error: any Error
    /// The error, told in a sentence.
    public var description: String { "\(error)" }

    /// A model that has no row for a reason.
    public init(model: String, error: any Error) {
      self.model = model
      self.error = error
    }
  }

  /// A row for each model, in their order.
  public internal(set) var rows: [Row] = []
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
  /// The process that made the data, where it is known.
  public internal(set) var truth: Truth?

  /// Compares rows that are there already, such as those of a run file.
  /// - Parameter seed: of the intervals and tests.
  public init(_ rows: [Row], of design: Design<some RowStorage>, failures: [Failure] = [], seed: UInt64) {
    self.rows = rows
    self.failures = failures
    compare(design.clusters, seed: seed)
  }

  /// Fits models and holds each against the test data. An interruption ends it with the rows that are complete.
  /// - Parameters:
  ///   - isChoice: whether a model is to be chosen, so that each needs validation figures.
  ///   - next: the next model, given the rows so far; `nil` at the end.
  ///   - willFit: called before each trial.
  ///   - didFit: called after each row.
  /// - Throws: what `next` throws.
  public init<Model: MeasuredModel>(
    as type: Model.Type = SequenceModel.self, _ design: Design<Model.Rows>, _ schema: Model.Rows.Schema,
    _ context: FittingContext, isChoice: Bool = true,
    next: (_ rows: [Row]) throws -> ModelSpecification?,
    willFit: (_ model: ModelSpecification, _ place: Trial.Place) -> Void = { _, _ in },
    didFit: (_ row: Row) -> Void = { _ in }
  ) throws {
    while let named = try next(rows) {
      var specification = named
      do {
        // What a word leaves to the kind of vectors is settled; of symbols nothing is left.
        if case .vectors = design.folds[0].train.rows.kind {
          specification = try named.resolved(for: design.folds[0].train.rows.kind)
        }
        let trials = try design.places.map { place in
          if context.isInterrupted() { throw FittingError.interrupted }
          willFit(specification, place)
          return try Trial(
            as: type, of: specification, design.folds[place.fold], schema, at: place, context,
            measuring: design.measurements, isChoice: isChoice)
        }
        if context.isInterrupted() { break }
        rows.append(Row(specification, trials))
        didFit(rows[rows.count - 1])
      } catch FittingError.interrupted {
        break
      } catch {
        failures.append(Failure(model: specification.shortWord, error: error))
        if context.isInterrupted() { break }
      }
    }
    compare(design.clusters, seed: context.seed)
  }

  /// The same of a list of models.
  public init<Model: MeasuredModel>(
    as type: Model.Type = SequenceModel.self, _ specifications: [ModelSpecification], _ design: Design<Model.Rows>,
    _ schema: Model.Rows.Schema, _ context: FittingContext,
    didFit: (_ row: Row) -> Void = { _ in }
  ) throws {
    var waiting = specifications[...]
    try self.init(
      as: type, design, schema, context, isChoice: specifications.count > 1, next: { _ in waiting.popFirst() },
      didFit: didFit)
  }

  /// - Parameter clusters: those of the test sequences, where some are copies of others.
  private mutating func compare(_ clusters: [Int]?, seed: UInt64) {
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
      rows[index].difference = BootstrapInterval(differences, clusters: clusters, seed: seed)
      rows[index].pValue = index == best ? nil : signFlipTest(differences, clusters: clusters, seed: seed)
      rows[index].isOnParetoFront =
        row.choosingNats.isFinite
        && !rows.contains { other in
          let isNoWorse = other.free.log10 <= row.free.log10 && other.choosingNats <= row.choosingNats
          return isNoWorse && (other.free.log10 < row.free.log10 || other.choosingNats < row.choosingNats)
        }
    }
    let tested = rows.indices.filter { rows[$0].pValue != nil }
    for (index, p) in zip(tested, holmAdjusted(tested.compactMap { rows[$0].pValue })) {
      rows[index].adjustedPValue = p
    }
  }
}
