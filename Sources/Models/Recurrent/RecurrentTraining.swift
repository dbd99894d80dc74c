import Foundation

/// How a recurrent network is trained: minibatches of whole sequences, AdamW, a rate that rises linearly and falls along
/// a cosine, clipping by the gradient's norm, dropout before the outputs, early stopping on the validation part.
public struct RecurrentTraining: Sendable, Hashable {
  /// Sequences in a minibatch.
  public var batch = 64
  /// The largest learning rate.
  public var rate = 0.01
  /// Weight decay.
  public var decay = 0.01
  /// The probability with which a unit is hidden from the outputs.
  public var dropout = 0.1
  /// The largest norm of a step's gradient (of the mean nats an event).
  public var clip = 1.0
  /// Passes over the data; `nil` for as many as make about `defaultSteps` steps, but no more than see `defaultEvents`
  /// symbols and ends, and at least four.
  public var epochs: Int?

  /// The options, for the help page.
  static let help = "batch=64, clip=1, decay=0.01, dropout=0.1, epochs=auto, rate=0.01"

  static let defaultSteps = 9000
  static let defaultEvents = 20_000_000
  /// The share of the steps in which the rate rises.
  private static let warmUp = 0.03
  /// Epochs without a better validation part after which training stops.
  static let patience = 5
  /// Elements after which a sequence is cut for training (the state starts anew, the last symbol is known).
  static let window = 256

  public init() {}

  init(_ options: inout ModelOptions) throws {
    batch = try options.integer("batch", in: 1...65536) ?? batch
    rate = try options.number("rate", in: 1e-9...10) ?? rate
    decay = try options.number("decay", in: 0...10) ?? decay
    dropout = try options.number("dropout", in: 0...0.95) ?? dropout
    clip = try options.number("clip", in: 1e-9...1e9) ?? clip
    if let text = options.text("epochs"), text != "auto" {
      guard let number = Int(text), (1...1_000_000).contains(number) else {
        throw SpecificationError.malformed("epochs=\(text) is neither 'auto' nor a whole number from 1 to 1000000")
      }
      epochs = number
    }
  }

  var word: [(key: String, value: String, isDefault: Bool)] {
    let standard = RecurrentTraining()
    return [
      ("batch", String(batch), batch == standard.batch),
      ("clip", String(clip), clip == standard.clip),
      ("decay", String(decay), decay == standard.decay),
      ("dropout", String(dropout), dropout == standard.dropout),
      ("epochs", epochs.map(String.init) ?? "auto", epochs == standard.epochs),
      ("rate", String(rate), rate == standard.rate),
    ]
  }

  func epochs(batches: Int, events: Int) -> Int {
    epochs ?? min(max(min(Self.defaultSteps / max(batches, 1), Self.defaultEvents / max(events, 1)), 4), 100)
  }

  /// The rate of step number `step` of `steps`.
  func rate(step: Int, of steps: Int) -> Double {
    let warm = max(1, Int(Self.warmUp * Double(steps)))
    if step < warm { return rate * Double(step + 1) / Double(warm) }
    let progress = Double(step - warm) / Double(max(steps - warm, 1))
    return rate * (0.01 + 0.99 * 0.5 * (1 + cos(.pi * progress)))
  }
}
