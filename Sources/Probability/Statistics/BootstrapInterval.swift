import CGSL
import Foundation

/// The mean of paired differences with bootstrap intervals over sequences: percentiles, and bias-corrected and accelerated
/// (BCa; Efron 1987, "Better bootstrap confidence intervals"; Efron and Tibshirani 1993, chapters 13 and 14).
/// Of more than `mostUnits` sequences neighbours are drawn together, in blocks of equal size.
public struct BootstrapInterval: Sendable, Hashable {
  /// The mean difference.
  public var mean: Double
  /// The lower end of the BCa interval.
  public var low: Double
  /// The upper end of the BCa interval.
  public var high: Double
  /// The ends of the percentile interval.
  public var percentiles: ClosedRange<Double>

  /// O(resamples · min(differences, `mostUnits`)).
  /// - Parameters:
  ///   - differences: one a sequence; if one is infinite so is everything, and where nothing is left to say (∞ − ∞) the
  ///     difference is 0.
  ///   - clusters: for each difference the number of its cluster, such as that of the sequence whose copy it is of; clusters are
  ///     resampled whole. Each is its own if `nil`.
  ///   - level: the intervals' coverage.
  public init(
    _ differences: [Double], clusters: [Int]? = nil, seed: UInt64, resamples: Int = 10_000, level: Double = 0.95
  ) {
    let sum = differences.reduce(0, +)
    let units = PairedUnits(differences, clusters)
    let count = units.values.count
    guard count > 0, sum.isFinite, differences.contains(where: { $0 != differences[0] }) else {
      // Nothing, all the same, or infinite.
      mean = sum.isNaN ? 0 : differences.first.map { sum.isFinite ? $0 : sum } ?? 0
      (low, high) = (mean, mean)
      percentiles = mean...mean
      return
    }
    mean = sum / Double(differences.count)
    let means = Self.sortedMeans(of: units.values, resamples, seed)
    // Blocks leave out the last few sequences: the interval is put about the mean of all.
    let shift = mean - units.mean
    percentiles =
      shift + quantile(ofSorted: means, (1 - level) / 2)...shift + quantile(ofSorted: means, (1 + level) / 2)
    let (lower, upper) = Self.levels(means, units, level)
    (low, high) = (shift + quantile(ofSorted: means, lower), shift + quantile(ofSorted: means, upper))
  }

  private static func sortedMeans(of units: [Double], _ resamples: Int, _ seed: UInt64) -> [Double] {
    let count = units.count
    var stream = RandomStream(seed: seed, purpose: "bootstrap")
    let means = (0..<resamples).map { _ in
      var total = 0.0
      for _ in 0..<count {
        // The high half of the product: an index without division (Lemire 2019; its bias is below 2^-40 here).
        total += units[Int(truncatingIfNeeded: stream.next().multipliedFullWidth(by: UInt64(count)).high)]
      }
      return total / Double(count)
    }
    return means.sorted()
  }

  /// The levels of the resampled means at which the BCa interval ends: equations 14.9 to 14.15 of Efron and Tibshirani, whose
  /// jackknife of a mean is a third moment.
  private static func levels(_ means: [Double], _ units: PairedUnits, _ level: Double) -> (Double, Double) {
    let centre = units.mean
    // Means that equal the centre count half.
    let below = means.reduce(0.0) { $0 + ($1 < centre ? 1 : $1 == centre ? 0.5 : 0) } / Double(means.count)
    let bias = gsl_cdf_ugaussian_Pinv(min(max(below, 1e-6), 1 - 1e-6))
    let deviations = units.values.map { $0 - centre }
    let square = deviations.reduce(0) { $0 + $1 * $1 }
    let acceleration = deviations.reduce(0) { $0 + $1 * $1 * $1 } / (6 * pow(square, 1.5))
    func adjusted(_ tail: Double) -> Double {
      let z = bias + gsl_cdf_ugaussian_Pinv(tail)
      let scale = 1 - acceleration * z
      return scale > 0 ? gsl_cdf_ugaussian_P(bias + z / scale) : tail
    }
    return (adjusted((1 - level) / 2), adjusted((1 + level) / 2))
  }
}

/// What is resampled of paired differences: themselves, the sums of clusters, or of very many the means of blocks of
/// neighbours. Their mean is that of the differences.
struct PairedUnits {
  let values: [Double]
  let mean: Double

  private static let mostUnits = 2_000

  init(_ differences: [Double], _ clusters: [Int]? = nil) {
    let differences = clusters.map { Self.sums(of: differences, $0) } ?? differences
    let size = (differences.count + Self.mostUnits - 1) / Self.mostUnits
    values =
      size <= 1
      ? differences
      : stride(from: 0, through: differences.count - size, by: size).map {
        differences[$0..<($0 + size)].reduce(0, +) / Double(size)
      }
    mean = values.reduce(0, +) / Double(max(values.count, 1))
  }

  /// The sum of each cluster, so scaled that their mean is that of the differences.
  private static func sums(of differences: [Double], _ clusters: [Int]) -> [Double] {
    var index: [Int: Int] = [:]
    var sums: [Double] = []
    for (difference, cluster) in zip(differences, clusters) {
      if let known = index[cluster] {
        sums[known] += difference
      } else {
        index[cluster] = sums.count
        sums.append(difference)
      }
    }
    return sums.map { $0 * Double(sums.count) / Double(differences.count) }
  }
}
