import Foundation
import Sequences

/// A Markov model of high order, of which the tree holds the contexts that several events have and the first that one has
/// alone. In the longer ones, which are read in the text (`ContextTails`), the same outcome was seen once: each takes the
/// same share of the shorter one's distribution as if it stood in the tree. The probabilities are those of the whole tree;
/// what rests on its states and its entries, such as exact distributions of the length, is not to be had.
struct DeepMarkovConditional: Conditional {
  /// The contexts in the tree.
  let tree: MarkovConditional
  let tails: ContextTails
  let smoother: any Smoother
  /// The mass that each order leaves to an outcome that its context has seen once, and the logarithm of the shorter
  /// context's weight.
  private let steps: [(mass: Double, logWeight: Double)]

  struct State: Sendable {
    var contexts: ContextState
    /// `nil` where the longest context in the tree does not go on.
    var match: ContextTails.Match?
  }

  init(_ tree: MarkovConditional, _ tails: ContextTails, _ smoother: any Smoother) {
    self.tree = tree
    self.tails = tails
    self.smoother = smoother
    var once = ContextStatistics()
    once.add(1)
    let outcomes = tree.shape.outcomes
    steps = tree.parameters.map { row in
      let rule = smoother.rule(row, once, outcomes: outcomes)
      return (rule.mass(1, once), log(rule.weight(once)))
    }
  }

  var shape: OutputShape { tree.shape }
  var notes: [String] { tree.notes }
  var storedParameters: Int { tree.storedParameters + tails.count }

  private func state(_ contexts: ContextState, _ inputs: StepInputs) -> State {
    State(contexts: contexts, match: contexts.match(tails, tree.path, inputs))
  }

  func start(_ inputs: StepInputs) -> State { state(tree.start(inputs), inputs) }

  func advance(_ state: inout State, past element: Symbol, _ inputs: StepInputs) {
    tree.advance(&state.contexts, past: element, inputs)
    state.match = state.contexts.match(tails, tree.path, inputs)
  }

  /// Whether the longest context in the tree is a part of one that did not occur, and says nothing without shorter ones.
  private func isVoid(_ state: State) -> Bool {
    !smoother.usesLowerOrders && state.match.map { !$0.isWhole } == true
  }

  /// The outcome seen once, if it is no stop variable's, and the levels of the longer contexts that agree.
  private func tail(_ state: State) -> (outcome: Int, levels: Range<Int>)? {
    guard let match = state.match, match.length > 0, smoother.usesLowerOrders,
      let entry = tree.counts.entries(of: state.contexts.longest).first
    else { return nil }
    let level = state.contexts.contexts.count
    return (Int(tree.counts.outcomes[entry]), level..<min(level + match.length, steps.count))
  }

  /// What the longer contexts make of the shorter one's probability of the outcome that they have seen; and the logarithm of
  /// the factor for all others.
  private func along(_ levels: Range<Int>, _ shorter: Double) -> (seen: Double, logOthers: Double) {
    var (seen, logOthers) = (shorter, 0.0)
    for (mass, logWeight) in steps[levels] {
      let rest = 1 - seen
      // As `ContextProbabilities` has it, of one entry.
      if tree.mixing == .backOff, rest > 1e-6, shape.outcomes > 1, mass > 0 {
        logOthers += logWeight - log(rest)
        seen = mass
      } else {
        logOthers += logWeight
        seen = mass + exp(logWeight) * seen
      }
    }
    return (seen, logOthers)
  }

  func predict(_ state: State, _ inputs: StepInputs, into prediction: inout Prediction) {
    if isVoid(state) {
      let uniform = -log(Double(shape.outcomes))
      for outcome in prediction.logProbabilities.indices { prediction.logProbabilities[outcome] = uniform }
    } else {
      tree.predict(state.contexts, inputs, into: &prediction)
      if let (outcome, levels) = tail(state) {
        let (seen, logOthers) = along(levels, exp(prediction.logProbabilities[outcome]))
        for other in prediction.logProbabilities.indices { prediction.logProbabilities[other] += logOthers }
        prediction.logProbabilities[outcome] = log(seen)
      }
    }
    (prediction.logStop, prediction.logGoOn) = logStop(state, inputs)
  }

  func logProbability(of outcome: Symbol, _ state: State, _ inputs: StepInputs) -> Double {
    if isVoid(state) { return -log(Double(shape.outcomes)) }
    let shorter = tree.logProbability(of: outcome, state.contexts, inputs)
    guard let (seenOutcome, levels) = tail(state) else { return shorter }
    if outcome == seenOutcome { return log(along(levels, exp(shorter)).seen) }
    let seen = tree.logProbability(of: seenOutcome, state.contexts, inputs)
    return shorter + along(levels, exp(seen)).logOthers
  }

  func logStop(_ state: State, _ inputs: StepInputs) -> (stop: Double, goOn: Double) {
    switch shape.stop {
    case .given: return (-.infinity, 0)
    case .outcome:
      let stop = logProbability(of: shape.alphabetSize, state, inputs)
      return (stop, logComplement(stop))
    case .variable:
      // Without shorter contexts, what nothing is known of is even.
      if isVoid(state) { return (-log(2), -log(2)) }
      var (logStop, logGoOn) = tree.logStop(state.contexts, inputs)
      guard let match = state.match, match.length > 0, smoother.usesLowerOrders else { return (logStop, logGoOn) }
      let stops = tree.counts.stops(in: state.contexts.longest)
      let share = smoother.stopShare(stops, of: 1, tree.parameters)
      // The weight that is left of the shorter context's answer; the other share goes to what was seen.
      let left = pow(share.weight, Double(match.length))
      let unseen = left * exp(stops == 0 ? logStop : logGoOn)
      (logStop, logGoOn) = stops == 0 ? (log(unseen), log1p(-unseen)) : (log1p(-unseen), log(unseen))
      return (logStop, logGoOn)
    }
  }

  func write(to file: inout TensorFile) {
    tree.counts.write(to: &file, shape)
    if let width = tree.parameters.first?.count, width > 0 {
      file.set("smoothing.parameters", tree.parameters.flatMap { $0 }, shape: [tree.parameters.count, width])
    }
  }
}
