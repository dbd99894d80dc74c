import Foundation
import Models
import Probability
import Sequences
import Testing

@Suite struct LengthTableTests {
  private func table(_ lengths: [Int], isSmoothed: Bool) -> LengthTable {
    let set = SequenceSet(lengths.map { Array(repeating: 0, count: $0) }, alphabetSize: 1)
    return LengthTable(set, isSmoothed: isSmoothed)
  }

  /// (count + D g) / (N + D) by hand: lengths 1, 1, 3; mean (5 + 1)/(3 + 1), so g(τ) = 0.4 · 0.6^τ.
  @Test func byHand() {
    let table = table([1, 1, 3], isSmoothed: true)
    let wanted = [0.0, 2, 0, 1, 0].enumerated().map { ($1 + 2 * 0.4 * pow(0.6, Double($0))) / 5 }
    for (length, probability) in wanted.enumerated() {
      #expect(abs(exp(table.logProbability(length)) - probability) < 1e-15)
    }
    #expect(abs(table.tail(beyond: 4) - (1 - wanted.reduce(0, +))) < 1e-15)
    #expect(table.logProbability(1_000_000).isFinite)
  }

  @Test func unsmoothedIsCountByTotal() {
    let table = table([1, 1, 3], isSmoothed: false)
    #expect(table.logProbability(1) == log(2.0 / 3))
    #expect(table.logProbability(2) == -.infinity)
    #expect(table.tail(beyond: 1) == 1.0 / 3)
  }

  @Test(
    arguments: [([3, 1, 2], 2), ([5, 1], 5), ([7], 7), ([2000, 3, 5000, 1023, 1024], 1024), ([], 0)] as [([Int], Int)])
  func median(_ lengths: [Int], _ median: Int) {
    #expect(table(lengths, isSmoothed: false).median == median)
  }

  @Test func onlyEmptySequences() {
    let table = table([0, 0], isSmoothed: true)
    #expect(table.logProbability(0) > table.logProbability(1))
    #expect(table.logProbability(5).isFinite)
  }
}
