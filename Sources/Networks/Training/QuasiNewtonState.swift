import Foundation
import ModelCore

/// Where a quasi-Newton training stands.
struct QuasiNewtonState {
  struct Position: Codable {
    /// Iterations before the minimiser began last.
    var iteration = 0
    /// The best iterate so far by the validation part, from 1; it may lie beyond `iteration`. 0 for none.
    var bestIteration = 0
    var bestNats = 0.0
    /// Of the iterations up to `iteration`.
    var history: [TrainingEpoch] = []
  }

  var position = Position()
  /// Where the minimiser began last.
  var parameters: [Double]
  /// The best so far.
  var best: [Float]

  private static let key = "chainrule.training.quasi-newton"

  init(_ parameters: [Float]) {
    self.parameters = parameters.map(Double.init)
    best = parameters
  }

  /// The state without the best parameters, which are the checkpoint's model.
  func file(validHash: UInt64) throws -> TensorFile {
    var file = TensorFile()
    file.set("training.iterate", parameters, shape: [parameters.count])
    try file.setTraining(position, Self.key, validHash)
    return file
  }

  /// Takes over the state of a checkpoint.
  /// - Throws: `FittingError.wrongCheckpoint`.
  mutating func resume(_ file: TensorFile, best: [Float], validHash: UInt64) throws {
    guard let position: Position = file.training(Self.key), (0..<1 << 48).contains(position.iteration),
      (1..<1 << 48).contains(position.bestIteration),
      position.bestNats.isFinite, position.history.count == position.iteration,
      position.history.enumerated().allSatisfy({ $1.epoch == $0 + 1 })
    else { throw FittingError.wrongCheckpoint(reason: "it holds a model, but not where its training stood") }
    try file.checkValidation(validHash)
    do {
      parameters = try file.doubles("training.iterate", shape: [parameters.count])
    } catch let error as ModelFileError {
      throw FittingError.wrongCheckpoint(reason: "\(error)")
    }
    self.best = best
    self.position = position
  }
}
