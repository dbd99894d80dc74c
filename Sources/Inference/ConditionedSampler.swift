import Foundation
import Models
import Probability
import Sequences
import Support

/// Exact draws of the first n elements of sequences that have n of them, or at least n, from a chain of finitely many
/// states: with the messages β the next element is drawn with P(go on with w | s) β_{t+1}(next(s, w)) / β_t(s).
struct ConditionedSampler: Sendable {
  let condition: LengthCondition
  private let messages: BackwardMessages
  private let states: BackoffAutomaton
  /// Where draws begin: after the elements of a prefix.
  private let begin: (time: Int, state: Int)
  /// For each state what truncation does to the decision to stop; empty without it.
  private let stops: [StopMass]

  var outlook: BackwardMessages.Outlook { messages.outlook }

  /// - Parameters:
  ///   - stops: what truncation does in each state, where the chain is a truncated one.
  ///   - begin: the state after a prefix, and how long that is: at most the condition's length.
  ///   - most: how many numbers to keep; `nil` where they are too few, or the length is beyond all patience.
  init?(
    _ states: BackoffAutomaton, stops: [StopMass] = [], _ condition: LengthCondition,
    from begin: (time: Int, state: Int),
    most: Int, _ progress: (FittingProgress) -> Void
  ) {
    guard let messages = BackwardMessages(states, condition, from: begin, most: most, progress) else { return nil }
    self.condition = condition
    self.messages = messages
    self.states = states
    self.stops = stops
    self.begin = begin
  }

  /// A sequence on its way.
  private struct Path {
    var stream: RandomStream
    var sequence: [Symbol]
    var state: Int
    var stops = StopMass()

    mutating func add(_ masses: [StopMass], at place: Int) {
      if masses.isEmpty { return }
      stops.model += masses[place].model
      stops.removed += masses[place].removed
    }
  }

  /// The sequences of a plan, of the length that was given.
  func samples(
    _ plan: SamplingPlan, _ model: SequenceModel, threads: Int, _ progress: (FittingProgress) -> Void
  ) -> [Sample] {
    let paths = paths(plan, threads: threads, progress)
    return parallelMap(paths.count, threads: threads) { number in
      var path = paths[number]
      path.add(stops, at: place(path.state, time: messages.length))
      return Sample(
        sequence: path.sequence, score: model.score(of: path.sequence), isComplete: true, stops: path.stops)
    }
  }

  /// How the sequences of a plan begin that have at least the length that was given.
  func openings(_ plan: SamplingPlan, threads: Int, _ progress: (FittingProgress) -> Void) -> [Opening] {
    paths(plan, threads: threads, progress).map { Opening(elements: $0.sequence, stream: $0.stream, stops: $0.stops) }
  }

  /// The first n elements of each sequence of a plan. They go forward together from one β that is kept to the next.
  private func paths(_ plan: SamplingPlan, threads: Int, _ progress: (FittingProgress) -> Void) -> [Path] {
    let (prefix, length) = (plan.options.prefix, messages.length)
    var paths = plan.indices.indices.map { Path(stream: plan.stream($0), sequence: prefix, state: begin.state) }
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

  private func place(_ state: Int, time: Int) -> Int { states.refine?(state, StepInputs(time: time)) ?? state }

  /// - Parameter after: β_{t+1} for each t of `times`.
  private func advance(_ path: inout Path, _ times: Range<Int>, _ after: [[Double]]) {
    var probabilities = [Double](repeating: 0, count: states.shape.outcomes)
    var successors = [Int32](repeating: 0, count: states.shape.outcomes)
    let k = states.shape.alphabetSize
    for time in times {
      let place = place(path.state, time: time)
      path.add(stops, at: place)
      states.expand(place, into: &probabilities, &successors)
      let message = after[time - times.lowerBound]
      var total = 0.0
      for element in 0..<k {
        probabilities[element] *= message[Int(successors[element])]
        total += probabilities[element]
      }
      let chosen = path.stream.index(k, total: total) { probabilities[$0] }
      path.sequence.append(chosen)
      path.state = Int(successors[chosen])
    }
  }
}

/// How a sequence begins whose first elements have been drawn already.
struct Opening: Sendable {
  var elements: [Symbol]
  /// The random numbers for what follows.
  var stream: RandomStream
  /// What truncation did to the decision to stop on the way.
  var stops: StopMass
}

extension BackoffAutomaton {
  /// The state after a prefix; `nil` where the prefix is impossible.
  /// - Parameter inputs: those of a step after so many elements.
  func state(after prefix: [Symbol], _ inputs: (Int) -> StepInputs = { StepInputs(time: $0) }) -> Int? {
    var state = start(inputs(0))
    for (time, element) in prefix.enumerated() {
      let place = refine?(state, inputs(time)) ?? state
      let (probability, next) = step(element, from: place)
      if probability == 0 || (shape.stop == .variable && continuing[place] == 0) { return nil }
      state = next
    }
    return state
  }
}
