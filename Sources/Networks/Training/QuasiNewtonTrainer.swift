import Foundation
import ModelCore
import Probability
import Sequences

/// Trains a small recurrent network by quasi-Newton steps on all the data at once, in double precision; weight decay is
/// a penalty ½ decay ‖θ‖² on the mean nats an event. Stops early like the other optimisers.
///
/// The minimiser's memory of curvature cannot be kept in a file. So it begins anew after every `restart` iterations, from
/// where it stands, in every training: a training that is resumed at such an iterate goes on to the same bits.
struct QuasiNewtonTrainer<Rows: RowStorage> {
  private let data: FittingData<Rows>
  private let training: RecurrentTraining
  private let context: FittingContext
  private let network: RecurrentNetwork<Float>
  private var state: QuasiNewtonState
  private var lastSave = ContinuousClock.now

  /// Iterations if no number of epochs is given.
  private static var defaultIterations: Int { 500 }
  /// Iterations without a better validation part after which training stops.
  private static var patience: Int { 25 }
  /// Iterations after which the minimiser begins anew.
  private static var restart: Int { 100 }

  init(
    _ network: RecurrentNetwork<Float>, _ data: FittingData<Rows>, _ training: RecurrentTraining,
    _ context: FittingContext
  ) {
    self.network = network
    self.data = data
    self.training = training
    self.context = context
    state = QuasiNewtonState(network.parameters)
  }

  /// - Throws: `FittingError`, `GSLError`, and what saving a checkpoint throws.
  mutating func run() throws -> RecurrentNetwork<Float> {
    let events = network.shape.steps(of: data.train)
    guard events > 0 else { return network }
    try resume()
    let gradients = BatchGradient<Double>(network.layout, network.cell, threads: context.threads)
    let iterations = training.epochs ?? Self.defaultIterations
    while state.position.iteration < iterations {
      let wanted = min(Self.restart, iterations - state.position.iteration)
      guard let next = try iterate(wanted, of: iterations, gradients, events) else { break }
      state.position.iteration += wanted
      state.position.history = next.history
      state.parameters = next.parameters
    }
    return network.replacingParameters(state.best)
  }

  /// So many iterations from where the state is; `nil` once there is no need of more: patience or the training is at its
  /// end, or it was interrupted.
  private mutating func iterate(
    _ wanted: Int, of iterations: Int, _ gradients: BatchGradient<Double>, _ events: Int
  ) throws -> (parameters: [Double], history: [TrainingEpoch])? {
    let (decay, rate) = (training.decay ?? 0, training.rate ?? training.optimiser.defaultRate)
    let first = state.position.iteration
    var (history, parameters, done) = (state.position.history, state.parameters, 0)
    var isComplete = false
    try QuasiNewton.minimise(
      from: state.parameters, firstStep: rate, tolerance: 1e-6, iterations: wanted,
      { [data] parameters in
        let nats = gradients.compute(data.train, parameters)
        let squares = parameters.reduce(0) { $0 + $1 * $1 }
        let scale = 1 / Double(events)
        return (
          nats * scale + decay * squares / 2,
          zip(gradients.sum, parameters).map { $0 * scale + decay * $1 }
        )
      },
      { iterate in
        if context.isInterrupted() {
          if state.position.bestIteration == 0 { throw FittingError.interrupted }
          try save()
          isComplete = true
          return false
        }
        (parameters, done) = (iterate.variables, iterate.iteration)
        let iteration = first + iterate.iteration
        let candidate = iterate.variables.map { Float($0) }
        let valid = validationNats(candidate)
        let nats = valid ?? iterate.value
        if state.position.bestIteration == 0 || nats < state.position.bestNats {
          (state.position.bestIteration, state.position.bestNats, state.best) = (iteration, nats, candidate)
        }
        let record = TrainingEpoch(
          epoch: iteration, train: iterate.value, valid: valid, gradientNorm: iterate.gradientNorm,
          largestGradientNorm: iterate.gradientNorm, rate: rate)
        history.append(record)
        context.progress(
          FittingProgress(
            fraction: Double(iteration) / Double(iterations), text: record.text(of: iterations), isMilestone: true,
            epoch: record))
        try saveIfDue()
        isComplete = iteration - state.position.bestIteration >= Self.patience
        return !isComplete
      })
    // Fewer than wanted: nothing makes it smaller any more.
    return isComplete || done < wanted ? nil : (parameters, history)
  }

  /// Nats an event of the validation part; `nil` where there is none.
  private func validationNats(_ parameters: [Float]) -> Double? {
    let events = network.shape.steps(of: data.valid)
    guard events > 0 else { return nil }
    return network.replacingParameters(parameters)
      .scores(of: data.valid, threads: context.threads)
      .reduce(0) { $0 + $1.nats } / Double(events)
  }

  // MARK: Checkpoints

  private mutating func resume() throws {
    guard let (checkpoint, best) = try context.checkpoint(of: network.layout) else { return }
    try state.resume(checkpoint.state, best: best.parameters, validHash: data.valid.contentHash)
    context.tell(of: state.position.history)
  }

  private mutating func saveIfDue() throws {
    guard let interval = context.checkpoints?.interval else { return }
    if (ContinuousClock.now - lastSave) / .seconds(1) >= interval { try save() }
  }

  /// Keeps where the minimiser began last, and the best of what came after it too.
  private mutating func save() throws {
    lastSave = .now
    let isSound = state.best.allSatisfy { abs($0) <= TensorFile.largestWeight }
    guard let save = context.save, isSound else { return }
    try save(network.replacingParameters(state.best).process, try state.file(validHash: data.valid.contentHash))
  }
}
