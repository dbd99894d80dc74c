import Foundation
import Models
import Sequences

/// The figures of a model on a set, all from the same totals: negative log-likelihoods in nats, with
/// events = symbols + sequences (each end counts as one).
public struct Figures: Sendable, Hashable, Codable {
  public var nats: Double
  public var natsElements: Double
  public var natsLength: Double
  public var sequences: Int
  public var symbols: Int
  public var natsPerSequence: Double
  public var natsPerEvent: Double
  public var bitsPerEvent: Double
  /// exp(nats / events).
  public var perplexity: Double
  /// exp(natsElements / symbols): the end neither predicted nor counted.
  public var perplexityWithoutEnd: Double
  /// Sequences to which the model gives no probability; they make the totals infinite.
  public var impossible: Int

  public init(_ scores: [SequenceScore], symbols: Int) {
    natsElements = scores.reduce(0) { $0 + $1.natsElements }
    natsLength = scores.reduce(0) { $0 + $1.natsLength }
    nats = natsElements + natsLength
    sequences = scores.count
    self.symbols = symbols
    let events = Double(max(symbols + sequences, 1))
    natsPerSequence = nats / Double(max(sequences, 1))
    natsPerEvent = nats / events
    bitsPerEvent = nats / events / log(2)
    perplexity = exp(nats / events)
    perplexityWithoutEnd = exp(natsElements / Double(max(symbols, 1)))
    impossible = scores.count { $0.nats == .infinity }
  }
}

extension SequenceModel {
  /// The figures on a set.
  public func figures(on set: SequenceSet, threads: Int = 1) -> Figures {
    Figures(scores(of: set, threads: threads), symbols: set.symbolCount)
  }
}
