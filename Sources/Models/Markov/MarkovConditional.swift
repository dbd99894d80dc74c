import Foundation
import Sequences

/// A Markov model of order k: the next outcome depends on the last k symbols (and the length input) alone. Counts and
/// the smoother's shares of them lie in flat arrays; a prediction is one walk from the empty context outwards.
struct MarkovConditional: Conditional {
  let shape: OutputShape
  let path: ContextPath
  let counts: ContextCounts
  let elements: ContextShares
  let stops: StopShares
  /// What a person should know.
  let notes: [String]

  init(shape: OutputShape, path: ContextPath, counts: ContextCounts, smoother: any Smoother, notes: [String] = []) {
    self.shape = shape
    self.path = path
    self.counts = counts
    elements = smoother.elementShares(counts, outcomes: shape.outcomes)
    stops = shape.stop == .variable ? smoother.stopShares(counts) : StopShares(counts)
    self.notes = notes + elements.notes
  }

  /// The last symbols, at most k of them, the newest first; and those of their contexts that occurred, from the empty one
  /// outwards.
  struct State: Sendable {
    var recent: [Symbol] = []
    var contexts: [Int32] = []
  }

  func start(_ inputs: StepInputs) -> State {
    var state = State()
    state.recent.reserveCapacity(path.order)
    state.contexts.reserveCapacity(path.order + 2)
    findContexts(&state, inputs)
    return state
  }

  func advance(_ state: inout State, past element: Symbol, _ inputs: StepInputs) {
    if path.order > 0 {
      if state.recent.count == path.order { state.recent.removeLast() }
      state.recent.insert(element, at: 0)
    }
    findContexts(&state, inputs)
  }

  private func findContexts(_ state: inout State, _ inputs: StepInputs) {
    state.contexts.removeAll(keepingCapacity: true)
    state.contexts.append(0)
    // Beyond k symbols a context does not know how many there were.
    let isFull = state.recent.count == path.order
    let time = isFull ? Int.max / 2 : state.recent.count
    let length = inputs.length ?? 0
    var node = 0
    for level in 0..<path.depth(time: time) {
      let label = path.label(level, time: time, length: length) { state.recent[$0 - 1] }
      guard let next = counts.tree.child(of: node, along: label) else { return }
      node = next
      state.contexts.append(Int32(node))
    }
  }

  func predict(_ state: State, _ inputs: StepInputs, into prediction: inout Prediction) {
    let uniform = 1 / Double(shape.outcomes)
    for outcome in prediction.logProbabilities.indices { prediction.logProbabilities[outcome] = uniform }
    for node in state.contexts.lazy.map(Int.init) {
      let weight = elements.weight[node]
      if weight != 1 {
        for outcome in prediction.logProbabilities.indices { prediction.logProbabilities[outcome] *= weight }
      }
      for entry in counts.entries(of: node) {
        prediction.logProbabilities[Int(counts.outcomes[entry])] += elements.mass[entry]
      }
    }
    for outcome in prediction.logProbabilities.indices {
      prediction.logProbabilities[outcome] = log(prediction.logProbabilities[outcome])
    }
    (prediction.logStop, prediction.logGoOn) = logStop(state, inputs)
  }

  func logProbability(of outcome: Symbol, _ state: State, _ inputs: StepInputs) -> Double {
    var probability = 1 / Double(shape.outcomes)
    for node in state.contexts.lazy.map(Int.init) {
      probability *= elements.weight[node]
      if let entry = counts.entry(of: node, outcome) { probability += elements.mass[entry] }
    }
    return log(probability)
  }

  func logStop(_ state: State, _ inputs: StepInputs) -> (stop: Double, goOn: Double) {
    switch shape.stop {
    case .given: return (-.infinity, 0)
    case .outcome:
      let stop = logProbability(of: shape.alphabetSize, state, inputs)
      return (stop, logComplement(stop))
    case .variable: return logStopVariable(state, inputs)
    }
  }

  private func logStopVariable(_ state: State, _ inputs: StepInputs) -> (stop: Double, goOn: Double) {
    var stop = 0.5
    var goOn = 0.5
    for node in state.contexts.lazy.map(Int.init) {
      stop = stops.mass[node] + stops.weight[node] * stop
      // 1 − mass − weight is the other outcome's mass; exactly 0 where every decision was to stop.
      let isCertain = counts.stops[node] == counts.decisions[node]
      goOn = (isCertain ? 0 : 1 - stops.mass[node] - stops.weight[node]) + stops.weight[node] * goOn
    }
    return (log(stop), log(goOn))
  }

  /// The shares of the outcomes seen, the weights of the contexts that have one, and the same for the stop variable.
  var storedParameters: Int {
    let weights = elements.weight.count { $0 != 1 && $0 != 0 }
    let decided = shape.stop == .variable ? counts.decisions.count { $0 > 0 } : 0
    return counts.counts.count + weights + decided
  }
}
