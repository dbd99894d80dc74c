import Foundation
import ModelCore
import Probability
import Sequences

/// Independent normal distributions: d means, and d logarithms of standard deviations (`Deviation`).
public struct DiagonalGaussianEmission: Emission {
  /// "gaussian:diagonal".
  public static let name = "gaussian:diagonal"
  /// The one word.
  public static let examples = ["gaussian:diagonal"]
  /// For the help page.
  public static let summary =
    "gaussian:diagonal: normal, components independent; outputs: d means, d log standard deviations"

  /// - Throws: `SpecificationError` where there is a parameter.
  public init(parameter: String?) throws { try Self.refuse(parameter) }

  /// "gaussian:diagonal".
  public var word: String { Self.name }

  /// Real numbers alone.
  public func models(_ values: ElementKind.Values) -> Bool { values == .reals }

  /// 2 d.
  public func outputs(width: Int) -> Int { 2 * width }

  /// The means, with standard deviations of 1.
  public func initialOutputs(means: [Double]) -> [Double] { means + means.map { _ in Deviation.output(for: 1) } }

  /// −Σ (½ z² + log σ + ½ log 2π), z = (y − μ)/σ. O(d).
  public func logDensity(of y: UnsafePointer<Double>, _ step: EmissionStep) -> Double { evaluate(y, step, nil) }

  /// With the gradient, −z/σ by a mean and (1 − z²)/σ · dσ/ds by s. O(d).
  public func logDensity(
    of y: UnsafePointer<Double>, _ step: EmissionStep, outputs: UnsafeMutablePointer<Double>,
    addingTo weights: UnsafeMutablePointer<Double>
  ) -> Double { evaluate(y, step, outputs) }

  private func evaluate(
    _ y: UnsafePointer<Double>, _ step: EmissionStep, _ gradient: UnsafeMutablePointer<Double>?
  ) -> Double {
    let width = step.width
    var (squares, deviations) = (0.0, LogProduct())
    for index in 0..<width {
      let (deviation, slope) = Deviation.of(step.outputs[width + index])
      let distance = y[index] - bounded(step.outputs[index], largestOutput)
      let z = bounded(distance / deviation, largestDistance)
      squares += z * z
      deviations.multiply(by: deviation)
      if let gradient {
        gradient[index] = -z / deviation
        gradient[width + index] = (1 - z * z) / deviation * slope
      }
    }
    return -squares / 2 - deviations.value - Double(width) * NormalDistribution.halfLogTwoPi
  }

  private func deviations(_ step: EmissionStep) -> [Double] {
    (0..<step.width).map { Deviation.of(step.outputs[step.width + $0]).value }
  }

  /// μ + temperature · σ ε. O(d).
  public func draw(_ step: EmissionStep, temperature: Double, _ stream: inout RandomStream) -> [Double] {
    zip(step.locations, deviations(step)).map { $0 + temperature * $1 * stream.normal() }
  }

  /// Φ((y − μ)/σ). O(d).
  public func transform(of y: UnsafePointer<Double>, _ step: EmissionStep, _ stream: inout RandomStream) -> [Double] {
    zip(step.locations, deviations(step)).enumerated().map { index, normal in
      NormalDistribution.standardCumulative((y[index] - normal.0) / normal.1)
    }
  }

  /// log N(y_i; μ_i, σ_i). O(d).
  public func componentLogDensities(of y: UnsafePointer<Double>, _ step: EmissionStep) -> [Double]? {
    zip(step.locations, deviations(step)).enumerated().map { index, normal in
      normalLogDensity((y[index] - normal.0) / normal.1, deviation: normal.1)
    }
  }

  /// μ.
  public func means(_ step: EmissionStep) -> [Double]? { step.locations }

  /// The peak and where it ends.
  public func knots(_ step: EmissionStep) -> [Double] {
    peak(at: step.locations[0], deviation: deviations(step)[0])
  }
}
