import Foundation
import ModelCore
import Sequences

/// A weighted automaton with back-off: numbered states, stored as sparsely as a context tree is. State s lists some outcomes, each with its
/// probability and the state that follows; for all others the next shorter state answers:
///
///     P(w | s) = value[entry]                         where s lists w, else
///                weight[s] · P(w | shorter[s]),        and each leads to where it leads from there,
///
/// down to state 0, which gives weight[0] / outcomes to each outcome that it does not list and stays where it is. A state
/// may add the same `extra[s]` to all outcomes. Shorter states stand before longer ones.
package struct BackoffAutomaton: Sendable {
  package let shape: OutputShape
  /// For each state the one that answers for what it does not list; state 0 is its own.
  package let shorter: [Int32]
  /// The outcomes that each state lists.
  package let rows: SparseRows
  /// P(outcome | state), without `extra`.
  package let values: [Double]
  /// For each entry the state that follows; −1 after the end.
  package let next: [Int32]
  /// For each entry the one of the same outcome in the nearest shorter state that lists it, or −1, and the product of the
  /// weights on the way there (with −1, of all of them).
  package let above: [Int32]
  package let aboveWeight: [Double]
  package let weight: [Double]
  /// Empty where all of them are 0.
  package let extra: [Double]
  /// The stop variable's probability in each state and its complement; empty where there is none.
  package let stop: [Double]
  package let continuing: [Double]

  /// At most what each state leaves for outcomes that it does not list.
  package let rests: [Double]
  /// The state before the first element, of a sequence of length τ where that is known.
  package let startState: @Sendable (_ inputs: StepInputs) -> Int
  /// The state whose distribution holds in a state at a step: the same one unless t or a length is looked at.
  package let refine: (@Sendable (_ state: Int, _ inputs: StepInputs) -> Int)?
  /// The t from which on `refine` says the same for every later t, where no length is looked at.
  package let homogeneousFrom: Int

  package var count: Int { shorter.count }

  package func entries(of state: Int) -> Range<Int> { rows.entries(of: state) }

  /// The share of an outcome that state 0 does not list.
  package var unlisted: Double { weight[0] / Double(shape.outcomes) }

  /// Makes the links of what is given.
  /// - Parameter next: for each entry the state that follows, −1 after the end, or −2 where that is where the outcome
  ///   leads from the shorter state.
  package init(
    shape: OutputShape, shorter: [Int32], firstEntry: [Int], outcomes: [Int32], values: [Double?], next: [Int32],
    weight: [Double], extra: [Double], stop: [Double], continuing: [Double], homogeneousFrom: Int,
    start: @escaping @Sendable (StepInputs) -> Int, refine: (@Sendable (Int, StepInputs) -> Int)?
  ) {
    self.shape = shape
    self.shorter = shorter
    rows = SparseRows(firstEntry: FlatArray(firstEntry), outcomes: FlatArray(outcomes))
    self.weight = weight
    self.extra = extra
    self.stop = stop
    self.continuing = continuing
    self.homogeneousFrom = homogeneousFrom
    startState = start
    self.refine = refine
    let end = Int32(shape.alphabetSize)
    var next = next
    var found: [Double] = []
    found.reserveCapacity(outcomes.count)
    var above = [Int32](repeating: -1, count: outcomes.count)
    var aboveWeight = [Double](repeating: 0, count: outcomes.count)
    for state in shorter.indices {
      for entry in rows.entries(of: state) {
        let outcome = outcomes[entry]
        var product = weight[state]
        var holder = state
        while holder > 0 {
          holder = Int(shorter[holder])
          if let link = rows.entry(of: holder, Int(outcome)) {
            above[entry] = Int32(link)
            break
          }
          product *= weight[holder]
        }
        aboveWeight[entry] = product
        let link = Int(above[entry])
        if next[entry] == -2 { next[entry] = outcome == end ? -1 : link >= 0 ? next[link] : 0 }
        // What is listed for its successor alone is as probable as from the shorter state.
        found.append(values[entry] ?? product * (link >= 0 ? found[link] : 1 / Double(shape.outcomes)))
      }
    }
    self.next = next
    self.above = above
    self.aboveWeight = aboveWeight
    self.values = found
    rests = Self.rests(rows, found)
  }
}

extension BackoffAutomaton {
  /// At most what each state leaves for outcomes that it does not list.
  static func rests(_ rows: SparseRows, _ values: [Double]) -> [Double] {
    (0..<rows.firstEntry.count - 1).map { max(1 - values[rows.entries(of: $0)].reduce(0, +), 0) + 1e-12 }
  }

