import Foundation
import Sequences
import Testing

@Suite struct ColumnSummaryTests {
  private func summary(_ numbers: [Double]) throws -> ColumnSummary {
    let set = VectorSequences([numbers.map { [$0] }], width: 1)
    return try #require(set.columnSummaries(Columns(.reals, width: 1)).first)
  }

  @Test func meansAndDeviations() throws {
    let column = try summary([1, 2, 3, 6])
    #expect(column.mean == 3 && abs(column.deviation - 3.5.squareRoot()) < 1e-15)
    #expect(column.least == 1 && column.largest == 6 && column.name == "y")
    // The squares of numbers near the largest there is are none.
    let huge = try summary([1e308, -1e308])
    #expect(huge.mean == 0 && abs(huge.deviation / 1e308 - 1) < 1e-12)
    #expect(VectorSequences([[]], width: 2).columnSummaries(Columns(.reals, width: 2)).isEmpty)
  }

  /// Steps are found whatever the multiples that occur, and where the lattice does not go through 0.
  @Test(arguments: [0.01, 0.25, 0.0385, 1.0 / 3, 7, 1e-6, 4e9])
  func latticesAreFound(_ step: Double) throws {
    var state: UInt64 = 9
    let multiples = (0..<4000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 54)
    }
    for offset in [0, 0.4 * step, -3000 * step] {
      let found = try summary(multiples.map { $0 * step + offset }).step
      #expect(abs((found ?? 0) / step - 1) < 1e-6, "\(step), \(offset): \(found ?? 0)")
    }
    // The least number may come first, and often.
    #expect(abs((try summary([0, 0, step, 0, 3 * step]).step ?? 0) / step - 1) < 1e-6)
    // Numbers of three decimals as they are written in a file.
    #expect(abs((try summary(multiples.map { ($0 * 7 / 1000 + 0.346) }).step ?? 0) - 0.007) < 1e-9)
  }

  @Test func whatIsNoLatticeHasNone() throws {
    #expect(try summary((1...1000).map { Double($0).squareRoot() }).step == nil)
    #expect(try summary((1...1000).map { sin(Double($0)) * 1e-3 + 1e4 }).step == nil)
    let constant = try summary([2.5, 2.5, 2.5])
    #expect(constant.isConstant && constant.step == nil && constant.deviation == 0)
    let bits = VectorSequences([[[0], [1], [1], [1]]], width: 1, .bits).columnSummaries(Columns(.bits, width: 1))
    #expect(bits[0].mean == 0.75 && bits[0].step == nil)
  }
}
