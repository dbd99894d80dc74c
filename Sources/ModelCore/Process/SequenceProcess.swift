import Probability
import Sequences

/// A distribution over sequences of elements of any kind, as a process: at each step the sequence ends or continues with an
/// element, given the past. Likelihood, sampling and every other question are asked through a walk along a sequence: `start`,
/// then at each step `predict` (or `logProbability`) and `advance`.
///
/// All log-probabilities and log-densities are natural and in double precision. `Conditional` is the process of symbols.
public protocol SequenceProcess<Element>: Sendable {
  /// One element of a sequence: a `Symbol`, or the numbers of a vector.
  associatedtype Element
  /// What is remembered of the past: a context, h(t), a node of a tree.
  associatedtype State: Sendable
  /// The distribution of a step.
  associatedtype Distribution: StepDistribution<Element>

  /// What each step gives: elements, and who decides that the sequence ends.
  var shape: OutputShape { get }

  /// The state before the first element; `inputs` are those of the first step.
  func start(_ inputs: StepInputs) -> State

  /// The distribution of this step.
  func predict(_ state: State, _ inputs: StepInputs, into distribution: inout Distribution)

  /// log P(element) alone, of vectors the log-density: with an end symbol joint with continuing, else given that the sequence
  /// continues. For families that need not compute the whole distribution.
  func logProbability(of element: Element, _ state: State, _ inputs: StepInputs) -> Double

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

  /// Why draws cannot be truncated so, as a sentence; `nil` where they can.
  func refusal(_ truncation: Truncation) -> String?

  /// Whether it can have been fitted to a set of which so much is known: what is read from a file is held against it.
  func agrees(with facts: TrainingFacts) -> Bool

  /// Adds everything that `ModelFamily.process(from:_:)` needs.
  func write(to file: inout TensorFile)
}

extension SequenceProcess {
  /// By default that of double precision.
  public var roundingError: Double { .ulpOfOne }
  /// By default there is nothing to note.
  public var notes: [String] { [] }
  /// By default that of its distributions.
  public func refusal(_ truncation: Truncation) -> String? { Distribution.refusal(truncation, shape) }
  /// By default it agrees with any training set.
  public func agrees(with facts: TrainingFacts) -> Bool { true }
}

/// The distribution of one step: whether the sequence ends, and the next element if it continues. `Prediction` is that of
/// symbols.
public protocol StepDistribution<Element>: Sendable {
  /// One element of a sequence.
  associatedtype Element: Sendable, Hashable

  /// Any distribution of the shape, to be filled by `SequenceProcess.predict`.
  init(_ shape: OutputShape)

  /// log s, the probability that the sequence ends here; −∞ where the length is given.
  var logStop: Double { get }
  /// log(1 − s).
  var logContinue: Double { get }

  /// log P(the sequence continues with this element | past), of vectors the log-density.
  func logContinuing(with element: Element) -> Double

  /// The largest deviation of the step's total probability from 1; 0 where it is not computed.
  func largestGap(_ stream: inout RandomStream) -> Double

  /// The decision for an element, or (`nil`) to end.
  func decision(_ element: Element?) -> Decision<Element>

  /// Draws whether the sequence ends and, if it continues, the element.
  func draw(_ stream: inout RandomStream) -> Decision<Element>

  /// Draws an element, given that the sequence continues.
  func drawElement(_ stream: inout RandomStream) -> Element

  /// Draws from what a truncation leaves.
  /// - Parameter isEndForbidden: whether the sequence has to continue, if it can.
  /// - Returns: also whether the end was not among what was drawn from.
  func draw(_ stream: inout RandomStream, _ truncation: Truncation, isEndForbidden: Bool)
    -> (decision: Decision<Element>, endIsCut: Bool)

  /// Why draws cannot be truncated so, as a sentence; `nil` where they can.
  static func refusal(_ truncation: Truncation, _ shape: OutputShape) -> String?
}
