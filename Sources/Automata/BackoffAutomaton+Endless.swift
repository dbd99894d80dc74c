import ModelCore
import Sequences

extension BackoffAutomaton {
  /// The states from which no end can be reached, however far one goes: a sequence that comes to one of them never ends.
  /// They are found on the graph, so that no rounding matters; all others end with probability one or come to these.
  /// `nil` where there is none. O(states + entries) of memory, and so much time for each round: a round follows all listed
  /// outcomes backwards as far as they lead, and then looks once at what states leave to the shorter ones.
  package func endlessStates() -> [Bool]? {
    let step = StepInputs(time: homogeneousFrom)
    let places = (0..<count).map { row($0, step) }
    var ends = places.map { stopProbability($0) > 0 }
    if ends.allSatisfy({ $0 }) { return nil }

    let before = ListedEdges(self, places)
    var waiting = ends.indices.filter { ends[$0] }
    while !waiting.isEmpty {
      while let state = waiting.popLast() {
        for from in before.states(leadingTo: state) where !ends[Int(from)] {
          ends[Int(from)] = true
          waiting.append(Int(from))
        }
      }
      let (possible, all) = endingElements(ends)
      for state in ends.indices where !ends[state] && factor(places[state]) > 0 {
        let place = places[state]
        if (addsToAll(place) ? all[place] : possible[place]) > 0 {
          ends[state] = true
          waiting.append(state)
        }
      }
    }
    let endless = ends.map { !$0 }
    return endless.contains(true) ? endless : nil
  }

  fileprivate func addsToAll(_ place: Int) -> Bool { !extra.isEmpty && extra[place] > 0 }

  /// For each state how many of its elements, those of the shorter states among them, lead to a state that ends: of those
  /// that have probability above 0 without `extra`, and of all. Shorter states stand before longer ones, so one pass does.
  private func endingElements(_ ends: [Bool]) -> (possible: [Int32], all: [Int32]) {
    let k = Int32(shape.alphabetSize)
    var possible = [Int32](repeating: 0, count: count)
    var all = possible
    for state in 0..<count {
      let inherits = weight[state] > 0
      if state == 0 {
        all[0] = ends[0] ? k : 0
        possible[0] = inherits ? all[0] : 0
      } else {
        all[state] = all[Int(shorter[state])]
        possible[state] = inherits ? possible[Int(shorter[state])] : 0
      }
      for entry in entries(of: state) where rows.outcomes[entry] < k {
        let leads = next[entry] >= 0 && ends[Int(next[entry])]
        if leads { all[state] += 1 }
        if leads, values[entry] > 0 { possible[state] += 1 }
        // What the shorter state has in its place does not count here.
        let above = Int(above[entry])
        guard above < 0 ? ends[0] : ends[Int(next[above])] else { continue }
        all[state] -= 1
        if aboveWeight[entry] > 0, above < 0 || values[above] > 0 { possible[state] -= 1 }
      }
    }
    return (possible, all)
  }
}

/// The states from which a listed outcome leads to each state, in a flat array.
private struct ListedEdges {
  private var first: [Int]
  private var from: [Int32]

  init(_ states: BackoffAutomaton, _ places: [Int]) {
    func visit(_ edge: (_ from: Int, _ to: Int) -> Void) {
      for (state, place) in places.enumerated() where states.factor(place) > 0 {
        for entry in states.entries(of: place) where states.next[entry] >= 0 {
          if states.values[entry] > 0 || states.addsToAll(place) { edge(state, Int(states.next[entry])) }
        }
      }
    }
    first = [Int](repeating: 0, count: states.count + 1)
    var counts = first
    visit { counts[$1 + 1] += 1 }
    for state in 0..<states.count { counts[state + 1] += counts[state] }
    first = counts
    from = [Int32](repeating: 0, count: counts[states.count])
    var (edges, place) = (from, counts)
    visit { source, target in
      edges[place[target]] = Int32(source)
      place[target] += 1
    }
    from = edges
  }

  func states(leadingTo state: Int) -> ArraySlice<Int32> { from[first[state]..<first[state + 1]] }
}
