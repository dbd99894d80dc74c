import Foundation
import ModelCore
import Sequences

/// P(y(t) | all other elements and the length) of each element of a sequence, for a model of finitely many states.
struct TwoSidedMessages {
  /// P(y(t) = w | all others) of each position, for each symbol w.
  private(set) var probabilities: [[Double]] = []

  /// Elements that could stand at a position lead to states that the following elements make equal again: the messages
  /// β_t(s) = P(y(t + 1), …, y(τ) and the end | s) are computed for these states alone.
  /// O(elements · symbols · order) for a Markov model.
  init?(_ model: SequenceModel, _ process: any FiniteStateProcess, _ sequence: [Symbol]) {
    let (length, k) = (sequence.count, model.alphabet.size)
    let inputs = (0...length).map { model.inputs(time: $0, length: length) }
    var workspace = Workspace()
    // The distribution of the state before each element, and the states that matter behind each.
    var filtered: [[StateProbability]] = [process.start(inputs[0])]
    var live: [Set<Int>] = [Set(filtered[0].map(\.state))]
    for (time, element) in sequence.enumerated() {
      var after: [Int: Double] = [:]
      var reached: Set<Int> = []
      for state in filtered[time] {
        process.forEachWay(from: state.state, by: nil, inputs[time], &workspace) { symbol, next, probability in
          reached.insert(next)
          if symbol == element { after[next, default: 0] += state.probability * probability }
        }
      }
      for state in live[time] {
        process.forEachWay(from: state, by: [element], inputs[time], &workspace) { _, next, _ in reached.insert(next) }
      }
      let sum = after.values.reduce(0, +)
      guard sum > 0 else { return nil }
      filtered.append(
        after.sorted { $0.key < $1.key }.map { StateProbability(state: $0.key, probability: $0.value / sum) })
      live.append(reached)
    }
    // Backwards, each with the largest 1.
    var beta: [Int: Double] = [:]
    for state in live[length] {
      beta[state] = model.shape.decidesEnd ? process.stopProbability(state, inputs[length]) : 1
    }
    probabilities = Array(repeating: Array(repeating: 0, count: k), count: length)
    for time in stride(from: length - 1, through: 0, by: -1) {
      for state in filtered[time] {
        process.forEachWay(from: state.state, by: nil, inputs[time], &workspace) { symbol, next, probability in
          probabilities[time][symbol] += state.probability * probability * (beta[next] ?? 0)
        }
      }
      let sum = probabilities[time].reduce(0, +)
      guard sum > 0 else { return nil }
      for symbol in 0..<k { probabilities[time][symbol] /= sum }
      var before: [Int: Double] = [:]
      var largest = 0.0
      for state in live[time] {
        var value = 0.0
        process.forEachWay(from: state, by: [sequence[time]], inputs[time], &workspace) { _, next, probability in
          value += probability * (beta[next] ?? 0)
        }
        before[state] = value
        largest = max(largest, value)
      }
      beta = largest > 0 ? before.mapValues { $0 / largest } : before
    }
  }
}
