import Sequences

/// What a family of symbols is fitted to.
public typealias TrainingData = FittingData<SymbolRows>

/// What a family of vectors is fitted to.
public typealias VectorTrainingData = FittingData<VectorRows<Double>>

/// What a family is fitted to.
public struct FittingData<Rows: RowStorage>: Sendable {
  /// The sequences to fit to.
  public let train: Sequences<Rows>
  /// For early stopping and tuning; empty where the family does not ask for it.
  public let valid: Sequences<Rows>

  package init(train: Sequences<Rows>, valid: Sequences<Rows>) {
    self.train = train
    self.valid = valid
  }
}

/// How a fit is to be run, and how it is watched.
public struct FittingContext: Sendable {
  /// The seed of everything that is random in the fit.
  public var seed: UInt64
  /// Changes the time it takes, never the result.
  public var threads: Int
  /// Called from the fitting thread, many times a second at most.
  public var progress: @Sendable (FittingProgress) -> Void
  /// Asked often; once it says true, the fit ends with what it has.
  public var isInterrupted: @Sendable () -> Bool
  /// Where large arrays lie instead of in memory; `nil` for memory.
  public var scratch: Scratch?
  /// Where long fits keep what they have done so far; `nil` for nowhere.
  public var checkpoints: Checkpoints?
  /// Set by `FittedModel.fit`: keeps the best process so far together with a family's own state.
  package var save: (@Sendable (any SequenceProcess, TensorFile) throws -> Void)?

  /// A context with these settings; by default without scratch files, checkpoints and reports.
  public init(
    seed: UInt64 = 1, threads: Int = 1, scratch: Scratch? = nil, checkpoints: Checkpoints? = nil,
    progress: @escaping @Sendable (FittingProgress) -> Void = { _ in },
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.seed = seed
    self.threads = threads
    self.scratch = scratch
    self.checkpoints = checkpoints
    self.progress = progress
    self.isInterrupted = isInterrupted
  }
}

extension FittingContext {
  /// For the fit of a component of a larger model: the same without checkpoints, which are the whole model's to keep.
  public var ofComponent: FittingContext {
    var context = self
    (context.checkpoints, context.save) = (nil, nil)
    return context
  }
}

/// Checkpoints of a fit: the best model so far, with everything from which the fit goes on to the same bits.
public struct Checkpoints: Sendable {
  /// Seconds between two of them.
  public var interval: Double
  /// What to continue from.
  public var resuming: Checkpoint?
  /// A finished model whose training is to continue for more epochs than it had: from its parameters, with a new memory of the
  /// optimiser and with the rate's schedule over the further epochs (a warm restart: Loshchilov and Hutter 2017).
  public var continuing: (any FittedModel)?
  /// Keeps one; what it throws ends the fit.
  public var save: @Sendable (Checkpoint) throws -> Void

  /// Checkpoints every so many seconds, from the beginning or from an earlier state.
  public init(
    interval: Double = 20, resuming: Checkpoint? = nil, continuing: (any FittedModel)? = nil,
    save: @escaping @Sendable (Checkpoint) throws -> Void
  ) {
    self.interval = interval
    self.resuming = resuming
    self.continuing = continuing
    self.save = save
  }
}

/// One checkpoint. Its file is a model file, of the best model so far, with more in it.
public struct Checkpoint: Sendable {
  /// The best model so far.
  public let model: any FittedModel
  /// A family's own state.
  package let state: TensorFile
}

/// How far a fit has come.
public struct FittingProgress: Sendable {
  /// From 0 to 1.
  public var fraction: Double
  /// What there is to say, such as "epoch 3 of 20, validation 2.013 nats an event".
  public var text: String
  /// Whether the text is worth a line of its own in a log.
  public var isMilestone: Bool
  /// What there is to record of an epoch that has just ended.
  public var epoch: TrainingEpoch?

  /// A report of a fit.
  /// - Parameter isMilestone: whether the text is worth a line of its own in a log, as each of a diagnosis is.
  public init(fraction: Double, text: String, isMilestone: Bool = true, epoch: TrainingEpoch? = nil) {
    self.fraction = fraction
    self.text = text
    self.isMilestone = isMilestone
    self.epoch = epoch
  }
}

/// One pass over the training data.
public struct TrainingEpoch: Sendable, Hashable, Codable {
  /// The number of the pass, from 1.
  public var epoch: Int
  /// Nats an event, as seen during the pass: with dropout, and while the parameters moved.
  public var train: Double
  /// Nats an event of the validation part; `nil` without one.
  public var valid: Double?
  /// The mean and the largest norm of the gradient of the mean nats an event, before clipping.
  public var gradientNorm: Double
  /// The largest such norm.
  public var largestGradientNorm: Double
  /// The learning rate at its end.
  public var rate: Double

  package init(
    epoch: Int, train: Double, valid: Double?, gradientNorm: Double, largestGradientNorm: Double, rate: Double
  ) {
    self.epoch = epoch
    self.train = train
    self.valid = valid
    self.gradientNorm = gradientNorm
    self.largestGradientNorm = largestGradientNorm
    self.rate = rate
  }
}

/// What can go wrong in a fit.
public enum FittingError: Error, Equatable, CustomStringConvertible {
  /// The loss was not finite; the parameters of the step before were fine.
  case diverged(model: String, step: Int, gradient: String)
  /// The checkpoint is of another training, or of one that cannot continue.
  case wrongCheckpoint(reason: String)
  /// Interrupted before there was anything to keep.
  case interrupted
  /// More contexts than can be numbered.
  case tooLarge(contexts: Int)

  /// What happened and what helps, as a sentence.
  public var description: String {
    switch self {
    case .diverged(let model, let step, let gradient):
      return "\(model): the loss was not finite at step \(step) (\(gradient)); try a smaller rate=, or a smaller clip="
    case .wrongCheckpoint(let reason):
      return "training cannot continue from the checkpoint: \(reason); without --resume it begins anew"
    case .tooLarge(let contexts):
      return "\(contexts) contexts or their outcomes are more than can be numbered; a smaller order has fewer"
    case .interrupted: return "interrupted before there was a model to keep"
    }
  }
}
