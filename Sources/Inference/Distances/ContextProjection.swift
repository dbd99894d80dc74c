import Foundation
import ModelCore
import Sequences

/// How often a sequence of a model is expected to hold each context of m symbols and what follows it: the expected counts of
/// a Markov model of order m. Contexts of the first m steps are shorter, as those of Markov models with start marks are.
public struct ExpectedContextCounts: Sendable {
  /// m.
  public let order: Int
  /// The contexts that have a probability above 0, the oldest symbol first; shorter ones at the beginning of a sequence.
  public let contexts: [[Symbol]]
  /// For each context the expected number of times a sequence that each symbol follows, and last the end; without the end
  /// where the length is drawn first.
  public let counts: [[Double]]
  /// E log P(elements, and ends that are decided) of the model itself, a sequence, in nats.
  public let logLikelihood: Double
  /// The expected number of elements and ends a sequence.
  public let events: Double

  /// KL(model ‖ projection) in nats a sequence. The projection is the Markov model of order m that minimises it: P(outcome |
  /// context) is a ratio of expected counts (the moment projection, as maximum likelihood is on the counts of data). Of a
  /// model that draws its length first it has the same P(τ), and elements that do not look at the length.
  public var divergence: Double {
    let projected = counts.reduce(0.0) { sum, row in
      let total = row.reduce(0, +)
      return row.reduce(sum) { $1 > 0 ? $0 + $1 * log($1 / total) : $0 }
    }
    // A difference of equal sums may be a rounding below zero.
    return max(logLikelihood - projected, 0)
  }
}

extension SequenceModel {
  /// The expected counts of contexts of m symbols in a sequence of the model, exactly, by a forward pass on its states beside
  /// the last m symbols. O(steps · pairs of state and context · symbols).
  /// - Returns: `nil` where that is too much, as in `exactDivergence`.
  public func expectedContextCounts(
    order: Int, _ limits: ExactLimits = ExactLimits()
  ) -> ExpectedContextCounts? {
    guard let listed = ListedModel(self) else { return nil }
    let k = alphabet.size
    let outcomes = listed.law == nil ? k + 1 : k
    var pass = JointPass(listed, beside: LastSymbols(order: order, alphabetSize: k), limits)
    var counts: [[Double]] = []
    var (sum, events) = (0.0, 0.0)
    do {
      try pass.run(asksLengths: false, readsLength: false) { step in
        while counts.count <= step.companion { counts.append([Double](repeating: 0, count: outcomes)) }
        for way in step.ways where step.visits > 0 {
          let expected = step.visits * way.probability
          counts[step.companion][way.symbol] += expected
          sum += expected * log(way.probability)
          events += expected
        }
        events += step.ends
        if listed.law == nil, step.ends > 0 {
          counts[step.companion][k] += step.ends
          sum += step.ends * log(step.stop)
        }
      }
    } catch {
      return nil
    }
    let used = counts.indices.filter { counts[$0].contains { $0 > 0 } }
    return ExpectedContextCounts(
      order: order, contexts: used.map { pass.companion.contexts[$0] }, counts: used.map { counts[$0] },
      logLikelihood: sum, events: events)
  }
}
