import ModelCore
import Patterns
import Sequences

/// What is known of a model's sequences given evidence: that they match a pattern, or are an incomplete sequence filled in.
public protocol EvidencePosterior: Sendable {
  /// log P(evidence), in nats; −∞ where no sequence agrees with it.
  var logProbability: Double { get }
  /// How good an estimate it is; `nil` for what is exact.
  var quality: EstimateQuality? { get }

  /// Whether a series over lengths was broken off, so that what is called exact is a lower bound.
  var isBrokenOff: Bool { get }

  /// Draws of sequences that agree with the evidence, by their numbers: draw i depends on the seed and on i alone, but for
  /// estimates on those before it as well. None where the evidence is impossible.
  func samples(_ indices: Range<Int>, seed: UInt64, threads: Int) -> [Sample]

  /// P(y(t) = w | evidence) of each position of an incomplete sequence that is not known; empty for patterns.
  func marginals() -> [GapMarginal]

  /// The most probable sequences that agree with the evidence.
  func mostProbable(_ count: Int) -> MostProbableMatches

  /// The distribution of the length given the evidence.
  func lengthDistribution(longest: Int?, progress: (FittingProgress) -> Void) -> LengthDistribution
}

extension EvidencePosterior {
  /// By default nothing was broken off.
  public var isBrokenOff: Bool { false }
}

/// The distribution of one element given everything that is known of the sequence.
public struct GapMarginal: Sendable, Hashable {
  /// t − 1, the index of the element.
  public var position: Int
  /// P(y(t) = w | evidence) of each symbol.
  public var probabilities: [Double]
  /// The standard error of each; empty where they are exact.
  public var standardErrors: [Double] = []
}

/// How far an estimate by weighted draws can be trusted.
public struct EstimateQuality: Sendable, Hashable {
  /// (Σ w)² / Σ w² of the particles' weights, with what resampling has lost taken off: as many independent unweighted draws
  /// would be worth as much.
  public var effectiveSampleSize: Double
  /// The particles of all repetitions.
  public var particles: Int
  /// The standard error of log P(evidence), in nats, over independent repetitions.
  public var standardError: Double
  /// The repetitions.
  public var repetitions: Int
  /// Whether the estimate is worth no more than a few draws.
  public var isPoor: Bool { effectiveSampleSize < 100 || !(standardError < 0.5) }
}

extension SequenceModel {
  /// What is known of the model's sequences given evidence: exactly where the states are finitely many or the sequences that
  /// agree are few, else by sequential Monte Carlo.
  /// - Parameters:
  ///   - particles: how answers are estimated that are not exact; without a twist they are poor where much of the evidence
  ///     comes late.
  ///   - threads: they change the time alone.
  /// - Throws: `SpecificationError.refused` for models that look at inputs x and for a twist that does not fit;
  ///   `SpecificationError.malformed` where memory does not suffice.
  public func posterior(
    given evidence: some SymbolAutomaton, particles: ParticleOptions = ParticleOptions(), threads: Int = 1,
    progress: (FittingProgress) -> Void = { _ in }
  ) throws -> any EvidencePosterior {
    if finiteStates != nil { return try ExactPosterior(of: self, given: evidence, progress: progress) }
    return try ParticlePosterior(of: self, given: evidence, particles, threads: threads, progress: progress)
  }

  /// Whether `posterior(given:)` is an estimate: the states cannot be listed, and the sequences that agree are too many to
  /// enumerate.
  public func isEstimated(
    given evidence: some SymbolAutomaton, _ particles: ParticleOptions = ParticleOptions()
  ) -> Bool {
    guard finiteStates == nil, inputWidth == 0, let lookahead = try? Lookahead(self, given: evidence, twist: nil) else {
      return false
    }
    return lookahead.beginnings(atMost: particles.enumerationLimit) == nil
  }
}
