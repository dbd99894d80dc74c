import Foundation
import ModelCore
import Sequences

/// An n-gram model whose numbers come from elsewhere: P(w | the last k symbols), the end among the outcomes. It walks and
/// scores as a Markov model without counts does.
struct ArpaConditional: BatchedConditional {
  let markov: MarkovConditional
  /// max |Σ P(w | context) − 1| over the contexts.
  let largestGap: Double

  init(shape: OutputShape, order: Int, table: BackoffTable) {
    largestGap = table.sums().lazy.map { $0.isNaN ? .infinity : abs($0 - 1) }.max() ?? 0
    let none = [Int](repeating: 0, count: table.outcomes.count)
    markov = MarkovConditional(
      shape: shape, path: ContextPath(order: order, shape: shape),
      counts: ContextCounts(
        tree: table.tree, rows: table.rows, counts: FlatArray(none)),
      elements: ContextProbabilities(
        logProbability: FlatArray(table.logProbability), logWeight: FlatArray(table.logWeight)),
      stops: StopProbabilities())
  }

  var shape: OutputShape { markov.shape }

  /// A hundredth of what an ARPA file's sums may be off, which has seven decimals or fewer.
  var roundingError: Double { ArpaAudit.tolerance / 100 }

  func start(_ inputs: StepInputs) -> ContextState { markov.start(inputs) }

  func advance(_ state: inout ContextState, past element: Symbol, _ inputs: StepInputs) {
    markov.advance(&state, past: element, inputs)
  }

  func predict(_ state: ContextState, _ inputs: StepInputs, into prediction: inout Prediction) {
    markov.predict(state, inputs, into: &prediction)
  }

  func logProbability(of outcome: Symbol, _ state: ContextState, _ inputs: StepInputs) -> Double {
    markov.logProbability(of: outcome, state, inputs)
  }

  func logStop(_ state: ContextState, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    markov.logStop(state, inputs)
  }

  func scores(of set: SequenceSet, threads: Int) -> [SequenceScore] { markov.scores(of: set, threads: threads) }

  var storedParameters: Int { markov.storedParameters }

  var notes: [String] {
    ["its numbers come from elsewhere: it was not fitted here"]
      + (largestGap > ArpaAudit.tolerance ? ["a context does not sum to one, by \(largestGap)"] : [])
  }

  func write(to file: inout TensorFile) {
    let table = BackoffTable(markov)
    file.set("contexts.labels", table.tree.labels)
    file.set("contexts.children", table.tree.firstChild)
    file.set("contexts.weights", table.logWeight, shape: [table.logWeight.count])
    file.set("contexts.gap", [largestGap], shape: [1])
    file.set("entries.first", table.rows.firstEntry.map(Int64.init))
    file.set("entries.outcomes", table.outcomes)
    file.set("entries.probabilities", table.logProbability, shape: [table.logProbability.count])
  }

  /// Reads and checks what `write` has written.
  /// - Throws: `ModelFileError`.
  init(from file: TensorFile, order: Int, _ shape: OutputShape) throws {
    let tree = try LabelledTree(contextsFrom: file, ContextPath(order: order, shape: shape))
    let weights = try file.doubles("contexts.weights", count: tree.count)
    let rows = try tree.rows(from: file, "entries", shape)
    let probabilities = try file.doubles("entries.probabilities", count: rows.outcomes.count)
    guard rows.entries(of: 0).count == shape.outcomes else {
      throw ModelFileError.inconsistent("the empty context does not hold all outcomes")
    }
    // Not a number is neither.
    guard probabilities.allSatisfy({ $0 <= 0 }), weights.allSatisfy({ $0 < ArpaFile.largestWeight }) else {
      throw ModelFileError.inconsistent("a probability above one, or a number that is none")
    }
    self.init(
      shape: shape, order: order,
      table: BackoffTable(
        tree: tree, rows: rows, logProbability: probabilities, logWeight: weights))
    // Logarithms of another C library may differ in their last bits.
    let gap = try file.doubles("contexts.gap", count: 1)[0]
    guard gap == largestGap || abs(gap - largestGap) <= 1e-9 * max(largestGap, 1) else {
      throw ModelFileError.inconsistent(
        "its probabilities sum to one but for \(largestGap), and contexts.gap says \(gap)")
    }
  }
}
