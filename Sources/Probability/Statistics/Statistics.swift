import CGSL

/// The quantile of rising numbers, interpolated (GSL's).
/// - Parameter fraction: from 0 to 1.
/// - Precondition: there is at least one number.
package func quantile(ofSorted numbers: [Double], _ fraction: Double) -> Double {
  precondition(!numbers.isEmpty)
  return gsl_stats_quantile_from_sorted_data(numbers, 1, numbers.count, fraction)
}

/// P(χ² > x) with the given degrees of freedom: the p-value of a chi-square statistic.
package func chiSquareTail(_ x: Double, degreesOfFreedom: Double) -> Double {
  GSL.start()
  return gsl_cdf_chisq_Q(x, degreesOfFreedom)
}

/// The x above which a chi-square variable with the given degrees of freedom lies with probability `upper`.
package func chiSquareQuantile(upper: Double, degreesOfFreedom: Double) -> Double {
  GSL.start()
  return gsl_cdf_chisq_Qinv(upper, degreesOfFreedom)
}

/// The standard deviation of a sample, with n − 1 (GSL's).
/// - Precondition: there are at least two numbers.
package func standardDeviation(_ numbers: [Double]) -> Double {
  precondition(numbers.count > 1)
  return gsl_stats_sd(numbers, 1, numbers.count)
}

/// The x below which a variable of Student's distribution with the given degrees of freedom lies with probability `lower`.
package func studentQuantile(lower: Double, degreesOfFreedom: Double) -> Double {
  GSL.start()
  return gsl_cdf_tdist_Pinv(lower, degreesOfFreedom)
}
