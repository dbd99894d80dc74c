import Foundation
import GraphicalModel
import Models
import Probability
import Sequences

/// A Gaussian random walk y(t) = y(t − 1) + ε from 0, ε of a given deviation, for tests: a process of real numbers. With a
/// halting Bernoulli it stops with the same probability before each element.
struct GaussianWalk: VectorProcess {
  /// The distribution of a step.
  struct Step: VectorDistribution {
    let shape: OutputShape
    var (mean, deviation) = (0.0, 1.0)
    var (logStop, logContinue) = (-Double.infinity, 0.0)
    /// Faults, for tests of the audit: what the density is multiplied by, and the deviation of draws.
    var factor = 1.0
    var drawn = 1.0

    init(_ shape: OutputShape) { self.shape = shape }

    func logDensity(of element: [Double]) -> Double {
      let z = (element[0] - mean) / deviation
      return log(factor) - (z * z + log(2 * .pi)) / 2 - log(deviation)
    }
    func drawElement(_ stream: inout RandomStream) -> [Double] { [mean + drawn * deviation * stream.normal()] }
  }

  let shape: OutputShape
  let deviation: Double
  let stop: Double
  var factor = 1.0
  var drawn = 1.0

  func start(_ inputs: StepInputs) -> Double { 0 }
  func advance(_ state: inout Double, past element: [Double], _ inputs: StepInputs) { state = element[0] }
  func logStop(_ state: Double, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    shape.decidesEnd ? (log(stop), log1p(-stop)) : (-.infinity, 0)
  }
  func predict(_ state: Double, _ inputs: StepInputs, into step: inout Step) {
    (step.mean, step.deviation, step.factor, step.drawn) = (state, deviation, factor, drawn)
    (step.logStop, step.logContinue) = logStop(state, inputs)
  }
  var storedParameters: Int { 2 }
  func write(to file: inout TensorFile) { file.set("walk", [deviation, stop], shape: [2]) }
}

/// The word of such walks, `walk`.
struct GaussianWalkFamily: ModelFamily {
  static let name = "walk"
  static let leadingOption: String? = nil
  static let examples = ["walk"]
  static let summary = "for tests"

  init(_ options: inout ModelOptions, registry: Registry) throws {}
  func word(complete: Bool) -> String { Self.name }
  func models(_ elements: ElementKind) -> Bool { if case .vectors(.reals, _, _) = elements { true } else { false } }
  var isUnsmoothed: Bool { false }
  var usesValidation: Bool { false }
  func template(_ shape: OutputShape) -> DirectedTemplate {
    DirectedTemplate([
      .init(
        "y", .random, domain: .values(1), parents: [.init("y", lags: [1])], conditional: .affine(rows: 1))
    ])
  }
  func tensorSizes(_ shape: OutputShape) -> [String: Int?] { ["walk": 2] }
  func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    guard shape.vectorWidth == 1 else { throw ModelFileError.inconsistent("walk is of one number a step") }
    let numbers = try file.doubles("walk", count: 2)
    return GaussianWalk(shape: shape, deviation: numbers[0], stop: numbers[1])
  }
}

extension GaussianWalk {
  static let registry = {
    var registry = Registry.standard
    registry.families.append(GaussianWalkFamily.self)
    return registry
  }()

  /// A model that ends in the way of the word, `halt` or `tau`; P(τ) is fitted to the data.
  static func model(
    _ length: String, deviation: Double = 0.5, stop: Double = 0.2, factor: Double = 1, drawn: Double = 1,
    lengthsOf data: VectorSequences = VectorSequences([[[1], [2]], [], [[0.5]]], width: 1)
  ) throws -> VectorModel {
    let specification = try ModelSpecification("walk/\(length)", registry: registry)
    let process = GaussianWalk(
      shape: specification.shape(.vectors(.reals, width: 1)), deviation: deviation, stop: stop, factor: factor,
      drawn: drawn)
    return VectorModel(
      specification: specification, process: process,
      prior: try specification.length.prior?.fit(data, FittingContext()), facts: TrainingFacts(data, seed: 1))
  }
}
