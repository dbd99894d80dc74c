import Foundation
import Probability
import Sequences

/// Trains a small recurrent network by quasi-Newton steps on all the data at once, in double precision; weight decay is
/// a penalty ½ decay ‖θ‖² on the mean nats an event. Stops early like the other optimisers.
struct QuasiNewtonTrainer {
  private let data: TrainingData
  private let training: RecurrentTraining
  private let context: FittingContext
  private let network: RecurrentConditional<Float>

  /// Iterations if no number of epochs is given.
  private static let defaultIterations = 500
  /// Iterations without a better validation part after which training stops.
  private static let patience = 25

  init(
    _ network: RecurrentConditional<Float>, _ data: TrainingData, _ training: RecurrentTraining,
    _ context: FittingContext
  ) {
    self.network = network
    self.data = data
    self.training = training
    self.context = context
  }

  /// - Throws: `FittingError`, `GSLError`.
  func run() throws -> RecurrentConditional<Float> {
    let events = (0..<data.train.count).reduce(0) { $0 + network.shape.steps(length: data.train.length($1)) }
    guard events > 0 else { return network }
    let valid = (0..<data.valid.count).reduce(0) { $0 + network.shape.steps(length: data.valid.length($1)) }
    let gradients = BatchGradient<Double>(network.layout, network.cell, threads: context.threads)
    let iterations = training.epochs ?? Self.defaultIterations
    let (decay, rate) = (training.decay ?? 0, training.rate ?? training.optimiser.defaultRate)
    var best = (nats: Double.infinity, network: network, iteration: 0)
    try QuasiNewton.minimise(
      from: network.parameters.map(Double.init), firstStep: rate, tolerance: 1e-6, iterations: iterations,
      { [data] parameters in
        let nats = gradients.compute(data.train, parameters, lengthInput: data.lengthInput)
        let squares = parameters.reduce(0) { $0 + $1 * $1 }
        let scale = 1 / Double(events)
        return (
          nats * scale + decay * squares / 2,
          zip(gradients.sum, parameters).map { $0 * scale + decay * $1 }
        )
      },
      { iterate in
        if context.isInterrupted() {
          if best.iteration == 0 { throw FittingError.interrupted }
          return false
        }
        let candidate = network.replacingParameters(iterate.variables.map { Float($0) })
        var nats = iterate.value
        if valid > 0 {
          nats =
            candidate.scores(of: data.valid, lengthInput: data.lengthInput, threads: context.threads)
            .reduce(0) { $0 + $1.nats } / Double(valid)
        }
        if nats < best.nats { best = (nats, candidate, iterate.iteration) }
        let record = TrainingEpoch(
          epoch: iterate.iteration, train: iterate.value, valid: valid > 0 ? nats : nil,
          gradientNorm: iterate.gradientNorm, largestGradientNorm: iterate.gradientNorm, rate: rate)
        context.progress(
          FittingProgress(
            fraction: Double(iterate.iteration) / Double(iterations), text: record.text(of: iterations),
            isMilestone: true, epoch: record))
        return iterate.iteration - best.iteration < Self.patience
      })
    return best.network
  }
}
