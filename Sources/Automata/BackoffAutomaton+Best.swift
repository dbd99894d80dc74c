import ModelCore
import Sequences

extension BackoffAutomaton {
  /// An upper bound: what a state does not list has at most the rest of its probability, and at most what the shorter state's
  /// best has by the weight. O(states + entries).
  package func bestContinuation(_ after: [Double], _ step: StepInputs) -> [Double] {
    // Of each row the best way on, and the largest worth of any next state.
    var most = [Double](repeating: 0, count: count)
    var largest = most
    for state in most.indices {
      let shorter = Int(self.shorter[state])
      var (best, far) = (unlisted * after[0], after[0])
      if state > 0 {
        (best, far) = (min(weight[state] * most[shorter], rests[state] * largest[shorter]), largest[shorter])
      }
      for entry in entries(of: state) where next[entry] >= 0 {
        let worth = after[Int(next[entry])]
        best = max(best, values[entry] * worth)
        far = max(far, worth)
      }
      (most[state], largest[state]) = (best, far)
    }
    return (0..<count).map { state in
      let row = row(state, step)
      return factor(row) * (most[row] + (extra.isEmpty ? 0 : extra[row] * largest[row]))
    }
  }

  package func ways(from state: Int, _ step: StepInputs, _ workspace: inout Workspace) -> [Way] {
    let row = row(state, step)
    prepare(&workspace)
    expand(row, into: &workspace.probabilities, &workspace.successors)
    let factor = factor(row)
    return (0..<shape.alphabetSize).compactMap { symbol in
      let probability = factor * workspace.probabilities[symbol]
      return probability > 0
        ? Way(symbol: symbol, state: Int(workspace.successors[symbol]), probability: probability) : nil
    }
  }

  /// Makes room for a state's distribution.
  func prepare(_ workspace: inout Workspace) {
    guard workspace.successors.count != shape.outcomes else { return }
    workspace.probabilities = Array(repeating: 0, count: shape.outcomes)
    workspace.successors = Array(repeating: 0, count: shape.outcomes)
  }
}
