import Foundation
import ModelCore
import Probability
import Sequences

/// Bits, each given the lower ones by a logistic regression: logit P(y_i = 1) = outputs_i + Σ_{j<i} A_ij y_j (fully visible sigmoid
/// belief network: Neal 1992, Frey 1998). Outputs: d; weights: the strictly lower triangle of A, row by row.
///
/// Bits that are 0 add nothing: the work is O(d · ones).
public struct AutoregressiveBernoulliEmission: Emission {
  /// "bernoulli:autoregressive".
  public static let name = "bernoulli:autoregressive"
  /// The one word.
  public static let examples = ["bernoulli:autoregressive", "bernoulli:autoregressive:3"]
  /// For the help page.
  public static let summary =
    "bernoulli:autoregressive: bits, each given the lower ones; outputs: d; weights: d (d − 1)/2, from bit to bit;\n"
    + "of networks bernoulli:autoregressive:n, with n hidden units of each bit (64)"

  /// - Throws: `SpecificationError` where there is a parameter.
  public init(parameter: String?) throws { try Self.refuse(parameter) }

  /// With a number of hidden units it is the neural one.
  public static func emission(parameter: String?) throws -> any Emission {
    try parameter == nil ? Self(parameter: nil) : NeuralBernoulliEmission(parameter: parameter)
  }

  /// With 64 hidden units, which look at earlier elements; where that is not wanted, itself.
  public func ofNetwork(seesPast: Bool) -> any Emission { seesPast ? NeuralBernoulliEmission(hidden: 64) : self }

  /// "bernoulli:autoregressive".
  public var word: String { Self.name }

  /// Bits.
  public func models(_ values: ElementKind.Values) -> Bool { values == .bits }

  /// d.
  public func outputs(width: Int) -> Int { width }

  /// d (d − 1)/2.
  public func weights(width: Int) -> Int { width * (width - 1) / 2 }

  /// The logits of the means.
  public func initialOutputs(means: [Double]) -> [Double] { means.map(initialLogit) }

  /// Independent bits.
  public func initialWeights(width: Int, _ stream: inout RandomStream) -> [Double] {
    Array(repeating: 0, count: weights(width: width))
  }

  /// Σ log P(y_i | y_1 … y_{i−1}); −∞ where a number is no bit. O(d · ones).
  public func logDensity(of y: UnsafePointer<Double>, _ step: EmissionStep) -> Double { evaluate(y, step, nil) }

  /// With the gradient, P(1) − y_i by an output, times y_j by a weight. O(d · ones).
  public func logDensity(
    of y: UnsafePointer<Double>, _ step: EmissionStep, outputs: UnsafeMutablePointer<Double>,
    addingTo weights: UnsafeMutablePointer<Double>
  ) -> Double { evaluate(y, step, (outputs, weights)) }

  private func evaluate(
    _ y: UnsafePointer<Double>, _ step: EmissionStep,
    _ gradient: (outputs: UnsafeMutablePointer<Double>, weights: UnsafeMutablePointer<Double>)?
  ) -> Double {
    guard areBits(y, step.width) else {
      gradient?.outputs.update(repeating: 0, count: step.width)
      return -.infinity
    }
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: step.width) { ones in
      // The lower bits that are 1: they grow as i does.
      var count = 0
      var sum = LogisticSum()
      for i in 0..<step.width {
        let row = i * (i - 1) / 2
        var logit = step.outputs[i]
        for one in 0..<count { logit += step.weights[row + Int(ones[one])] }
        let derivative = sum.add(bounded(logit, largestOutput), y[i])
        if let gradient {
          gradient.outputs[i] = derivative
          for one in 0..<count { gradient.weights[row + Int(ones[one])] += derivative }
        }
        if y[i] == 1 {
          ones.initializeElement(at: count, to: Int32(truncatingIfNeeded: i))
          count += 1
        }
      }
      return sum.value
    }
  }

  /// Goes through the bits; `bit` says what each is, given its distribution. O(d · ones).
  private func walk(_ step: EmissionStep, _ bit: (_ index: Int, _ logit: Double) -> Double) {
    var ones: [Int] = []
    for i in 0..<step.width {
      let logit = ones.reduce(step.outputs[i]) { $0 + step.weights[i * (i - 1) / 2 + $1] }
      if bit(i, bounded(logit, largestOutput)) == 1 { ones.append(i) }
    }
  }

  /// Bits one after the other, from logits divided by the temperature. O(d · ones).
  public func draw(_ step: EmissionStep, temperature: Double, _ stream: inout RandomStream) -> [Double] {
    var drawn: [Double] = []
    drawn.reserveCapacity(step.width)
    walk(step) { _, logit in
      let bit = BernoulliDistribution(logit: logit / temperature).draw(&stream)
      drawn.append(bit)
      return bit
    }
    return drawn
  }

  /// Uniform between P(Y_i < y_i) and P(Y_i ≤ y_i), each given the lower bits. O(d · ones).
  public func transform(of y: UnsafePointer<Double>, _ step: EmissionStep, _ stream: inout RandomStream) -> [Double] {
    var transformed: [Double] = []
    transformed.reserveCapacity(step.width)
    walk(step) { index, logit in
      let distribution = BernoulliDistribution(logit: logit)
      transformed.append(
        stream.between(distribution.cumulative(y[index] - 1), distribution.cumulative(y[index])))
      return y[index]
    }
    return transformed
  }

  /// log P(y_i | y_1 … y_{i−1}); −∞ where a number is no bit. O(d · ones).
  public func componentLogDensities(of y: UnsafePointer<Double>, _ step: EmissionStep) -> [Double]? {
    var densities: [Double] = []
    densities.reserveCapacity(step.width)
    walk(step) { index, logit in
      densities.append(BernoulliDistribution(logit: logit).logProbability(y[index]))
      return y[index]
    }
    return densities
  }

  /// P(1), where no bit depends on another one.
  public func means(_ step: EmissionStep) -> [Double]? {
    step.width == 1 ? [BernoulliDistribution(logit: bounded(step.outputs[0], largestOutput)).mean] : nil
  }

  /// Each bit depends on the lower ones.
  public var isAutoregressive: Bool { true }
}
