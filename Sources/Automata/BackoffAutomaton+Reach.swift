import ModelCore
import Sequences

extension BackoffAutomaton {
  /// A search on the graph, so that no rounding matters. The rows used are those of the states reached, or what `refine`
  /// makes of them, and of the shorter states that answer for what they do not list. O(states · times + entries), with the
  /// times that `refine` tells from each other.
  package func reached(from states: [Int], times: ClosedRange<Int>) -> ReachedStates {
    var (isReached, isUsed) = ([Bool](repeating: false, count: count), [Bool](repeating: false, count: count))
    let seen = refine == nil ? 0...0 : times.lowerBound...min(times.upperBound, max(homogeneousFrom, times.lowerBound))
    var waiting = states
    for state in states { isReached[state] = true }
    while let state = waiting.popLast() {
      for time in seen {
        var place = row(state, StepInputs(time: time))
        // A shorter state may list outcomes that the longer one answers for: a few states too many do no harm.
        while !isUsed[place] {
          isUsed[place] = true
          let addsToAll = !extra.isEmpty && extra[place] > 0
          let goesOn = weight[place] > 0 || !extra.isEmpty
          for entry in entries(of: place) where values[entry] > 0 || addsToAll {
            let next = Int(self.next[entry])
            if next >= 0, !isReached[next] {
              isReached[next] = true
              waiting.append(next)
            }
          }
          if place == 0 {
            if goesOn, !isReached[0] {
              isReached[0] = true
              waiting.append(0)
            }
            break
          }
          if !goesOn { break }
          place = Int(shorter[place])
        }
      }
    }
    return ReachedStates(
      reached: isReached.indices.filter { isReached[$0] }, used: isUsed.indices.filter { isUsed[$0] })
  }
}
