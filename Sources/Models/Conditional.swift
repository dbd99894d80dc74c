import Sequences

/// What a conditional must give besides the elements' distribution: asked for by a length strategy, answered by
/// every family, so that neither knows the other.
public struct OutputShape: Sendable, Hashable {
  /// Who decides that the sequence ends.
  public enum Stop: Sendable, Hashable {
    /// One more outcome, with index `alphabetSize`.
    case outcome
    /// A binary variable e(t) beside the element.
    case variable
    /// Nobody here: the length is known before the first element.
    case given
  }

  /// k.
  public var alphabetSize: Int
  public var stop: Stop
  /// Whether each step has a whole number ≥ 0 made from the length as one more parent.
  public var hasLengthInput: Bool

  public init(alphabetSize: Int, stop: Stop, hasLengthInput: Bool = false) {
    self.alphabetSize = alphabetSize
    self.stop = stop
    self.hasLengthInput = hasLengthInput
  }

  /// k, or k + 1 with an end symbol.
  public var outcomes: Int { stop == .outcome ? alphabetSize + 1 : alphabetSize }

  /// The numbers that one distribution over all outputs of a step costs: k for an end symbol and for halting, k − 1
  /// where the length is given.
  public var freeNumbers: Int { stop == .given ? max(alphabetSize - 1, 0) : alphabetSize }

  /// The steps that a sequence of length τ asks the conditional about: its elements, and the end if that is decided.
  public func steps(length: Int) -> Int { stop == .given ? length : length + 1 }
}

/// What a step may look at besides the past elements: the one channel for t, τ and later x.
public struct StepInputs: Sendable, Hashable {
  /// t, the number of elements so far.
  public var time: Int
  /// The length strategy's input (τ or τ − t), if it has one.
  public var length: Int?

  public init(time: Int, length: Int? = nil) {
    self.time = time
    self.length = length
  }
}

/// A fitted P(y(t) | past, inputs) over symbols, with its stop decision: the only thing that a new family must write.
///
/// Likelihood, sampling and every other question are asked through this walk along a sequence: `start`, then at each
/// step `predict` (or `logProbability`) and `advance`. All log-probabilities are natural and in double precision.
public protocol Conditional<Element>: Sendable {
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
  func logStop(_ state: State, _ inputs: StepInputs) -> (stop: Double, goOn: Double)

  /// Goes past `element`; `inputs` are those of the next step.
  func advance(_ state: inout State, past element: Element, _ inputs: StepInputs)

  /// The numbers held after fitting.
  var storedParameters: Int { get }

  /// What a person should know of the fit, such as a smoother's fall-back.
  var notes: [String] { get }

  /// Adds everything that `ModelFamily.conditional(from:shape:)` needs.
  func write(to file: inout TensorFile)
}

/// One step's distribution.
public struct Prediction: Sendable {
  /// log P(outcome | past), for all outcomes of the shape; given "go on" where the shape has a stop variable.
  public var logProbabilities: [Double]
  /// log s, the end symbol's or the stop variable's; −∞ where the length is given.
  public var logStop: Double = -.infinity
  /// log(1 − s).
  public var logGoOn: Double = 0

  public init(_ shape: OutputShape) {
    logProbabilities = Array(repeating: 0, count: shape.outcomes)
  }
}

/// A conditional that scores many sequences at once. A test holds it against the walk.
public protocol BatchedConditional<Element>: Conditional {
  /// The two shares of each sequence's negative log-likelihood (the length's without any prior), in order.
  /// - Parameter lengthInput: the strategy's input at time t of a sequence of length τ.
  func scores(of set: SequenceSet, lengthInput: @Sendable (_ time: Int, _ length: Int) -> Int?, threads: Int)
    -> [SequenceScore]
}

/// A sequence's negative log-likelihood in nats, in its two shares; +∞ where it is impossible.
public struct SequenceScore: Sendable, Hashable {
  /// −Σ log P(y(t) | go on, …).
  public var natsElements: Double
  /// The stop decisions' share, or −log P(τ).
  public var natsLength: Double

  public init(natsElements: Double = 0, natsLength: Double = 0) {
    self.natsElements = natsElements
    self.natsLength = natsLength
  }

  public var nats: Double { natsElements + natsLength }
}

extension SequenceScore {
  /// Adds one step.
  /// - Parameters:
  ///   - outcome: log P of the element (unconditional on "go on" where stopping is an outcome); `nil` at the end.
  ///   - stop: log s of the step.
  ///   - goOn: log(1 − s).
  package mutating func add(_ kind: OutputShape.Stop, outcome: Double?, stop: Double, goOn: Double) {
    guard let outcome else {
      natsLength -= stop
      return
    }
    switch kind {
    case .given: natsElements -= outcome
    case .variable:
      natsLength -= goOn
      natsElements -= outcome
    case .outcome:
      // Going on is at least as probable as this element; 1 − s may have been rounded to less.
      let goOn = max(goOn, outcome)
      natsLength -= goOn
      if goOn > -.infinity { natsElements -= outcome - goOn }
    }
  }
}
