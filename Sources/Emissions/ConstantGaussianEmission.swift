import ModelCore
import Probability
import Sequences

/// A normal distribution with one covariance for all steps: d means, and as weights the d (d + 1)/2 numbers of its
/// modified Cholesky factor (`ModifiedCholesky`). Its maximum of the likelihood is least squares with the covariance of the residuals.
public struct ConstantGaussianEmission: Emission {
  /// "gaussian:constant".
  public static let name = "gaussian:constant"
  /// The one word.
  public static let examples = ["gaussian:constant"]
  /// For the help page.
  public static let summary =
    "gaussian:constant: normal with one covariance for all steps; outputs: d means; weights: d (d + 1)/2"

  /// - Throws: `SpecificationError` where there is a parameter.
  public init(parameter: String?) throws { try Self.refuse(parameter) }

  /// "gaussian:constant".
  public var word: String { Self.name }

  /// Real numbers alone.
  public func models(_ values: ElementKind.Values) -> Bool { values == .reals }

  /// d.
  public func outputs(width: Int) -> Int { width }

  /// d (d + 1)/2.
  public func weights(width: Int) -> Int { ModifiedCholesky.count(width: width) }

  /// The means.
  public func initialOutputs(means: [Double]) -> [Double] { means }

  /// Components that are independent and of variance 1.
  public func initialWeights(width: Int, _ stream: inout RandomStream) -> [Double] {
    ModifiedCholesky.independent(width: width)
  }

  /// The weights that give a covariance; a conditional deviation below the floor of 10⁻⁴ is raised to it. O(d³).
  /// - Parameter covariance: d × d numbers, row by row.
  /// - Throws: `GSLError` where the covariance is not positive definite.
  public static func weights(covariance: [Double], width: Int) throws -> [Double] {
    try ModifiedCholesky.numbers(covariance: covariance, width: width)
  }

  /// log N(y; μ, Σ). O(d²).
  public func logDensity(of y: UnsafePointer<Double>, _ step: EmissionStep) -> Double {
    ModifiedCholesky.evaluate(y, width: step.width, means: step.outputs, numbers: step.weights, gradient: nil)
  }

  /// With the gradient. O(d²).
  public func logDensity(
    of y: UnsafePointer<Double>, _ step: EmissionStep, outputs: UnsafeMutablePointer<Double>,
    addingTo weights: UnsafeMutablePointer<Double>
  ) -> Double {
    ModifiedCholesky.evaluate(
      y, width: step.width, means: step.outputs, numbers: step.weights, gradient: (outputs, weights, isAdded: true))
  }

  /// μ + temperature · L ε, Σ = L Lᵀ. O(d²).
  public func draw(_ step: EmissionStep, temperature: Double, _ stream: inout RandomStream) -> [Double] {
    ModifiedCholesky.restored(
      (0..<step.width).map { _ in temperature * stream.normal() }, means: step.locations, numbers: step.weights)
  }

  /// Φ(z), z = L⁻¹ (y − μ). O(d²).
  public func transform(of y: UnsafePointer<Double>, _ step: EmissionStep, _ stream: inout RandomStream) -> [Double] {
    ModifiedCholesky.standardised(y, means: step.locations, numbers: step.weights).map(
      NormalDistribution.standardCumulative)
  }

  /// Those of the regressions on the lower components. O(d²).
  public func componentLogDensities(of y: UnsafePointer<Double>, _ step: EmissionStep) -> [Double]? {
    ModifiedCholesky.componentLogDensities(y, means: step.locations, numbers: step.weights)
  }

  /// μ.
  public func means(_ step: EmissionStep) -> [Double]? { step.locations }

  /// The peak and where it ends.
  public func knots(_ step: EmissionStep) -> [Double] {
    peak(at: step.locations[0], deviation: Deviation.of(step.weights[0]).value)
  }

  /// Components depend on the lower ones through the regressions.
  public var isAutoregressive: Bool { true }
}
