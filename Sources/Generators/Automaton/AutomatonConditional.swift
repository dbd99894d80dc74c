import Foundation
import ModelCore
import Sequences

/// A probabilistic automaton's process along a sequence: its state is P(z(t) | y(1) … y(t − 1)), by the forward recursion with
/// a division at each step (Rabiner 1989, section V.A), so that likelihoods are exact whatever the length. After elements of
/// probability 0, which determine nothing, it is that of the beginning. A step's distribution takes O(states in question ·
/// symbols), the way past a symbol O(their transitions by it).
struct AutomatonConditional: FiniteStateConditional {
  let automaton: ProbabilisticAutomaton
  var shape: OutputShape { automaton.shape }

  /// The states that are possible, rising, with their probabilities.
  struct State: Sendable {
    fileprivate var states: [Int32]
    fileprivate var masses: [Double]
    /// A sum for each state of the automaton, zeros between steps; empty until several states have been possible at once.
    fileprivate var sums: [Double] = []
  }

  /// The numbers of the automaton: those above 0.
  var storedParameters: Int {
    automaton.next.count + automaton.stop.count { $0 > 0 } + automaton.initial.count { $0 > 0 }
  }

  func start(_ inputs: StepInputs) -> State {
    let states = automaton.start(inputs)
    return State(states: states.map { Int32($0.state) }, masses: states.map(\.probability))
  }

  func logStop(_ state: State, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    let (stop, continuing) = stops(state)
    return (log(stop), log(continuing))
  }

  private func stops(_ state: State) -> (stop: Double, continuing: Double) {
    var (stop, continuing) = (0.0, 0.0)
    for (number, mass) in zip(state.states, state.masses) {
      let own = automaton.stop[Int(number)]
      stop += mass * own
      continuing += mass * (1 - own)
    }
    return (stop, continuing)
  }

  /// P(the sequence continues with the symbol | past).
  private func joint(_ symbol: Symbol, _ state: State) -> Double {
    var sum = 0.0
    for (number, mass) in zip(state.states, state.masses) {
      sum += mass * automaton.emission[Int(number) * shape.alphabetSize + symbol]
    }
    return sum
  }

  func logProbability(of outcome: Symbol, _ state: State, _ inputs: StepInputs) -> Double {
    let continuing = stops(state).continuing
    return continuing > 0 ? log(joint(outcome, state) / continuing) : -log(Double(shape.alphabetSize))
  }

  func predict(_ state: State, _ inputs: StepInputs, into prediction: inout Prediction) {
    let (stop, continuing) = stops(state)
    (prediction.logStop, prediction.logContinue) = (log(stop), log(continuing))
    for symbol in prediction.logProbabilities.indices {
      // Where the sequence cannot continue any distribution will do.
      prediction.logProbabilities[symbol] =
        continuing > 0 ? log(joint(symbol, state) / continuing) : -log(Double(shape.alphabetSize))
    }
  }

  func advance(_ state: inout State, past element: Symbol, _ inputs: StepInputs) {
    if state.states.count == 1 {
      advanceFromOne(&state, past: element)
    } else {
      advanceFromSeveral(&state, past: element)
    }
    var total = 0.0
    for mass in state.masses { total += mass }
    guard total > 0 else {
      let sums = state.sums
      state = start(inputs)
      state.sums = sums
      return
    }
    for index in state.masses.indices { state.masses[index] /= total }
  }

  private func advanceFromOne(_ state: inout State, past element: Symbol) {
    let entries = automaton.stop[Int(state.states[0])] < 1 ? automaton.entries(Int(state.states[0]), element) : 0..<0
    state.states.removeAll(keepingCapacity: true)
    state.masses.removeAll(keepingCapacity: true)
    for entry in entries {
      state.states.append(automaton.next[entry])
      state.masses.append(automaton.conditional[entry])
    }
  }

  private func advanceFromSeveral(_ state: inout State, past element: Symbol) {
    if state.sums.isEmpty { state.sums = Array(repeating: 0, count: automaton.stateCount) }
    for (number, mass) in zip(state.states, state.masses) {
      let continuing = mass * (1 - automaton.stop[Int(number)])
      for entry in automaton.entries(Int(number), element) {
        state.sums[Int(automaton.next[entry])] += continuing * automaton.conditional[entry]
      }
    }
    state.states.removeAll(keepingCapacity: true)
    state.masses.removeAll(keepingCapacity: true)
    for number in state.sums.indices where state.sums[number] > 0 {
      state.states.append(Int32(number))
      state.masses.append(state.sums[number])
      state.sums[number] = 0
    }
  }

  func finiteStates() -> (any FiniteStateProcess)? { automaton }
}

extension AutomatonConditional {
  func write(to file: inout TensorFile) {
    let (states, k) = (automaton.stateCount, shape.alphabetSize)
    file.set("automaton.initial", automaton.initial, shape: [states])
    file.set("automaton.stop", automaton.stop, shape: [states])
    file.set("automaton.first", counts: automaton.first)
    file.set("automaton.next", automaton.next)
    file.set("automaton.probabilities", automaton.conditional, shape: [automaton.conditional.count])
    precondition(automaton.first.count == states * k + 1)
  }

  /// Reads and checks an automaton: probabilities must sum to 1.
  /// - Throws: `ModelFileError`.
  init(from file: TensorFile, states: Int, _ shape: OutputShape) throws {
    let k = shape.alphabetSize
    guard states * k <= ProbabilisticAutomaton.mostRows else {
      throw ModelFileError.inconsistent(
        "an automaton has at most \(ProbabilisticAutomaton.mostRows) states times symbols")
    }
    let initial = try file.doubles("automaton.initial", shape: [states])
    let stop = try file.doubles("automaton.stop", shape: [states])
    let first = try file.counts("automaton.first", count: states * k + 1)
    let next = try file.int32s("automaton.next")
    let probabilities = try file.doubles("automaton.probabilities", shape: [next.count])
    guard initial.allSatisfy({ $0 >= 0 }), Self.isOne(initial.reduce(0, +)) else {
      throw ModelFileError.inconsistent("automaton.initial does not sum to 1")
    }
    guard stop.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
      throw ModelFileError.inconsistent("automaton.stop holds what is no probability")
    }
    guard first[0] == 0, first[states * k] == next.count, zip(first, first.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw ModelFileError.inconsistent("automaton.first does not divide the transitions")
    }
    guard probabilities.allSatisfy({ $0 > 0 }) else {
      throw ModelFileError.inconsistent("automaton.probabilities holds what is no probability above 0")
    }
    for row in 0..<(states * k) {
      let own = next[first[row]..<first[row + 1]]
      guard own.allSatisfy({ $0 >= 0 && Int($0) < states }), zip(own, own.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw ModelFileError.inconsistent("automaton.next of state \(row / k) holds what is no rising list of states")
      }
    }
    for state in 0..<states {
      let sum = probabilities[first[state * k]..<first[(state + 1) * k]].reduce(0, +)
      guard Self.isOne(sum) || sum == 0 && stop[state] == 1 else {
        throw ModelFileError.inconsistent("automaton.probabilities of state \(state) do not sum to 1")
      }
    }
    automaton = ProbabilisticAutomaton(
      shape: shape, initial: initial, stop: stop, first: first, next: next, conditional: probabilities)
  }

  private static func isOne(_ sum: Double) -> Bool { abs(sum - 1) < 1e-9 }
}
