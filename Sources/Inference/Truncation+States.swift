import Foundation
import Models

extension Truncation {
  /// The chain that draws go along which are cut so: over the same states, each with what is left of its distribution,
  /// and what that does to the decision to stop in each. O(states · outcomes · log outcomes).
  /// - Parameter isEndForbidden: whether sequences have to go on, wherever they can.
  func chain(_ states: BackoffAutomaton, isEndForbidden: Bool) -> (states: BackoffAutomaton, stops: [StopMass]) {
    let shape = states.shape
    let k = shape.alphabetSize
    var prediction = Prediction(shape)
    var probabilities = [Double](repeating: 0, count: shape.outcomes)
    var successors = [Int32](repeating: 0, count: shape.outcomes)
    var firstEntry = [0]
    var (outcomes, next): ([Int32], [Int32]) = ([], [])
    var (values, stop, continuing): ([Double], [Double], [Double]) = ([], [], [])
    var stops: [StopMass] = []
    for state in 0..<states.count {
      states.expand(state, into: &probabilities, &successors)
      for outcome in probabilities.indices { prediction.logProbabilities[outcome] = log(probabilities[outcome]) }
      switch shape.stop {
      case .given: break
      case .outcome:
        prediction.logStop = prediction.logProbabilities[k]
        prediction.logContinue = log(probabilities[..<k].reduce(0, +))
      case .variable:
        (prediction.logStop, prediction.logContinue) = (log(states.stop[state]), log(states.continuing[state]))
      }
      let step = step(prediction, shape, isEndForbidden: isEndForbidden)
      var kept = step.outcomes.filter { $0.weight > 0 }
      kept.sort { $0.outcome < $1.outcome }
      let total = kept.reduce(0) { $0 + $1.weight }
      let share: Double
      if shape.stop == .variable {
        // The elements are those of a step that goes on.
        let end = kept.last?.outcome == k ? kept.removeLast().weight : 0
        let elements = kept.reduce(0) { $0 + $1.weight }
        let decision = step.decision ?? (end / total, elements / total)
        stop.append(decision.stop)
        continuing.append(decision.continuing)
        share = 1 / elements
      } else {
        share = (step.decision?.continuing ?? 1) / total
      }
      for (outcome, weight) in kept {
        outcomes.append(Int32(truncatingIfNeeded: outcome))
        values.append(weight * share)
        next.append(successors[outcome])
      }
      if shape.stop == .outcome, let stop = step.decision?.stop, stop > 0 {
        outcomes.append(Int32(truncatingIfNeeded: k))
        values.append(stop)
        next.append(-1)
      }
      firstEntry.append(outcomes.count)
      let modelStop = exp(prediction.logStop)
      var mass = StopMass()
      (mass.model, mass.removed) = (modelStop, step.endIsCut ? modelStop : 0)
      stops.append(mass)
    }
    let chain = BackoffAutomaton(
      whole: shape, firstEntry: firstEntry, outcomes: outcomes, values: values, next: next, stop: stop,
      continuing: continuing,
      settled: states.settled, start: states.start, refine: states.refine)
    return (chain, stops)
  }
}
