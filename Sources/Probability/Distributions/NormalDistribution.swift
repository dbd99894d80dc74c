import CGSL
import Foundation

/// The normal (Gaussian) distribution of a real number.
package struct NormalDistribution: Sendable, Hashable {
  /// E[y].
  package let mean: Double
  /// The standard deviation, positive.
  package let deviation: Double

  /// ½ log 2π, the part of the density that nothing changes.
  package static let halfLogTwoPi = 0.918938533204672741780329736406

  /// A normal distribution.
  /// - Precondition: `deviation` > 0.
  package init(mean: Double, deviation: Double) {
    precondition(deviation > 0)
    (self.mean, self.deviation) = (mean, deviation)
  }

  /// log p(y), in nats.
  package func logDensity(_ y: Double) -> Double {
    let z = (y - mean) / deviation
    return -z * z / 2 - log(deviation) - Self.halfLogTwoPi
  }

  /// P(Y ≤ y) (GSL's cdf_ugaussian_P).
  package func cumulative(_ y: Double) -> Double { Self.standardCumulative((y - mean) / deviation) }

  /// P(Y ≤ z) for mean 0 and variance 1.
  package static func standardCumulative(_ z: Double) -> Double {
    GSL.start()
    return gsl_cdf_ugaussian_P(z)
  }

  /// The z with P(Y ≤ z) = p, for mean 0 and variance 1 (GSL's cdf_ugaussian_Pinv).
  /// - Precondition: 0 < p < 1.
  package static func standardQuantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1)
    GSL.start()
    return gsl_cdf_ugaussian_Pinv(p)
  }

  /// A draw.
  package func draw(_ stream: inout RandomStream) -> Double { mean + deviation * stream.normal() }

  /// The variance.
  package var variance: Double { deviation * deviation }

  /// The normal distribution of largest likelihood: the mean and the standard deviation with n in the denominator. `nil` where
  /// there are no numbers or all are equal, since the likelihood then has no maximum. O(numbers).
  package static func fit(_ numbers: [Double]) -> NormalDistribution? {
    let count = Double(numbers.count)
    let mean = numbers.reduce(0, +) / count
    let deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    return deviation > 0 && deviation.isFinite ? NormalDistribution(mean: mean, deviation: deviation) : nil
  }
}
