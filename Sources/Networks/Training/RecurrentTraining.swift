import Foundation
import ModelCore

/// How a recurrent network is trained: minibatches, an optimiser, a rate that rises linearly and falls along a curve,
/// clipping by the gradient's norm, dropout, early stopping on the validation part.
package struct RecurrentTraining: Sendable, Hashable {
  /// Sequences in a minibatch. `nil` here and below: what suits the data and the network.
  package var batch: Int?
  /// The steps through which gradients go back: longer sequences pass in windows of so many, the state carried.
  package var window: Int?
  package var optimiser = Optimiser.adamw
  /// The largest learning rate; for `bfgs` the size of the first step.
  package var rate: Double?
  package var schedule = Schedule.cosine
  package var regime = FeedbackSchedule.teacher
  /// Weight decay.
  package var decay: Double?
  /// The probability with which a unit is hidden from the layer above and from the outputs.
  package var dropout: Double?
  /// The largest norm of a step's gradient (of the mean nats an event).
  package var clip = 1.0
  /// The most passes over the data.
  package var epochs: Int?
  /// How vectors are changed for training.
  package var augmentation: Augmentation?

  /// How the rate falls after the warm-up.
  package enum Schedule: String, Sendable, CaseIterable {
    case cosine, linear, constant

    /// The share of the largest rate that is left after a share of the training.
    func factor(_ progress: Double) -> Double {
      switch self {
      case .cosine: 0.01 + 0.99 * 0.5 * (1 + cos(.pi * progress))
      case .linear: 1 - 0.99 * progress
      case .constant: 1
      }
    }
  }

  /// Options that may change when a training is resumed.
  static let resumableOptions: Set<String> = ["epochs"]

  /// The options, for the help page.
  static let help = """
    batch=auto (64; 32 for long sequences, down to 16 for few), clip=1
    bptt=auto (whole sequences if none has more than 256 steps, else 64)
    decay=auto (0.005 to 0.1), dropout=auto (0.1 to 0.2; 0.05 for real numbers): more for many parameters an event
    epochs=auto (4 to 100, by the number of events), rate=auto (0.01; less beyond 256 units)
    optimiser=adamw, sgd, rmsprop or bfgs; schedule=cosine, linear or constant
    \(FeedbackSchedule.help)
    \(Augmentation.help)
    """

  package init() {}

  init(_ options: inout ModelOptions, owner: String) throws {
    optimiser = try options.choice("optimiser") ?? optimiser
    self = RecurrentTraining(defaultsFor: optimiser)
    batch = try options.integer("batch", in: 1...65536, orAuto: true)
    window = try options.integer("bptt", in: 1...65536, orAuto: true)
    rate = try options.number("rate", in: 1e-9...10, orAuto: true)
    schedule = try options.choice("schedule") ?? schedule
    if let text = options.text("regime") { regime = try FeedbackSchedule(text, owner: owner) }
    decay = try options.number("decay", in: 0...10, orAuto: true) ?? decay
    dropout = try options.number("dropout", in: 0...0.95, orAuto: true) ?? dropout
    clip = try options.number("clip", in: 1e-9...1e9) ?? clip
    epochs = try options.integer("epochs", in: 1...1_000_000, orAuto: true)
    augmentation = try Augmentation(options.text("augment"), owner: owner)
    if optimiser == .bfgs, augmentation != nil {
      throw SpecificationError.malformed("\(owner): optimiser=bfgs needs a loss without chance in it: no augment=")
    }
    if optimiser == .bfgs, regime != .teacher || (dropout ?? 0) > 0 {
      throw SpecificationError.malformed(
        "\(owner): optimiser=bfgs needs a loss without chance in it: no dropout, and regime=teacher")
    }
  }

  private init(defaultsFor optimiser: Optimiser) {
    self.optimiser = optimiser
    if optimiser == .bfgs { (dropout, decay) = (0, 1e-5) }
  }

  var word: [(key: String, value: String, isDefault: Bool)] {
    let standard = RecurrentTraining(defaultsFor: optimiser)
    let augment = augmentation.map { [("augment", $0.word, false)] } ?? []
    return augment + [
      ("batch", batch.map(String.init) ?? "auto", batch == standard.batch),
      ("bptt", window.map(String.init) ?? "auto", window == standard.window),
      ("clip", String(clip), clip == standard.clip),
      ("decay", decay.map { String($0) } ?? "auto", decay == standard.decay),
      ("dropout", dropout.map { String($0) } ?? "auto", dropout == standard.dropout),
      ("epochs", epochs.map(String.init) ?? "auto", epochs == standard.epochs),
      ("optimiser", optimiser.rawValue, optimiser == .adamw),
      ("rate", rate.map { String($0) } ?? "auto", rate == standard.rate),
      ("regime", regime.word, regime == standard.regime),
      ("schedule", schedule.rawValue, schedule == standard.schedule),
    ]
  }
}
