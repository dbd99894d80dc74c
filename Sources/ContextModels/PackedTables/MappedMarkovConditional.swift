import Foundation
import ModelCore
import Sequences
import Support

/// A Markov model asked in its mapped file: opened in no time, whatever its size, and sharing its memory with every other
/// program that has it open. A state is where the records of the contexts that occurred stand, from the empty one outwards.
struct MappedMarkovConditional: BatchedConditional {
  private let file: TensorFile
  private let records: Records
  let storedParameters: Int

  /// Words of either size: both are compiled for their own.
  private enum Records {
    case narrow(PackedNGramTable<UInt16>)
    case wide(PackedNGramTable<UInt32>)
  }

  let shape: OutputShape
  private let order: Int

  /// `nil` where the file is not a mapped one, or has no records. O(different rules).
  /// - Throws: `ModelFileError` where the tensors' sizes do not agree.
  init?(_ file: TensorFile, order: Int, _ shape: OutputShape) throws {
    guard file.isInPlace, let width = file.elementSize("query.words") else { return nil }
    self.file = file.keeping(ContextCounts.tensorSizes.keys)
    self.shape = shape
    self.order = order
    records =
      width == 2
      ? .narrow(try PackedNGramTable(file, order: order, shape))
      : .wide(try PackedNGramTable(file, order: order, shape))
    storedParameters = max(try file.int64s("query.stored", count: 1)[0], 0)
  }

  func start(_ inputs: StepInputs) -> [Int] {
    var chain = [Int](repeating: 0, count: order + 1)
    let length = chain.withUnsafeMutableBufferPointer { chain in
      switch records {
      case .narrow(let records): records.begin(chain)
      case .wide(let records): records.begin(chain)
      }
    }
    chain.removeLast(chain.count - length)
    return chain
  }

  func advance(_ state: inout [Int], past element: Symbol, _ inputs: StepInputs) { _ = answer(&state, element) }

  func logProbability(of outcome: Symbol, _ state: [Int], _ inputs: StepInputs) -> Double {
    var state = state
    return log(answer(&state, outcome).probability)
  }

  /// What the contexts say of an outcome, and past it.
  private func answer(_ state: inout [Int], _ outcome: Symbol) -> NGramQuery {
    var query = NGramQuery(outcome: outcome, chainLength: state.count)
    if state.count <= order { state.append(0) }
    state.withUnsafeMutableBufferPointer { chain in
      switch records {
      case .narrow(let records): records.answer(&query, chain)
      case .wide(let records): records.answer(&query, chain)
      }
    }
    state.removeLast(state.count - query.chainLength)
    return query
  }

  func logStop(_ state: [Int], _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    switch shape.stop {
    case .given: return (-.infinity, 0)
    case .outcome:
      let stop = logProbability(of: shape.alphabetSize, state, inputs)
      return (stop, logComplement(stop))
    case .variable:
      var state = state
      let query = answer(&state, 0)
      return (log(query.stop), log(query.continuing))
    }
  }

  func predict(_ state: [Int], _ inputs: StepInputs, into prediction: inout Prediction) {
    switch records {
    case .narrow(let records): records.predict(state, into: &prediction.logProbabilities)
    case .wide(let records): records.predict(state, into: &prediction.logProbabilities)
    }
    (prediction.logStop, prediction.logContinue) = logStop(state, inputs)
  }

  /// What each context of a history says.
  func levels(_ state: [Int]) -> RecordLevels {
    switch records {
    case .narrow(let records): records.levels(state)
    case .wide(let records): records.levels(state)
    }
  }

  package func scores(of set: SequenceSet, threads: Int) -> [SequenceScore] {
    switch records {
    case .narrow(let records): records.scores(of: set, threads: threads)
    case .wide(let records): records.scores(of: set, threads: threads)
    }
  }

  var notes: [String] { [] }

  func write(to file: inout TensorFile) { file.merge(self.file) }
}
