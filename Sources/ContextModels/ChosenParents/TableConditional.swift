import ModelCore
import Sequences

/// P(y(t) | parents) from a table. A context's distribution is what the smoother leaves of its counts, and for the rest
/// that of the context without its last parent; without any parent, the uniform distribution.
struct TableConditional: Conditional, SmoothedContexts {
  let shape: OutputShape
  let parents: TableParents
  let counts: ContextCounts
  let elements: ContextProbabilities
  let stops: StopProbabilities
  let notes: [String]

  /// - Parameter counts: with those of contexts that lack the last parents, where the smoother uses them.
  init(_ shape: OutputShape, _ parents: TableParents, _ counts: ContextCounts, _ smoother: any Smoother) {
    self.shape = shape
    self.parents = parents
    self.counts = counts
    let adjusted = counts.adjusted(exponent: 1)
    let estimates = counts.estimates(of: smoother, adjusted)
    let parameters = estimates.map(\.values)
    elements = ContextProbabilities(
      counts, adjusted: adjusted, smoother, parameters, outcomes: shape.outcomes, .interpolated)
    stops = StopProbabilities(interpolating: smoother, parameters, counts)
    notes = estimates.enumerated().compactMap { depth, estimate in
      estimate.fallback.map { "contexts of \(depth) parents: \($0)" }
    }
  }

  func start(_ inputs: StepInputs) -> TableHistory { parents.start(inputs, shape) }

  func advance(_ state: inout TableHistory, past element: Symbol, _ inputs: StepInputs) {
    parents.advance(&state, past: element, inputs, shape)
  }

  /// The contexts that occurred, from the empty one outwards.
  private func contexts(_ state: TableHistory, _ inputs: StepInputs) -> [Int32] {
    var nodes: [Int32] = [0]
    var node: Int? = 0
    parents.forEachLabel(state, inputs, shape) { label in
      node = node.flatMap { counts.tree.child(of: $0, along: label) }
      if let node { nodes.append(Int32(truncatingIfNeeded: node)) }
    }
    return nodes
  }

  func predict(_ state: TableHistory, _ inputs: StepInputs, into prediction: inout Prediction) {
    predict(after: contexts(state, inputs), into: &prediction)
  }

  func logProbability(of outcome: Symbol, _ state: TableHistory, _ inputs: StepInputs) -> Double {
    logProbability(of: outcome, after: contexts(state, inputs))
  }

  func logStop(_ state: TableHistory, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    logStop(after: contexts(state, inputs))
  }

  /// The counts of full contexts.
  var storedParameters: Int {
    counts.leaves.reduce(0) { $0 + counts.entries(of: $1).count + (counts.decisions(in: $1) > 0 ? 1 : 0) }
  }

  func write(to file: inout TensorFile) { counts.writeTable(to: &file) }
}
