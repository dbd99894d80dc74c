import Foundation
import Inference
import Models
import Probability
import Sequences
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
    var step = Kinked(OutputShape(.vectors(.reals, width: 1), stop: .given, lengthInput: nil))
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

  /// Vectors of two numbers are scored, drawn and audited; draws are not tested, since the distribution gives no transform.
  @Test func twoNumbersAStep() throws {
    let specification = try ModelSpecification("walk/halt", registry: GaussianWalk.registry)
    let model = VectorModel(
      specification: specification, process: Plane(shape: specification.shape(.vectors(.reals, width: 2))), prior: nil,
      facts: TrainingFacts(VectorSequences([], width: 2), seed: 1))
    #expect(abs(model.score(of: [[1, 2]]).natsElements - (2.5 + log(2 * .pi))) < 1e-12)
    let samples = try model.samples(4000, seed: 2).flatMap(\.sequence)
    for index in 0...1 {
      let mean = samples.reduce(0) { $0 + $1[index] } / Double(samples.count)
      #expect(abs(mean) < 5 / Double(samples.count).squareRoot())
    }
    let lines = try model.audit()
    for line in lines { #expect(line.isSound, "\(line)") }
    #expect(lines.contains { $0.sentence.contains("densities summed at 4") })
    #expect(lines.contains { $0.sentence.contains("not tested") })
    #expect(model.scores(of: VectorSequences([], width: 2)).isEmpty)
  }
}

/// Independent standard normal numbers, two a step; a third of all sequences stop at each.
private struct Plane: VectorProcess {
  struct Step: VectorDistribution {
    let shape: OutputShape
    let logStop = log(1.0 / 3)
    let logContinue = log(2.0 / 3)

    init(_ shape: OutputShape) { self.shape = shape }
    func logDensity(of element: [Double]) -> Double {
      element.reduce(-log(2 * .pi)) { $0 - $1 * $1 / 2 }
    }
    func drawElement(_ stream: inout RandomStream) -> [Double] { [stream.normal(), stream.normal()] }
  }

  let shape: OutputShape

  func start(_ inputs: StepInputs) {}
  func advance(_ state: inout Void, past element: [Double], _ inputs: StepInputs) {}
  func logStop(_ state: Void, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    (log(1.0 / 3), log(2.0 / 3))
  }
  func predict(_ state: Void, _ inputs: StepInputs, into step: inout Step) {}
  var storedParameters: Int { 0 }
  func write(to file: inout TensorFile) {}
}
