import Automata
import Foundation
import ModelCore
import Sequences
import Support

/// The posterior predictive distribution of context-tree weighting given the training data: over the contexts s of a
/// history, from the empty one to the longest that occurred,
///
///     P(w) = Σ_s ending(s) (n_s(w) + α) / (N_s + α · outcomes) + farther · 1 / outcomes
///
/// where `farther` is the share of trees that look beyond what occurred. The sum's part with n_s(w) is kept for each
/// outcome seen in a context, the rest, which is the same for all outcomes, for each context.
package struct ContextTreeConditional: Conditional {
  package let shape: OutputShape
  let path: ContextPath
  let counts: ContextCounts
  /// log P of the training data's elements (and stop decisions) under the mixture, in nats.
  package let logMarginalLikelihood: Double
  /// For each entry: Σ ending(s) n_s(w) / (N_s + α · outcomes).
  private let seen: [Double]
  /// For each context, of each outcome: (Σ ending(s) α · outcomes / (N_s + α · outcomes) + farther) / outcomes.
  private let unseen: [Double]
  /// For each context.
  private let logStop: [Double]
  private let logContinue: [Double]
  /// Where contexts continue in the text, the share of trees that look beyond their first ones: of the elements' mixture and
  /// of the stop variable's, one for each context; otherwise empty.
  let farther: [Double]
  let fartherOfStop: [Double]

  init(shape: OutputShape, path: ContextPath, counts: ContextCounts, estimator: ContextTreeEstimator) {
    self.shape = shape
    self.path = path
    self.counts = counts
    let tree = counts.tree
    let prior = DirichletEvidence(added: estimator.added(outcomes: shape.outcomes), outcomes: shape.outcomes)
    let mixture = ContextTreeWeighting(
      tree, logEvidence: (0..<tree.count).map { prior.logProbability(counts.counts[counts.entries(of: $0)]) },
      tails: counts.tails)
    let (ending, farther) = mixture.weights(tree)
    self.farther = counts.tails == nil ? [] : farther
    var seen = [Double](repeating: 0, count: counts.counts.count)
    var shared = [Double](repeating: 0, count: tree.count)
    let parents = tree.parents
    for node in 0..<tree.count {
      let entries = counts.entries(of: node)
      let total = Double(counts.counts[entries].reduce(0, +)) + prior.total
      // The shorter context's entries hold all of this one's, in the same order.
      var above = counts.entries(of: Int(parents[node])).lowerBound
      for entry in entries {
        seen[entry] = ending[node] * Double(counts.counts[entry]) / total
        guard node > 0 else { continue }
        while counts.outcomes[above] < counts.outcomes[entry] { above += 1 }
        seen[entry] += seen[above]
      }
      shared[node] = (node > 0 ? shared[Int(parents[node])] : 0) + ending[node] * prior.total / total
    }
    self.seen = seen
    unseen = zip(shared, farther).map { ($0 + $1) / Double(shape.outcomes) }

    guard shape.stop == .variable else {
      (logStop, logContinue, fartherOfStop) = ([], [], [])
      logMarginalLikelihood = mixture.logMarginalLikelihood
      return
    }
    let stops = Self.stopProbabilities(counts, estimator)
    (logStop, logContinue) = (stops.stop.map { log($0) }, stops.continuing.map { log($0) })
    fartherOfStop = counts.tails == nil ? [] : stops.farther
    logMarginalLikelihood = mixture.logMarginalLikelihood + stops.logMarginalLikelihood
  }

  /// The same for the stop variable: a mixture of its own over trees of the same contexts.
  private static func stopProbabilities(
    _ counts: ContextCounts, _ estimator: ContextTreeEstimator
  ) -> (stop: [Double], continuing: [Double], farther: [Double], logMarginalLikelihood: Double) {
    let tree = counts.tree
    let prior = DirichletEvidence(added: estimator.added(outcomes: 2), outcomes: 2)
    let mixture = ContextTreeWeighting(
      tree,
      logEvidence: (0..<tree.count).map {
        prior.logProbability([counts.stops(in: $0), counts.decisions(in: $0) - counts.stops(in: $0)])
      }, tails: counts.tails)
    let (ending, farther) = mixture.weights(tree)
    let parents = tree.parents
    var stop = [Double](repeating: 0, count: tree.count)
    var continuing = stop
    for node in 0..<tree.count {
      let total = Double(counts.decisions(in: node)) + prior.total
      stop[node] = ending[node] * (Double(counts.stops(in: node)) + prior.added) / total
      continuing[node] =
        ending[node] * (Double(counts.decisions(in: node) - counts.stops(in: node)) + prior.added) / total
      guard node > 0 else { continue }
      stop[node] += stop[Int(parents[node])]
      continuing[node] += continuing[Int(parents[node])]
    }
    for node in 0..<tree.count {
      stop[node] += farther[node] / 2
      continuing[node] += farther[node] / 2
    }
    return (stop, continuing, farther, mixture.logMarginalLikelihood)
  }

  // MARK: The walk

  package func start(_ inputs: StepInputs) -> ContextState { ContextState(path, counts.tree, inputs) }

  package func advance(_ state: inout ContextState, past element: Symbol, _ inputs: StepInputs) {
    state.advance(past: element, path, counts.tree, inputs)
  }

  package func predict(_ state: ContextState, _ inputs: StepInputs, into prediction: inout Prediction) {
    for outcome in prediction.logProbabilities.indices { prediction.logProbabilities[outcome] = 0 }
    for node in state.contexts {
      for entry in counts.entries(of: Int(node)) {
        prediction.logProbabilities[Int(counts.outcomes[entry])] = seen[entry]
      }
    }
    let unseen = unseen[state.longest]
    for outcome in prediction.logProbabilities.indices {
      prediction.logProbabilities[outcome] = log(prediction.logProbabilities[outcome] + unseen)
    }
    (prediction.logStop, prediction.logContinue) = logStop(state, inputs)
  }

  package func logProbability(of outcome: Symbol, _ state: ContextState, _ inputs: StepInputs) -> Double {
    for node in state.contexts.reversed() {
      if let entry = counts.rows.entry(of: Int(node), outcome) { return log(seen[entry] + unseen[state.longest]) }
    }
    return log(unseen[state.longest])
  }

  package func logStop(_ state: ContextState, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    switch shape.stop {
    case .given: return (-.infinity, 0)
    case .variable: return (logStop[state.longest], logContinue[state.longest])
    case .outcome:
      let stop = logProbability(of: shape.alphabetSize, state, inputs)
      return (stop, logComplement(stop))
    }
  }

  /// A number for each outcome seen in a context, one for each context, and one for the stop variable.
  package var storedParameters: Int { seen.count + unseen.count + logStop.count }

  package var notes: [String] {
    let condition = shape.stop == .given ? " given their lengths" : ""
    let nats = String(format: "%.3f", logMarginalLikelihood)
    return ["log marginal likelihood of the training data\(condition): \(nats) nats"]
  }

  package func write(to file: inout TensorFile) { counts.write(to: &file, shape) }
}

extension ContextTreeConditional: FiniteStateConditional {
  package func finiteStates() -> (any FiniteStateProcess)? {
    // What was seen is in shorter contexts as well, with its share there; beside it all outcomes have the same.
    AutomatonBuilder(counts.tree, path).states(
      shape, counts.entries, counts.outcomes, value: { seen[$0] }, weight: { $0 == 0 ? 0 : 1 }, extra: unseen,
      stop: logStop.map { exp($0) }, continuing: logContinue.map { exp($0) })
  }
}
