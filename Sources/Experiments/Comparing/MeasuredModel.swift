import Inference
import Models
import Sequences

/// A model that comparisons measure: what they ask of a model beside its likelihoods, whatever its elements are.
public protocol MeasuredModel: FittedModel {
  /// The figures on a set whose scores are there already.
  /// - Parameter detailsUnknown: whether the perplexity without unknown symbols is computed.
  func figures(
    _ scores: [SequenceScore], on set: Sequences<Rows>, threads: Int, detailsUnknown: Bool
  ) -> Figures
  /// The figures on the very set that the model was fitted to.
  func figures(onTraining set: Sequences<Rows>, threads: Int) -> Figures
  /// The free parameters that occur in the data, for the information criteria.
  var occurringParameters: Double { get }
  /// Draws, as what a trial keeps of them.
  func draws(_ count: Int, seed: UInt64, _ options: DrawOptions<Rows.Element>, threads: Int) throws -> TrialDraws
  /// The nats of a set in groups; none of kinds that mean nothing for the elements.
  func breakdowns(
    _ kinds: [Breakdown.Kind], on set: Sequences<Rows>, training: Sequences<Rows>, threads: Int
  ) -> [Breakdown]
  /// Predicted probabilities against frequencies; `nil` where steps give densities.
  func reliability(on set: Sequences<Rows>, threads: Int) -> Reliability?
  /// The probability integral transform; `nil` of symbols, and where steps have none.
  func transform(on set: Sequences<Rows>, seed: UInt64, threads: Int) -> ProbabilityTransform?
  /// A forecast of one sequence; `nil` of symbols and bits.
  func forecast(on set: Sequences<Rows>, seed: UInt64, threads: Int) -> HeldOutForecast?
}

/// The first draws of a trial's model.
public struct TrialDraws: Sendable, Codable {
  /// Of a model of symbols.
  public var symbols: [[Symbol]] = []
  /// Of a model of vectors.
  public var vectors: [[[Double]]]?
}

extension SequenceModel: MeasuredModel {
  public func draws(_ count: Int, seed: UInt64, _ options: SamplingOptions, threads: Int) throws -> TrialDraws {
    TrialDraws(symbols: try samples(count, seed: seed, options, threads: threads).map(\.sequence))
  }

  public func breakdowns(
    _ kinds: [Breakdown.Kind], on set: SequenceSet, training: SequenceSet, threads: Int
  ) -> [Breakdown] {
    Breakdown.all(kinds, of: self, on: set, training: training, threads: threads)
  }

  public func reliability(on set: SequenceSet, threads: Int) -> Reliability? {
    Reliability(of: self, on: set, threads: threads)
  }

  public func transform(on set: SequenceSet, seed: UInt64, threads: Int) -> ProbabilityTransform? { nil }

  public func forecast(on set: SequenceSet, seed: UInt64, threads: Int) -> HeldOutForecast? { nil }
}

extension VectorModel: MeasuredModel {
  public var occurringParameters: Double { parameterCount.exact.map { Double($0) } ?? .infinity }

  public func draws(_ count: Int, seed: UInt64, _ options: DrawOptions<[Double]>, threads: Int) throws -> TrialDraws {
    TrialDraws(vectors: try samples(count, seed: seed, options, threads: threads).map(\.sequence))
  }

  public func breakdowns(
    _ kinds: [Breakdown.Kind], on set: VectorSequences, training: VectorSequences, threads: Int
  ) -> [Breakdown] {
    Breakdown.all(kinds, of: self, on: set, training: training, threads: threads)
  }

  public func reliability(on set: VectorSequences, threads: Int) -> Reliability? {
    Reliability(of: self, on: set, threads: threads)
  }

  public func transform(on set: VectorSequences, seed: UInt64, threads: Int) -> ProbabilityTransform? {
    try? ProbabilityTransform(of: self, on: set, seed: seed, threads: threads)
  }

  public func forecast(on set: VectorSequences, seed: UInt64, threads: Int) -> HeldOutForecast? {
    HeldOutForecast(of: self, on: set, seed: seed, threads: threads)
  }
}
