import Probability
import Testing

@Suite struct WilsonIntervalTests {
  /// R: prop.test(8, 10, correct = FALSE)$conf.int, and the ends by hand: z² / (n + z²).
  @Test func knownIntervals() {
    let interval = wilsonInterval(8, of: 10)
    #expect(abs(interval.lowerBound - 0.4901625) < 1e-7 && abs(interval.upperBound - 0.9433178) < 1e-7)
    #expect(wilsonInterval(0, of: 4).lowerBound == 0)
    #expect(abs(wilsonInterval(0, of: 4).upperBound - 3.8414588 / (4 + 3.8414588)) < 1e-7)
    #expect(abs(wilsonInterval(4, of: 4).lowerBound - 4 / (4 + 3.8414588)) < 1e-7)
  }
}
