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

  /// Symbols and ends.
  public var events: Int { symbols + sequences }

  public init(_ scores: [SequenceScore], symbols: Int) {
    var total = SequenceScore()
    for score in scores {
      total.natsElements += score.natsElements
      total.natsLength += score.natsLength
    }
    self.init(
      total: total, sequences: scores.count, symbols: symbols, impossible: scores.count { $0.nats == .infinity })
  }

  init(total: SequenceScore, sequences: Int, symbols: Int, impossible: Int) {
    natsElements = total.natsElements
    natsLength = total.natsLength
    nats = natsElements + natsLength
    self.sequences = sequences
    self.symbols = symbols
    let events = Double(max(symbols + sequences, 1))
    natsPerSequence = nats / Double(max(sequences, 1))
    natsPerEvent = nats / events
    bitsPerEvent = nats / events / log(2)
    perplexity = exp(nats / events)
    perplexityWithoutEnd = exp(natsElements / Double(max(symbols, 1)))
    self.impossible = impossible
  }
}

extension SequenceModel {
  /// The figures on a set.
  public func figures(on set: SequenceSet, threads: Int = 1) -> Figures {
    Figures(scores(of: set, threads: threads), symbols: set.symbolCount)
  }

  /// The figures on the very set that the model was fitted to; from its counts, where it has them.
  public func figures(onTraining set: SequenceSet, threads: Int = 1) -> Figures {
    guard let counted = conditional as? any CountedConditional<Symbol>,
      var total = counted.scoreOfTrainingSet(sequences: set.count, symbols: set.symbolCount), total.nats.isFinite
    else { return figures(on: set, threads: threads) }
    if let nats = lengthNats(set) {
      for index in 0..<set.count { total.natsLength += nats(index) }
    }
    return Figures(total: total, sequences: set.count, symbols: set.symbolCount, impossible: 0)
  }
}
