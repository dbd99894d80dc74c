import ModelCore
import Sequences

/// Steps of evidence whose automaton goes different ways by different symbols.
extension BackoffAutomaton {
  /// By each symbol's entry where symbols are given; else by the whole distribution. O(symbols · depth · log entries), or
  /// O(outcomes + entries · depth).
  package func forEachWay(
    from state: Int, by symbols: [Symbol]?, _ step: StepInputs, _ workspace: inout Workspace,
    _ body: (_ symbol: Symbol, _ state: Int, _ probability: Double) -> Void
  ) {
    let row = row(state, step)
    let factor = factor(row)
    if let symbols {
      for symbol in symbols {
        let (probability, next) = self.step(symbol, from: row)
        if factor * probability > 0 { body(symbol, next, factor * probability) }
      }
      return
    }
    prepare(&workspace)
    expand(row, into: &workspace.probabilities, &workspace.successors)
    for symbol in 0..<shape.alphabetSize {
      let probability = factor * workspace.probabilities[symbol]
      if probability > 0 { body(symbol, Int(workspace.successors[symbol]), probability) }
    }
  }

  /// As for any next state: what a state does not list is the shorter state's sum without what it does list.
  /// O(states + entries + symbols).
  package func backward(_ after: [[Double]], _ targets: [Int32], _ step: StepInputs) -> [Double] {
    let share = 1 / Double(shape.outcomes)
    let hasExtra = !extra.isEmpty
    let k = shape.alphabetSize
    // Σ_w after[target(w)](0), over the elements w.
    let atZero = (0..<k).reduce(0.0) { targets[$1] < 0 ? $0 : $0 + after[Int(targets[$1])][0] }
    var sums = [Double](repeating: 0, count: count)
    var plain = hasExtra ? sums : []
    for state in 0..<count {
      let shorter = Int(self.shorter[state])
      var sum = state == 0 ? weight[0] * share * atZero : weight[state] * sums[shorter]
      var even = !hasExtra ? 0 : state == 0 ? atZero : plain[shorter]
      for entry in entries(of: state) where next[entry] >= 0 {
        let target = Int(targets[Int(rows.outcomes[entry])])
        if target < 0 { continue }
        let above = Int(self.above[entry])
        let message = after[target][Int(next[entry])]
        let (value, messageAbove) =
          above < 0 ? (share, after[target][0]) : (values[above], after[target][Int(next[above])])
        sum += values[entry] * message - aboveWeight[entry] * value * messageAbove
        even += message - messageAbove
      }
      // The difference of equal sums may be a rounding below zero.
      sums[state] = max(sum, 0)
      if hasExtra { plain[state] = max(even, 0) }
    }
    return (0..<count).map { state in
      let row = row(state, step)
      return factor(row) * (sums[row] + (hasExtra ? extra[row] * plain[row] : 0))
    }
  }

  /// From the longest state to the shortest, as the forward step without evidence; what no state lists goes to state 0 of each
  /// target. O(states + entries + symbols).
  package func forward(_ mass: [Double], _ targets: [Int32], _ step: StepInputs, into next: inout [[Double]]) {
    let hasExtra = !extra.isEmpty
    let (share, k) = (1 / Double(shape.outcomes), Int32(shape.alphabetSize))
    var flow = [Double](repeating: 0, count: count)
    var withheld = [Double](repeating: 0, count: rows.outcomes.count)
    var (even, evenWithheld) = hasExtra ? (flow, withheld) : ([], [])
    for state in mass.indices where mass[state] > 0 {
      let row = row(state, step)
      let going = mass[state] * factor(row)
      flow[row] += going
      if hasExtra { even[row] += going * extra[row] }
    }
    // What state 0 gives to the outcomes that nobody lists, by targets.
    var rest = [Double](repeating: 0, count: next.count)
    for state in stride(from: count - 1, through: 0, by: -1) {
      let here = flow[state]
      let each = hasExtra ? even[state] : 0
      if here == 0, each == 0 { continue }
      for entry in entries(of: state) {
        let outcome = rows.outcomes[entry]
        let target = outcome < k ? Int(targets[Int(outcome)]) : -1
        // The difference of equal sums may be a rounding below zero.
        var amount = max(here - withheld[entry], 0) * values[entry]
        if hasExtra { amount += max(each - evenWithheld[entry], 0) }
        if target >= 0 { next[target][Int(self.next[entry])] += amount }
        let above = Int(self.above[entry])
        if above >= 0 {
          withheld[above] += here * aboveWeight[entry]
          if hasExtra { evenWithheld[above] += each }
        } else if target >= 0 {
          rest[target] -= here * aboveWeight[entry] * share + each
        }
      }
      if state > 0 {
        flow[Int(shorter[state])] += here * weight[state]
        if hasExtra { even[Int(shorter[state])] += each }
      } else {
        let one = here * weight[0] * share + each
        for target in targets where target >= 0 { rest[Int(target)] += one }
      }
    }
    for target in rest.indices { next[target][0] += max(rest[target], 0) }
  }
}
