import Foundation
import Sequences

/// An n-gram model whose numbers come from a file: P(w | the last k symbols), the end among the outcomes.
struct ArpaConditional: Conditional {
  let shape: OutputShape
  /// k.
  let order: Int
  let table: BackoffTable
  /// max |Σ P(w | context) − 1| over the contexts.
  let largestGap: Double

  init(shape: OutputShape, order: Int, table: BackoffTable) {
    self.init(
      shape: shape, order: order, table: table,
      largestGap: table.sums().lazy.map { abs($0 - 1) }.max() ?? 0)
  }

  init(shape: OutputShape, order: Int, table: BackoffTable, largestGap: Double) {
    self.shape = shape
    self.order = order
    self.table = table
    self.largestGap = largestGap
  }

  /// The last labels, at most k of them, the newest first; and those of their contexts that the table has, from the empty
  /// one outwards.
  struct State: Sendable {
    var recent: [Int]
    var contexts: [Int32] = []
  }

  func start(_ inputs: StepInputs) -> State {
    var state = State(recent: order > 0 ? [startMark] : [])
    state.recent.reserveCapacity(order)
    state.contexts.reserveCapacity(order + 1)
    findContexts(&state)
    return state
  }

  func advance(_ state: inout State, past element: Symbol, _ inputs: StepInputs) {
    guard order > 0 else { return }
    if state.recent.count == order { state.recent.removeLast() }
    state.recent.insert(element, at: 0)
    findContexts(&state)
  }

  /// The label of the start mark: one past the symbols.
  private var startMark: Int { shape.alphabetSize }

  private func findContexts(_ state: inout State) {
    state.contexts.removeAll(keepingCapacity: true)
    state.contexts.append(0)
    var node = 0
    for label in state.recent {
      guard let next = table.tree.child(of: node, along: label) else { return }
      node = next
      state.contexts.append(Int32(node))
    }
  }

  func predict(_ state: State, _ inputs: StepInputs, into prediction: inout Prediction) {
    for outcome in prediction.logProbabilities.indices { prediction.logProbabilities[outcome] = -.infinity }
    for node in state.contexts.lazy.map(Int.init) {
      let weight = table.logWeight[node]
      if node != 0, weight != 0 {
        for outcome in prediction.logProbabilities.indices { prediction.logProbabilities[outcome] += weight }
      }
      for entry in table.entries(of: node) {
        prediction.logProbabilities[Int(table.outcomes[entry])] = table.logProbability[entry]
      }
    }
    (prediction.logStop, prediction.logGoOn) = logStop(state, inputs)
  }

  func logProbability(of outcome: Symbol, _ state: State, _ inputs: StepInputs) -> Double {
    var weight = 0.0
    for node in state.contexts.reversed().lazy.map(Int.init) {
      if let entry = table.entry(of: node, outcome) { return weight + table.logProbability[entry] }
      weight += table.logWeight[node]
    }
    return -.infinity
  }

  func logStop(_ state: State, _ inputs: StepInputs) -> (stop: Double, goOn: Double) {
    let stop = logProbability(of: shape.alphabetSize, state, inputs)
    return (stop, logComplement(min(stop, 0)))
  }

  var storedParameters: Int { table.storedParameters }

  var notes: [String] {
    ["its numbers come from elsewhere: it was not fitted here"]
      + (largestGap > ArpaAudit.tolerance ? ["a context does not sum to one, by \(largestGap)"] : [])
  }

  func write(to file: inout TensorFile) {
    file.set("contexts.labels", table.tree.labels)
    file.set("contexts.children", table.tree.firstChild)
    file.set("contexts.weights", table.logWeight, shape: [table.logWeight.count])
    file.set("contexts.gap", [largestGap], shape: [1])
    file.set("entries.first", table.firstEntry.map(Int64.init))
    file.set("entries.outcomes", table.outcomes)
    file.set("entries.probabilities", table.logProbability, shape: [table.logProbability.count])
  }

  /// Reads and checks what `write` has written.
  /// - Throws: `ModelFileError`.
  init(from file: TensorFile, order: Int, _ shape: OutputShape) throws {
    guard
      let tree = LabelledTree(
        labels: try file.int32s("contexts.labels"), firstChild: try file.int32s("contexts.children"))
    else { throw ModelFileError.inconsistent("contexts.children is not a tree") }
    guard tree.levels.count <= order + 1 else {
      throw ModelFileError.inconsistent("contexts are longer than the model's order")
    }
    let weights = try file.doubles("contexts.weights", count: tree.count)
    let firstEntry = try file.counts("entries.first", count: tree.count + 1)
    let outcomes = try file.int32s("entries.outcomes")
    let probabilities = try file.doubles("entries.probabilities", count: outcomes.count)
    guard firstEntry[0] == 0, firstEntry[tree.count] == outcomes.count,
      zip(firstEntry, firstEntry.dropFirst()).allSatisfy({ $0 <= $1 })
    else { throw ModelFileError.inconsistent("entries.first does not divide the entries among the contexts") }
    guard firstEntry[1] == shape.outcomes else {
      throw ModelFileError.inconsistent("the empty context does not hold all outcomes")
    }
    for node in 0..<tree.count {
      var previous: Int32 = -1
      for entry in firstEntry[node]..<firstEntry[node + 1] {
        guard outcomes[entry] > previous, Int(outcomes[entry]) < shape.outcomes else {
          throw ModelFileError.inconsistent("entries.outcomes of context \(node) do not rise within the alphabet")
        }
        previous = outcomes[entry]
      }
    }
    // Not a number is neither.
    guard probabilities.allSatisfy({ $0 <= 0 }), weights.allSatisfy({ $0 < ArpaFile.largestWeight }) else {
      throw ModelFileError.inconsistent("a probability above one, or a number that is none")
    }
    let gap = try file.doubles("contexts.gap", count: 1)[0]
    guard gap >= 0 else { throw ModelFileError.inconsistent("contexts.gap is not a number of at least 0") }
    self.init(
      shape: shape, order: order,
      table: BackoffTable(
        tree: tree, firstEntry: firstEntry, outcomes: outcomes, logProbability: probabilities, logWeight: weights),
      largestGap: gap)
  }
}
