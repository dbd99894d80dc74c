import Foundation
import Probability

/// P(τ) = p (1 − p)^τ, p = 1/(1 + mean): the hazard is p at every length. The law of largest entropy with that mean, and
/// that of a Markov model of order 0 with an end symbol.
package struct GeometricLengths: OneParameterLengths {
  package static let name = "geometric"

  package let mean: Double

  package init(mean: Double) { self.mean = mean }

  package var variance: Double { mean * (1 + mean) }

  /// log(1 − p).
  private var logContinue: Double { -log1p(1 / mean) }

  package func logProbability(_ length: Int) -> Double { -log1p(mean) + Double(length) * logContinue }

  package func tail(beyond length: Int) -> Double { length < 0 ? 1 : exp(Double(length + 1) * logContinue) }

  package func sample(_ stream: inout RandomStream) -> Int { stream.geometric(1 / (1 + mean)) }
}
