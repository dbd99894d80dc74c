import ModelCore
import Sequences

/// A probabilistic automaton with several states a symbol may lead to (a non-deterministic one; Vidal et al. 2005,
/// "Probabilistic finite-state machines", part I): z(1) ~ I; in each state q the sequence ends with probability F(q), or
/// continues with symbol a and state q′ with probability (1 − F(q)) p(a, q′ | q). A hidden Markov chain is one, and so is
/// whatever remembers one of finitely many things.
package struct ProbabilisticAutomaton: FiniteStateProcess {
  package let shape: OutputShape
  /// I.
  let initial: [Double]
  /// F.
  let stop: [Double]
  /// The first transition of state q by symbol a, at q · k + a; one more at the end.
  let first: [Int]
  /// q′ of each transition, rising by state and symbol.
  let next: [Int32]
  /// p(a, q′ | q, the sequence continues).
  let conditional: [Double]
  /// (1 − F(q)) p(a, q′ | q).
  private let joint: [Double]
  /// (1 − F(q)) p(a | q), of state q and symbol a at q · k + a.
  let emission: [Double]

  /// The most states, and the most states times symbols.
  static let mostStates = 1 << 18
  static let mostRows = 1 << 22

  init(shape: OutputShape, initial: [Double], rows: AutomatonRows) {
    self.init(
      shape: shape, initial: initial, stop: rows.stop, first: rows.first, next: rows.next,
      conditional: rows.probabilities)
  }

  /// - Precondition: the parts go together, as `AutomatonRows` makes them and `AutomatonConditional.init(from:)` checks.
  init(
    shape: OutputShape, initial: [Double], stop: [Double], first: [Int], next: [Int32], conditional: [Double]
  ) {
    self.shape = shape
    (self.initial, self.stop, self.first, self.next, self.conditional) = (initial, stop, first, next, conditional)
    var joint = conditional
    let k = shape.alphabetSize
    for state in stop.indices {
      for entry in first[state * k]..<first[(state + 1) * k] { joint[entry] *= 1 - stop[state] }
    }
    self.joint = joint
    emission = first.indices.dropLast().map { row in joint[first[row]..<first[row + 1]].reduce(0, +) }
  }

  package var stateCount: Int { stop.count }
  package var stepCost: Int { next.count + stop.count }

  /// The transitions from a state by a symbol.
  func entries(_ state: Int, _ symbol: Symbol) -> Range<Int> {
    let row = state * shape.alphabetSize + symbol
    return first[row]..<first[row + 1]
  }

  /// The transitions from a state.
  private func entries(_ state: Int) -> Range<Int> {
    first[state * shape.alphabetSize]..<first[(state + 1) * shape.alphabetSize]
  }

  package func start(_ step: StepInputs) -> [StateProbability] {
    initial.indices.filter { initial[$0] > 0 }.map { StateProbability(state: $0, probability: initial[$0]) }
  }

  package func stopProbability(_ state: Int, _ step: StepInputs) -> Double { stop[state] }

  package func successors(of state: Int, by symbol: Symbol, _ step: StepInputs) -> [StateProbability] {
    guard (0..<shape.alphabetSize).contains(symbol) else { return [] }
    return entries(state, symbol).compactMap { entry in
      joint[entry] > 0 ? StateProbability(state: Int(next[entry]), probability: joint[entry]) : nil
    }
  }

  /// O(transitions).
  package func forward(
    _ mass: [Double], _ step: StepInputs, into after: inout [Double], _ workspace: inout Workspace
  ) -> Double {
    for state in after.indices { after[state] = 0 }
    var stopped = 0.0
    for state in mass.indices where mass[state] > 0 {
      stopped += mass[state] * stop[state]
      for entry in entries(state) { after[Int(next[entry])] += mass[state] * joint[entry] }
    }
    return stopped
  }

  /// O(transitions).
  package func backward(_ after: [Double], _ step: StepInputs, within reach: ReachedStates) -> [Double] {
    var before = [Double](repeating: 0, count: stateCount)
    for state in reach.reached {
      for entry in entries(state) { before[state] += joint[entry] * after[Int(next[entry])] }
    }
    return before
  }

  /// Backwards from the states that may end, along the transitions. O(transitions).
  package func endlessStates() -> [Bool]? {
    var before = [[Int32]](repeating: [], count: stateCount)
    for state in 0..<stateCount {
      for entry in entries(state) where joint[entry] > 0 { before[Int(next[entry])].append(Int32(state)) }
    }
    var isEndless = stop.map { $0 == 0 }
    var waiting = stop.indices.filter { stop[$0] > 0 }
    while let state = waiting.popLast() {
      for earlier in before[state] where isEndless[Int(earlier)] {
        isEndless[Int(earlier)] = false
        waiting.append(Int(earlier))
      }
    }
    return isEndless.contains(true) ? isEndless : nil
  }

  /// The states that sequences come to, from the first ones on. O(transitions).
  func reachableStates() -> [Bool] {
    var isReached = initial.map { $0 > 0 }
    var waiting = initial.indices.filter { initial[$0] > 0 }
    while let state = waiting.popLast() {
      for entry in entries(state) where joint[entry] > 0 && !isReached[Int(next[entry])] {
        isReached[Int(next[entry])] = true
        waiting.append(Int(next[entry]))
      }
    }
    return isReached
  }
}

/// The transitions of a probabilistic automaton, put together state by state and symbol by symbol.
struct AutomatonRows {
  let alphabetSize: Int
  private(set) var stop: [Double] = []
  private(set) var first = [0]
  private(set) var next: [Int32] = []
  private(set) var probabilities: [Double] = []

  init(alphabetSize: Int) { self.alphabetSize = alphabetSize }

  /// The states that are complete.
  var stateCount: Int { (first.count - 1) / max(alphabetSize, 1) }

  /// The next state; all of its symbols follow.
  mutating func beginState(stop: Double) { self.stop.append(stop) }

  /// A transition by the present symbol; states rise.
  mutating func add(to state: Int, _ probability: Double) {
    next.append(Int32(state))
    probabilities.append(probability)
  }

  /// The present symbol is complete.
  mutating func endSymbol() { first.append(next.count) }
}
