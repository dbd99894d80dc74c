import CGSL
import Foundation

/// The negative binomial distribution of a count, by the logarithms of its mean m and of its dispersion r: the variance is
/// m + m²/r. It is a Poisson distribution whose mean has a gamma distribution of shape r, and tends to the Poisson
/// distribution of mean m for r → ∞.
package struct NegativeBinomialDistribution: Sendable, Hashable {
  /// log m.
  package let logMean: Double
  /// log r.
  package let logDispersion: Double

  /// A negative binomial distribution.
  /// - Precondition: both are finite and of at most 100 in size.
  package init(logMean: Double, logDispersion: Double) {
    precondition(abs(logMean) <= 100 && abs(logDispersion) <= 100)
    (self.logMean, self.logDispersion) = (logMean, logDispersion)
  }

  /// log P(y), in nats; −∞ unless y is a count. In Loader's saddle-point form (2000), which loses no digits for large r.
  package func logProbability(_ y: Double) -> Double {
    guard y >= 0, y == y.rounded(), y < .infinity else { return -.infinity }
    let (m, r) = (mean, dispersion)
    if y == 0 { return -r * log1p(m / r) }
    GSL.start()
    // The ratios of the r and y that there are to those that the mean would have of r + y.
    let (ratioR, ratioY) = ((r + y) / (r + m), (1 + r / y) * (m / (r + m)))
    let (vR, vY) = ((y - m) / (r + m), r / y * ((m - y) / (r + m)))
    let halves = log1p(y / r) / 2 + log(y) / 2 + NormalDistribution.halfLogTwoPi
    return scaledLogRemainder(r, vR, ratio: ratioR) + scaledLogRemainder(y, vY, ratio: ratioY)
      + (stirlingError(r + y) - stirlingError(r)) - stirlingError(y) - halves
  }

  /// ∂ log P(y) / ∂ log m and ∂ log P(y) / ∂ log r, for a count y.
  package func gradient(_ y: Double) -> (logMean: Double, logDispersion: Double) {
    GSL.start()
    let (m, r) = (mean, dispersion)
    // r (ψ(r + y) − ψ(r) − log(1 + m/r) + (m − y)/(r + m)), rearranged so that large terms do not cancel.
    let logDispersion =
      scaledLogRemainder(r, (y - m) / (r + m), ratio: (r + y) / (r + m)) + y / (r + y) / 2
      + r * (digammaRemainder(r + y) - digammaRemainder(r))
    return ((y - m) / (1 + m / r), logDispersion)
  }

  /// P(Y ≤ y) (GSL's cdf_beta_Q), to 10⁻⁵ or better: GSL's loses digits where r is above 10⁹, and does not converge where both r
  /// and m are above 10⁶.
  package func cumulative(_ y: Double) -> Double {
    let (y, m, r) = (y.rounded(.down), mean, dispersion)
    if y < 0 { return 0 }
    // The total variation between the two is at most m/r.
    if m < 1e-10 * r { return PoissonDistribution(logMean: logMean).cumulative(y) }
    if min(m, r) > 1e5 {
      // The normal distribution with its first Edgeworth correction, by the skewness: off by less than 10⁻⁶.
      let deviation = variance.squareRoot()
      let (z, skewness) = (min((y + 0.5 - m) / deviation, 1e100), (1 + 2 * m / r) / deviation)
      let correction = skewness / 6 * (z * z - 1) * exp(-z * z / 2 - NormalDistribution.halfLogTwoPi)
      return min(max(NormalDistribution.standardCumulative(z) - correction, 0), 1)
    }
    GSL.start()
    // By the complement of r/(r + m), which keeps its digits where r is large.
    return gsl_cdf_beta_Q(m / (r + m), y + 1, r)
  }

  /// A draw, a whole number of at most 2^53: Poisson, of a mean that is drawn first.
  package func draw(_ stream: inout RandomStream) -> Double {
    let logRate = logMean - logDispersion + stream.logGamma(dispersion)
    return stream.count(mean: exp(min(logRate, 100)))
  }

  /// m, E[y].
  package var mean: Double { exp(logMean) }

  /// r.
  package var dispersion: Double { exp(logDispersion) }

  /// m + m²/r.
  package var variance: Double { mean + mean * mean / dispersion }

  /// The negative binomial distribution of largest likelihood: m is the mean; r is found by Brent's method on log r between
  /// −15 and 25, whose upper end is next to the Poisson distribution, where the counts vary no more than that. `nil` where no
  /// count is positive. O(different counts) a step.
  /// - Throws: `GSLError`.
  package static func fit(_ counts: [Double]) throws -> NegativeBinomialDistribution? {
    let mean = counts.reduce(0, +) / Double(counts.count)
    guard mean > 0 else { return nil }
    let numbers = Dictionary(grouping: counts) { $0 }.sorted { $0.key < $1.key }.map {
      (count: $0.key, times: Double($0.value.count))
    }
    let best = try Brent.minimise(in: -15...25, points: 81, tolerance: 1e-10) { logDispersion in
      let distribution = NegativeBinomialDistribution(logMean: log(mean), logDispersion: logDispersion)
      return numbers.reduce(0) { $0 - $1.times * distribution.logProbability($1.count) }
    }
    return NegativeBinomialDistribution(logMean: log(mean), logDispersion: best.variable)
  }
}
