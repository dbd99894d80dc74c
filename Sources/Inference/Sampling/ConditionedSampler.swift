import Foundation
import ModelCore
import Probability
import Sequences
import Support

/// Exact draws of the first n elements of sequences that have n of them, or at least n, from a process of finitely many
/// states: with the messages β the next element and state are drawn with P(continue with w, s′ | s) β_{t+1}(s′) / β_t(s)
/// (backward filtering, forward sampling).
struct ConditionedSampler: Sendable {
  let condition: LengthCondition
  private let messages: BackwardMessages
  private let process: any FiniteStateProcess
  /// Where draws begin: after the elements of a prefix.
  private let begin: (time: Int, states: [StateProbability])
  /// What truncation does to the decision to stop in a state; `nil` without it.
  private let stops: StopMasses?

  var outlook: BackwardMessages.Outlook { messages.outlook }

  /// - Parameters:
  ///   - stops: what truncation does in each state, where the process is a truncated one.
  ///   - begin: P(state | prefix), and how long the prefix is: at most the condition's length.
  ///   - most: how many numbers to keep; `nil` where they are too few, or the length would take too long.
  init?(
    _ process: any FiniteStateProcess, stops: StopMasses? = nil, _ condition: LengthCondition,
    from begin: (time: Int, states: [StateProbability]), most: Int, _ progress: (FittingProgress) -> Void
  ) {
    guard let messages = BackwardMessages(process, condition, from: begin, most: most, progress) else { return nil }
    self.condition = condition
    self.messages = messages
    self.process = process
    self.stops = stops
    self.begin = begin
  }

  /// A sequence on its way.
  private struct Path {
    var stream: RandomStream
    var sequence: [Symbol]
    var state: Int
    var stops = StopMass()

    mutating func add(_ mass: StopMass?) {
      stops.model += mass?.model ?? 0
      stops.removed += mass?.removed ?? 0
    }
  }

  /// The sequences of a plan, of the length that was given.
  func samples(
    _ plan: SamplingPlan<SequenceModel>, _ model: SequenceModel, threads: Int, _ progress: (FittingProgress) -> Void
  ) -> [Sample] {
    let paths = paths(plan, threads: threads, progress)
    return parallelMap(paths.count, threads: threads) { number in
      var path = paths[number]
      path.add(stops?(path.state, StepInputs(time: messages.length)))
      return Sample(
        sequence: path.sequence, score: model.score(of: path.sequence),
        isComplete: path.sequence.count == messages.length, stops: path.stops)
    }
  }

  /// How the sequences of a plan begin that have at least the length that was given.
  func openings(_ plan: SamplingPlan<SequenceModel>, threads: Int, _ progress: (FittingProgress) -> Void) -> [Opening<
    Symbol
  >] {
    paths(plan, threads: threads, progress).map { Opening(elements: $0.sequence, stream: $0.stream, stops: $0.stops) }
  }

  /// The first n elements of each sequence of a plan. They go forward together from one β that is kept to the next.
  private func paths(_ plan: SamplingPlan<SequenceModel>, threads: Int, _ progress: (FittingProgress) -> Void) -> [Path]
  {
    let (prefix, length) = (plan.options.prefix, messages.length)
    let first = begin.states.count > 1 ? messages(begin.time...begin.time)[0] : []
    var paths = plan.indices.indices.map { number in
      var path = Path(stream: plan.stream(number), sequence: prefix, state: begin.states[0].state)
      if begin.states.count > 1 { path.state = state(before: first, &path.stream) }
      return path
    }
    let block = messages.stride == 1 ? max(length, 1) : messages.stride
    for start in stride(from: begin.time, to: length, by: block) {
      let times = start..<min(start + block, length)
      let after = messages((times.lowerBound + 1)...times.upperBound)
      paths.withUnsafeMutableBufferPointer { paths in
        nonisolated(unsafe) let paths = paths  // each draw has its own
        forEachInParallel(paths.count, threads: threads) { advance(&paths[$0], times, after) }
      }
      progress(BackwardMessages.progress("forwards", times.upperBound - begin.time, of: length - begin.time))
    }
    return paths
  }

  /// Draws the state where a path begins, with P(state | prefix) β(state).
  private func state(before message: [Double], _ stream: inout RandomStream) -> Int {
    begin.states[stream.index(weights: begin.states.map { $0.probability * message[$0.state] })].state
  }

  /// - Parameter after: β_{t+1} for each t of `times`.
  private func advance(_ path: inout Path, _ times: Range<Int>, _ after: [[Double]]) {
    var workspace = Workspace()
    for time in times {
      path.add(stops?(path.state, StepInputs(time: time)))
      let message = after[time - times.lowerBound]
      // Where draws begin there is a way to the end, so that each state drawn has one, but for what rounding made of a zero.
      guard
        let (symbol, state) = process.draw(
          from: path.state, toward: message, StepInputs(time: time), &path.stream, &workspace)
      else { return }
      path.sequence.append(symbol)
      path.state = state
    }
  }
}

/// How a sequence begins whose first elements have been drawn already.
struct Opening<Element: Sendable>: Sendable {
  var elements: [Element]
  /// The random numbers for what follows.
  var stream: RandomStream
  /// What truncation did to the decision to stop on the way.
  var stops: StopMass
}
