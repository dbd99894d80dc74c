import Foundation
import Probability

/// P(τ) = e^−λ λ^τ / τ!: lengths that vary as little as counts of independent events do. The maximum-likelihood λ is the
/// mean length.
package struct PoissonLengths: OneParameterLengths {
  package static let name = "poisson"

  /// λ.
  package let mean: Double

  package init(mean: Double) { self.mean = mean }

  package var variance: Double { mean }

  package func logProbability(_ length: Int) -> Double {
    Double(length) * log(mean) - mean - logFactorial(Double(length))
  }

  package func tail(beyond length: Int) -> Double { length < 0 ? 1 : poissonTail(beyond: length, mean: mean) }

  package func sample(_ stream: inout RandomStream) -> Int { stream.poisson(mean) }
}
