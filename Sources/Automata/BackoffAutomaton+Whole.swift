import ModelCore
import Sequences

extension BackoffAutomaton {
  /// An automaton without back-off: each state lists all its outcomes.
  /// - Parameter next: for each entry the state that follows, −1 after the end.
  package init(
    whole shape: OutputShape, firstEntry: [Int], outcomes: [Int32], values: [Double], next: [Int32], stop: [Double],
    continuing: [Double], homogeneousFrom: Int = 0, start: @escaping @Sendable (StepInputs) -> Int,
    refine: (@Sendable (Int, StepInputs) -> Int)? = nil
  ) {
    let count = firstEntry.count - 1
    self.shape = shape
    shorter = Array(repeating: 0, count: count)
    rows = SparseRows(firstEntry: FlatArray(firstEntry), outcomes: FlatArray(outcomes))
    self.values = values
    rests = Self.rests(rows, values)
    self.next = next
    above = Array(repeating: -1, count: outcomes.count)
    aboveWeight = Array(repeating: 0, count: outcomes.count)
    weight = Array(repeating: 0, count: count)
    extra = []
    self.stop = stop
    self.continuing = continuing
    self.homogeneousFrom = homogeneousFrom
    startState = start
    self.refine = refine
  }
}
