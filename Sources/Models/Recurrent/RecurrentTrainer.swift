import Foundation
import Probability
import Sequences

/// Trains a recurrent network. The result depends on the seed and not on the number of threads: a minibatch is always
/// cut into the same shards, each is summed by one worker, and the sums are added in the order of the shards.
struct RecurrentTrainer<Scalar: RecurrentScalar> {
  private let data: TrainingData
  private let training: RecurrentTraining
  private let context: FittingContext
  private var network: RecurrentConditional<Scalar>
  private var optimiser: AdamWState<Scalar>
  private let gradients: BatchGradient<Scalar>
  private let segments: [Segment]

  init(
    _ network: RecurrentConditional<Scalar>, _ data: TrainingData, _ training: RecurrentTraining,
    _ context: FittingContext
  ) {
    self.network = network
    self.data = data
    self.training = training
    self.context = context
    optimiser = AdamWState(network.layout.count)
    gradients = BatchGradient(network.layout, network.cell, threads: context.threads)
    segments = (0..<data.train.count).flatMap { sequence in
      let steps = network.shape.steps(length: data.train.length(sequence))
      return stride(from: 0, to: steps, by: RecurrentTraining.window).map {
        Segment(sequence: sequence, steps: $0..<min($0 + RecurrentTraining.window, steps))
      }
    }
  }

  /// Trains to the end, to the end of patience, or to an interruption, and returns the parameters that were best on the
  /// validation part.
  /// - Throws: `FittingError`.
  mutating func run(named model: String) throws -> RecurrentConditional<Scalar> {
    guard !segments.isEmpty else { return network }
    let batches = (segments.count + training.batch - 1) / training.batch
    let epochs = training.epochs(batches: batches, events: segments.reduce(0) { $0 + $1.steps.count })
    var best = (nats: Double.infinity, parameters: network.parameters, epoch: 0)
    var step = 0
    for epoch in 1...epochs {
      var stream = RandomStream(seed: context.seed, purpose: "order", index: UInt64(epoch))
      let order = stream.permutation(segments.count)
      var nats = 0.0
      var events = 0
      for from in stride(from: 0, to: order.count, by: training.batch) {
        if context.isInterrupted() {
          if step == 0 { throw FittingError.interrupted }
          return kept(best)
        }
        let members = order[from..<min(from + training.batch, order.count)].map { segments[$0] }
        let sum = gradients.compute(
          members, of: data.train, network.parameters, lengthInput: data.lengthInput,
          dropout: (key: stream.next(), probability: training.dropout))
        guard sum.nats.isFinite, sum.norm.isFinite else { throw FittingError.diverged(model: model, step: step + 1) }
        nats += sum.nats
        events += sum.events
        let scale = 1 / Double(max(sum.events, 1))
        optimiser.update(
          &network.parameters, gradients.sum, scale: scale * min(1, training.clip / max(sum.norm * scale, 1e-30)),
          rate: training.rate(step: step, of: epochs * batches), decay: training.decay)
        step += 1
        context.progress(
          FittingProgress(
            fraction: Double(step) / Double(epochs * batches), text: "epoch \(epoch) of \(epochs)", isMilestone: false))
      }
      let valid = try validationNats(model, step) ?? nats / Double(max(events, 1))
      if valid < best.nats { best = (valid, network.parameters, epoch) }
      context.progress(
        FittingProgress(
          fraction: Double(step) / Double(epochs * batches),
          text: String(
            format: "epoch %d of %d: train %.4f, validation %.4f nats an event", epoch, epochs,
            nats / Double(max(events, 1)), valid),
          isMilestone: true))
      if epoch - best.epoch >= RecurrentTraining.patience { break }
    }
    return kept(best)
  }

  private func kept(_ best: (nats: Double, parameters: [Scalar], epoch: Int)) -> RecurrentConditional<Scalar> {
    // Before the first validation, what there is so far.
    guard best.epoch > 0 else { return network }
    var result = network
    result.parameters = best.parameters
    return result
  }

  /// Nats an event of the validation part, an event being a step as in training (P(τ) is no step of the network's);
  /// `nil` where there is none.
  private func validationNats(_ model: String, _ step: Int) throws -> Double? {
    let steps = (0..<data.valid.count).reduce(0) { $0 + network.shape.steps(length: data.valid.length($1)) }
    guard steps > 0 else { return nil }
    let scores = network.scores(of: data.valid, lengthInput: data.lengthInput, threads: context.threads)
    let nats = scores.reduce(0) { $0 + $1.nats }
    guard nats.isFinite else { throw FittingError.diverged(model: model, step: step) }
    return nats / Double(steps)
  }
}
