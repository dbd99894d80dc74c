import Sequences

/// A training with all its numbers: those that were given, and for the others what suits the data and the network.
package struct TrainingPlan {
  package let batch: Int
  /// The most steps of a sequence in a minibatch.
  package let window: Int
  package let rate: Double
  package let decay: Double
  package let dropout: Double
  package let epochs: Int
  /// Epochs without a better validation part after which training stops.
  package let patience: Int
  /// Steps of sequences (symbols and ends) in one pass.
  package let events: Int
  /// The numbers that were settled, the epochs last: to tell whether a checkpoint was made with the same ones. The first is
  /// that of the way in which minibatches are made and weighted.
  var numbers: [Double] { [2, Double(batch), Double(window), rate, decay, dropout, Double(epochs)] }
  private let schedule: RecurrentTraining.Schedule

  /// So many steps of a sequence are passed whole: nothing is cut off its gradient.
  private static let longestWhole = 256
  private static let usualWindow = 64
  private static let steps = 14_000
  private static let mostEvents = 20_000_000
  /// Of symbols and ends in a minibatch: more make the steps few.
  private static let eventsAtOnce = 2_048
  /// The minibatches that an epoch is to have, as far as the data allow.
  private static let batchesAnEpoch = 100
  /// Training goes on for so many epochs and so many minibatches without a better validation part. Few sequences make few
  /// minibatches an epoch: five epochs of them are over before the rate has fallen (270 utterances of vowels: 3 nats a step).
  private static let patienceInEpochs = 5
  private static let patienceInBatches = 300
  /// The share of the training in which the rate rises.
  private static let warmUp = 0.03

  package init(_ training: RecurrentTraining, _ layout: RecurrentLayout, _ set: Sequences<some RowStorage>) {
    let lengths = (0..<set.count).map { layout.shape.steps(length: set.length($0)) }
    events = lengths.reduce(0, +)
    let longest = max(lengths.max() ?? 0, 1)
    let window = training.window ?? (longest <= Self.longestWhole ? longest : Self.usualWindow)
    self.window = window
    let turns = Int(lengths.reduce(0.0) { $0 + Lanes.expectedTurns($1, window: window) }.rounded(.up))
    // 64 sequences, but 32 where windows are long, and down to 16 where an epoch would have too few minibatches: on 2,080
    // peptides (gru:64, seeds 1 to 6) batches of 16 take 0.02 to 0.03 nats an event less than such of 62.
    let most = max(turns / Self.batchesAnEpoch, 16)
    batch = training.batch ?? min(max(Self.eventsAtOnce * turns / max(events, 1), 32), 64, most)
    let batches = (turns + batch - 1) / batch
    patience = max(Self.patienceInEpochs, Self.patienceInBatches / max(batches, 1))
    // So many passes as make enough steps, but no more than see so many events; 4 to 100.
    epochs = training.epochs ?? min(max(min(Self.steps / max(batches, 1), Self.mostEvents / max(events, 1)), 4), 100)
    // Larger networks want smaller steps.
    rate = training.rate ?? training.optimiser.defaultRate * min(1, 256 / Double(layout.layers * layout.units))
    // Few parameters for much data need hardly any restraint, many for little data much. Tried on names (rnn:64, gru:128,
    // lstm:192) and on a long text (lstm:hidden=256,layers=2).
    let parameters = Double(layout.count) / Double(max(events, 1))
    decay = training.decay ?? min(max(0.15 * parameters, 0.005), 0.1)
    // A density of real numbers is as wide as what dropout shakes. Tried on vowels, a gesture, noisy sines, random walks and
    // vector autoregressions: 0.05 gains up to 1.6 nats a step over 0.2, and loses at most 0.03.
    let isDensity = layout.emission?.models(.reals) == true
    dropout = training.dropout ?? (isDensity ? 0.05 : min(max(0.25 * parameters, 0.1), 0.2))
    schedule = training.schedule
  }

  /// The rate after a share of the training: it rises linearly and falls along the schedule's curve.
  package func rate(at progress: Double) -> Double {
    if progress < Self.warmUp { return rate * max(progress / Self.warmUp, 0.01) }
    return rate * schedule.factor((progress - Self.warmUp) / (1 - Self.warmUp))
  }
}
