import Foundation
import Probability
import Testing

@Suite struct BootstrapTests {
  /// For many numbers the interval is the normal one: mean ± 1.96 standard errors.
  @Test func agreesWithTheNormalInterval() {
    var stream = RandomStream(seed: 4)
    let n = 2000
    let numbers = (0..<n).map { _ in 0.3 + 2 * stream.normal() }
    let mean = numbers.reduce(0, +) / Double(n)
    let deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)).squareRoot()
    let half = 1.96 * deviation / Double(n).squareRoot()
    let interval = BootstrapInterval(numbers, seed: 9)
    #expect(abs(interval.mean - mean) < 1e-12)
    #expect(abs(interval.low - (mean - half)) < 0.15 * half)
    #expect(abs(interval.high - (mean + half)) < 0.15 * half)
    #expect(BootstrapInterval(numbers, seed: 9) == interval)
  }

  /// Blocks of neighbours give the same interval, and hardly more work than a few sequences.
  @Test func manyNumbersAreDrawnInBlocks() {
    var stream = RandomStream(seed: 5)
    let n = 45_001
    let numbers = (0..<n).map { _ in stream.normal() + 1 }
    let mean = numbers.reduce(0, +) / Double(n)
    let half = 1.96 / Double(n).squareRoot()
    let interval = BootstrapInterval(numbers, seed: 2)
    #expect(abs(interval.mean - mean) < 1e-12)
    #expect(abs(interval.low - (mean - half)) < 0.15 * half)
    #expect(abs(interval.high - (mean + half)) < 0.15 * half)
  }

  @Test func degenerateOnes() {
    #expect(BootstrapInterval([], seed: 1).mean == 0)
    let same = BootstrapInterval([2, 2, 2], seed: 1)
    #expect(same.low == 2 && same.high == 2)
    let infinite = BootstrapInterval([1, .infinity], seed: 1)
    #expect(infinite.mean == .infinity && infinite.low == .infinity && infinite.high == .infinity)
    #expect(!BootstrapInterval([.infinity, -.infinity], seed: 1).mean.isNaN)
  }
}
