import ModelCore
import Sequences

/// The forward recursion over the states of a process: the mass of all sequences with the evidence that
/// have not ended yet, α_t(s) = P(evidence of the first t steps, state s), carried from step to step.
struct ForwardPass {
  private let process: any FiniteStateProcess
  /// t.
  private(set) var time = 0
  /// The mass in each state before step t.
  private(set) var mass: [Double]
  private var next: [Double]
  private var workspace = Workspace()

  /// Before the first element.
  init(_ process: any FiniteStateProcess) {
    self.process = process
    mass = Array(repeating: 0, count: process.stateCount)
    next = mass
    for start in process.start(StepInputs(time: 0)) { mass[start.state] += start.probability }
  }

  /// Takes one step, and returns the mass of the sequences that end there: P(τ = t) where nothing else was seen.
  mutating func advance(_ seen: Evidence = .anything) -> Double {
    let stopped = process.forward(mass, seen, StepInputs(time: time), into: &next, &workspace)
    swap(&mass, &next)
    time += 1
    return stopped
  }

  /// Takes the mass out of some states and returns how much there was.
  mutating func take(from chosen: [Bool]) -> Double {
    var sum = 0.0
    for state in mass.indices where chosen[state] {
      sum += mass[state]
      mass[state] = 0
    }
    return sum
  }
}
