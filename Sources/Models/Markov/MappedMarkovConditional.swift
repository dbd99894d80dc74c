import Foundation
import Sequences

/// A Markov model asked in its mapped file: opened in no time, whatever its size, and sharing its memory with every other
/// program that has it open. A state is the longest context that occurred, a number.
struct MappedMarkovConditional: BatchedConditional, @unchecked Sendable {
  // Unchecked: the index points into the mapped file, which is never written and is held here.
  private let file: TensorFile
  private let index: ContextIndex
  private let order: Int

  var shape: OutputShape { index.shape }

  /// `nil` where the file is not a mapped one, or has no links to ask along. O(1).
  /// - Throws: `ModelFileError` where the tensors' sizes do not agree.
  init?(_ file: TensorFile, _ path: ContextPath, _ shape: OutputShape) throws {
    guard file.isInPlace, file.has("query.next") else { return nil }
    let labels: UnsafeBufferPointer<Int32> = try file.mapped("contexts.labels", .int32)
    let outcomes: UnsafeBufferPointer<Int32> = try file.mapped("counts.outcomes", .int32)
    guard !labels.isEmpty else { throw ModelFileError.inconsistent("contexts.labels has no context") }
    self.file = file.withoutMetadata
    order = path.order
    index = ContextIndex(
      shape: shape, labels: labels,
      firstChild: try file.mapped("contexts.children", .int32, count: labels.count + 1),
      firstEntry: try file.mapped("counts.first", .int64, count: labels.count + 1), outcomes: outcomes,
      logProbability: try file.mapped("query.logProbability", .float64, count: outcomes.count),
      logWeight: try file.mapped("query.logWeight", .float64, count: labels.count),
      next: try file.mapped("query.next", .int32, count: outcomes.count),
      shorter: try file.mapped("query.shorter", .int32, count: labels.count),
      logGoOn: shape.stop == .given
        ? UnsafeBufferPointer(start: nil, count: 0) : try file.mapped("query.logGoOn", .float64, count: labels.count),
      logStop: shape.stop == .variable
        ? try file.mapped("query.logStop", .float64, count: labels.count) : UnsafeBufferPointer(start: nil, count: 0),
      logUniform: -log(Double(shape.outcomes)))
  }

  func start(_ inputs: StepInputs) -> Int { index.start(order: order) }

  func advance(_ state: inout Int, past element: Symbol, _ inputs: StepInputs) {
    let (low, high) = index.bounds(of: state)
    state = index.context(after: index.find(element, from: state, low, high).entry)
  }

  func logProbability(of outcome: Symbol, _ state: Int, _ inputs: StepInputs) -> Double {
    let (low, high) = index.bounds(of: state)
    return index.find(outcome, from: state, low, high).logProbability
  }

  func logStop(_ state: Int, _ inputs: StepInputs) -> (stop: Double, goOn: Double) {
    switch shape.stop {
    case .given: (-.infinity, 0)
    case .outcome: (logProbability(of: shape.alphabetSize, state, inputs), index.logGoOn[state])
    case .variable: (index.logStop[state], index.logGoOn[state])
    }
  }

  func predict(_ state: Int, _ inputs: StepInputs, into prediction: inout Prediction) {
    var contexts = [state]
    while let node = contexts.last, case let above = Int(index.shorter[node]), above >= 0, above < node {
      contexts.append(above)
    }
    for outcome in prediction.logProbabilities.indices { prediction.logProbabilities[outcome] = index.logUniform }
    for node in contexts.reversed() {
      let weight = index.logWeight[node]
      for outcome in prediction.logProbabilities.indices { prediction.logProbabilities[outcome] += weight }
      let (low, high) = index.bounds(of: node)
      for entry in low..<max(low, high) {
        let outcome = Int(index.outcomes[entry])
        guard prediction.logProbabilities.indices.contains(outcome) else { continue }
        prediction.logProbabilities[outcome] = index.logProbability[entry]
      }
    }
    (prediction.logStop, prediction.logGoOn) = logStop(state, inputs)
  }

  package func scores(
    of set: SequenceSet, lengthInput: @Sendable (_ time: Int, _ length: Int) -> Int?, threads: Int
  ) -> [SequenceScore] { index.scores(of: set, order: order, threads: threads) }

  var storedParameters: Int {
    index.outcomes.count + index.logWeight.count { $0 != 0 && $0 != -.infinity }
      + (shape.stop == .variable ? index.labels.count : 0)
  }

  var notes: [String] { [] }

  func write(to file: inout TensorFile) { file.merge(self.file) }
}
