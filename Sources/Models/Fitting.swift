import Sequences

/// What a family is fitted to.
public struct TrainingData: Sendable {
  public let train: SequenceSet
  /// For early stopping and tuning; empty where the family does not ask for it.
  public let valid: SequenceSet
  /// The length strategy's input at time t of a sequence of length τ.
  public let lengthInput: @Sendable (_ time: Int, _ length: Int) -> Int?

  public init(
    train: SequenceSet, valid: SequenceSet, lengthInput: @escaping @Sendable (_ time: Int, _ length: Int) -> Int?
  ) {
    self.train = train
    self.valid = valid
    self.lengthInput = lengthInput
  }
}

/// How a fit is to be run, and how it is watched.
public struct FittingContext: Sendable {
  public var seed: UInt64
  /// Changes the time it takes, never the result.
  public var threads: Int
  /// Called from the fitting thread, many times a second at most.
  public var progress: @Sendable (FittingProgress) -> Void
  /// Asked often; once it says true, the fit ends with what it has.
  public var isInterrupted: @Sendable () -> Bool

  public init(
    seed: UInt64 = 1, threads: Int = 1, progress: @escaping @Sendable (FittingProgress) -> Void = { _ in },
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.seed = seed
    self.threads = threads
    self.progress = progress
    self.isInterrupted = isInterrupted
  }
}

/// How far a fit has come.
public struct FittingProgress: Sendable {
  /// From 0 to 1.
  public var fraction: Double
  /// What there is to say, such as "epoch 3 of 20, validation 2.013 nats an event".
  public var text: String
  /// Whether the text is worth a line of its own in a log.
  public var isMilestone: Bool
}

/// What can go wrong in a fit.
public enum FittingError: Error, Equatable, CustomStringConvertible {
  /// The loss was not finite; the parameters of the step before were fine.
  case diverged(model: String, step: Int)
  /// Interrupted before there was anything to keep.
  case interrupted

  public var description: String {
    switch self {
    case .diverged(let model, let step):
      return "\(model): the loss was not finite at step \(step); try a smaller rate=, or a smaller clip="
    case .interrupted: return "interrupted before there was a model to keep"
    }
  }
}
