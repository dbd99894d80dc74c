import Foundation
import Probability

/// The mean of paired differences, with a bootstrap interval over sequences (Efron and Tibshirani 1993, percentiles).
public struct BootstrapInterval: Sendable, Hashable {
  public var mean: Double
  public var low: Double
  public var high: Double

  /// - Parameters:
  ///   - differences: one a sequence; if one is infinite so is everything, and where nothing is left to say (∞ − ∞) the
  ///     difference is 0.
  ///   - level: the interval's coverage.
  public init(_ differences: [Double], seed: UInt64, resamples: Int = 1000, level: Double = 0.95) {
    let count = differences.count
    let sum = differences.reduce(0, +)
    guard count > 0, sum.isFinite else {
      mean = count == 0 || sum.isNaN ? 0 : sum
      low = mean
      high = mean
      return
    }
    mean = sum / Double(count)
    var stream = RandomStream(seed: seed, purpose: "bootstrap")
    var means = (0..<resamples).map { _ in
      var total = 0.0
      for _ in 0..<count {
        // The high half of the product: an index without division (Lemire 2019; its bias is below 2^-40 here).
        total += differences[Int(truncatingIfNeeded: stream.next().multipliedFullWidth(by: UInt64(count)).high)]
      }
      return total / Double(count)
    }
    means.sort()
    low = quantile(ofSorted: means, (1 - level) / 2)
    high = quantile(ofSorted: means, (1 + level) / 2)
  }
}
