import Foundation
import Models
import Probability
import Sequences

/// Exact draws of sequences of a given length τ from a chain of finitely many states. With β_t(s) the probability that a
/// sequence that is in state s after t elements ends after τ of them,
///
///     β_τ(s) = P(stop | s),   β_t(s) = Σ_w P(go on with w | s) β_{t+1}(next(s, w)),
///
/// the next element is drawn with P(go on with w | s) β_{t+1}(next(s, w)) / β_t(s). O(τ · entries) of time. Where all β are
/// too many to keep, every √τ-th is, and those between are made again for each piece of draws.
struct LengthBridge: Sendable {
  let length: Int
  private let states: FiniteStates
  /// Where draws begin: after the elements of a prefix.
  private let begin: (time: Int, state: Int)
  /// For each state what truncation does to the decision to stop; empty without it.
  private let stops: [StopMass]
  /// How far the β that are kept lie apart.
  private let stride: Int
  /// β_τ, β_{τ − stride}, …, down to where draws begin or near, each up to a constant of its own: the largest is 1.
  private let kept: [[Double]]

  /// Additions that nobody waits for.
  private static let mostWork = 20_000_000_000

  /// - Parameters:
  ///   - stops: what truncation does in each state, where the chain is a truncated one.
  ///   - begin: the state after a prefix, and how long that is: at most `length`.
  ///   - most: how many numbers to keep; `nil` where they are too few, or the length is beyond all patience.
  init?(
    _ states: FiniteStates, stops: [StopMass] = [], length: Int, from begin: (time: Int, state: Int), most: Int,
    _ progress: (FittingProgress) -> Void
  ) {
    self.states = states
    self.stops = stops
    self.length = length
    self.begin = begin
    guard length <= Self.mostWork / (states.count + states.outcomes.count + 1) else { return nil }
    let isSmall = length < most / max(states.count, 1)
    stride = isSmall ? 1 : max(Int(Double(length).squareRoot()), 1)
    guard isSmall || states.count * 2 * (length / stride + 2) <= most else { return nil }
    var last = Self.places(states, time: length).map { states.stopProbability($0) }
    Self.scale(&last)
    var kept = [last]
    // What is worth being shown takes its time.
    let shown = max(1 << 24 / (states.count + states.outcomes.count), 1)
    for time in Swift.stride(from: length - 1, through: begin.time, by: -1) {
      last = Self.before(last, states, time: time)
      if (length - time) % stride == 0 { kept.append(last) }
      if (length - time) % shown == 0 { progress(Self.progress("backwards", length - time, of: length - begin.time)) }
    }
    self.kept = kept
  }

  private static func progress(_ way: String, _ count: Int, of all: Int) -> FittingProgress {
    FittingProgress(fraction: Double(count) / Double(max(all, 1)), text: "\(way), \(count) of \(all) elements")
  }

  /// β_t for all t of a range, in order. They are made from the next one that is kept.
  private func messages(_ times: ClosedRange<Int>) -> [[Double]] {
    let place = (length - times.upperBound) / stride
    var time = length - place * stride
    var last = kept[place]
    var messages: [[Double]] = []
    while true {
      if time <= times.upperBound { messages.append(last) }
      if time == times.lowerBound { return messages.reversed() }
      time -= 1
      let isKept = (length - time) % stride == 0
      last = isKept ? kept[(length - time) / stride] : Self.before(last, states, time: time)
    }
  }

  private static func scale(_ message: inout [Double]) {
    let largest = message.max() ?? 0
    guard largest > 0 else { return }
    for state in message.indices { message[state] /= largest }
  }

  private static func places(_ states: FiniteStates, time: Int) -> [Int] {
    let inputs = StepInputs(time: time)
    return (0..<states.count).map { states.refine?($0, inputs) ?? $0 }
  }

  /// β_t from β_{t+1}: what a state does not list is the shorter state's sum without what it does list.
  private static func before(_ after: [Double], _ states: FiniteStates, time: Int) -> [Double] {
    let (share, k) = (1 / Double(states.shape.outcomes), states.shape.alphabetSize)
    let hasExtra = !states.extra.isEmpty
    // Σ_w P(w | s) β(next) without `extra`, and Σ_w β(next), over the elements w.
    var sums = [Double](repeating: 0, count: states.count)
    var plain = hasExtra ? sums : []
    for state in sums.indices {
      let shorter = Int(states.shorter[state])
      var sum = state == 0 ? states.weight[0] * share * Double(k) * after[0] : states.weight[state] * sums[shorter]
      var even = !hasExtra ? 0 : state == 0 ? Double(k) * after[0] : plain[shorter]
      for entry in states.entries(of: state) where states.next[entry] >= 0 {
        let above = Int(states.above[entry])
        let message = after[Int(states.next[entry])]
        let (value, messageAbove) =
          above < 0 ? (share, after[0]) : (states.values[above], after[Int(states.next[above])])
        sum += states.values[entry] * message - states.aboveWeight[entry] * value * messageAbove
        even += message - messageAbove
      }
      // The difference of equal sums may be a rounding below zero.
      sums[state] = max(sum, 0)
      if hasExtra { plain[state] = max(even, 0) }
    }
    let isVariable = states.shape.stop == .variable
    var before = places(states, time: time).map { place in
      let all = sums[place] + (hasExtra ? states.extra[place] * plain[place] : 0)
      return isVariable ? states.goOn[place] * all : all
    }
    scale(&before)
    return before
  }

  /// Whether any sequence has the length.
  var isPossible: Bool { messages(begin.time...begin.time)[0][begin.state] > 0 }

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

  /// The draws of a plan, which go forward together from one β that is kept to the next.
  func samples(
    _ plan: SamplingPlan, _ model: SequenceModel, threads: Int, _ progress: (FittingProgress) -> Void
  ) -> [Sample] {
    let prefix = plan.options.prefix
    var paths = plan.indices.indices.map { Path(stream: plan.stream($0), sequence: prefix, state: begin.state) }
    let block = stride == 1 ? max(length, 1) : stride
    for start in Swift.stride(from: begin.time, to: length, by: block) {
      let times = start..<min(start + block, length)
      let after = messages((times.lowerBound + 1)...times.upperBound)
      paths.withUnsafeMutableBufferPointer { paths in
        nonisolated(unsafe) let paths = paths  // each draw has its own
        forEachInParallel(paths.count, threads: threads) { advance(&paths[$0], times, after) }
      }
      progress(Self.progress("forwards", times.upperBound - begin.time, of: length - begin.time))
    }
    return plan.collect { samples in
      let paths = paths
      forEachInParallel(paths.count, threads: threads) { number in
        var path = paths[number]
        path.add(stops, at: place(path.state, time: length))
        samples[number] = Sample(
          sequence: path.sequence, score: model.score(of: path.sequence), isComplete: true, stops: path.stops)
      }
    }
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
      var rest = path.stream.uniform() * total
      var chosen = 0
      for element in 0..<k where probabilities[element] > 0 {
        chosen = element
        rest -= probabilities[element]
        if rest < 0 { break }
      }
      path.sequence.append(chosen)
      path.state = Int(successors[chosen])
    }
  }
}

extension FiniteStates {
  /// The state after a prefix; `nil` where the prefix is impossible.
  func state(after prefix: [Symbol]) -> Int? {
    var state = start(StepInputs(time: 0))
    for (time, element) in prefix.enumerated() {
      let place = refine?(state, StepInputs(time: time)) ?? state
      let (probability, next) = step(element, from: place)
      if probability == 0 || (shape.stop == .variable && goOn[place] == 0) { return nil }
      state = next
    }
    return state
  }
}
