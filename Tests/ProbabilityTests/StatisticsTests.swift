import Foundation
import Probability
import Testing

/// Values from tables and closed forms.
@Suite struct StatisticsTests {
  /// Quantiles of the chi-square distribution (Abramowitz and Stegun, table 26.8); with two degrees of freedom −2 log α.
  @Test(arguments: [(0.05, 1.0, 3.84146), (0.01, 1, 6.63490), (0.05, 10, 18.3070), (0.005, 30, 53.6720)])
  func chiSquareQuantiles(_ upper: Double, _ freedom: Double, _ wanted: Double) {
    #expect(abs(chiSquareQuantile(upper: upper, degreesOfFreedom: freedom) - wanted) < 5e-5)
    #expect(abs(chiSquareQuantile(upper: upper, degreesOfFreedom: 2) + 2 * log(upper)) < 1e-9)
  }

  /// Products of few factors, and n! for a = 1.
  @Test(arguments: [0.5, 1, 1.0 / 27, 13.5])
  func risingFactorials(_ a: Double) {
    for n in [0, 1, 2, 7, 60] {
      let wanted = (0..<n).reduce(0.0) { $0 + log(a + Double($1)) }
      #expect(abs(logRisingFactorial(a, Double(n)) - wanted) < 1e-12 * max(abs(wanted), 1))
    }
    // log 1,000,000! (Stirling's series).
    #expect(abs(logRisingFactorial(1, 1_000_000) - 12_815_518.384658170) < 1e-6)
  }
}
