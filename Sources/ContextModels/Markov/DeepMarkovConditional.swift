import Automata
import Foundation
import ModelCore
import Sequences
import Support

/// A Markov model of high order, of which the tree holds the contexts at which others branch and the first of each unary
/// path. The longer ones, which are read in the text (`ContextTails`), have seen the same outcome as often: each takes its
/// share of the shorter one's distribution as if it stood in the tree. The probabilities are those of the whole tree; what
/// rests on its states and its entries, such as exact distributions of the length, needs that tree (`whole`).
struct DeepMarkovConditional: Conditional {
  /// The contexts in the tree.
  let tree: MarkovConditional
  let tails: ContextTails
  let smoother: any Smoother
  /// For each order, what a context does that has one outcome.
  private typealias Step = (mass: Double, logWeight: Double, weight: Double)
  /// By the outcome's adjusted count: 1, and where counts are not adjusted all that occur.
  private let steps: [Double: [Step]]

  typealias State = DeepContextState

  init(_ tree: MarkovConditional, _ tails: ContextTails, _ smoother: any Smoother) {
    self.tree = tree
    self.tails = tails
    self.smoother = smoother
    var adjusted: Set<Double> = [1]
    if smoother.tableExponent == 1 {
      for node in tails.places.indices where tails.places[node] >= 0 {
        if let entry = tree.counts.entries(of: node).first { adjusted.insert(Double(tree.counts.counts[entry])) }
      }
    }
    var steps: [Double: [Step]] = [:]
    // The least counts are the most frequent ones; the others' steps are computed when they are asked for.
    for count in adjusted.sorted().prefix(max(Self.mostSteps / max(tree.parameters.count, 1), 1)) {
      steps[count] = tree.parameters.map { Self.step(smoother, $0, count, outcomes: tree.shape.outcomes) }
    }
    self.steps = steps
  }

  /// The steps that are computed beforehand, at most.
  private static let mostSteps = 1 << 18

  /// What a context of one outcome keeps for it, and what it leaves to the shorter context.
  private static func step(_ smoother: any Smoother, _ row: [Double], _ count: Double, outcomes: Int) -> Step {
    var context = ContextStatistics()
    context.add(count)
    let rule = smoother.rule(row, context, outcomes: outcomes)
    let weight = rule.weight(context)
    return (rule.mass(count, context), log(weight), weight)
  }

  /// The most contexts that are made of unary paths when all of them are asked for.
  static let mostContexts = 1_000_000

  /// The same model with all contexts in its tree; `nil` where they are more than `mostContexts`. O(contexts).
  var whole: MarkovConditional? {
    guard
      let counts = tree.counts.whole(tree.path, shape, lowerOrders: smoother.usesLowerOrders, atMost: Self.mostContexts)
    else { return nil }
    return MarkovConditional(
      shape, tree.path, counts, adjusted: counts.adjusted(exponent: smoother.tableExponent),
      exponent: smoother.tableExponent, smoother, tree.parameters, tree.mixing, notes: tree.notes)
  }

  var shape: OutputShape { tree.shape }
  var notes: [String] { tree.notes }
  var storedParameters: Int { tree.storedParameters + tails.count }

  func start(_ inputs: StepInputs) -> State { State(tree.start(inputs), tails, tree.path, inputs) }

  func advance(_ state: inout State, past element: Symbol, _ inputs: StepInputs) {
    state.advance(past: element, tails, tree.path, tree.counts.tree, inputs)
  }

  /// Whether the longest context in the tree is a part of one that did not occur, and says nothing without shorter ones.
  private func isVoid(_ state: State) -> Bool { !smoother.usesLowerOrders && state.match.map { !$0.isWhole } == true }

  /// The outcome that longer contexts have seen, if it is no stop variable's, how often, and those that agree.
  private struct Tail {
    var outcome: Int
    var count: Int
    /// The levels of the contexts, and that of the full one.
    var levels: Range<Int>
    var full: Int
  }

