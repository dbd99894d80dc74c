import ModelCore
import Probability
import Sequences

/// A normal distribution whose covariance changes from step to step: d means and the d (d + 1)/2 numbers of its
/// modified Cholesky factor (`ModifiedCholesky`).
public struct FullGaussianEmission: Emission {
  /// "gaussian:full".
  public static let name = "gaussian:full"
  /// The one word.
  public static let examples = ["gaussian:full"]
  /// For the help page.
  public static let summary =
    "gaussian:full: normal with a covariance at each step; outputs: d means, d (d + 1)/2 numbers of a Cholesky factor"

  /// - Throws: `SpecificationError` where there is a parameter.
  public init(parameter: String?) throws { try Self.refuse(parameter) }

  /// "gaussian:full".
  public var word: String { Self.name }

  /// Real numbers alone.
  public func models(_ values: ElementKind.Values) -> Bool { values == .reals }

  /// d + d (d + 1)/2.
  public func outputs(width: Int) -> Int { width + ModifiedCholesky.count(width: width) }

  /// The means, with components that are independent and of variance 1.
  public func initialOutputs(means: [Double]) -> [Double] { means + ModifiedCholesky.independent(width: means.count) }

  /// The outputs that give a normal distribution; a conditional deviation below the floor of 10⁻⁴ is raised to it. O(d³).
  /// - Parameters:
  ///   - means: d numbers.
  ///   - covariance: d × d numbers, row by row.
  /// - Throws: `GSLError` where the covariance is not positive definite.
  public static func outputs(means: [Double], covariance: [Double]) throws -> [Double] {
    try means + ModifiedCholesky.numbers(covariance: covariance, width: means.count)
  }

  /// log N(y; μ, Σ). O(d²).
  public func logDensity(of y: UnsafePointer<Double>, _ step: EmissionStep) -> Double {
    ModifiedCholesky.evaluate(
      y, width: step.width, means: step.outputs, numbers: step.outputs + step.width, gradient: nil)
  }

  /// With the gradient. O(d²).
  public func logDensity(
    of y: UnsafePointer<Double>, _ step: EmissionStep, outputs: UnsafeMutablePointer<Double>,
    addingTo weights: UnsafeMutablePointer<Double>
  ) -> Double {
    ModifiedCholesky.evaluate(
      y, width: step.width, means: step.outputs, numbers: step.outputs + step.width,
      gradient: (outputs, outputs + step.width, isAdded: false))
  }

  /// μ + temperature · L ε, Σ = L Lᵀ. O(d²).
  public func draw(_ step: EmissionStep, temperature: Double, _ stream: inout RandomStream) -> [Double] {
    ModifiedCholesky.restored(
      (0..<step.width).map { _ in temperature * stream.normal() }, means: step.locations,
      numbers: step.outputs + step.width)
  }

  /// Φ(z), z = L⁻¹ (y − μ). O(d²).
  public func transform(of y: UnsafePointer<Double>, _ step: EmissionStep, _ stream: inout RandomStream) -> [Double] {
    ModifiedCholesky.standardised(y, means: step.locations, numbers: step.outputs + step.width).map(
      NormalDistribution.standardCumulative)
  }

  /// Those of the regressions on the lower components. O(d²).
  public func componentLogDensities(of y: UnsafePointer<Double>, _ step: EmissionStep) -> [Double]? {
    ModifiedCholesky.componentLogDensities(y, means: step.locations, numbers: step.outputs + step.width)
  }

  /// μ.
  public func means(_ step: EmissionStep) -> [Double]? { step.locations }

  /// The peak and where it ends.
  public func knots(_ step: EmissionStep) -> [Double] {
    peak(at: step.locations[0], deviation: Deviation.of(step.outputs[step.width]).value)
  }

  /// Components depend on the lower ones through the regressions.
  public var isAutoregressive: Bool { true }
}
