import Foundation
import ModelCore

/// Where a training stands: with it and the seed everything that follows is determined, to the bit.
struct TrainingState {
  /// The small numbers, kept as JSON.
  struct Position: Codable, Equatable {
    /// From 1.
    var epoch = 1
    /// Minibatches done in this epoch, and in all.
    var minibatch = 0
    var step = 0
    /// Steps of sequences (symbols and ends) seen in all, which the learning rate goes by.
    var seen = 0
    /// Of this epoch so far.
    var nats = 0.0
    var events = 0
    var norms = 0.0
    var largestNorm = 0.0
    /// The best epoch so far by the validation part; 0 before the first one has ended.
    var bestEpoch = 0
    var bestNats = 0.0
    var history: [TrainingEpoch] = []
    /// Those of the plan: another version of the program may settle on other ones.
    var plan: [Double] = []
    /// The epochs of the finished training that this one continues; `nil` for none.
    var earlierEpochs: Int?
    /// Where the loss was not finite any more: the parameters are those of the last state before that was good.
    var divergedStep: Int?
  }

  var position = Position()
  var parameters: [Float]
  /// The best so far; those of the start before the first epoch has ended.
  var best: [Float]
  var optimiser: OptimiserState<Float>
  /// What the lanes carry.
  var carried: [Float] = []

  init(_ parameters: [Float], _ optimiser: Optimiser) {
    self.parameters = parameters
    best = parameters
    self.optimiser = OptimiserState(optimiser, count: parameters.count)
  }

  /// The state without the best parameters, which are the checkpoint's model.
  func file(validHash: UInt64) throws -> TensorFile {
    var file = TensorFile()
    file.set("training.parameters", parameters, shape: [parameters.count])
    file.set("training.moments", optimiser.moments, shape: [optimiser.moments.count])
    file.set("training.squares", optimiser.squares, shape: [optimiser.squares.count])
    file.set("training.carried", carried, shape: [carried.count])
    try file.setTraining(position, Position.key, validHash)
    return file
  }

  /// Takes over the state of a checkpoint.
  /// - Parameters:
  ///   - epochsMayDiffer: whether other epochs were asked for, so that the plan's are other ones.
  ///   - carried: how many numbers the lanes carry in an epoch.
  /// - Throws: `FittingError.wrongCheckpoint`.
  mutating func resume(
    _ file: TensorFile, best: [Float], _ plan: TrainingPlan, epochsMayDiffer: Bool, carried: (_ epoch: Int) -> Int,
    validHash: UInt64
  ) throws {
    guard let position: Position = file.training(Position.key), position.isSound else {
      throw FittingError.wrongCheckpoint(reason: "it holds a model, but not where its training stood")
    }
    if let step = position.divergedStep {
      throw FittingError.wrongCheckpoint(
        reason: "its loss was not finite at step \(step), and would not be again: try a smaller rate= or clip=")
    }
    // Its rate has been falling towards the end of so many: with fewer it would be another training.
    if let epochs = position.plan.last, Double(plan.epochs) < max(epochs, Double(position.epoch - 1)) {
      throw FittingError.wrongCheckpoint(
        reason: "its epochs is \(Int(exactly: epochs) ?? 0), and epochs=\(plan.epochs) asks for fewer")
    }
    let plans = [position.plan, plan.numbers].map { epochsMayDiffer ? $0.dropLast() : $0[...] }
    guard plans[0] == plans[1] else {
      throw FittingError.wrongCheckpoint(reason: "it was made with other numbers in place of auto, by another version")
    }
    try file.checkValidation(validHash)
    do {
      parameters = try file.floats("training.parameters", shape: [parameters.count])
      // Of gradients, whose size is no weight's.
      optimiser.moments = try file.floats("training.moments", shape: [optimiser.moments.count], atMost: 1e30)
      optimiser.squares = try file.floats("training.squares", shape: [optimiser.squares.count], atMost: 1e30)
      self.carried = try file.floats("training.carried", shape: [carried(position.epoch)])
    } catch let error as ModelFileError {
      throw FittingError.wrongCheckpoint(reason: "\(error)")
    }
    guard optimiser.squares.allSatisfy({ $0 >= 0 }) else {
      throw FittingError.wrongCheckpoint(reason: "training.squares holds a negative number")
    }
    guard position.bestEpoch > 0 || best == parameters else {
      throw FittingError.wrongCheckpoint(
        reason: "it is damaged: no epoch has ended, and its model is not the one in training")
    }
    optimiser.steps = position.step
    self.best = best
    self.position = position
    self.position.plan = plan.numbers
  }
}

extension TrainingState.Position {
  fileprivate static let key = "chainrule.training.position"

  /// Whether the numbers can be those of a training.
  fileprivate var isSound: Bool {
    let earlier = earlierEpochs ?? 0
    let counts = [minibatch, step, seen, events, bestEpoch, earlier, divergedStep ?? 0]
    let sums = [nats, norms, largestNorm, bestNats]
    return epoch > earlier && epoch < 1 << 48 && counts.allSatisfy { $0 >= 0 && $0 < 1 << 48 }
      && sums.allSatisfy { abs($0) < 1e300 }
      && minibatch <= step && bestEpoch < epoch && history.count == epoch - 1 - earlier
      && history.enumerated().allSatisfy { $1.epoch == earlier + 1 + $0 }
  }
}

extension TrainingState {
  /// Whether the parameters are such that a training can go on from them, and a file may hold them.
  var isSound: Bool { parameters.allSatisfy { abs($0) <= TensorFile.largestWeight } }
}

extension Checkpoint {
  /// The step at which the loss was not finite any more, of a training that cannot go on.
  package var divergedStep: Int? {
    let position: TrainingState.Position? = state.training(TrainingState.Position.key)
    return position?.divergedStep
  }
}

extension TensorFile {
  private static let validationKey = "chainrule.training.valid"

  /// Where a training stands, as a checkpoint says it; `nil` where it does not.
  func training<Position: Decodable>(_ key: String) -> Position? {
    metadata[key].flatMap { try? JSONDecoder().decode(Position.self, from: Data($0.utf8)) }
  }

  mutating func setTraining(_ position: some Encodable, _ key: String, _ validHash: UInt64) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    metadata[key] = String(decoding: try encoder.encode(position), as: UTF8.self)
    metadata[Self.validationKey] = String(validHash, radix: 16)
  }

  /// - Throws: `FittingError.wrongCheckpoint` where a training was judged by other validation data.
  func checkValidation(_ hash: UInt64) throws {
    guard metadata[Self.validationKey] == String(hash, radix: 16) else {
      throw FittingError.wrongCheckpoint(reason: "its validation data are other ones")
    }
  }
}
