import CGSL
import Foundation

/// The Poisson distribution of a count, by the logarithm of its mean.
package struct PoissonDistribution: Sendable, Hashable {
  /// log E[y].
  package let logMean: Double

  /// A Poisson distribution.
  /// - Precondition: `logMean` is finite and at most 700.
  package init(logMean: Double) {
    precondition(logMean <= 700 && logMean > -.infinity)
    self.logMean = logMean
  }

  /// log P(y), in nats; −∞ unless y is a count. By Loader's saddle-point form (2000), whose terms do not cancel where both the
  /// count and the mean are large.
  package func logProbability(_ y: Double) -> Double {
    guard y >= 0, y == y.rounded(), y < .infinity else { return -.infinity }
    if y == 0 { return -mean }
    GSL.start()
    let v = mean / y - 1
    if abs(v) > 0.5 {
      // Where the two are far apart nothing cancels but for the size of log y!, and 1 + v would lose digits.
      return y * (logMean - log(y)) - (mean - y) - stirlingError(y) - log(y) / 2 - NormalDistribution.halfLogTwoPi
    }
    return scaledLogRemainder(y, v, ratio: 1 + v) - stirlingError(y) - log(y) / 2 - NormalDistribution.halfLogTwoPi
  }

  /// P(Y ≤ y) (GSL's cdf_gamma_Q).
  package func cumulative(_ y: Double) -> Double {
    GSL.start()
    return y < 0 ? 0 : gsl_cdf_gamma_Q(mean, y.rounded(.down) + 1, 1)
  }

  /// A draw, a whole number of at most 2^53.
  package func draw(_ stream: inout RandomStream) -> Double { stream.count(mean: mean) }

  /// E[y].
  package var mean: Double { exp(logMean) }

  /// The variance, which is the mean.
  package var variance: Double { mean }

  /// The Poisson distribution of largest likelihood, by the mean; `nil` where no count is positive. O(counts).
  package static func fit(_ counts: [Double]) -> PoissonDistribution? {
    let mean = counts.reduce(0, +) / Double(counts.count)
    return mean > 0 ? PoissonDistribution(logMean: log(mean)) : nil
  }
}

extension RandomStream {
  /// A draw from the Poisson distribution of any mean, a whole number of at most 2^53. Large means are halved in time, as in
  /// GSL's own (Ahrens and Dieter 1974): the m-th of the events comes at a gamma variable of shape m, and the events after
  /// it are Poisson again.
  mutating func count(mean: Double) -> Double {
    var (rest, total) = (mean, 0.0)
    while rest > 0x1p30 {
      let events = (rest * 0.875).rounded(.down)
      total += events
      if total > 0x1p53 { return 0x1p53 }
      // At this size the gamma variable is below the mean by thousands of deviations.
      rest = max(rest - withGSL { gsl_ran_gamma($0, events, 1) }, 0)
    }
    return min(total + Double(poisson(rest)), 0x1p53)
  }
}
