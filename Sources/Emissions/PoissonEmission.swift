import Foundation
import ModelCore
import Probability
import Sequences

/// Independent Poisson distributions of d counts; outputs: the logarithms of their means, which saturate
/// below −25 and above 40.
public struct PoissonEmission: Emission {
  /// "poisson".
  public static let name = "poisson"
  /// The one word.
  public static let examples = ["poisson"]
  /// For the help page.
  public static let summary = "poisson: independent counts, of variance equal to the mean; outputs: d log means"

  /// - Throws: `SpecificationError` where there is a parameter.
  public init(parameter: String?) throws { try Self.refuse(parameter) }

  /// "poisson".
  public var word: String { Self.name }

  /// Counts, and bits, which are counts.
  public func models(_ values: ElementKind.Values) -> Bool { values == .counts || values == .bits }

  /// d.
  public func outputs(width: Int) -> Int { width }

  /// The logarithms of the means.
  public func initialOutputs(means: [Double]) -> [Double] { means.map(initialLogMean) }

  /// Σ log P(y_i); −∞ where a number is no count. O(d).
  public func logDensity(of y: UnsafePointer<Double>, _ step: EmissionStep) -> Double {
    (0..<step.width).reduce(0) { $0 + distribution($1, step).logProbability(min(y[$1], largestCount)) }
  }

  /// With the gradient, mean − y_i but for the saturation. O(d).
  public func logDensity(
    of y: UnsafePointer<Double>, _ step: EmissionStep, outputs: UnsafeMutablePointer<Double>,
    addingTo weights: UnsafeMutablePointer<Double>
  ) -> Double {
    var sum = 0.0
    for index in 0..<step.width {
      let (logMean, slope) = saturated(step.outputs[index], most: largestLogMean)
      let (distribution, count) = (PoissonDistribution(logMean: logMean), min(y[index], largestCount))
      let logProbability = distribution.logProbability(count)
      sum += logProbability
      outputs[index] = logProbability > -.infinity ? (distribution.mean - count) * slope : 0
    }
    return sum
  }

  private func distribution(_ index: Int, _ step: EmissionStep) -> PoissonDistribution {
    PoissonDistribution(logMean: saturated(step.outputs[index], most: largestLogMean).value)
  }

  /// Counts. O(d).
  public func draw(_ step: EmissionStep, temperature: Double, _ stream: inout RandomStream) -> [Double] {
    (0..<step.width).map { distribution($0, step).draw(&stream) }
  }

  /// There is none for counts.
  public var temperatureRefusal: String? { noTemperatureOfCounts }

  /// Uniform between P(Y_i < y_i) and P(Y_i ≤ y_i). O(d).
  public func transform(of y: UnsafePointer<Double>, _ step: EmissionStep, _ stream: inout RandomStream) -> [Double] {
    (0..<step.width).map {
      let distribution = distribution($0, step)
      return stream.between(distribution.cumulative(y[$0] - 1), distribution.cumulative(y[$0]))
    }
  }

  /// log P(y_i); −∞ where a number is no count. O(d).
  public func componentLogDensities(of y: UnsafePointer<Double>, _ step: EmissionStep) -> [Double]? {
    (0..<step.width).map { distribution($0, step).logProbability(min(y[$0], largestCount)) }
  }

  /// The means.
  public func means(_ step: EmissionStep) -> [Double]? { (0..<step.width).map { distribution($0, step).mean } }
}

/// Counts beyond it have the probability of this one, so that logarithms are numbers.
let largestCount = 1e300

/// The refusal of another temperature than 1.
let noTemperatureOfCounts =
  "counts are drawn from their distribution itself: a temperature other than 1 has no meaning for them"

/// The logarithm of the mean of counts, from −10 to 40.
func initialLogMean(_ mean: Double) -> Double { mean > 0 ? min(max(log(mean), -10), largestLogMean) : -10 }
