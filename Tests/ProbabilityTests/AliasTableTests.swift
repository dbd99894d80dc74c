import Probability
import Testing

@Suite struct AliasTableTests {
  /// Pearson's chi-square; what weighs nothing is never drawn.
  @Test(arguments: [[1.0], [1, 1, 1], [0, 5, 0, 1, 0.25], [1e-9, 1], (1...200).map { Double($0 % 7) }])
  func drawsFollowTheWeights(_ weights: [Double]) throws {
    let draws = 100_000
    let table = try AliasTable(weights: weights)
    var stream = RandomStream(seed: 31, index: UInt64(weights.count))
    var counts = weights.map { _ in 0 }
    for _ in 0..<draws { counts[table.sample(&stream)] += 1 }
    let total = weights.reduce(0, +)
    var statistic = 0.0
    var cells = 0
    for (weight, count) in zip(weights, counts) {
      let expected = Double(draws) * weight / total
      if weight == 0 { #expect(count == 0) }
      guard expected >= 5 else { continue }
      statistic += (Double(count) - expected) * (Double(count) - expected) / expected
      cells += 1
    }
    #expect(cells < 2 || chiSquareTail(statistic, degreesOfFreedom: Double(cells - 1)) > 1e-4)
  }
}
