import Sequences

/// A fitted P(y(t) | past, inputs) over symbols, with its stop decision. `ModelFamily` says how it is fitted, drawn as a graph
/// and read from a file.
///
/// Likelihood, sampling and every other question are asked through this walk along a sequence: `start`, then at each
/// step `predict` (or `logProbability`) and `advance`. All log-probabilities are natural and in double precision.
public protocol Conditional: Sendable {
  /// One element of a sequence; a `Symbol` for all families so far.
  associatedtype Element: Sendable
  /// What is remembered of the past: a context, h(t), a node of a tree.
  associatedtype State: Sendable

  var shape: OutputShape { get }

  /// The state before the first element; `inputs` are those of the first step.
  func start(_ inputs: StepInputs) -> State

  /// The distribution of this step.
  func predict(_ state: State, _ inputs: StepInputs, into prediction: inout Prediction)

  /// log P(outcome) alone, for families that need not compute the others.
  func logProbability(of outcome: Element, _ state: State, _ inputs: StepInputs) -> Double

  /// log s and log(1 − s), s being the probability of the end symbol or of the stop variable; (−∞, 0) where the length
  /// is given.
  func logStop(_ state: State, _ inputs: StepInputs) -> (stop: Double, continuing: Double)

  /// Goes past `element`; `inputs` are those of the next step.
  func advance(_ state: inout State, past element: Element, _ inputs: StepInputs)

  /// The relative error that rounding leaves in a probability: 2^−52 in double precision, more where numbers have fewer
  /// digits.
  var roundingError: Double { get }

  /// The numbers held after fitting.
  var storedParameters: Int { get }

  /// What a person should know of the fit, such as a smoother's fall-back.
  var notes: [String] { get }

  /// Whether it can have been fitted to a set of which so much is known: what is read from a file is held against it.
  func agrees(with facts: TrainingFacts) -> Bool

  /// Adds everything that `ModelFamily.conditional(from:shape:)` needs.
  func write(to file: inout TensorFile)
}

extension Conditional {
  public var roundingError: Double { .ulpOfOne }
  public func agrees(with facts: TrainingFacts) -> Bool { true }
}

/// A conditional whose counts say how often each step of the set that it was fitted to occurred, so that it scores the
/// whole of it without another look.
public protocol CountedConditional: Conditional {
  /// The two shares of the set's negative log-likelihood (the length's without any prior); `nil` where the counts are not
  /// those of all its events.
  func scoreOfTrainingSet(sequences: Int, symbols: Int) -> SequenceScore?
}

/// A conditional that scores many sequences at once. A test holds it against the walk.
public protocol BatchedConditional: Conditional {
  /// The two shares of each sequence's negative log-likelihood (the length's without any prior), in order.
  func scores(of set: SequenceSet, threads: Int)
    -> [SequenceScore]
}
