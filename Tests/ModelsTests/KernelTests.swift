import Foundation
import Models
import Probability
import Testing

/// The kernels in single precision against the C library in double.
@Suite struct KernelTests {
  @Test func tanhIsAccurateEverywhere() {
    var worst = 0.0
    let points = stride(from: -12.0, through: 12, by: 1e-4).map { Float($0) } + [1e-30, -1e-20, 1e-7, 1e-3, 100, -1e30]
    var values = points
    Float.tanh(values.count, &values)
    for (x, y) in zip(points, values) where x != 0 {
      worst = max(worst, abs(Double(y) - Foundation.tanh(Double(x))) / abs(Foundation.tanh(Double(x))))
    }
    #expect(worst < 5e-7, "largest relative error \(worst)")
    #expect(values.allSatisfy { abs($0) <= 1 })
  }

  /// Far-out logits neither overflow nor become NaN, and the three log-probabilities are right.
  @Test(arguments: [[0, 0, 0], [80, -80, 3], [1000, 0, -1000], [-1e30, 5, 5], [1e-3, 2e-3, 3e-3]] as [[Float]])
  func logProbabilitiesAreStable(_ logits: [Float]) {
    var target = [0.0]
    var stop = [0.0]
    var goOn = [0.0]
    Float.logProbabilities(
      rows: 1, columns: 3, outcomes: 3, stopColumn: 2, logits: logits, targets: [1], target: &target, stop: &stop,
      goOn: &goOn)
    let x = logits.map(Double.init)
    let largest = x.max() ?? 0
    let total = x.reduce(0) { $0 + exp($1 - largest) }
    #expect(abs(target[0] - (x[1] - largest - log(total))) < 1e-5 * max(abs(target[0]), 1))
    #expect(abs(exp(stop[0]) + exp(goOn[0]) - 1) < 1e-6)
    #expect(!stop[0].isNaN && !goOn[0].isNaN)

    // The last one as a halting logit.
    Float.logProbabilities(
      rows: 1, columns: 3, outcomes: 2, stopColumn: 2, logits: logits, targets: [-1], target: &target, stop: &stop,
      goOn: &goOn)
    #expect(target[0] == 0)
    #expect(abs(exp(stop[0]) + exp(goOn[0]) - 1) < 1e-12)
    #expect(stop[0].isFinite && goOn[0].isFinite)
  }

  /// The share that is dropped, what is kept, and that a key always drops the same.
  @Test func dropoutDropsItsShare() {
    let n = 100_000
    let ones = [Float](repeating: 1, count: n)
    var first = ones
    var second = ones
    Float.dropout(n, key: 77, first: 0, drop: 0.2, ones, into: &first)
    Float.dropout(n, key: 77, first: 0, drop: 0.2, ones, into: &second)
    #expect(first == second)
    let dropped = Double(first.count { $0 == 0 }) / Double(n)
    #expect(abs(dropped - 0.2) < 5 * (0.2 * 0.8 / Double(n)).squareRoot())
    #expect(first.allSatisfy { $0 == 0 || $0 == 1.25 })
    Float.dropout(n, key: 78, first: 0, drop: 0.2, ones, into: &second)
    #expect(first != second)
  }
}
