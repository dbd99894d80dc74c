import ModelCore
import Sequences

/// A Markov model of order k: the next outcome depends on the last k symbols (and the length input) alone. Counts and
/// the smoother's probabilities lie in flat arrays; a query looks in the longest context that occurred, and where that
/// has not seen the outcome, in the shorter ones.
struct MarkovConditional: Conditional, SmoothedContexts {
  let shape: OutputShape
  let path: ContextPath
  let counts: ContextCounts
  let elements: ContextProbabilities
  let stops: StopProbabilities
  let links: SuffixLinks?

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
    // Where unary paths are read in the text, the walk is taken.
    links = counts.tails == nil ? SuffixLinks(counts, elements, stops, path, shape) : nil
  }

  func start(_ inputs: StepInputs) -> ContextState { ContextState(path, counts.tree, inputs) }

  func advance(_ state: inout ContextState, past element: Symbol, _ inputs: StepInputs) {
    state.advance(past: element, path, counts.tree, inputs)
  }

  func predict(_ state: ContextState, _ inputs: StepInputs, into prediction: inout Prediction) {
    predict(after: state.contexts, into: &prediction)
  }

  func logProbability(of outcome: Symbol, _ state: ContextState, _ inputs: StepInputs) -> Double {
    logProbability(of: outcome, after: state.contexts)
  }

  func logStop(_ state: ContextState, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    logStop(after: state.contexts)
  }

  /// The probabilities of the outcomes seen, the weights of the contexts that have one, and the same for the stop variable.
  var storedParameters: Int {
    let weights = elements.logWeight.count { $0 != 0 && $0 != -.infinity }
    let decided = shape.stop == .variable ? (0..<counts.tree.count).count { counts.decisions(in: $0) > 0 } : 0
    return counts.counts.count + weights + decided
  }
}
