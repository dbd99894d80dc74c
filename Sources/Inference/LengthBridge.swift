import Foundation
import Models
import Probability
import Sequences

/// Exact draws of sequences of a given length τ from a chain of finitely many states. With β_t(s) the probability that a
/// sequence that is in state s after t elements ends after τ of them,
///
///     β_τ(s) = P(stop | s),   β_t(s) = Σ_w P(go on with w | s) β_{t+1}(next(s, w)),
///
/// the next element is drawn with P(go on with w | s) β_{t+1}(next(s, w)) / β_t(s). O(τ · entries) numbers of time, τ ·
/// states of memory.
struct LengthBridge: Sendable {
  let length: Int
  private let states: FiniteStates
  /// β_t for t = 0, 1, …, τ, each up to a constant of its own: the largest is 1.
  private let messages: [[Double]]

  init(_ states: FiniteStates, length: Int) {
    self.states = states
    self.length = length
    var messages: [[Double]] = []
    let places = Self.places(states, time: length)
    var last = places.map { states.stopProbability($0) }
    Self.scale(&last)
    messages.append(last)
    for time in stride(from: length - 1, through: 0, by: -1) {
      last = Self.before(last, states, time: time)
      messages.append(last)
    }
    self.messages = messages.reversed()
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

  /// The state after a prefix; `nil` where the prefix is impossible.
  private func state(after prefix: [Symbol]) -> Int? {
    var state = states.start(StepInputs(time: 0))
    for (time, element) in prefix.enumerated() {
      let inputs = StepInputs(time: time)
      let place = states.refine?(state, inputs) ?? state
      let (probability, next) = states.step(element, from: place)
      if probability == 0 || (states.shape.stop == .variable && states.goOn[place] == 0) { return nil }
      state = next
    }
    return state
  }

  func isPossible(after prefix: [Symbol]) -> Bool {
    guard prefix.count <= length, let state = state(after: prefix) else { return false }
    return messages[prefix.count][state] > 0
  }

  /// Draw `number` of a plan.
  func sample(_ number: Int, _ plan: SamplingPlan, _ model: SequenceModel) -> Sample {
    var stream = plan.stream(number)
    var sequence = plan.options.prefix
    var state = state(after: sequence) ?? 0
    var probabilities = [Double](repeating: 0, count: states.shape.outcomes)
    var successors = [Int32](repeating: 0, count: states.shape.outcomes)
    let k = states.shape.alphabetSize
    for time in sequence.count..<max(length, sequence.count) {
      let place = states.refine?(state, StepInputs(time: time)) ?? state
      states.expand(place, into: &probabilities, &successors)
      let after = messages[time + 1]
      var total = 0.0
      for element in 0..<k {
        probabilities[element] *= after[Int(successors[element])]
        total += probabilities[element]
      }
      var rest = stream.uniform() * total
      var chosen = 0
      for element in 0..<k where probabilities[element] > 0 {
        chosen = element
        rest -= probabilities[element]
        if rest < 0 { break }
      }
      sequence.append(chosen)
      state = Int(successors[chosen])
    }
    return Sample(sequence: sequence, score: model.score(of: sequence), isComplete: true)
  }
}
