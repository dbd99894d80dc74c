import Foundation
import ModelCore
import Probability
import Sequences

/// Lengths of data held against a law, by Pearson's chi-square – neighbouring lengths are put together until each cell
/// expects at least five – and by the distance of Kolmogorov and Smirnov. A law that was drawn is as uncertain as the
/// data are: two sets of draws are compared.
///
/// Of data that the model was fitted to, both p-values are too large, since the fit has used degrees of freedom.
public struct LengthFit: Sendable, Hashable, Codable {
  /// Pearson's statistic.
  public let chiSquare: Double
  /// Its degrees of freedom: the cells less one.
  public let degreesOfFreedom: Int
  /// P(χ² as large or larger | the law is right); 0 where a length is impossible, `nil` with a single cell.
  public let pValue: Double?
  /// `nil` of no data. Its p-value is 0 where a length is impossible.
  public let kolmogorovSmirnov: KolmogorovSmirnov?
  /// Sequences in the data whose length has probability 0.
  public let impossible: Int

  /// Compares a distribution with observed lengths.
  /// - Parameter lengths: how often each length 0, 1, … occurs.
  public init(_ law: LengthDistribution, counts lengths: [Int]) {
    let row = LengthRow(law, lengths)
    let test =
      row.isDrawn ? ChiSquare(row.observed, against: row.law) : ChiSquare(row.observed, expected: row.law)
    let distance =
      row.isDrawn
      ? KolmogorovSmirnov(row.observed, against: row.law) : KolmogorovSmirnov(row.observed, expected: row.law)
    chiSquare = test.statistic
    degreesOfFreedom = test.degreesOfFreedom
    let counted = lengths.enumerated().filter { $0.element > 0 }
    impossible = law.isExact ? counted.reduce(0) { $0 + (law.isPossible($1.offset) ? 0 : $1.element) } : 0
    pValue = impossible > 0 ? 0 : test.pValue
    kolmogorovSmirnov =
      impossible > 0 ? distance.map { KolmogorovSmirnov(distance: $0.distance, pValue: 0) } : distance
  }

  /// Compares a distribution with the lengths of a set.
  public init(_ law: LengthDistribution, _ set: Sequences<some RowStorage>) { self.init(law, counts: set.lengthCounts) }

  /// With `null` for what there is not.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(chiSquare, forKey: .chiSquare)
    try container.encode(degreesOfFreedom, forKey: .degreesOfFreedom)
    try container.encode(pValue, forKey: .pValue)
    try container.encode(kolmogorovSmirnov, forKey: .kolmogorovSmirnov)
    try container.encode(impossible, forKey: .impossible)
  }

  private enum CodingKeys: String, CodingKey {
    case chiSquare, degreesOfFreedom, pValue, kolmogorovSmirnov, impossible
  }
}

/// Data and a law side by side: a number for each length, and one for all beyond them, endless sequences included.
private struct LengthRow {
  var observed: [Double]
  /// What the law expects of as many sequences; of a law that was drawn the draws themselves.
  var law: [Double]
  var isDrawn: Bool

  init(_ law: LengthDistribution, _ lengths: [Int]) {
    var total = Double(lengths.reduce(0, +))
    var count = max(lengths.count, law.probabilities.count)
    isDrawn = false
    if case .draws(let draws, _, _) = law.source {
      isDrawn = true
      total = Double(draws)
      // Of draws that were cut nothing is known but that they are longer.
      if let last = law.lastKnown { count = min(count, last + 1) }
      self.law = (0..<count).map { length in
        length < law.probabilities.count ? (total * law.probabilities[length]).rounded() : 0
      }
    } else {
      self.law = (0..<count).map { total * law.probability($0) }
    }
    observed = (0..<count).map { $0 < lengths.count ? Double(lengths[$0]) : 0 }
    observed.append(Double(lengths.dropFirst(count).reduce(0, +)))
    self.law.append(max(total - self.law.reduce(0, +), 0))
  }
}
