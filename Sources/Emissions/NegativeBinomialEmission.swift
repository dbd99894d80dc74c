import Foundation
import ModelCore
import Probability
import Sequences

/// Independent negative binomial distributions of d counts: d logarithms of means m and d logarithms of dispersions r, the means
/// saturating below −25 and above 40, the dispersions beyond ±25; the variance is m + m²/r, so that large r are Poisson distributions.
public struct NegativeBinomialEmission: Emission {
  /// "negative-binomial".
  public static let name = "negative-binomial"
  /// The one word.
  public static let examples = ["negative-binomial"]
  /// For the help page.
  public static let summary =
    "negative-binomial: independent counts, of variance m + m²/r; outputs: d log means, d log dispersions r"

  /// - Throws: `SpecificationError` where there is a parameter.
  public init(parameter: String?) throws { try Self.refuse(parameter) }

  /// "negative-binomial".
  public var word: String { Self.name }

  /// Counts, and bits, which are counts.
  public func models(_ values: ElementKind.Values) -> Bool { values == .counts || values == .bits }

  /// 2 d.
  public func outputs(width: Int) -> Int { 2 * width }

  /// The logarithms of the means, with dispersions r = e.
  public func initialOutputs(means: [Double]) -> [Double] { means.map(initialLogMean) + means.map { _ in 1 } }

  /// Σ log P(y_i); −∞ where a number is no count. O(d).
  public func logDensity(of y: UnsafePointer<Double>, _ step: EmissionStep) -> Double {
    (0..<step.width).reduce(0) { $0 + distribution($1, step).logProbability(min(y[$1], largestCount)) }
  }

  /// With the gradient. O(d).
  public func logDensity(
    of y: UnsafePointer<Double>, _ step: EmissionStep, outputs: UnsafeMutablePointer<Double>,
    addingTo weights: UnsafeMutablePointer<Double>
  ) -> Double {
    let width = step.width
    var sum = 0.0
    for index in 0..<width {
      let logMean = saturated(step.outputs[index], most: largestLogMean)
      let logDispersion = saturated(step.outputs[width + index])
      let distribution = NegativeBinomialDistribution(logMean: logMean.value, logDispersion: logDispersion.value)
      let count = min(y[index], largestCount)
      let logProbability = distribution.logProbability(count)
      sum += logProbability
      let isCount = logProbability > -.infinity
      let gradient = isCount ? distribution.gradient(count) : (logMean: 0, logDispersion: 0)
      outputs[index] = -gradient.logMean * logMean.slope
      outputs[width + index] = -gradient.logDispersion * logDispersion.slope
    }
    return sum
  }

  private func distribution(_ index: Int, _ step: EmissionStep) -> NegativeBinomialDistribution {
    NegativeBinomialDistribution(
      logMean: saturated(step.outputs[index], most: largestLogMean).value,
      logDispersion: saturated(step.outputs[step.width + index]).value)
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
