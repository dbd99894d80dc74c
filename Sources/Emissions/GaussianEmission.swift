import Foundation
import ModelCore
import Probability
import Sequences

/// Independent normal distributions of variance 1 around the outputs, which are d means: −log p = ½ ‖y − μ‖² + (d/2) log 2π.
public struct GaussianEmission: Emission {
  /// "gaussian".
  public static let name = "gaussian"
  /// The one word.
  public static let examples = ["gaussian"]
  /// For the help page.
  public static let summary =
    "gaussian: normal with variance 1 in standardised units, as least squares assumes; outputs: d means"

  /// - Throws: `SpecificationError` where there is a parameter.
  public init(parameter: String?) throws { try Self.refuse(parameter) }

  /// "gaussian".
  public var word: String { Self.name }

  /// Real numbers alone: a density of counts could not be compared with their probability.
  public func models(_ values: ElementKind.Values) -> Bool { values == .reals }

  /// d.
  public func outputs(width: Int) -> Int { width }

  /// The means.
  public func initialOutputs(means: [Double]) -> [Double] { means }

  /// −½ ‖y − μ‖² − (d/2) log 2π. O(d).
  public func logDensity(of y: UnsafePointer<Double>, _ step: EmissionStep) -> Double { evaluate(y, step, nil) }

  /// With the gradient by the means, μ − y. O(d).
  public func logDensity(
    of y: UnsafePointer<Double>, _ step: EmissionStep, outputs: UnsafeMutablePointer<Double>,
    addingTo weights: UnsafeMutablePointer<Double>
  ) -> Double { evaluate(y, step, outputs) }

  private func evaluate(
    _ y: UnsafePointer<Double>, _ step: EmissionStep, _ gradient: UnsafeMutablePointer<Double>?
  ) -> Double {
    var squares = 0.0
    for index in 0..<step.width {
      let z = bounded(y[index] - bounded(step.outputs[index], largestOutput), largestDistance)
      squares += z * z
      gradient?[index] = -z
    }
    return -squares / 2 - Double(step.width) * NormalDistribution.halfLogTwoPi
  }

  /// μ + temperature · ε. O(d).
  public func draw(_ step: EmissionStep, temperature: Double, _ stream: inout RandomStream) -> [Double] {
    step.locations.map { $0 + temperature * stream.normal() }
  }

  /// Φ(y − μ). O(d).
  public func transform(of y: UnsafePointer<Double>, _ step: EmissionStep, _ stream: inout RandomStream) -> [Double] {
    step.locations.enumerated().map { NormalDistribution.standardCumulative(y[$0] - $1) }
  }

  /// log N(y_i; μ_i, 1). O(d).
  public func componentLogDensities(of y: UnsafePointer<Double>, _ step: EmissionStep) -> [Double]? {
    step.locations.enumerated().map { normalLogDensity(y[$0] - $1, deviation: 1) }
  }

  /// μ.
  public func means(_ step: EmissionStep) -> [Double]? { step.locations }

  /// The peak and where it ends.
  public func knots(_ step: EmissionStep) -> [Double] { peak(at: step.locations[0], deviation: 1) }

  /// What the unit variance means.
  public var remark: String? {
    "its negative log-likelihood is half the squared error plus a constant, (d/2) log 2π; "
      + "of standardised data the unit is the column's standard deviation"
  }
}

extension EmissionStep {
  /// The first d outputs, where these are locations.
  var locations: [Double] { (0..<width).map { bounded(outputs[$0], largestOutput) } }
}

/// −½ z² − log σ − ½ log 2π.
func normalLogDensity(_ z: Double, deviation: Double) -> Double {
  let z = bounded(z, largestDistance)
  return -z * z / 2 - log(deviation) - NormalDistribution.halfLogTwoPi
}

/// The peak of a normal density and where it ends for a quadrature.
func peak(at mean: Double, deviation: Double) -> [Double] { [mean - 8 * deviation, mean, mean + 8 * deviation] }

extension Emission {
  /// - Throws: `SpecificationError` where a parameter is given to an emission that takes none.
  static func refuse(_ parameter: String?) throws {
    guard let parameter else { return }
    throw SpecificationError.unknown(
      what: "emission", word: "\(name):\(parameter)", known: standardEmissions.map { $0.name })
  }
}
