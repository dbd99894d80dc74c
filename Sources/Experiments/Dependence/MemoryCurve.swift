import Foundation
import ModelCore
import Probability
import Sequences
import Support

/// The mutual information I(y(t); y(t + d)) in nats, of one distance d: what a symbol tells of a later one by itself, whatever stands
/// between. It is log(period) for a periodic sequence at every distance, falls as a power |λ|^2d of the second eigenvalue
/// for a Markov chain, and more slowly for text.
public struct MemoryPoint: Sendable, Hashable {
  /// d.
  public var distance: Int
  /// The pairs of symbols within sequences that are so far apart.
  public var pairs: Int
  /// The estimate, without its bias; it may be a little less than 0.
  public var estimate: Double
  /// A 95 % confidence interval.
  public var low: Double
  /// The upper end of the interval.
  public var high: Double
  /// By relative frequencies, without any correction: too large where pairs are few beside the alphabet's square.
  public var plugIn: Double

  /// Whether the data support a dependence: the interval lies above 0.
  public var isSupported: Bool { low > 0 }
}

/// Mutual information against distance in a set of sequences: data, or a model's samples.
///
///     let memory = MemoryCurve(names.sequences, longest: 20)
///     memory.points[0].estimate    // I(y(t); y(t + 1))
///
/// The estimate by relative frequencies has a positive bias. The jackknife over contiguous blocks takes it away where pairs are
/// many, also where neighbouring pairs depend on each other, and gives the standard error. Where the alphabet is large and
/// pairs are few a part of the bias J₀ is left, which shuffled pairs have as well: it is subtracted in the proportion r in
/// which distinct pairs are to those of shuffled ones, since a dependence leaves fewer cells to be filled. As that is a rule of thumb,
/// the interval is wider: it goes from all of J₀ subtracted to a share of 3r − 2 of it. Where there is no
/// dependence r is 1 and nothing is lost. Its ends are Student's with a degree of freedom less than there are blocks.
public struct MemoryCurve: Sendable, Hashable {
  /// One for each distance from 1 on at which there are two pairs.
  public let points: [MemoryPoint]

  private static let shuffles = 8

  /// O(longest · shuffles · pairs · log pairs).
  /// - Parameters:
  ///   - longest: the largest distance.
  ///   - seed: of the shuffles.
  public init(_ set: SequenceSet, longest: Int, seed: UInt64 = 1, threads: Int = 1) {
    let most = min(longest, set.longest - 1)
    points = parallelMap(max(most, 0), threads: threads) { Self.point(set, distance: $0 + 1, seed: seed) }.compactMap(
      \.self)
  }

  private static func point(_ set: SequenceSet, distance: Int, seed: UInt64) -> MemoryPoint? {
    let table = PairTable(set, distance: distance)
    guard table.count > 1 else { return nil }
    let own = table.information()
    var null: [PairTable.Information] = []
    for number in 0..<shuffles {
      var stream = RandomStream(seed: seed, purpose: "memory \(distance)", index: UInt64(number))
      null.append(table.shuffled(&stream).information())
    }
    let count = Double(shuffles)
    let left = null.reduce(0) { $0 + $1.jackknife } / count
    let spread = null.reduce(0) { $0 + ($1.jackknife - left) * ($1.jackknife - left) } / (count - 1)
    let ratio = min(Double(own.distinct) * count / Double(null.reduce(0) { $0 + $1.distinct }), 1)
    // The mean of the shuffles has an error of its own.
    let error = (own.standardError * own.standardError + spread / count).squareRoot()
    let most = table.largestInformation
    let quantile =
      table.blocks > 1 ? studentQuantile(lower: 0.975, degreesOfFreedom: Double(table.blocks - 1)) : .infinity
    let margin = error.isFinite ? quantile * error : .infinity
    let low = own.jackknife - max(left, left * ratio) - margin
    let high = own.jackknife - left * (left > 0 ? max(3 * ratio - 2, 0) : 1) + margin
    // No symbol tells more than there is to be told, nor less than nothing.
    return MemoryPoint(
      distance: distance, pairs: table.count, estimate: min(own.jackknife - left * ratio, most), low: min(low, most),
      high: min(max(high, 0), most), plugIn: own.plugIn)
  }
}
