/// Pearson's chi-square over a row of cells, of which neighbours are put together until five are expected in each.
package struct ChiSquare: Sendable, Hashable {
  package let statistic: Double
  package let degreesOfFreedom: Int
  /// P(χ² as large or larger); `nil` with a single cell.
  package let pValue: Double?

  /// What a cell must be expected to hold, so that the statistic has the law of χ².
  package static let least = 5.0

  /// Counts against those that a law expects, of as many in all.
  package init(_ observed: [Double], expected: [Double]) {
    self.init(Self.pooled(observed, expected) { $1 }) { ($0 - $1) * ($0 - $1) / $1 }
  }

  /// Two sets of counts against each other, A and B in all: Σ (√(B/A) a − √(A/B) b)² / (a + b).
  package init(_ a: [Double], against b: [Double]) {
    let (totalA, totalB) = (a.reduce(0, +), b.reduce(0, +))
    let share = min(totalA, totalB) / max(totalA + totalB, 1)
    let scale = (totalB / totalA).squareRoot()
    self.init(Self.pooled(a, b) { ($0 + $1) * share }) {
      let difference = scale * $0 - $1 / scale
      return difference * difference / ($0 + $1)
    }
  }

  /// Small p-values that hold for any number of counts. Where that of the χ² distribution is below 1/100, of which its far
  /// tail is only nearly right with few counts: the share of statistics as large among those of simulated counts (Besag and
  /// Clifford 1991: until twenty are, or 1/50,000 is the least that can be told). `nil` with a single cell.
  /// - Parameters:
  ///   - expected: what the statistic was made with.
  ///   - count: the counts in all.
  package func exactPValue(_ expected: [Double], count: Int, _ stream: inout RandomStream) -> Double? {
    guard let pValue, pValue < 0.01 else { return pValue }
    let total = expected.reduce(0, +)
    let (wanted, most) = (20, 50_000)
    var (larger, simulated) = (0, 0)
    while larger < wanted, simulated < most {
      var (left, rest) = (count, total)
      let counts = expected.map { expected in
        let drawn = rest > 0 ? stream.binomial(left, min(max(expected / rest, 0), 1)) : 0
        (left, rest) = (left - drawn, rest - expected)
        return Double(drawn)
      }
      if ChiSquare(counts, expected: expected).statistic >= statistic * (1 - 1e-12) { larger += 1 }
      simulated += 1
    }
    return larger == wanted ? Double(larger) / Double(simulated) : Double(larger + 1) / Double(simulated + 1)
  }

  private init(_ cells: [(Double, Double)], _ term: (Double, Double) -> Double) {
    degreesOfFreedom = cells.count - 1
    statistic = cells.count > 1 ? cells.reduce(0) { $0 + term($1.0, $1.1) } : 0
    pValue = cells.count > 1 ? chiSquareTail(statistic, degreesOfFreedom: Double(cells.count - 1)) : nil
  }

  /// - Parameter expected: the least that two counts' cell expects. What is left after a cell must be enough for another.
  private static func pooled(_ a: [Double], _ b: [Double], expected: (Double, Double) -> Double) -> [(Double, Double)] {
    var cells: [(Double, Double)] = []
    var here = (0.0, 0.0)
    var left = (a.reduce(0, +), b.reduce(0, +))
    for (nextA, nextB) in zip(a, b) {
      here = (here.0 + nextA, here.1 + nextB)
      if expected(here.0, here.1) >= least, expected(left.0 - here.0, left.1 - here.1) >= least {
        cells.append(here)
        left = (left.0 - here.0, left.1 - here.1)
        here = (0, 0)
      }
    }
    return cells + [here]
  }
}
