import Foundation
import ModelCore
import Probability
import Sequences

/// Trains a recurrent network by minibatches. The result depends on the seed and not on the number of threads: a
/// minibatch is always cut into the same shards, each is summed by one worker, and the sums are added in the order of
/// the shards. Nor does it depend on interruptions: a checkpoint holds all that what follows depends on.
struct RecurrentTrainer<Rows: RowStorage> {
  private let model: String
  private let data: FittingData<Rows>
  private let training: RecurrentTraining
  private let plan: TrainingPlan
  private let context: FittingContext
  private var network: RecurrentNetwork<Float>
  private var state: TrainingState
  /// The state at the beginning of this epoch.
  private var lastGood: TrainingState
  private let gradients: BatchGradient<Float>
  private var lastSave = ContinuousClock.now

  init(
    _ network: RecurrentNetwork<Float>, _ data: FittingData<Rows>, _ training: RecurrentTraining,
    _ context: FittingContext, named model: String
  ) {
    self.model = model
    self.network = network
    self.data = data
    self.training = training
    self.context = context
    state = TrainingState(network.parameters, training.optimiser)
    lastGood = state
    plan = TrainingPlan(training, network.layout, data.train)
    state.position.plan = plan.numbers
    gradients = BatchGradient(network.layout, network.cell, threads: context.threads)
  }

  /// Trains to the end or to the end of patience, and returns the parameters that were best on the validation part, their
  /// stop's bias fitted to the training part; or to an interruption, and returns the best so far.
  /// - Throws: `FittingError`, and what saving a checkpoint throws.
  mutating func run() throws -> RecurrentNetwork<Float> {
    let (total, epochs) = (plan.events, plan.epochs)
    guard total > 0 else { return network }
    try resume()
    try continueFinished()
    while state.position.epoch <= epochs {
      if try !runEpoch(of: epochs, total) {
        if state.position.step == 0 { throw FittingError.interrupted }
        try save()
        return kept
      }
      if state.position.epoch - 1 - state.position.bestEpoch >= plan.patience { break }
    }
    return kept.fittingStopBias(to: data.train, threads: context.threads)
  }

  /// The order of the training data in an epoch.
  private func lanes(_ epoch: Int) -> Lanes {
    Lanes(
      data.train, network.shape, count: plan.batch, window: plan.window,
      stream: RandomStream(seed: context.seed, purpose: "order", index: UInt64(epoch)))
  }

  /// False where it was interrupted.
  private mutating func runEpoch(of epochs: Int, _ total: Int) throws -> Bool {
    let epoch = state.position.epoch
    var lanes = lanes(epoch)
    let meanEvents = lanes.meanEvents
    if state.position.minibatch == 0 {
      state.carried = lanes.carries ? Array(repeating: 0, count: plan.batch * network.layout.stateSize) : []
      if state.isSound { lastGood = state }
    }
    gradients.carried = state.carried
    for _ in 0..<state.position.minibatch where lanes.minibatch().isEmpty {
      throw FittingError.wrongCheckpoint(reason: "its epoch has fewer minibatches")
    }
    while true {
      let turns = lanes.minibatch()
      if turns.isEmpty { break }
      if context.isInterrupted() { return false }
      try saveIfDue()
      try step(turns, meanEvents, progress: progress(of: epochs, total))
      context.progress(
        FittingProgress(
          fraction: progress(of: epochs, total), text: "epoch \(epoch) of \(epochs)",
          isMilestone: false))
    }
    try endEpoch(of: epochs, total)
    return true
  }

  /// The share of the training that is done, of what is left to do after an earlier one.
  private func progress(of epochs: Int, _ total: Int) -> Double {
    min(Double(state.position.seen) / Double(total * (epochs - (state.position.earlierEpochs ?? 0))), 1)
  }

