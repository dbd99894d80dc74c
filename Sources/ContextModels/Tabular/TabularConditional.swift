import Foundation
import ModelCore
import Sequences

/// One distribution for each full history, y(t) given all of y(1..t−1): maximum likelihood or with α added to each
/// count. A history that never occurred has no counts: its distribution is uniform, which is what α > 0 gives, and
/// one of the many maximum-likelihood estimates where α = 0.
struct TabularConditional: Conditional {
  let shape: OutputShape
  let table: PrefixTable
  /// α; 0 is maximum likelihood.
  let added: Double

  /// A node of the table, or nothing once the history is a new one.
  typealias State = Int?

  func start(_ inputs: StepInputs) -> Int? {
    guard shape.hasLengthInput, let length = inputs.length else { return 0 }
    return table.tree.child(of: 0, along: length)
  }

  func advance(_ state: inout Int?, past element: Symbol, _ inputs: StepInputs) {
    state = state.flatMap { table.tree.child(of: $0, along: element) }
  }

  func predict(_ state: Int?, _ inputs: StepInputs, into prediction: inout Prediction) {
    (prediction.logStop, prediction.logContinue) = logStop(state, inputs)
    let unseen = logProbability(count: 0, at: state)
    for outcome in prediction.logProbabilities.indices { prediction.logProbabilities[outcome] = unseen }
    guard let node = state else { return }
    for child in table.tree.children(of: node) {
      prediction.logProbabilities[Int(table.tree.labels[child])] = logProbability(count: table.visits[child], at: node)
    }
    if shape.stop == .outcome {
      prediction.logProbabilities[shape.alphabetSize] = logProbability(count: table.ends[node], at: node)
    }
  }

  func logProbability(of outcome: Symbol, _ state: Int?, _ inputs: StepInputs) -> Double {
    guard let node = state else { return logProbability(count: 0, at: nil) }
    if outcome == shape.alphabetSize { return logProbability(count: table.ends[node], at: node) }
    let child = table.tree.child(of: node, along: outcome)
    return logProbability(count: child.map { table.visits[$0] } ?? 0, at: node)
  }

  func logStop(_ state: Int?, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    if shape.stop == .given { return (-.infinity, 0) }
    let ends = Double(state.map { table.ends[$0] } ?? 0)
    let visits = Double(state.map { table.visits[$0] } ?? 0)
    // Going on is one outcome of the stop variable, and k outcomes beside an end symbol.
    let others = shape.stop == .variable ? 1 : Double(shape.alphabetSize)
    if visits == 0 { return (log(1 / (1 + others)), log(others / (1 + others))) }
    let total = visits + added * (1 + others)
    return (log((ends + added) / total), log((visits - ends + added * others) / total))
  }

  /// log of (count + α) / (Σ counts + α · outcomes).
  private func logProbability(count: Int, at state: Int?) -> Double {
    let outcomes = Double(shape.outcomes)
    let observed = state.map { shape.stop == .outcome ? table.visits[$0] : table.visits[$0] - table.ends[$0] } ?? 0
    if observed == 0 { return -log(outcomes) }
    return log((Double(count) + added) / (Double(observed) + added * outcomes))
  }

  /// The counts of seen outcomes, ends among them where the table decides about them.
  var storedParameters: Int { table.tree.count - 1 + (shape.stop == .given ? 0 : table.ends.count { $0 > 0 }) }

  var notes: [String] { [] }

  /// The longest history that occurs.
  var longest: Int { table.tree.levels.count - 1 - (shape.hasLengthInput ? 1 : 0) }
}
