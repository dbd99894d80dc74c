import Foundation
import GraphicalModel
import Models
import Probability
import Sequences

/// Vectors of independent components, the same at each step, for tests: real numbers standard normal, bits or the
/// second one of two levels with rate 0.3, counts Poisson with the mean 2. Each sequence stops with probability ¼ before an element.
struct IndependentVectors: VectorProcess {
  struct Step: VectorDistribution {
    let shape: OutputShape
    let logStop = log(0.25)
    let logContinue = log(0.75)
    /// Faults, for tests of the audit: what the density is multiplied by, and the deviation, rate or mean of draws beside that of
    /// the density.
    var (factor, drawn) = (1.0, 1.0)

    init(_ shape: OutputShape) { self.shape = shape }

    func logDensity(of element: [Double]) -> Double {
      element.reduce(log(factor)) { sum, y in
        switch shape.values {
        case .reals: sum - (y * y + log(2 * .pi)) / 2
        case .bits, .categories: sum + log(y == 1 ? 0.3 : 0.7)
        case .counts: sum + y * log(2.0) - 2 - lgamma(y + 1)
        }
      }
    }

    func drawElement(_ stream: inout RandomStream) -> [Double] {
      (0..<shape.vectorWidth).map { _ in
        switch shape.values {
        case .reals: drawn * stream.normal()
        case .bits, .categories: stream.uniform() < 0.3 * drawn ? 1 : 0
        case .counts: Double(stream.poisson(2 * drawn))
        }
      }
    }

    func transform(of element: [Double], _ stream: inout RandomStream) -> [Double]? {
      element.map { y in
        switch shape.values {
        case .reals: erfc(-y / 2.0.squareRoot()) / 2
        case .bits, .categories: y == 1 ? 0.7 + 0.3 * stream.uniform() : 0.7 * stream.uniform()
        case .counts:
          (0..<Int(y)).reduce(0) { $0 + exp(Double($1) * log(2.0) - 2 - lgamma(Double($1) + 1)) }
            + stream.uniform() * exp(y * log(2.0) - 2 - lgamma(y + 1))
        }
      }
    }
  }

  let shape: OutputShape
  var (factor, drawn) = (1.0, 1.0)

  func start(_ inputs: StepInputs) {}
  func advance(_ state: inout Void, past element: [Double], _ inputs: StepInputs) {}
  func logStop(_ state: Void, _ inputs: StepInputs) -> (stop: Double, continuing: Double) { (log(0.25), log(0.75)) }
  func predict(_ state: Void, _ inputs: StepInputs, into step: inout Step) {
    (step.factor, step.drawn) = (factor, drawn)
  }
  func logProbability(of element: [Double], _ state: Void, _ inputs: StepInputs) -> Double {
    var step = Step(shape)
    predict(state, inputs, into: &step)
    return step.logDensity(of: element)
  }
  var storedParameters: Int { 0 }
  func write(to file: inout TensorFile) {}

  static func model(
    _ values: ElementKind.Values, width: Int, factor: Double = 1, drawn: Double = 1
  ) throws -> VectorModel {
    let specification = try ModelSpecification("gru:1/halt")
    let shape = specification.shape(.vectors(values, width: width))
    return VectorModel(
      specification: specification, process: IndependentVectors(shape: shape, factor: factor, drawn: drawn), prior: nil,
      facts: TrainingFacts(VectorSequences([], width: width, values), seed: 1))
  }
}
