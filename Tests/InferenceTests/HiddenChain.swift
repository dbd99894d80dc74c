import Foundation
import Models
import Probability
import Sequences

/// A small hidden Markov chain: z(1) ~ π; in each state the sequence ends with probability `stop`, or continues with a
/// symbol of the state's distribution B, and then with the next state by A. A symbol leads to several states, unlike in the
/// automata of context models.
struct HiddenChain: FiniteStateProcess {
  let shape: OutputShape
  let initial: [Double]
  let stop: [Double]
  /// B, states × symbols.
  let emission: [[Double]]
  /// A, states × states.
  let transition: [[Double]]

  var stateCount: Int { initial.count }

  func start(_ step: StepInputs) -> [StateProbability] {
    initial.indices.filter { initial[$0] > 0 }.map { StateProbability(state: $0, probability: initial[$0]) }
  }

  func stopProbability(_ state: Int, _ step: StepInputs) -> Double { stop[state] }

  func successors(of state: Int, by symbol: Symbol, _ step: StepInputs) -> [StateProbability] {
    transition[state].indices.compactMap { next in
      let probability = (1 - stop[state]) * emission[state][symbol] * transition[state][next]
      return probability > 0 ? StateProbability(state: next, probability: probability) : nil
    }
  }

  func forward(
    _ mass: [Double], _ step: StepInputs, into next: inout [Double], _ workspace: inout Workspace
  ) -> Double {
    for after in next.indices {
      next[after] = mass.indices.reduce(0) { $0 + mass[$1] * (1 - stop[$1]) * transition[$1][after] }
    }
    return mass.indices.reduce(0) { $0 + mass[$1] * stop[$1] }
  }

  func backward(_ after: [Double], _ step: StepInputs, within reach: ReachedStates) -> [Double] {
    stop.indices.map { state in
      (1 - stop[state]) * after.indices.reduce(0) { $0 + transition[state][$1] * after[$1] }
    }
  }

  /// Three states, two symbols; the second state is left through the third alone, which does not begin.
  static let small = HiddenChain(
    shape: OutputShape(alphabetSize: 2, stop: .variable), initial: [0.7, 0.3, 0], stop: [0.2, 0, 0.5],
    emission: [[0.9, 0.1], [0.25, 0.75], [0, 1]], transition: [[0.5, 0.3, 0.2], [0.6, 0.1, 0.3], [0, 0, 1]])
}

/// The chain as a process along one sequence: its state is P(z(t) | y(1) … y(t − 1)).
struct HiddenChainConditional: FiniteStateConditional {
  let chain: HiddenChain
  let storedParameters = 0
  let notes: [String] = []
  var shape: OutputShape { chain.shape }

  func start(_ inputs: StepInputs) -> [Double] { chain.initial }

  func logStop(_ state: [Double], _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    let stop = zip(state, chain.stop).reduce(0) { $0 + $1.0 * $1.1 }
    let continuing = zip(state, chain.stop).reduce(0) { $0 + $1.0 * (1 - $1.1) }
    return (log(stop), log(continuing))
  }

  func logProbability(of outcome: Symbol, _ state: [Double], _ inputs: StepInputs) -> Double {
    let joint = state.indices.reduce(0) { $0 + state[$1] * (1 - chain.stop[$1]) * chain.emission[$1][outcome] }
    return log(joint) - logStop(state, inputs).continuing
  }

  func predict(_ state: [Double], _ inputs: StepInputs, into prediction: inout Prediction) {
    (prediction.logStop, prediction.logContinue) = logStop(state, inputs)
    for symbol in 0..<shape.alphabetSize {
      prediction.logProbabilities[symbol] = logProbability(of: symbol, state, inputs)
    }
  }

  func advance(_ state: inout [Double], past element: Symbol, _ inputs: StepInputs) {
    var next = [Double](repeating: 0, count: state.count)
    for (from, mass) in state.enumerated() {
      for after in chain.successors(of: from, by: element, inputs) { next[after.state] += mass * after.probability }
    }
    let sum = next.reduce(0, +)
    state = next.map { $0 / sum }
  }

  func finiteStates() -> (any FiniteStateProcess)? { chain }
  func write(to file: inout TensorFile) {}

  static func model(_ chain: HiddenChain) throws -> SequenceModel {
    SequenceModel(
      specification: try ModelSpecification("markov:1/halt"), alphabet: try Toys.alphabet(chain.shape.alphabetSize),
      conditional: HiddenChainConditional(chain: chain), prior: nil,
      facts: TrainingFacts(sequences: 0, symbols: 0, longest: 0, dataHash: 0, seed: 0))
  }
}
