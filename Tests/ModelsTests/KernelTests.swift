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
    var continuing = [0.0]
    Float.logProbabilities(
      rows: 1, columns: 3, outcomes: 3, stopColumn: 2, logits: logits, targets: [1], target: &target, stop: &stop,
      continuing: &continuing)
    let x = logits.map(Double.init)
    let largest = x.max() ?? 0
    let total = x.reduce(0) { $0 + exp($1 - largest) }
    #expect(abs(target[0] - (x[1] - largest - log(total))) < 1e-5 * max(abs(target[0]), 1))
    #expect(abs(exp(stop[0]) + exp(continuing[0]) - 1) < 1e-6)
    #expect(!stop[0].isNaN && !continuing[0].isNaN)

    // The last one as a halting logit.
    Float.logProbabilities(
      rows: 1, columns: 3, outcomes: 2, stopColumn: 2, logits: logits, targets: [-1], target: &target, stop: &stop,
      continuing: &continuing)
    #expect(target[0] == 0)
    #expect(abs(exp(stop[0]) + exp(continuing[0]) - 1) < 1e-12)
    #expect(stop[0].isFinite && continuing[0].isFinite)
  }

  /// Cross-entropy and its gradient, with rows of every number of vectors and of what is left over: against sums in double
  /// precision. The next row and what is beyond the last one are left alone.
  @Test(arguments: [1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 100], [false, true])
  func lossGradients(_ outcomes: Int, _ halts: Bool) {
    let columns = outcomes + (halts ? 1 : 0)
    var stream = RandomStream(seed: UInt64(outcomes))
    let targets = (0..<40).map { $0 % 7 == 3 && halts ? -1 : Int32(stream.uniform() * Double(outcomes)) }
    let logits = (0..<40 * columns).map { _ in Float(8 * stream.uniform() - 4) }
    var gradient = logits + [Float](repeating: 77, count: 20)
    let total = Float.lossGradient(rows: 40, columns: columns, outcomes: outcomes, logits: &gradient, targets: targets)
    var expected = 0.0
    var worst = 0.0
    for (row, target) in targets.enumerated() {
      let x = logits[row * columns..<(row + 1) * columns].map(Double.init)
      let sum = x[..<outcomes].reduce(0) { $0 + exp($1) }
      for outcome in 0..<outcomes {
        let share = target < 0 ? 0 : exp(x[outcome]) / sum - (Int(target) == outcome ? 1 : 0)
        worst = max(worst, abs(Double(gradient[row * columns + outcome]) - share))
      }
      if target >= 0 { expected += x[Int(target)] - log(sum) }
      if halts {
        let stop = 1 / (1 + exp(-x[outcomes]))
        expected += log(target < 0 ? stop : 1 - stop)
        worst = max(worst, abs(Double(gradient[row * columns + outcomes]) - (stop - (target < 0 ? 1 : 0))))
      }
    }
    #expect(abs(total - expected) < 1e-5 * abs(expected) + 1e-6)
    #expect(worst < 1e-6)
    #expect(gradient[(40 * columns)...].allSatisfy { $0 == 77 })
  }

  /// A logit that is not finite shows in the loss, wherever it stands.
  @Test(arguments: [3, 16, 27, 40], [Float.nan, .infinity]) func lossesShowWhatIsNotFinite(
    _ outcomes: Int, _ bad: Float
  ) {
    for place in 0..<3 * outcomes {
      var logits = [Float](repeating: 0.5, count: 3 * outcomes)
      logits[place] = bad
      let total = Float.lossGradient(
        rows: 3, columns: outcomes, outcomes: outcomes, logits: &logits, targets: [0, 1, Int32(outcomes - 1)])
      #expect(!total.isFinite, "at \(place)")
    }
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