  /// - Parameter meanEvents: of a minibatch of this epoch. To divide by the minibatch's own number would give the events
  ///   of small minibatches, among them most ends of sequences little longer than a window, more weight than others.
  private mutating func step(_ turns: [Lanes.Turn], _ meanEvents: Double, progress: Double) throws {
    var stream = RandomStream(seed: context.seed, purpose: "step", index: UInt64(state.position.step))
    var conditions = BatchGradient<Float>.Conditions()
    conditions.dropout = Dropout(key: stream.next(), probability: plan.dropout)
    conditions.regime = training.regime
    conditions.progress = progress
    conditions.augmentation = training.augmentation
    conditions.augmentation?.key = context.seed &+ UInt64(state.position.epoch) &* 0x9e37_79b9_7f4a_7c15
    let sum = gradients.compute(turns, of: data.train, state.parameters, conditions)
    guard sum.nats.isFinite, sum.norm.isFinite else { throw try diverged() }
    let scale = 1 / meanEvents
    let norm = sum.norm * scale
    state.optimiser.update(
      &state.parameters, gradients.sum, scale: scale * min(1, training.clip / max(norm, 1e-30)),
      rate: plan.rate(at: progress), decay: plan.decay)
    state.carried = gradients.carried
    state.position.nats += sum.nats
    state.position.events += sum.events
    state.position.norms += norm
    state.position.largestNorm = max(state.position.largestNorm, norm)
    state.position.seen += sum.events
    state.position.step += 1
    state.position.minibatch += 1
  }

  private mutating func endEpoch(of epochs: Int, _ total: Int) throws {
    let position = state.position
    let train = position.nats / Double(max(position.events, 1))
    guard state.isSound else { throw try diverged() }
    let valid = try validationNats()
    let progress = progress(of: epochs, total)
    if state.position.bestEpoch == 0 || valid ?? train < position.bestNats {
      state.position.bestEpoch = position.epoch
      state.position.bestNats = valid ?? train
      state.best = state.parameters
    }
    let record = TrainingEpoch(
      epoch: position.epoch, train: train, valid: valid,
      gradientNorm: position.norms / Double(max(position.minibatch, 1)), largestGradientNorm: position.largestNorm,
      rate: plan.rate(at: progress))
    state.position.history.append(record)
    state.position.epoch += 1
    (state.position.minibatch, state.position.events) = (0, 0)
    (state.position.nats, state.position.norms, state.position.largestNorm) = (0, 0, 0)
    context.progress(
      FittingProgress(fraction: progress, text: record.text(of: epochs), isMilestone: true, epoch: record))
  }

  /// The best parameters on the validation part; before the first validation, what there is so far.
  private var kept: RecurrentNetwork<Float> {
    network.replacingParameters(state.position.bestEpoch > 0 ? state.best : state.parameters)
  }

  /// Nats an event of the validation part, an event being a step as in training (P(τ) is no step of the network's);
  /// `nil` where there is none.
  private mutating func validationNats() throws -> Double? {
    let steps = network.shape.steps(of: data.valid)
    guard steps > 0 else { return nil }
    let network = network.replacingParameters(state.parameters)
    let scores = network.scores(of: data.valid, threads: context.threads)
    let nats = scores.reduce(0) { $0 + $1.nats }
    guard nats.isFinite else { throw try diverged() }
    return nats / Double(steps)
  }

  /// Keeps the last state that was good, for the training cannot go on.
  private mutating func diverged() throws -> FittingError {
    let step = state.position.step + 1
    if !state.isSound { state = lastGood }
    state.position.divergedStep = step
    try save()
    return FittingError.diverged(model: model, step: step, gradient: largestGradient)
  }

  /// What a person wants to know of the gradient when a loss is not finite.
  private var largestGradient: String {
    var largest = (name: "", size: Float(0))
    for part in network.layout.parts {
      for value in gradients.sum[part.range] {
        guard value.isFinite else { return "the gradient of \(part.name) is not finite" }
        if abs(value) > largest.size { largest = (part.name, abs(value)) }
      }
    }
    return "the largest gradient was \(largest.size), of \(largest.name)"
  }

  // MARK: Checkpoints

