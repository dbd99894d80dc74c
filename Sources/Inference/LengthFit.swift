import Foundation
import Models
import Probability
import Sequences

/// Lengths of data held against a law, by Pearson's chi-square: neighbouring lengths are put together until each cell
/// expects at least five.
///
/// Of data that the model was fitted to, p is too large, since the fit has used degrees of freedom.
public struct LengthFit: Sendable, Hashable, Codable {
  public let chiSquare: Double
  public let degreesOfFreedom: Int
  /// P(χ² as large or larger | the law is right); 0 where a length is impossible, `nil` with a single cell.
  public let pValue: Double?
  /// Sequences in the data whose length has probability 0.
  public let impossible: Int

  /// - Parameter lengths: how often each length 0, 1, … occurs.
  public init(_ law: LengthDistribution, counts lengths: [Int]) {
    let total = Double(lengths.reduce(0, +))
    // A law that was drawn is as uncertain as the data are: two sets of draws are compared.
    var draws: Double?
    if case .draws(let count, _, _) = law.source { draws = Double(count) }
    let share = draws.map { $0 / ($0 + total) } ?? 1
    var statistic = 0.0
    var cells = 0
    var impossible = 0
    func close(_ observed: Double, _ expected: Double) {
      cells += 1
      if let draws {
        // Σ (√(M/N) O − √(N/M) E)² / (O + E), with E draws of M in the cell and O observations of N.
        let drawn = expected * draws / total
        let difference = (draws / total).squareRoot() * observed - (total / draws).squareRoot() * drawn
        if observed + drawn > 0 { statistic += difference * difference / (observed + drawn) }
      } else {
        statistic += (observed - expected) * (observed - expected) / expected
      }
    }
    var (observed, expected) = (0.0, 0.0)
    var (observedLeft, expectedLeft) = (total, total)
    for length in 0..<max(lengths.count, law.probabilities.count) {
      let count = length < lengths.count ? lengths[length] : 0
      let probability = law.probability(length)
      if count > 0, !law.isPossible(length) { impossible += count }
      observed += Double(count)
      expected += total * probability
      // What is left must be enough for a cell of its own.
      let pooled = draws == nil ? expected : (expected + observed) * share
      if pooled >= 5, expectedLeft - expected >= 5 {
        close(observed, expected)
        observedLeft -= observed
        expectedLeft -= expected
        (observed, expected) = (0, 0)
      }
    }
    if expectedLeft > 0 { close(observedLeft, max(expectedLeft, .leastNormalMagnitude)) }
    chiSquare = statistic
    degreesOfFreedom = max(cells - 1, 0)
    self.impossible = law.isExact ? impossible : 0
    if self.impossible > 0 {
      pValue = 0
    } else {
      pValue = cells > 1 && statistic.isFinite ? chiSquareTail(statistic, degreesOfFreedom: Double(cells - 1)) : nil
    }
  }

  /// With `null` for a p-value that there is not.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(chiSquare, forKey: .chiSquare)
    try container.encode(degreesOfFreedom, forKey: .degreesOfFreedom)
    try container.encode(pValue, forKey: .pValue)
    try container.encode(impossible, forKey: .impossible)
  }

  private enum CodingKeys: String, CodingKey { case chiSquare, degreesOfFreedom, pValue, impossible }

  public init(_ law: LengthDistribution, _ set: SequenceSet) { self.init(law, counts: set.lengthCounts) }
}

extension SequenceSet {
  /// How often each length 0, 1, … `longest` occurs.
  public var lengthCounts: [Int] {
    var counts = [Int](repeating: 0, count: longest + 1)
    for index in 0..<count { counts[length(index)] += 1 }
    return counts
  }
}
