import Automata
import Foundation
import ModelCore
import Sequences
import Support

/// Context-tree weighting with deep trees: unary paths of contexts are read in the text (`ContextTails`). Behind the first
/// context of such a path, the share F of trees that look beyond it is halved at each: of M more contexts, those that m of
/// which agree with a history have the weights F/2, F/4, … F/2^m, the last of all (m = M) the rest; and each has seen one
/// outcome, as often as the first.
package struct DeepContextTreeConditional: Conditional {
  /// The contexts in the tree.
  let tree: ContextTreeConditional
  let tails: ContextTails
  private let estimator: ContextTreeEstimator
  private let prior: DirichletEvidence
  private let priorOfStop: DirichletEvidence

  package typealias State = DeepContextState

  init(_ tree: ContextTreeConditional, _ tails: ContextTails, _ estimator: ContextTreeEstimator) {
    self.tree = tree
    self.tails = tails
    self.estimator = estimator
    prior = DirichletEvidence(added: estimator.added(outcomes: tree.shape.outcomes), outcomes: tree.shape.outcomes)
    priorOfStop = DirichletEvidence(added: estimator.added(outcomes: 2), outcomes: 2)
  }

  package var shape: OutputShape { tree.shape }
  package var notes: [String] { tree.notes }
  package var storedParameters: Int { tree.storedParameters + tails.count }

  package func start(_ inputs: StepInputs) -> State { State(tree.start(inputs), tails, tree.path, inputs) }

  package func advance(_ state: inout State, past element: Symbol, _ inputs: StepInputs) {
    state.advance(past: element, tails, tree.path, tree.counts.tree, inputs)
  }

  /// The share of trees that end in the longer contexts that agree, and of those that look beyond them.
  private func shares(_ match: ContextTails.Match, of farther: Double) -> (ending: Double, farther: Double) {
    if match.isWhole { return (farther, 0) }
    let left = farther * pow(0.5, Double(match.length))
    return (farther - left, left)
  }

  /// What the longer contexts change in P of the outcome that they have seen, if any, and of all others.
  private func change(_ state: State) -> (seen: Int?, bySeen: Double, byOthers: Double)? {
    guard let match = state.match, match.length > 0 else { return nil }
    let node = state.contexts.longest
    let (ending, farther) = shares(match, of: tree.farther[node])
    let outcomes = Double(shape.outcomes)
    let entry = tree.counts.entries(of: node).first
    let count = entry.map { Double(tree.counts.counts[$0]) } ?? 0
    let total = prior.total + count
    let others = (ending * prior.total / total + farther - tree.farther[node]) / outcomes
    return (entry.map { Int(tree.counts.outcomes[$0]) }, others + ending * count / total, others)
  }

  package func predict(_ state: State, _ inputs: StepInputs, into prediction: inout Prediction) {
    tree.predict(state.contexts, inputs, into: &prediction)
    if let change = change(state) {
      for outcome in prediction.logProbabilities.indices {
        let by = outcome == change.seen ? change.bySeen : change.byOthers
        prediction.logProbabilities[outcome] = log(exp(prediction.logProbabilities[outcome]) + by)
      }
    }
    (prediction.logStop, prediction.logContinue) = logStop(state, inputs)
  }

  package func logProbability(of outcome: Symbol, _ state: State, _ inputs: StepInputs) -> Double {
    let shorter = tree.logProbability(of: outcome, state.contexts, inputs)
    guard let change = change(state) else { return shorter }
    return log(exp(shorter) + (outcome == change.seen ? change.bySeen : change.byOthers))
  }

  package func logStop(_ state: State, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    switch shape.stop {
    case .given: return (-.infinity, 0)
    case .outcome:
      let stop = logProbability(of: shape.alphabetSize, state, inputs)
      return (stop, logComplement(stop))
    case .variable:
      let (logStop, logContinue) = tree.logStop(state.contexts, inputs)
      guard let match = state.match, match.length > 0 else { return (logStop, logContinue) }
      let node = state.contexts.longest
      let (ending, farther) = shares(match, of: tree.fartherOfStop[node])
      let decisions = Double(tree.counts.decisions(in: node))
      let total = priorOfStop.total + decisions
      let even = ending * priorOfStop.added / total + (farther - tree.fartherOfStop[node]) / 2
      let stops = Double(tree.counts.stops(in: node))
      return (
        log(exp(logStop) + even + ending * stops / total),
        log(exp(logContinue) + even + ending * (decisions - stops) / total)
      )
    }
  }

  package func write(to file: inout TensorFile) { tree.write(to: &file) }
}

extension DeepContextTreeConditional: FiniteStateConditional {
  package func finiteStates() -> (any FiniteStateProcess)? {
    let limit = DeepMarkovConditional.mostContexts
    let counts = tree.counts.whole(tree.path, shape, lowerOrders: true, atMost: limit)
    return counts.flatMap {
      ContextTreeConditional(shape: shape, path: tree.path, counts: $0, estimator: estimator).finiteStates()
    }
  }
}
