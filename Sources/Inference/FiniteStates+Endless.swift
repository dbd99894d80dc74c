import Models
import Sequences

extension FiniteStates {
  /// The states from which no end can be reached, however far one goes: a sequence that comes to one of them never ends.
  /// They are found on the graph, so that no rounding matters; all others end with probability one or come to these.
  /// `nil` where there is none. O(entries · depth), and O(states) where every state may stop.
  func endlessStates() -> [Bool]? {
    let inputs = StepInputs(time: settled)
    let places = (0..<count).map { refine?($0, inputs) ?? $0 }
    var ends = places.map { stopProbability($0) > 0 }
    if ends.allSatisfy({ $0 }) { return nil }

    // The graph backwards.
    var edges: [(from: Int32, to: Int32)] = []
    var seen = [Int](repeating: -1, count: shape.outcomes)
    for state in 0..<count {
      let place = places[state]
      if shape.stop == .variable, goOn[place] == 0 { continue }
      let addsToAll = !extra.isEmpty && extra[place] > 0
      var (holder, product, listed) = (place, 1.0, 0)
      while true {
        for entry in entries(of: holder) where seen[Int(outcomes[entry])] != state {
          seen[Int(outcomes[entry])] = state
          guard Int(outcomes[entry]) < shape.alphabetSize else { continue }
          listed += 1
          if product * values[entry] > 0 || addsToAll { edges.append((Int32(state), next[entry])) }
        }
        product *= weight[holder]
        if holder == 0 || (product == 0 && !addsToAll) { break }
        holder = Int(shorter[holder])
      }
      if product > 0 || addsToAll, listed < shape.alphabetSize { edges.append((Int32(state), 0)) }
    }
    var first = [Int](repeating: 0, count: count + 1)
    for edge in edges { first[Int(edge.to) + 1] += 1 }
    for state in 0..<count { first[state + 1] += first[state] }
    var (before, place) = ([Int32](repeating: 0, count: edges.count), first)
    for edge in edges {
      before[place[Int(edge.to)]] = edge.from
      place[Int(edge.to)] += 1
    }

    var waiting = ends.indices.filter { ends[$0] }
    while let state = waiting.popLast() {
      for from in before[first[state]..<first[state + 1]] where !ends[Int(from)] {
        ends[Int(from)] = true
        waiting.append(Int(from))
      }
    }
    let endless = ends.map { !$0 }
    return endless.contains(true) ? endless : nil
  }
}
