import Foundation
import Probability
import Testing

@Suite struct SignFlipTests {
  /// By hand: of the 8 sign patterns of 1, 2, 4 the sums ±7 are as extreme as 7, and ±7, ±5 as 5.
  @Test func smallOnesAreExact() {
    #expect(signFlipTest([1, 2, 4], seed: 1) == 2.0 / 8)
    #expect(signFlipTest([-1, 2, 4], seed: 1) == 4.0 / 8)
    #expect(signFlipTest([0, 0, 0], seed: 1) == 1)
    #expect(signFlipTest([], seed: 1) == nil && signFlipTest([1, .infinity], seed: 1) == nil)
  }

  /// Random signs estimate what all signs give: 14 numbers, by all 2^14 patterns here.
  @Test func randomSignsEstimateTheExactValue() throws {
    let values = (1...14).map { Double($0) * ($0 % 3 == 0 ? -1 : 1) }
    let observed = abs(values.reduce(0, +))
    let extreme = (0..<(1 << 14)).count { signs in
      abs(values.indices.reduce(0) { $0 + (signs >> $1 & 1 == 1 ? -values[$1] : values[$1]) }) >= observed
    }
    let exact = Double(extreme) / Double(1 << 14)
    let p = try #require(signFlipTest(values, seed: 5))
    #expect(abs(p - exact) < 4 * (exact * (1 - exact) / 10_000).squareRoot())
    #expect(signFlipTest(values, seed: 5) == p)
  }

  /// Without a difference p-values are uniform: 500 simulated comparisons, by Kolmogorov's and Smirnov's test; with one they
  /// are small.
  @Test(arguments: [40, 5000]) func pValuesAreUniformWithoutADifference(n: Int) throws {
    var stream = RandomStream(seed: 21)
    func simulated(_ difference: Double) throws -> Double {
      // Two exponential variables whose roles can be exchanged.
      let values = (0..<n).map { _ in log(1 - stream.uniform()) - log(1 - stream.uniform()) + difference }
      return try #require(signFlipTest(values, seed: stream.next(), resamples: 1000))
    }
    let count = n > 1000 ? 200 : 500
    let values = try (0..<count).map { _ in try simulated(0) }.sorted()
    let distance = values.enumerated().reduce(0.0) { most, next in
      let (index, p) = (Double(next.offset), next.element)
      return max(most, (index + 1) / Double(count) - p, p - index / Double(count))
    }
    // The 1 % point of the distribution of the distance.
    #expect(distance < 1.63 / Double(count).squareRoot(), "\(distance)")
    #expect(try simulated(4 / Double(n).squareRoot() * 1.5) < 0.05)
  }
}