  private mutating func resume() throws {
    guard let (checkpoint, best) = try context.checkpoint(of: network.layout) else { return }
    let (trainer, size) = (self, plan.batch * network.layout.stateSize)
    let earlier = (checkpoint.model.specification.family as? any RecurrentFamily)?.training
    try state.resume(
      checkpoint.state, best: best.parameters, plan, epochsMayDiffer: earlier?.epochs != training.epochs,
      carried: { trainer.lanes($0).carries ? size : 0 }, validHash: data.valid.contentHash)
    lastGood = state
    context.tell(of: state.position.history)
  }

  /// Goes on from a finished model, from whose epochs those of this training are counted.
  private mutating func continueFinished() throws {
    guard let checkpoints = context.checkpoints, checkpoints.resuming == nil, let earlier = checkpoints.continuing,
      let family = earlier.specification.family as? any RecurrentFamily,
      let trained = earlier.recurrentNetwork, trained.layout == network.layout
    else { return }
    let epochs = TrainingPlan(family.training, network.layout, data.train).epochs
    guard plan.epochs > epochs else {
      throw FittingError.wrongCheckpoint(
        reason: "it has been trained for \(epochs) epochs, and epochs=\(plan.epochs) asks for no more")
    }
    (state.parameters, state.best) = (trained.parameters, trained.parameters)
    state.position.earlierEpochs = epochs
    state.position.epoch = epochs + 1
    // What no validation part compares is better for having seen more.
    (state.position.bestEpoch, state.position.bestNats) = (epochs, try validationNats() ?? 1e299)
    lastGood = state
  }

  private mutating func saveIfDue() throws {
    guard let interval = context.checkpoints?.interval, state.position.step > 0 else { return }
    // Parameters that have run away are found out at the next loss; the checkpoint before stays.
    if (ContinuousClock.now - lastSave) / .seconds(1) >= interval, state.isSound { try save() }
  }

  private mutating func save() throws {
    lastSave = .now
    // Before the first step there is nothing to keep, but that a training diverged is to be said in any case.
    guard let save = context.save, state.position.step > 0 || state.position.divergedStep != nil else { return }
    try save(kept.process, try state.file(validHash: data.valid.contentHash))
  }
}

extension OutputShape {
  /// The steps of all sequences of a set: symbols, and ends where they are decided.
  func steps(of set: Sequences<some RowStorage>) -> Int {
    (0..<set.count).reduce(0) { $0 + steps(length: set.length($1)) }
  }
}

extension FittedModel {
  /// The network of a recurrent model, as it is trained; `nil` of other models.
  var recurrentNetwork: RecurrentNetwork<Float>? {
    (process as? RecurrentConditional<Float>)?.network ?? (process as? RecurrentVectorProcess<Float>)?.network
  }
}

extension FittingContext {
  /// The checkpoint that a training is to continue from, and the best network so far; `nil` where there is none.
  /// - Throws: `FittingError.wrongCheckpoint`.
  func checkpoint(of layout: RecurrentLayout) throws -> (Checkpoint, best: RecurrentNetwork<Float>)? {
    guard let checkpoint = checkpoints?.resuming else { return nil }
    guard let best = checkpoint.model.recurrentNetwork, best.layout == layout else {
      throw FittingError.wrongCheckpoint(reason: "its network has other sizes")
    }
    return (checkpoint, best)
  }

  /// Tells of the epochs before a checkpoint.
  func tell(of epochs: [TrainingEpoch]) {
    for epoch in epochs { progress(FittingProgress(fraction: 0, text: "", isMilestone: false, epoch: epoch)) }
  }
}

extension TrainingEpoch {
  func text(of epochs: Int) -> String {
    let valid = valid.map { String(format: ", validation %.4f", $0) } ?? ""
    return String(format: "epoch %d of %d: train %.4f", epoch, epochs, train) + valid + " nats an event"
      + String(format: ", gradient norm %.2g, largest %.2g", gradientNorm, largestGradientNorm)
  }
}
