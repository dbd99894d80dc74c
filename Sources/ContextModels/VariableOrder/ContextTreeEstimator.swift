import Foundation
import Probability

/// What a single context says: (count + α) / (total + α · outcomes), the mean under a symmetric Dirichlet prior.
package enum ContextTreeEstimator: String, Sendable, CaseIterable {
  /// α = 1/2 (Krichevsky and Trofimov 1981; Jeffreys).
  case kt
  /// α = 1 / outcomes (Perks 1947): all outcomes together weigh as much as one observation, however many there are.
  case perks

  func added(outcomes: Int) -> Double { self == .kt ? 0.5 : 1 / Double(outcomes) }
}

/// The probability of a series of outcomes of which only the counts matter (Pólya's urn):
///
///     log P = Σ_w log α (α + 1) … (α + n_w − 1) − log A (A + 1) … (A + N − 1),   A = α · outcomes
struct DirichletEvidence {
  let added: Double
  let total: Double
  /// The logs of the first rising factorials: most counts are small.
  private let short: [Double]
  private let shortTotals: [Double]

  init(added: Double, outcomes: Int) {
    self.added = added
    total = added * Double(outcomes)
    short = Self.table(added)
    shortTotals = Self.table(total)
  }

  private static func table(_ start: Double) -> [Double] {
    (0..<256).reduce(into: [0.0]) { sums, step in sums.append((sums.last ?? 0) + log(start + Double(step))) }
  }

  /// In nats. O(counts).
  func logProbability(_ counts: some Sequence<Int>) -> Double {
    var all = 0
    var sum = 0.0
    for count in counts {
      all += count
      sum += count < short.count ? short[count] : logRisingFactorial(added, Double(count))
    }
    return sum - (all < shortTotals.count ? shortTotals[all] : logRisingFactorial(total, Double(all)))
  }
}
