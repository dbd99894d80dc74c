import CGSL
import Foundation

/// P(X > n) of the Poisson law (GSL's cdf_poisson_Q).
/// - Precondition: n ≥ 0 and `mean` > 0.
package func poissonTail(beyond n: Int, mean: Double) -> Double {
  precondition(n >= 0 && mean > 0)
  GSL.start()
  // GSL's own function for numbers of 32 bits, written out: P(X > n) is that of a gamma law.
  return gsl_cdf_gamma_P(mean, Double(n) + 1, 1)
}

/// P(X > n) of the negative binomial law with r = `size` and p = r/(r + mean) (GSL's cdf_negative_binomial_Q).
/// - Precondition: n ≥ 0, and the others are positive.
package func negativeBinomialTail(beyond n: Int, size: Double, mean: Double) -> Double {
  precondition(n >= 0 && size > 0 && mean > 0)
  GSL.start()
  return gsl_cdf_beta_Q(size / (size + mean), size, Double(n) + 1)
}

extension RandomStream {
  /// A draw from the binomial distribution of a count of trials, each with probability p (GSL's, whose numbers have 32 bits:
  /// counts are taken for 2^31 − 1 at most).
  public mutating func binomial(_ count: Int, _ p: Double) -> Int {
    precondition(count >= 0 && p >= 0 && p <= 1)
    return withGSL { Int(gsl_ran_binomial($0, p, UInt32(min(count, Int(Int32.max))))) }
  }

  /// A draw from the Poisson law (GSL's, whose numbers have 32 bits: larger means are taken for 2^31).
  public mutating func poisson(_ mean: Double) -> Int {
    precondition(mean >= 0)
    return withGSL { Int(gsl_ran_poisson($0, min(mean, 0x1p31))) }
  }
}
