import Experiments
import Foundation

/// The decimals that a comparison's figures are told with: as many as the intervals of the differences justify.
package struct Precision {
  /// Decimals of nats a sequence.
  package let perSequence: Int
  /// Decimals of nats an event.
  package let perEvent: Int
  /// Decimals of a perplexity.
  package let perplexity: Int

  /// - Parameter eventsPerSequence: those of a test sequence, in the mean.
  package init(_ comparison: Comparison, eventsPerSequence: Double) {
    let halves = comparison.rows.map { ($0.difference.high - $0.difference.low) / 2 }.filter { $0 > 0 && $0.isFinite }
    perSequence = Numbers.decimals(for: halves.min() ?? 0)
    perEvent = Numbers.decimals(for: (halves.min() ?? 0) / eventsPerSequence)
    perplexity = max(perEvent - 1, 1)
  }
}
