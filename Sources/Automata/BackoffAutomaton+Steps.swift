import ModelCore
import Probability
import Sequences

extension BackoffAutomaton: FiniteStateProcess {
  package var stateCount: Int { count }
  package var stepCost: Int { count + rows.outcomes.count }

  /// The state whose distribution holds at a step.
  @inline(__always) package func row(_ state: Int, _ step: StepInputs) -> Int { refine?(state, step) ?? state }

  /// What a row's values are multiplied by so that they are joint with continuing.
  @inline(__always) package func factor(_ row: Int) -> Double { continuing.isEmpty ? 1 : continuing[row] }

  package func start(_ step: StepInputs) -> [StateProbability] {
    [StateProbability(state: startState(step), probability: 1)]
  }

  package func stopProbability(_ state: Int, _ step: StepInputs) -> Double { stopProbability(row(state, step)) }

  package func successors(of state: Int, by symbol: Symbol, _ step: StepInputs) -> [StateProbability] {
    guard (0..<shape.alphabetSize).contains(symbol) else { return [] }
    let row = row(state, step)
    let (probability, next) = self.step(symbol, from: row)
    let joint = factor(row) * probability
    return joint > 0 ? [StateProbability(state: next, probability: joint)] : []
  }

  // MARK: Forward

  /// A step goes through the states from the longest to the shortest. What a state does not list flows to the next shorter
  /// one, which must not give it to what the longer one lists: so each entry knows how much of its state's flow is not
  /// meant for it (`withheld`). O(states + entries), not O(states · outcomes).
  package func forward(
    _ mass: [Double], _ step: StepInputs, into next: inout [Double], _ workspace: inout Workspace
  ) -> Double {
    let hasExtra = !extra.isEmpty
    if workspace.forward.first?.count != count {
      let (states, entries) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: rows.outcomes.count))
      // The flow through each state and what of it each entry does not get; the same for what `extra` adds.
      workspace.forward = [states, entries] + (hasExtra ? [states, entries] : [[], []])
    }
    var stopped = 0.0
    for state in mass.indices where mass[state] > 0 {
      let row = row(state, step)
      if !stop.isEmpty { stopped += mass[state] * stop[row] }
      let going = mass[state] * factor(row)
      workspace.forward[0][row] += going
      if hasExtra { workspace.forward[2][row] += going * extra[row] }
    }
    return stopped + flowOut(&workspace.forward, into: &next)
  }

  /// Lets the flow out into the states that follow, and leaves zeros behind; returns what the end symbol takes.
  private func flowOut(_ numbers: inout [[Double]], into next: inout [Double]) -> Double {
    let (share, end, hasEnd) = (
      1 / Double(shape.outcomes), Int32(shape.alphabetSize), shape.outcomes > shape.alphabetSize
    )
    let hasExtra = !extra.isEmpty
    var (flow, withheld, even, evenWithheld) = (numbers[0], numbers[1], numbers[2], numbers[3])
    numbers = []
    defer { numbers = [flow, withheld, even, evenWithheld] }
    var stopped = 0.0
    // What state 0 gives to outcomes that nobody lists, the end among them, and the end's part of it.
    var (rest, endRest) = (0.0, 0.0)
    next.withUnsafeMutableBufferPointer { next in
      flow.withUnsafeMutableBufferPointer { flow in
        withheld.withUnsafeMutableBufferPointer { withheld in
          next.update(repeating: 0)
          for state in stride(from: count - 1, through: 0, by: -1) {
            let here = flow[state]
            let each = hasExtra ? even[state] : 0
            if here == 0, each == 0 { continue }
            flow[state] = 0
            if hasExtra { even[state] = 0 }
            for entry in entries(of: state) {
              // The difference of equal sums may be a rounding below zero.
              var amount = max(here - withheld[entry], 0) * values[entry]
              withheld[entry] = 0
              if hasExtra {
                amount += max(each - evenWithheld[entry], 0)
                evenWithheld[entry] = 0
              }
              let successor = Int(self.next[entry])
              if successor < 0 { stopped += amount } else { next[successor] += amount }
              let above = Int(self.above[entry])
              if above >= 0 {
                withheld[above] += here * aboveWeight[entry]
                if hasExtra { evenWithheld[above] += each }
              } else {
                let kept = here * aboveWeight[entry] * share + each
                rest -= kept
                if rows.outcomes[entry] == end { endRest -= kept }
              }
            }
            if state > 0 {
              flow[Int(shorter[state])] += here * weight[state]
              if hasExtra { even[Int(shorter[state])] += each }
            } else {
              let one = here * weight[0] * share + each
              rest += one * Double(shape.outcomes)
              if hasEnd { endRest += one }
            }
          }
          endRest = max(endRest, 0)
          next[0] += max(rest - endRest, 0)
        }
      }
    }
    return stopped + endRest
  }

  // MARK: Backward

  /// What a state does not list is the shorter state's sum without what it does list. O(states + entries).
  package func backward(_ after: [Double], _ step: StepInputs, within reach: ReachedStates) -> [Double] {
    let (share, k) = (1 / Double(shape.outcomes), shape.alphabetSize)
    let hasExtra = !extra.isEmpty
    // Σ_w P(w | s) after(next) without `extra`, and Σ_w after(next), over the elements w.
    var sums = [Double](repeating: 0, count: count)
    var plain = hasExtra ? sums : []
    for state in reach.used {
      let shorter = Int(self.shorter[state])
      var sum = state == 0 ? weight[0] * share * Double(k) * after[0] : weight[state] * sums[shorter]
      var even = !hasExtra ? 0 : state == 0 ? Double(k) * after[0] : plain[shorter]
      for entry in entries(of: state) where next[entry] >= 0 {
        let above = Int(self.above[entry])
        let message = after[Int(next[entry])]
        let (value, messageAbove) = above < 0 ? (share, after[0]) : (values[above], after[Int(next[above])])
        sum += values[entry] * message - aboveWeight[entry] * value * messageAbove
        even += message - messageAbove
      }
      // The difference of equal sums may be a rounding below zero.
      sums[state] = max(sum, 0)
      if hasExtra { plain[state] = max(even, 0) }
    }
    var before = [Double](repeating: 0, count: count)
    for state in reach.reached {
      let row = row(state, step)
      before[state] = factor(row) * (sums[row] + (hasExtra ? extra[row] * plain[row] : 0))
    }
    return before
  }

  package func draw(
    from state: Int, toward after: [Double], _ step: StepInputs, _ stream: inout RandomStream,
    _ workspace: inout Workspace
  ) -> (symbol: Symbol, state: Int)? {
    prepare(&workspace)
    expand(row(state, step), into: &workspace.probabilities, &workspace.successors)
    let k = shape.alphabetSize
    var total = 0.0
    for element in 0..<k {
      workspace.probabilities[element] *= after[Int(workspace.successors[element])]
      total += workspace.probabilities[element]
    }
    guard total > 0 else { return nil }
    let chosen = stream.index(k, total: total) { workspace.probabilities[$0] }
    return (chosen, Int(workspace.successors[chosen]))
  }
}
