import Automata
import Foundation
import ModelCore
import Sequences

/// The most that any way on from a state can have, the end included: for a homogeneous chain of any length.
struct BestEnds {
  let logMost: [Double]

  /// max(P(stop), max_w P(w) most(next)), by iteration until nothing changes. What a state does not list is bounded by the
  /// shorter state's best, whatever that lists. O(longest best way · entries).
  init(_ states: BackoffAutomaton) {
    let count = states.count
    var most = (0..<count).map { states.stopProbability($0) }
    let stop = most
    let rests = states.rests
    var isSettled = false
    for _ in 0..<100_000 where !isSettled {
      isSettled = true
      let ways = Ways(states, rests: rests, most)
      for state in 0..<count {
        let best = ways.best(state)
        // Roundings must not go round for ever.
        if best > max(most[state], stop[state]) * (1 + 1e-14) {
          most[state] = best
          isSettled = false
        }
      }
    }
    logMost = isSettled ? most.map { log($0) + 1e-11 } : Array(repeating: 0, count: count)
  }
}

/// The same for a given length: for each time from a first one on.
struct BestBridges {
  let logMost: [[Double]]

  init(_ states: BackoffAutomaton, length: Int, from first: Int, _ inputs: (Int) -> StepInputs) {
    let count = states.count
    func places(_ time: Int) -> [Int] { (0..<count).map { states.row($0, inputs(time)) } }
    let rests = states.rests
    var last = places(length).map { states.shape.decidesEnd ? states.stopProbability($0) : 1 }
    // Each row divided by its largest number, whose logarithms are added up.
    var shift = 0.0
    var rows: [[Double]] = [last.map { log($0) + 1e-11 }]
    for time in stride(from: length - 1, through: first, by: -1) {
      let ways = Ways(states, rests: rests, last)
      last = places(time).map { ways.best($0) }
      let largest = last.max() ?? 0
      if largest > 0 {
        shift += log(largest)
        for state in last.indices { last[state] /= largest }
      }
      rows.append(last.map { log($0) + shift + 1e-11 })
    }
    logMost = rows.reversed()
  }
}

/// An upper bound on the most probable step from each state on, given what each next state is worth. What a state does
/// not list has at most the rest of its probability, and at most what the shorter state's best has by the weight.
private struct Ways {
  private let states: BackoffAutomaton
  private var most: [Double]
  /// The largest worth of any next state.
  private var largest: [Double]

  /// - Parameter rests: `states.rests`.
  init(_ states: BackoffAutomaton, rests: [Double], _ worth: [Double]) {
    self.states = states
    most = Array(repeating: 0, count: states.count)
    largest = most
    for state in most.indices {
      let shorter = Int(states.shorter[state])
      var (best, far) = (states.unlisted * worth[0], worth[0])
      if state > 0 {
        (best, far) = (min(states.weight[state] * most[shorter], rests[state] * largest[shorter]), largest[shorter])
      }
      for entry in states.entries(of: state) where states.next[entry] >= 0 {
        let next = worth[Int(states.next[entry])]
        best = max(best, states.values[entry] * next)
        far = max(far, next)
      }
      (most[state], largest[state]) = (best, far)
    }
  }

  func best(_ state: Int) -> Double {
    states.factor(state) * (most[state] + (states.extra.isEmpty ? 0 : states.extra[state] * largest[state]))
  }
}

extension BackoffAutomaton {
  /// For each state at most what it leaves for outcomes that it does not list.
  fileprivate var rests: [Double] {
    (0..<count).map { state in max(1 - values[entries(of: state)].reduce(0, +), 0) + 1e-12 }
  }
}
