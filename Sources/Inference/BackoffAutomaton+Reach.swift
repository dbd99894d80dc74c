import Models
import Sequences

/// What of a chain matters to sequences that begin in one of its states. Both lists rise.
struct ReachedStates: Sendable {
  /// The states that such a sequence may come to, and perhaps some more: no others, as far as probabilities are 0.
  let reached: [Int]
  /// The states whose entries say what follows those: themselves or what `refine` makes of them, and the shorter states
  /// that answer for what they do not list.
  let used: [Int]

  /// A search on the graph, so that no rounding matters. O(states · times + entries), with the times that `refine` tells
  /// from each other.
  init(_ states: BackoffAutomaton, from begin: Int, times: ClosedRange<Int>) {
    var (isReached, isUsed) = (
      [Bool](repeating: false, count: states.count), [Bool](repeating: false, count: states.count)
    )
    let seen =
      states.refine == nil ? 0...0 : times.lowerBound...min(times.upperBound, max(states.settled, times.lowerBound))
    var waiting = [begin]
    isReached[begin] = true
    while let state = waiting.popLast() {
      for time in seen {
        var place = states.refine?(state, StepInputs(time: time)) ?? state
        // A shorter state may list outcomes that the longer one answers for: a few states too many do no harm.
        while !isUsed[place] {
          isUsed[place] = true
          let addsToAll = !states.extra.isEmpty && states.extra[place] > 0
          let goesOn = states.weight[place] > 0 || !states.extra.isEmpty
          for entry in states.entries(of: place) where states.values[entry] > 0 || addsToAll {
            let next = Int(states.next[entry])
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
          place = Int(states.shorter[place])
        }
      }
    }
    reached = isReached.indices.filter { isReached[$0] }
    used = isUsed.indices.filter { isUsed[$0] }
  }
}
