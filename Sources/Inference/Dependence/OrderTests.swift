import Foundation
import Models
import Probability
import Sequences

/// A G-test of "the last m elements are enough": of y(t) and y(t − m − 1) being independent given those between.
/// G = 2 N I(y(t − m − 1); y(t) | y(t − m) … y(t − 1)) follows the chi-square law if they are (Billingsley 1961,
/// "Statistical methods in Markov chains").
public struct OrderTest: Sendable, Hashable {
  /// m.
  public var order: Int
  public var statistic: Double
  /// Σ over contexts of (earlier elements seen − 1)(next elements seen − 1).
  public var degreesOfFreedom: Int
  public var p: Double
  /// Corrected for all tests that are not sparse, by Holm; 1 of a sparse one.
  public var adjusted: Double
  /// Stretches of m + 2 elements that were counted.
  public var stretches: Int
  /// Stretches a cell of the contexts' tables. With fewer than five the chi-square law is not to be trusted.
  public var perCell: Double

  public var isSparse: Bool { !(perCell >= 5) }
}

/// Which order of Markov models data support.
public struct OrderTests: Sendable, Hashable {
  public let tests: [OrderTest]
  public let alpha: Double

  /// Tests orders 0 … `most` − 1. Only stretches within sequences count, without the start or the end.
  /// O(`most` · symbols · log symbols).
  /// - Parameter alpha: the probability with which any order that is enough is rejected.
  /// - Throws: `SpecificationError.malformed` where so many elements cannot be counted.
  public init(_ set: SequenceSet, most: Int, alpha: Double) throws {
    self.alpha = alpha
    var tests = try (0..<most).map { try Self.test(set, order: $0) }
    let dense = tests.indices.filter { !tests[$0].isSparse }
    for (place, p) in zip(dense, holmAdjusted(dense.map { tests[$0].p })) { tests[place].adjusted = p }
    self.tests = tests
  }

  private static func test(_ set: SequenceSet, order: Int) throws -> OrderTest {
    let counts = try WindowCounts(set, width: order + 2)
    let context = counts.mask(1..<order + 1)
    func sum(_ cells: [(key: UInt64, count: Int)]) -> Double {
      cells.reduce(0) { $0 + Double($1.count) * log(Double($1.count)) }
    }
    let earlier = counts.cells(counts.mask(1...order + 1))
    let next = counts.cells(counts.mask(0...order))
    let statistic =
      2 * (sum(counts.cells(.max)) + sum(counts.cells(context)) - sum(earlier) - sum(next))
    var seen: [UInt64: (earlier: Int, next: Int)] = [:]
    for cell in earlier { seen[cell.key & context, default: (0, 0)].earlier += 1 }
    for cell in next { seen[cell.key & context, default: (0, 0)].next += 1 }
    let freedom = seen.values.reduce(0) { $0 + ($1.earlier - 1) * ($1.next - 1) }
    let cells = seen.values.reduce(0) { $0 + $1.earlier * $1.next }
    return OrderTest(
      order: order, statistic: max(statistic, 0), degreesOfFreedom: freedom,
      p: freedom > 0 ? chiSquareTail(max(statistic, 0), degreesOfFreedom: Double(freedom)) : 1, adjusted: 1,
      stretches: counts.total, perCell: cells > 0 ? Double(counts.total) / Double(cells) : 0)
  }

  /// The smallest order that no test speaks against: one more than the largest that is rejected.
  public var supported: Int { (tests.last { $0.adjusted < alpha }?.order ?? -1) + 1 }

  /// Whether that order itself was tested; else the data, or what was asked for, end there, and it is a lower bound.
  public var isBound: Bool { !tests.contains { $0.order == supported && !$0.isSparse } }
}

/// p-values corrected for their number, in their order (Holm 1979, "A simple sequentially rejective multiple test procedure"):
/// to reject those below α rejects any true hypothesis with probability α at most.
public func holmAdjusted(_ p: [Double]) -> [Double] {
  var adjusted = p
  var largest = 0.0
  for (rank, place) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
    largest = max(largest, min(Double(p.count - rank) * p[place], 1))
    adjusted[place] = largest
  }
  return adjusted
}
