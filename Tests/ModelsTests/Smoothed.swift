import Foundation
import Models
import Sequences

extension SequenceModel {
  /// The rows of parameters, an order each, in its file.
  func smoothingParameters() throws -> [[Double]] {
    let file = try TensorFile(ModelFile.bytes(of: self))
    guard let shape = file.tensors["smoothing.parameters"]?.shape, shape.count == 2 else { return [] }
    let values = try file.doubles("smoothing.parameters", shape: shape)
    return (0..<shape[0]).map { Array(values[($0 * shape[1])..<(($0 + 1) * shape[1])]) }
  }

  /// The model with these parameters in every order, by way of its file.
  func smoothed(with row: [Double]) throws -> SequenceModel {
    try smoothed(with: Array(repeating: row, count: smoothingParameters().count))
  }

  /// The model with other parameters, by way of its file.
  func smoothed(with rows: [[Double]]) throws -> SequenceModel {
    var file = try TensorFile(ModelFile.bytes(of: self))
    file.remove("smoothing.parameters")
    file.set("smoothing.parameters", rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0])
    return try ModelFile.model(from: file.serialized())
  }
}

/// −log P of a set by the walk, without any P(τ).
func walkedNats(of set: SequenceSet, _ model: SequenceModel) -> Double {
  func walk<C: Conditional>(_ conditional: C) -> Double {
    var nats = 0.0
    for index in 0..<set.count {
      let inputs = StepInputs(time: 0)
      var state = conditional.start(inputs)
      for symbol in set[index] {
        nats -= conditional.logProbability(of: symbol, state, inputs)
        conditional.advance(&state, past: symbol, inputs)
      }
      if conditional.shape.stop == .outcome {
        nats -= conditional.logProbability(of: conditional.shape.alphabetSize, state, inputs)
      }
    }
    return nats
  }
  return walk(model.conditional)
}
