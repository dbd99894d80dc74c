import Foundation
import Models

/// From how many training sequences on one model predicts the test data better than another, by their learning curves.
public enum Overtaking: Sendable, Hashable {
  /// At all sizes, of which this is the smallest.
  case always(smallest: Double)
  /// Not at the largest size, which is this.
  case never(largest: Double)
  /// From about so many on: between two sizes nats are interpolated linearly in the logarithm of the number of sequences.
  case from(Double)

  /// - Parameters:
  ///   - curve: the model's learning curve, rising in size.
  ///   - other: the other's, at the same sizes.
  /// - Returns: `nil` where there is no size.
  public init?(_ curve: [Comparison.CurvePoint], past other: [Comparison.CurvePoint]) {
    let gaps = zip(curve, other).map { (size: $0.sequences, nats: $0.natsPerEvent - $1.natsPerEvent) }
    guard let first = gaps.first, let last = gaps.last else { return nil }
    // A gap of two infinite figures is no lead.
    guard let behind = gaps.lastIndex(where: { !($0.nats < 0) }) else {
      self = .always(smallest: first.size)
      return
    }
    guard behind + 1 < gaps.count else {
      self = .never(largest: last.size)
      return
    }
    let (before, after) = (gaps[behind], gaps[behind + 1])
    let share = before.nats.isFinite && after.nats.isFinite ? before.nats / (before.nats - after.nats) : 1
    self = .from(exp(log(before.size) + share * (log(after.size) - log(before.size))))
  }
}

extension Comparison {
  /// The rows of Markov models that have a learning curve, and those of other models.
  public var curvesOfMarkovAndOthers: (markov: [Int], others: [Int]) {
    let drawn = rows.indices.filter { !rows[$0].curve.isEmpty }
    func isMarkov(_ row: Int) -> Bool { rows[row].specification.family is MarkovFamily }
    return (drawn.filter(isMarkov), drawn.filter { !isMarkov($0) })
  }
}
