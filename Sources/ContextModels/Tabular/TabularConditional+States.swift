import Automata
import ModelCore
import Sequences

/// A node of the table is a state, and so is, as number 0, everything that never occurred.
extension TabularConditional: FiniteStateConditional {
  package func finiteStates() -> (any FiniteStateProcess)? {
    let tree = table.tree
    let k = Double(shape.outcomes)
    // State 0 is uniform, and so are nodes at which nothing was observed.
    var weight = [1.0]
    var firstEntry = [0, 0]
    var (outcomes, next): ([Int32], [Int32]) = ([], [])
    var values: [Double?] = []
    var (stop, continuing) = ([unseenStop], [1 - unseenStop])
    for node in 0..<tree.count {
      let (ends, visits) = (Double(table.ends[node]), Double(table.visits[node]))
      let observed = shape.stop == .outcome ? visits : visits - ends
      let total = observed + added * k
      if observed > 0, !(shape.hasLengthInput && node == 0) {
        for child in tree.children(of: node) {
          outcomes.append(tree.labels[child])
          values.append((Double(table.visits[child]) + added) / total)
          next.append(Int32(child + 1))
        }
        if shape.stop == .outcome, ends > 0 {
          outcomes.append(Int32(shape.alphabetSize))
          values.append((ends + added) / total)
          next.append(-1)
        }
      }
      weight.append(observed > 0 ? added * k / total : 1)
      firstEntry.append(outcomes.count)
      let all = visits + 2 * added
      stop.append(visits == 0 ? unseenStop : (ends + added) / all)
      continuing.append(visits == 0 ? 1 - unseenStop : (visits - ends + added) / all)
    }
    let isVariable = shape.stop == .variable
    let hasLength = shape.hasLengthInput
    return BackoffAutomaton(
      shape: shape, shorter: [Int32](repeating: 0, count: tree.count + 1), firstEntry: firstEntry, outcomes: outcomes,
      values: values, next: next, weight: weight, extra: [], stop: isVariable ? stop : [],
      continuing: isVariable ? continuing : [], homogeneousFrom: 0,
      start: { inputs in
        guard hasLength, let length = inputs.length else { return 1 }
        return tree.child(of: 0, along: length).map { $0 + 1 } ?? 0
      }, refine: nil)
  }

  private var unseenStop: Double { 0.5 }
}