  /// Checks that states and links are numbers of states and entries, that shorter states stand before longer ones, and that an
  /// entry's link leads to the same outcome in a shorter state.
  /// - Returns: what is wrong; `nil` where nothing is. O(entries).
  package func checkInvariants() -> String? {
    if let wrong = rows.checkInvariants(count: count, below: shape.outcomes) { return wrong }
    let entries = rows.outcomes.count
    guard [values.count, next.count, above.count, aboveWeight.count].allSatisfy({ $0 == entries }),
      weight.count == count, [extra, stop, continuing].allSatisfy({ $0.isEmpty || $0.count == count })
    else { return "there is not one number for each entry and each state" }
    for state in 0..<count {
      guard state == 0 ? shorter[0] == 0 : (0..<state).contains(Int(shorter[state])) else {
        return "a longer state stands in for state \(state)"
      }
      for entry in self.entries(of: state) {
        let isEnd = rows.outcomes[entry] == shape.alphabetSize
        guard isEnd ? next[entry] == -1 : (0..<count).contains(Int(next[entry])) else {
          return "no state follows entry \(entry)"
        }
        let link = Int(above[entry])
        guard link == -1 || link >= 0 && link < rows.firstEntry[state] && rows.outcomes[link] == rows.outcomes[entry]
        else { return "entry \(entry) is linked to another outcome, or to none" }
      }
    }
    return nil
  }
}

// MARK: Questions to one state

extension BackoffAutomaton {
  /// P(outcome | state) and the state that follows, −1 after the end. O(depth · log entries).
  package func step(_ outcome: Symbol, from state: Int) -> (probability: Double, next: Int) {
    let more = extra.isEmpty ? 0 : extra[state]
    var product = 1.0
    var holder = state
    while true {
      if let entry = rows.entry(of: holder, outcome) { return (product * values[entry] + more, Int(next[entry])) }
      product *= weight[holder]
      if holder == 0 { break }
      holder = Int(shorter[holder])
    }
    return (product / Double(shape.outcomes) + more, outcome == shape.alphabetSize ? -1 : 0)
  }

  /// P(stop) in a state, by the end symbol or the stop variable; 0 where the length is given.
  package func stopProbability(_ state: Int) -> Double {
    if !stop.isEmpty { return stop[state] }
    return shape.outcomes > shape.alphabetSize ? step(shape.alphabetSize, from: state).probability : 0
  }

  /// A state's distribution. O(outcomes + entries · depth).
  package func predict(_ state: Int, into prediction: inout Prediction) {
    var successors = [Int32](repeating: 0, count: shape.outcomes)
    expand(state, into: &prediction.logProbabilities, &successors)
    let k = shape.alphabetSize
    if stop.isEmpty {
      let stop = shape.outcomes > k ? prediction.logProbabilities[k] : 0
      prediction.logStop = log(stop)
      prediction.logContinue = stop > 0 ? log(prediction.logProbabilities[..<k].reduce(0, +)) : 0
    } else {
      (prediction.logStop, prediction.logContinue) = (log(stop[state]), log(continuing[state]))
    }
    for outcome in prediction.logProbabilities.indices {
      prediction.logProbabilities[outcome] = log(prediction.logProbabilities[outcome])
    }
  }

  /// The elements of a state, each with the probability to continue with it and its successor.
  package func elements(of state: Int, into probabilities: inout [Double], _ successors: inout [Int32]) {
    expand(state, into: &probabilities, &successors)
    let factor = factor(state)
    for element in 0..<shape.alphabetSize { probabilities[element] *= factor }
  }

  /// All outcomes of a state with their probabilities and successors, into arrays of as many numbers. O(outcomes +
  /// entries · depth).
  package func expand(_ state: Int, into probabilities: inout [Double], _ successors: inout [Int32]) {
    for outcome in 0..<shape.outcomes {
      probabilities[outcome] = 0
      successors[outcome] = -2
    }
    var product = 1.0
    var holder = state
    while true {
      for entry in entries(of: holder) {
        let outcome = Int(rows.outcomes[entry])
        if successors[outcome] == -2 {
          probabilities[outcome] = product * values[entry]
          successors[outcome] = next[entry]
        }
      }
      product *= weight[holder]
      if holder == 0 { break }
      holder = Int(shorter[holder])
    }
    let more = extra.isEmpty ? 0 : extra[state]
    for outcome in 0..<shape.outcomes {
      if successors[outcome] == -2 {
        probabilities[outcome] = product / Double(shape.outcomes)
        successors[outcome] = outcome == shape.alphabetSize ? -1 : 0
      }
      probabilities[outcome] += more
    }
  }
}
