import Foundation
import ModelCore
import Probability
import Sequences

/// A G-test of "the last m elements are enough": of y(t) and y(t − m − 1) being independent given those between.
/// G = 2 N I(y(t − m − 1); y(t) | y(t − m) … y(t − 1)) follows the chi-square law if they are (Billingsley 1961,
/// "Statistical methods in Markov chains").
public struct OrderTest: Sendable, Hashable {
  /// m.
  public var order: Int
  /// G.
  public var statistic: Double
  /// Σ over contexts of (earlier elements seen − 1)(next elements seen − 1).
  public var degreesOfFreedom: Int
  /// By the chi-square law.
  public var chiSquareP: Double
  /// By that law, or of sparse tables by permutation.
  public var p: Double
  /// p corrected for all tests by Holm.
  public var adjusted: Double
  /// Stretches of m + 2 elements that were counted.
  public var stretches: Int
  /// Stretches a cell of the contexts' tables.
  public var perCell: Double
  /// Whether the tables could be otherwise at all: where each context occurs but once they could not.
  public var canTell: Bool

  /// Whether the chi-square law is not to be trusted. Its mean is off by up to one in 6 `perCell` (Williams 1976), which must
  /// be small against its standard deviation, √(2 · freedom).
  public var isSparse: Bool { !(perCell >= 5 && 6 * perCell >= 5 * (Double(degreesOfFreedom) / 2).squareRoot()) }
}

/// Which order of Markov models data support.
public struct OrderTests: Sendable, Hashable {
  /// A test for each order, from 0.
  public let tests: [OrderTest]
  /// The probability with which any order that is enough is rejected.
  public let alpha: Double

  private static let permutations = 100

  /// Tests orders 0 … `most` − 1. Only stretches within sequences count, without the start or the end.
  /// O(`most` · symbols · log symbols), and 100 · symbols for each sparse test.
  /// - Parameter alpha: the probability with which any order that is enough is rejected.
  /// - Throws: `SpecificationError.malformed` where so many elements cannot be counted.
  public init(_ set: SequenceSet, most: Int, alpha: Double, seed: UInt64 = 1, threads: Int = 1) throws {
    self.alpha = alpha
    var tests = try (0..<most).map { try Self.test(set, order: $0, seed: seed, threads: threads) }
    for (place, p) in holmAdjusted(tests.map(\.p)).enumerated() { tests[place].adjusted = p }
    self.tests = tests
  }

  private static func test(_ set: SequenceSet, order: Int, seed: UInt64, threads: Int) throws -> OrderTest {
    let counts = try WindowCounts(set, width: order + 2)
    let context = counts.mask(1..<order + 1)
    func sum(_ cells: [(key: UInt64, count: Int)]) -> Double {
      cells.reduce(0) { $0 + Double($1.count) * log(Double($1.count)) }
    }
    let whole = counts.cells(.max)
    let earlier = counts.cells(counts.mask(1...order + 1))
    let next = counts.cells(counts.mask(0...order))
    let statistic = max(2 * (sum(whole) + sum(counts.cells(context)) - sum(earlier) - sum(next)), 0)
    var seen: [UInt64: (earlier: Int, next: Int)] = [:]
    for cell in earlier { seen[cell.key & context, default: (0, 0)].earlier += 1 }
    for cell in next { seen[cell.key & context, default: (0, 0)].next += 1 }
    let freedom = seen.values.reduce(0) { $0 + ($1.earlier - 1) * ($1.next - 1) }
    let cells = seen.values.reduce(0) { $0 + $1.earlier * $1.next }
    let p = freedom > 0 ? chiSquareTail(statistic, degreesOfFreedom: Double(freedom)) : 1
    var test = OrderTest(
      order: order, statistic: statistic, degreesOfFreedom: freedom, chiSquareP: p, p: p, adjusted: 1,
      stretches: counts.total, perCell: cells > 0 ? Double(counts.total) / Double(cells) : 0, canTell: freedom > 0)
    if test.isSparse, freedom > 0 {
      let tables = PermutedTables(whole, counts, lag: order + 1, alphabetSize: set.alphabetSize)
      let f = (0...tables.largestCount).map { $0 > 0 ? Double($0) * log(Double($0)) : 0 }
      let own = tables.sum(tables.next, f)
      let shuffled = tables.shuffles(permutations, seed: seed &+ UInt64(order), threads: threads) { tables.sum($1, f) }
      let law = permuted(statistic, shuffled.map { max(statistic + 2 * ($0 - own), 0) })
      (test.p, test.canTell) = (law ?? 1, law != nil)
    }
    return test
  }

  /// p of a statistic among draws of it: by the chi-square law that has their mean and variance, scaled, since draws alone
  /// could not tell a small p; where that law has few degrees of freedom by counting. `nil` where the draws are all the same.
  private static func permuted(_ statistic: Double, _ draws: [Double]) -> Double? {
    let mean = draws.reduce(0, +) / Double(draws.count)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count - 1)
    guard variance > 1e-18 * mean * mean else { return nil }
    let freedom = 2 * mean * mean / variance
    if freedom >= 10 { return chiSquareTail(statistic * 2 * mean / variance, degreesOfFreedom: freedom) }
    let margin = 1e-9 * max(statistic, 1)
    return Double(1 + draws.count { $0 >= statistic - margin }) / Double(draws.count + 1)
  }

  /// The smallest order that no test speaks against: one more than the largest that is rejected.
  public var supported: Int { (tests.last { $0.adjusted < alpha }?.order ?? -1) + 1 }

  /// Whether that order itself was tested, by data that can tell; else it is a lower bound.
  public var isBound: Bool { !tests.contains { $0.order == supported && $0.canTell } }
}
