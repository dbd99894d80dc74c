import Foundation
import Sequences

/// A walk along one sequence: a process, its state after the elements so far, and the inputs of the step to come. To copy a
/// walk is to fork it.
///
///     var walk = model.conditional.walk(length: 4)
///     walk.logProbability(of: 3)      // of y(1) = 3
///     walk.advance(past: 3)
///     walk.predict(into: &prediction) // the distribution of y(2) given y(1) = 3
public struct Walk<Process: SequenceProcess>: Sendable {
  /// The process that is walked along.
  public let process: Process
  /// What is remembered of the elements so far.
  public private(set) var state: Process.State
  /// The inputs of the step to come.
  public private(set) var step: StepInputs
  private let length: Int
  private let x: SequenceInput?

  fileprivate init(_ process: Process, length: Int, x: SequenceInput?) {
    self.process = process
    self.length = length
    self.x = x
    step = process.shape.inputs(time: 0, length: length, x: x)
    state = process.start(step)
  }

  /// t, the number of elements so far.
  public var time: Int { step.time }

  /// log s and log(1 − s): that the sequence ends here, and that it continues.
  public func logStop() -> (stop: Double, continuing: Double) { process.logStop(state, step) }

  /// The distribution of the step.
  public func predict(into distribution: inout Process.Distribution) {
    process.predict(state, step, into: &distribution)
  }

  /// log P of one element of the step, of vectors its log-density, as `SequenceProcess.logProbability` gives it.
  public func logProbability(of element: Process.Element) -> Double {
    process.logProbability(of: element, state, step)
  }

  /// log P(the sequence continues with this element).
  public func logContinuing(with element: Process.Element) -> Double {
    let logProbability = logProbability(of: element)
    return process.shape.stop == .variable ? logStop().continuing + logProbability : logProbability
  }

  /// How far log P of an end symbol alone is from `logStop`, as probabilities; 0 for other ways to end.
  package func endGap() -> Double {
    let shape = process.shape
    guard shape.stop == .outcome, let end = shape.alphabetSize as? Process.Element else { return 0 }
    return abs(exp(logProbability(of: end)) - exp(logStop().stop))
  }

  /// −log P of one decision, in nats: that the next element is this one, or (`nil`) that there is none.
  public func score(of element: Process.Element?) -> SequenceScore {
    // As `decision(element).score`, without a generic value on the way.
    var score = SequenceScore()
    let (stop, continuing) = logStop()
    score.add(process.shape.stop, outcome: element.map { logProbability(of: $0) }, stop: stop, continuing: continuing)
    return score
  }

  /// Continues with an element.
  public mutating func advance(past element: Process.Element) {
    step = process.shape.inputs(time: step.time + 1, length: length, x: x)
    process.advance(&state, past: element, step)
  }
}

extension SequenceProcess {
  /// A walk that stands before the first element.
  /// - Parameters:
  ///   - length: τ where elements know of it; else anything.
  ///   - x: the sequence's inputs, where the data have any.
  public func walk(length: Int = 0, x: SequenceInput? = nil) -> Walk<Self> { Walk(self, length: length, x: x) }

  /// Each decision that a sequence consists of: every element, and (`nil`) that it ends, where the process decides that.
  /// The walk stands before the decision.
  public func forEachDecision(
    of sequence: some Collection<Element>, x: SequenceInput? = nil, _ body: (Walk<Self>, Element?) -> Void
  ) {
    let steps = shape.steps(length: sequence.count)
    if steps == 0 { return }
    var walk = walk(length: sequence.count, x: x)
    for element in sequence {
      body(walk, element)
      if walk.time + 1 < steps { walk.advance(past: element) }
    }
    if steps > sequence.count { body(walk, nil) }
  }
}

extension OutputShape {
  /// What the step after the first `time` elements is told.
  /// - Parameters:
  ///   - length: τ where elements know of it; else anything.
  ///   - x: the sequence's inputs, where the data have any.
  public func inputs(time: Int, length: Int, x: SequenceInput? = nil) -> StepInputs {
    StepInputs(time: time, length: lengthLabel(time: time, length: length), x: x?.at(time) ?? [])
  }
}