  private func tail(_ state: State) -> Tail? {
    let node = state.contexts.longest
    guard let match = state.match, match.length > 0, smoother.usesLowerOrders, let place = tails.place(of: node),
      let entry = tree.counts.entries(of: node).first
    else { return nil }
    let level = state.contexts.contexts.count
    return Tail(
      outcome: Int(tree.counts.outcomes[entry]), count: tree.counts.counts[entry],
      levels: level..<min(level + match.length, tree.parameters.count), full: tails.depth(at: place))
  }

  /// What the longer contexts make of the shorter one's probability of the outcome that they have seen; and the logarithm of
  /// the factor for all others.
  private func along(_ tail: Tail, _ shorter: Double) -> (seen: Double, logOthers: Double) {
    var (seen, logOthers) = (shorter, 0.0)
    let counts = ContextTails.adjustedCounts(
      tail.count, atMost: tail.full - tail.levels.lowerBound, exponent: smoother.tableExponent)
    for level in tail.levels {
      let count = counts[min(tail.full - level, counts.count - 1)]
      let (mass, logWeight, weight) =
        steps[count]?[level] ?? Self.step(smoother, tree.parameters[level], count, outcomes: shape.outcomes)
      let rest = 1 - seen
      // As `ContextProbabilities` has it, of one entry.
      if tree.mixing == .backOff, rest > 1e-6, shape.outcomes > 1, mass > 0 {
        logOthers += logWeight - log(rest)
        seen = mass
      } else {
        logOthers += logWeight
        seen = mass + weight * seen
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
      if let tail = tail(state) {
        let (seen, logOthers) = along(tail, exp(prediction.logProbabilities[tail.outcome]))
        for other in prediction.logProbabilities.indices { prediction.logProbabilities[other] += logOthers }
        prediction.logProbabilities[tail.outcome] = log(seen)
      }
    }
    (prediction.logStop, prediction.logContinue) = logStop(state, inputs)
  }

  func logProbability(of outcome: Symbol, _ state: State, _ inputs: StepInputs) -> Double {
    if isVoid(state) { return -log(Double(shape.outcomes)) }
    let shorter = tree.logProbability(of: outcome, state.contexts, inputs)
    guard let tail = tail(state) else { return shorter }
    if outcome == tail.outcome { return log(along(tail, exp(shorter)).seen) }
    let seen = tree.logProbability(of: tail.outcome, state.contexts, inputs)
    return shorter + along(tail, exp(seen)).logOthers
  }

  func logStop(_ state: State, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    switch shape.stop {
    case .given: return (-.infinity, 0)
    case .outcome:
      let stop = logProbability(of: shape.alphabetSize, state, inputs)
      return (stop, logComplement(stop))
    case .variable:
      // Without shorter contexts, what nothing is known of is even.
      if isVoid(state) { return (-log(2), -log(2)) }
      var (logStop, logContinue) = tree.logStop(state.contexts, inputs)
      guard let match = state.match, match.length > 0, smoother.usesLowerOrders else { return (logStop, logContinue) }
      let node = state.contexts.longest
      let stops = Double(tree.counts.stops(in: node))
      let share = smoother.stopShare(stops, of: Double(tree.counts.decisions(in: node)), tree.parameters)
      // The weight that is left of the shorter context's answer; the other share goes to what was seen.
      let left = pow(share.weight, Double(match.length))
      let unseen = left * exp(stops == 0 ? logStop : logContinue)
      (logStop, logContinue) = stops == 0 ? (log(unseen), log1p(-unseen)) : (log1p(-unseen), log(unseen))
      return (logStop, logContinue)
    }
  }

  func write(to file: inout TensorFile) { tree.write(to: &file) }
}

extension DeepMarkovConditional: FiniteStateConditional {
  package func finiteStates() -> (any FiniteStateProcess)? { whole?.finiteStates() }
}

extension Conditional {
  /// The Markov model with all its contexts in a tree; `nil` for other models, and where they are too many.
  var markovWithAllContexts: MarkovConditional? {
    (self as? DeepMarkovConditional)?.whole ?? self as? MarkovConditional
  }
}
