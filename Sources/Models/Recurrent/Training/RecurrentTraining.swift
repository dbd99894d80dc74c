import Foundation

/// How a recurrent network is trained: minibatches, an optimiser, a rate that rises linearly and falls along a curve,
/// clipping by the gradient's norm, dropout, early stopping on the validation part.
public struct RecurrentTraining: Sendable, Hashable {
  /// Sequences in a minibatch.
  public var batch = 64
  /// The steps through which gradients go back: longer sequences pass in windows of so many, the state carried.
  public var window = 64
  public var optimiser = Optimiser.adamw
  /// The largest learning rate.
  public var rate = Optimiser.adamw.defaultRate
  public var schedule = Schedule.cosine
  public var regime = Regime.teacher
  /// Weight decay; `nil` for one that grows with the number of parameters an event (`decay(parameters:events:)`).
  public var decay: Double?
  /// The probability with which a unit is hidden from the layer above and from the outputs.
  public var dropout = 0.1
  /// The largest norm of a step's gradient (of the mean nats an event).
  public var clip = 1.0
  /// Passes over the data; `nil` for as many as make about `defaultSteps` steps, but no more than see `defaultEvents`
  /// symbols and ends, and at least four.
  public var epochs: Int?

  /// How the rate falls after the warm-up.
  public enum Schedule: String, Sendable, CaseIterable {
    case cosine
    case linear
    case constant

    /// The share of the largest rate that is left after a share of the training.
    func factor(_ progress: Double) -> Double {
      switch self {
      case .cosine: 0.01 + 0.99 * 0.5 * (1 + cos(.pi * progress))
      case .linear: 1 - 0.99 * progress
      case .constant: 1
      }
    }
  }

  /// The options, for the help page.
  static let help = """
    batch=64, bptt=64, clip=1, decay=auto, dropout=0.1, epochs=auto
    optimiser=adamw, sgd, rmsprop or bfgs
    rate=0.01, schedule=cosine, linear or constant
    \(Regime.help)
    """

  static let defaultSteps = 14_000
  static let defaultEvents = 20_000_000
  /// The share of the training in which the rate rises.
  private static let warmUp = 0.03
  /// Epochs without a better validation part after which training stops.
  static let patience = 5

  public init() {}

  init(_ options: inout ModelOptions, owner: String) throws {
    optimiser = try options.choice("optimiser") ?? optimiser
    self = RecurrentTraining(defaultsFor: optimiser)
    batch = try options.integer("batch", in: 1...65536) ?? batch
    window = try options.integer("bptt", in: 1...65536) ?? window
    rate = try options.number("rate", in: 1e-9...10) ?? rate
    schedule = try options.choice("schedule") ?? schedule
    if let text = options.text("regime") { regime = try Regime(text, owner: owner) }
    if let text = options.text("decay"), text != "auto" {
      guard let number = Double(text), (0...10).contains(number) else {
        throw SpecificationError.malformed("decay=\(text) is neither 'auto' nor a number from 0 to 10")
      }
      decay = number
    }
    dropout = try options.number("dropout", in: 0...0.95) ?? dropout
    clip = try options.number("clip", in: 1e-9...1e9) ?? clip
    if let text = options.text("epochs"), text != "auto" {
      guard let number = Int(text), (1...1_000_000).contains(number) else {
        throw SpecificationError.malformed("epochs=\(text) is neither 'auto' nor a whole number from 1 to 1000000")
      }
      epochs = number
    }
    if optimiser == .bfgs, regime != .teacher || dropout > 0 {
      throw SpecificationError.malformed(
        "\(owner): optimiser=bfgs needs a loss without chance in it: no dropout, and regime=teacher")
    }
  }

  private init(defaultsFor optimiser: Optimiser) {
    self.optimiser = optimiser
    rate = optimiser.defaultRate
    if optimiser == .bfgs { (dropout, decay) = (0, 1e-5) }
  }

  var word: [(key: String, value: String, isDefault: Bool)] {
    let standard = RecurrentTraining(defaultsFor: optimiser)
    return [
      ("batch", String(batch), batch == standard.batch),
      ("bptt", String(window), window == standard.window),
      ("clip", String(clip), clip == standard.clip),
      ("decay", decay.map { String($0) } ?? "auto", decay == standard.decay),
      ("dropout", String(dropout), dropout == standard.dropout),
      ("epochs", epochs.map(String.init) ?? "auto", epochs == standard.epochs),
      ("optimiser", optimiser.rawValue, optimiser == .adamw),
      ("rate", String(rate), rate == standard.rate),
      ("regime", regime.word, regime == standard.regime),
      ("schedule", schedule.rawValue, schedule == standard.schedule),
    ]
  }

  func epochs(batches: Int, events: Int) -> Int {
    epochs ?? min(max(min(Self.defaultSteps / max(batches, 1), Self.defaultEvents / max(events, 1)), 4), 100)
  }

  /// Few parameters for much data need next to no decay, many for little data much: 0.15 times their ratio, from 0.005
  /// to 0.1 (tried on names: rnn:64, gru:128 and lstm:192 are best near 0.005, 0.05 and 0.1).
  func decay(parameters: Int, events: Int) -> Double {
    decay ?? min(max(0.15 * Double(parameters) / Double(max(events, 1)), 0.005), 0.1)
  }

  /// The rate after a share of the training.
  func rate(at progress: Double) -> Double {
    if progress < Self.warmUp { return rate * max(progress / Self.warmUp, 0.01) }
    return rate * schedule.factor((progress - Self.warmUp) / (1 - Self.warmUp))
  }
}
