import ModelCore

/// How answers given evidence are found for models whose states cannot be listed, such as networks.
public struct ParticleOptions: Sendable {
  /// The particles of each repetition. The cost is at most a step of the model for each particle and element.
  public var particles = 500
  /// Independent repetitions, of which standard errors are computed.
  public var repetitions = 16
  /// The seed of all random numbers.
  public var seed: UInt64 = 1
  /// The lookahead's process; `nil` for none. It changes the precision of the answers and not what they are answers to.
  public var twist: Twist?
  /// Whether particles are resampled when their effective sample size falls below half of their number; else the answer is
  /// that of importance sampling.
  public var isResampling = true
  /// Completions are enumerated, which is exact, where that takes at most so many steps of the model; 0 to sample always.
  public var enumerationLimit = 1_000_000
  /// Elements after which a particle is given up, where the evidence does not bound the length.
  public var longest = 10_000

  /// The default options.
  public init() {}
}
