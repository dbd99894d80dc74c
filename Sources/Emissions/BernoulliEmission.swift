import Foundation
import ModelCore
import Probability
import Sequences

/// Independent Bernoulli distributions of d bits; outputs: their logits.
public struct BernoulliEmission: Emission {
  /// "bernoulli".
  public static let name = "bernoulli"
  /// The one word.
  public static let examples = ["bernoulli"]
  /// For the help page.
  public static let summary = "bernoulli: independent bits; outputs: d logits"

  /// - Throws: `SpecificationError` where there is a parameter.
  public init(parameter: String?) throws { try Self.refuse(parameter) }

  /// "bernoulli".
  public var word: String { Self.name }

  /// Bits.
  public func models(_ values: ElementKind.Values) -> Bool { values == .bits }

  /// d.
  public func outputs(width: Int) -> Int { width }

  /// The logits of the means.
  public func initialOutputs(means: [Double]) -> [Double] { means.map(initialLogit) }

  /// Σ log P(y_i); −∞ where a number is no bit. O(d).
  public func logDensity(of y: UnsafePointer<Double>, _ step: EmissionStep) -> Double { evaluate(y, step, nil) }

  /// With the gradient, P(1) − y. O(d).
  public func logDensity(
    of y: UnsafePointer<Double>, _ step: EmissionStep, outputs: UnsafeMutablePointer<Double>,
    addingTo weights: UnsafeMutablePointer<Double>
  ) -> Double { evaluate(y, step, outputs) }

  private func evaluate(
    _ y: UnsafePointer<Double>, _ step: EmissionStep, _ gradient: UnsafeMutablePointer<Double>?
  ) -> Double {
    guard areBits(y, step.width) else {
      gradient?.update(repeating: 0, count: step.width)
      return -.infinity
    }
    var sum = LogisticSum()
    for index in 0..<step.width {
      let derivative = sum.add(bounded(step.outputs[index], largestOutput), y[index])
      gradient?[index] = derivative
    }
    return sum.value
  }

  private func distributions(_ step: EmissionStep) -> [BernoulliDistribution] {
    step.locations.map(BernoulliDistribution.init)
  }

  /// Bits from the logits divided by the temperature. O(d).
  public func draw(_ step: EmissionStep, temperature: Double, _ stream: inout RandomStream) -> [Double] {
    step.locations.map { BernoulliDistribution(logit: $0 / temperature).draw(&stream) }
  }

  /// Uniform between P(Y_i < y_i) and P(Y_i ≤ y_i). O(d).
  public func transform(of y: UnsafePointer<Double>, _ step: EmissionStep, _ stream: inout RandomStream) -> [Double] {
    distributions(step).enumerated().map { stream.between($1.cumulative(y[$0] - 1), $1.cumulative(y[$0])) }
  }

  /// log P(y_i); −∞ where a number is no bit. O(d).
  public func componentLogDensities(of y: UnsafePointer<Double>, _ step: EmissionStep) -> [Double]? {
    distributions(step).enumerated().map { $1.logProbability(y[$0]) }
  }

  /// P(1).
  public func means(_ step: EmissionStep) -> [Double]? { distributions(step).map(\.mean) }
}

extension RandomStream {
  /// A uniform number between two others: the probability integral transform of a discrete variable (Smith 1985).
  mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }
}
