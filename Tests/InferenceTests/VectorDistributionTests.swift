import Foundation
import Models
import Probability
import Testing

/// The Laplace distribution p(y) = e^(−|y|/b) / (2 b), b = 1/2, whose density has a kink at 0.
private struct Kinked: VectorDistribution {
  let shape: OutputShape
  let logStop = -Double.infinity
  let logContinue = 0.0
  var knots: [Double] = []

  init(_ shape: OutputShape) { self.shape = shape }
  func logDensity(of element: [Double]) -> Double { -2 * abs(element[0]) }
  func drawElement(_ stream: inout RandomStream) -> [Double] {
    [(stream.uniform() < 0.5 ? 0.5 : -0.5) * log(stream.uniform())]
  }
}

@Suite struct VectorDistributionTests {
  /// The integral is 1 to the audit's tolerance for any draws if the kink is named; if not, some draws leave it beside the
  /// outermost of them, where no point of the quadrature sees it.
  @Test func kinksThatAreNamedAreIntegrated() {
    var step = Kinked(OutputShape(.reals(1), stop: .given, lengthInput: nil))
    func worst() -> Double {
      (0..<1000 as Range<UInt64>).map { number in
        var stream = RandomStream(seed: 6, index: number)
        return step.largestGap(&stream)
      }.max() ?? 1
    }
    #expect(worst() > 1e-9)
    step.knots = [0]
    #expect(worst() < 1e-10)
  }
}
