import Foundation

/// The mean of paired differences, with a bootstrap interval over sequences (Efron and Tibshirani 1993, percentiles).
/// Of more than `mostUnits` sequences neighbours are drawn together, in blocks of equal size.
public struct BootstrapInterval: Sendable, Hashable {
  /// The mean difference.
  public var mean: Double
  /// The lower end of the interval.
  public var low: Double
  /// The upper end of the interval.
  public var high: Double

  /// - Parameters:
  ///   - differences: one a sequence; if one is infinite so is everything, and where nothing is left to say (∞ − ∞) the
  ///     difference is 0.
  ///   - level: the interval's coverage.
  public init(_ differences: [Double], seed: UInt64, resamples: Int = 1000, level: Double = 0.95) {
    let sum = differences.reduce(0, +)
    let size = (differences.count + Self.mostUnits - 1) / Self.mostUnits
    let units = size <= 1 ? differences : Self.blockMeans(differences, size)
    let count = units.count
    guard count > 0, sum.isFinite, differences.contains(where: { $0 != differences[0] }) else {
      // Nothing, all the same, or infinite.
      mean = sum.isNaN ? 0 : differences.first.map { sum.isFinite ? $0 : sum } ?? 0
      low = mean
      high = mean
      return
    }
    mean = sum / Double(differences.count)
    var stream = RandomStream(seed: seed, purpose: "bootstrap")
    var means = (0..<resamples).map { _ in
      var total = 0.0
      for _ in 0..<count {
        // The high half of the product: an index without division (Lemire 2019; its bias is below 2^-40 here).
        total += units[Int(truncatingIfNeeded: stream.next().multipliedFullWidth(by: UInt64(count)).high)]
      }
      return total / Double(count)
    }
    means.sort()
    // Blocks leave out the last few sequences: the interval is put about the mean of all.
    let shift = mean - units.reduce(0, +) / Double(count)
    low = shift + quantile(ofSorted: means, (1 - level) / 2)
    high = shift + quantile(ofSorted: means, (1 + level) / 2)
  }

  private static let mostUnits = 10_000

  private static func blockMeans(_ numbers: [Double], _ size: Int) -> [Double] {
    stride(from: 0, through: numbers.count - size, by: size).map {
      numbers[$0..<($0 + size)].reduce(0, +) / Double(size)
    }
  }
}
