import Foundation
import Sequences

/// A Markov model of order k: the next outcome depends on the last k symbols (and the length input) alone. Counts and
/// the smoother's probabilities lie in flat arrays; a query looks in the longest context that occurred, and where that
/// has not seen the outcome, in the shorter ones.
struct MarkovConditional: Conditional {
  let shape: OutputShape
  let path: ContextPath
  let counts: ContextCounts
  let elements: ContextProbabilities
  let stops: StopProbabilities
  let links: ContextLinks?

  /// What it was smoothed with, if its counts were made for it; and the parameters, a row an order.
  let smoother: (any Smoother)?
  let mixing: Mixing
  let parameters: [[Double]]
  let notes: [String]

  init(
    shape: OutputShape, path: ContextPath, counts: ContextCounts, elements: ContextProbabilities,
    stops: StopProbabilities, smoother: (any Smoother)? = nil, mixing: Mixing = .interpolated,
    parameters: [[Double]] = [], notes: [String] = []
  ) {
    self.shape = shape
    self.path = path
    self.counts = counts
    self.elements = elements
    self.stops = stops
    self.smoother = smoother
    self.mixing = mixing
    self.parameters = parameters
    self.notes = notes
    links = ContextLinks(counts, elements, stops, path, shape)
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
    let time = isFull ? max(inputs.time, path.order) : state.recent.count
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
    let uniform = -log(Double(shape.outcomes))
    for outcome in prediction.logProbabilities.indices { prediction.logProbabilities[outcome] = uniform }
    for node in state.contexts.lazy.map(Int.init) {
      let weight = elements.logWeight[node]
      if weight != 0 {
        for outcome in prediction.logProbabilities.indices { prediction.logProbabilities[outcome] += weight }
      }
      for entry in counts.entries(of: node) {
        prediction.logProbabilities[Int(counts.outcomes[entry])] = elements.logProbability[entry]
      }
    }
    (prediction.logStop, prediction.logGoOn) = logStop(state, inputs)
  }

  func logProbability(of outcome: Symbol, _ state: State, _ inputs: StepInputs) -> Double {
    var weight = 0.0
    for node in state.contexts.reversed().lazy.map(Int.init) {
      if let entry = counts.entry(of: node, outcome) { return weight + elements.logProbability[entry] }
      weight += elements.logWeight[node]
    }
    return weight - log(Double(shape.outcomes))
  }

  func logStop(_ state: State, _ inputs: StepInputs) -> (stop: Double, goOn: Double) {
    switch shape.stop {
    case .given: return (-.infinity, 0)
    case .outcome:
      let stop = logProbability(of: shape.alphabetSize, state, inputs)
      return (stop, logComplement(stop))
    case .variable:
      let node = Int(state.contexts.last ?? 0)
      return (stops.logStop[node], stops.logGoOn[node])
    }
  }

  /// The probabilities of the outcomes seen, the weights of the contexts that have one, and the same for the stop variable.
  var storedParameters: Int {
    let weights = elements.logWeight.count { $0 != 0 && $0 != -.infinity }
    let decided = shape.stop == .variable ? (0..<counts.tree.count).count { counts.decisions(in: $0) > 0 } : 0
    return counts.counts.count + weights + decided
  }
}
