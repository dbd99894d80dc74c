import Automata
import Foundation
import ModelCore

/// What truncation does to the decision to stop in a state at a step.
typealias StopMasses = @Sendable (_ state: Int, _ step: StepInputs) -> StopMass

extension Truncation {
  /// The automaton that draws go along which are cut so: over the same states, each with what is left of its distribution,
  /// and what that does to the decision to stop in each. O(states · outcomes · log outcomes).
  /// - Parameter isEndForbidden: whether sequences have to continue, wherever they can.
  func chain(_ states: BackoffAutomaton, isEndForbidden: Bool) -> (states: BackoffAutomaton, stops: StopMasses) {
    // Each step decides first whether to stop.
    let shape = OutputShape(alphabetSize: states.shape.alphabetSize, stop: .variable)
    let k = shape.alphabetSize
    var prediction = Prediction(states.shape)
    var probabilities = [Double](repeating: 0, count: states.shape.outcomes)
    var successors = [Int32](repeating: 0, count: states.shape.outcomes)
    var firstEntry = [0]
    var (outcomes, next): ([Int32], [Int32]) = ([], [])
    var (values, stop, continuing): ([Double], [Double], [Double]) = ([], [], [])
    var masses: [StopMass] = []
    for state in 0..<states.count {
      states.elements(of: state, into: &probabilities, &successors)
      states.predict(state, into: &prediction)
      let step = step(prediction, states.shape, isEndForbidden: isEndForbidden)
      var kept = step.outcomes.filter { $0.weight > 0 }.sorted { $0.outcome < $1.outcome }
      // The elements are those of a step that continues.
      let end = kept.last?.outcome == k ? kept.removeLast().weight : 0
      let elements = kept.reduce(0) { $0 + $1.weight }
      let decision = step.decision ?? (end / (end + elements), elements / (end + elements))
      stop.append(decision.stop)
      continuing.append(decision.continuing)
      for (outcome, weight) in kept {
        outcomes.append(Int32(truncatingIfNeeded: outcome))
        values.append(weight / elements)
        next.append(successors[outcome])
      }
      firstEntry.append(outcomes.count)
      let modelStop = exp(prediction.logStop)
      var mass = StopMass()
      (mass.model, mass.removed) = (modelStop, step.endIsCut ? modelStop : 0)
      masses.append(mass)
    }
    let chain = BackoffAutomaton(
      whole: shape, firstEntry: firstEntry, outcomes: outcomes, values: values, next: next, stop: stop,
      continuing: continuing, homogeneousFrom: states.homogeneousFrom, start: states.startState, refine: states.refine)
    let stops = masses
    return (chain, { stops[chain.row($0, $1)] })
  }
}
