import Foundation
import Support

/// The Bernoulli distribution of a bit, by its logit log p/(1 − p): probabilities next to 0 and 1 keep their digits.
package struct BernoulliDistribution: Sendable, Hashable {
  /// log P(1) − log P(0).
  package let logit: Double

  /// A Bernoulli distribution.
  package init(logit: Double) { self.logit = logit }

  /// log P(y), in nats; −∞ unless y is 0 or 1.
  package func logProbability(_ y: Double) -> Double {
    y == 1 ? -softplus(-logit) : y == 0 ? -softplus(logit) : -.infinity
  }

  /// P(Y ≤ y).
  package func cumulative(_ y: Double) -> Double { y < 0 ? 0 : y < 1 ? 1 / (1 + exp(logit)) : 1 }

  /// A draw, 0 or 1.
  package func draw(_ stream: inout RandomStream) -> Double { stream.uniform() < mean ? 1 : 0 }

  /// P(1).
  package var mean: Double { 1 / (1 + exp(-logit)) }

  /// P(1) P(0).
  package var variance: Double { mean / (1 + exp(logit)) }

  /// The Bernoulli distribution of largest likelihood: the logit of the mean, ±∞ where all bits are equal; `nil` where there
  /// are none. O(bits).
  package static func fit(_ bits: [Double]) -> BernoulliDistribution? {
    let ones = bits.reduce(0, +)
    return bits.isEmpty ? nil : BernoulliDistribution(logit: log(ones) - log(Double(bits.count) - ones))
  }
}
