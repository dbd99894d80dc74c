import Foundation
import ModelCore
import Probability
import Sequences

/// A mixture of n normal distributions with independent components (mixture density networks: Bishop 1994, Graves 2013). Outputs: n
/// logits of the weights π; n · d means, those of a part one behind the other; n · d logarithms of deviations
/// (`Deviation`).
public struct GaussianMixtureEmission: Emission {
  /// "mixture".
  public static let name = "mixture"
  /// One part, and several.
  public static let examples = ["mixture:5", "mixture:1"]
  /// For the help page.
  public static let summary =
    "mixture:n: mixture of n normals with independent components, n = 1 … 64 (5); outputs: n logits, n d means, "
    + "n d log standard deviations"

  /// n.
  public let parts: Int

  /// n normal distributions; 5 where no number is given.
  /// - Throws: `SpecificationError` unless n is a number from 1 to 64.
  public init(parameter: String?) throws {
    guard let parts = parameter.map({ Int($0) }) ?? 5, (1...64).contains(parts) else {
      throw SpecificationError.malformed(
        "mixture:\(parameter ?? ""): the number of normal distributions is a whole number from 1 to 64, as in mixture:5"
      )
    }
    self.parts = parts
  }

  /// As in "mixture:5".
  public var word: String { "\(Self.name):\(parts)" }

  /// Real numbers alone.
  public func models(_ values: ElementKind.Values) -> Bool { values == .reals }

  /// n + 2 n d.
  public func outputs(width: Int) -> Int { parts + 2 * parts * width }

  /// Equal weights and, to break the symmetry, different means: at the quantiles of a normal distribution with half of the variance, in
  /// another order in each component (a Latin hypercube: McKay, Beckman and Conover 1979). In all the variance is 1.
  public func initialOutputs(means: [Double]) -> [Double] {
    let quantiles = (0..<parts).map { NormalDistribution.standardQuantile((Double($0) + 0.5) / Double(parts)) }
    let squares = quantiles.reduce(0) { $0 + $1 * $1 } / Double(parts)
    let between = parts == 1 ? 0 : 0.5
    let scale = parts == 1 ? 0 : (between / squares).squareRoot()
    let orders = means.indices.map { component in
      var stream = RandomStream(seed: 0, purpose: "mixture", index: UInt64(component))
      return component == 0 ? Array(0..<parts) : stream.permutation(parts)
    }
    let locations = (0..<parts).flatMap { part in
      means.indices.map { means[$0] + scale * quantiles[orders[$0][part]] }
    }
    let deviation = Deviation.output(for: (1 - between).squareRoot())
    return Array(repeating: 0, count: parts) + locations + locations.map { _ in deviation }
  }

  /// log Σ_k π_k Π_i N(y_i; μ_ki, σ_ki). O(n d).
  public func logDensity(of y: UnsafePointer<Double>, _ step: EmissionStep) -> Double { evaluate(y, step, nil) }

  /// With the gradient: that of each part times its responsibility (Bishop 1994, equations 35 to 39). O(n d).
  public func logDensity(
    of y: UnsafePointer<Double>, _ step: EmissionStep, outputs: UnsafeMutablePointer<Double>,
    addingTo weights: UnsafeMutablePointer<Double>
  ) -> Double { evaluate(y, step, outputs) }

  private func evaluate(
    _ y: UnsafePointer<Double>, _ step: EmissionStep, _ gradient: UnsafeMutablePointer<Double>?
  ) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * parts) { room in
      let (width, size) = (step.width, parts * step.width)
      // The logits, then the logarithms of π_k N_k, both up to the same constant.
      for part in 0..<parts {
        let logit = bounded(step.outputs[part], largestOutput)
        room.initializeElement(at: part, to: logit)
        let first = parts + part * width
        var (squares, deviations) = (0.0, LogProduct())
        for index in 0..<width {
          let (mean, deviation) = (first + index, first + index + size)
          let (sigma, slope) = Deviation.of(step.outputs[deviation])
          let z = bounded((y[index] - bounded(step.outputs[mean], largestOutput)) / sigma, largestDistance)
          squares += z * z
          deviations.multiply(by: sigma)
          if let gradient {
            gradient[mean] = -z / sigma
            gradient[deviation] = (1 - z * z) / sigma * slope
          }
        }
        room.initializeElement(at: parts + part, to: logit - squares / 2 - deviations.value)
      }
      let logWeights = UnsafeMutableBufferPointer(rebasing: room[..<parts])
      let logJoint = UnsafeMutableBufferPointer(rebasing: room[parts...])
      let total = replaceByProbabilities(logJoint)
      let normaliser = replaceByProbabilities(logWeights)
      if let gradient {
        for part in 0..<parts {
          gradient[part] = logWeights[part] - logJoint[part]
          let first = parts + part * width
          for index in first..<first + width {
            gradient[index] *= logJoint[part]
            gradient[index + size] *= logJoint[part]
          }
        }
      }
      return total - normaliser - Double(width) * NormalDistribution.halfLogTwoPi
    }
  }

  /// exp(x − log Σ exp x) in place; gives log Σ exp x.
  private func replaceByProbabilities(_ x: UnsafeMutableBufferPointer<Double>) -> Double {
    var (largest, sum) = (x[0], 0.0)
    for value in x { largest = max(largest, value) }
    for index in x.indices {
      x[index] = exp(x[index] - largest)
      sum += x[index]
    }
    for index in x.indices { x[index] /= sum }
    return largest + log(sum)
  }

  private func normal(_ part: Int, _ index: Int, _ step: EmissionStep) -> (mean: Double, deviation: Double) {
    let mean = parts + part * step.width + index
    return (
      bounded(step.outputs[mean], largestOutput), Deviation.of(step.outputs[mean + parts * step.width]).value
    )
  }

  /// π, given the logarithms of the weights up to a constant.
  private func probabilities(_ logWeights: [Double]) -> [Double] {
    var weights = logWeights
    _ = weights.withUnsafeMutableBufferPointer { replaceByProbabilities($0) }
    return weights
  }

  private func logWeights(_ step: EmissionStep) -> [Double] {
    (0..<parts).map { bounded(step.outputs[$0], largestOutput) }
  }

  /// A part, and from it μ + temperature · σ ε. O(n + d).
  public func draw(_ step: EmissionStep, temperature: Double, _ stream: inout RandomStream) -> [Double] {
    let part = stream.index(weights: probabilities(logWeights(step)))
    return (0..<step.width).map {
      let (mean, deviation) = normal(part, $0, step)
      return mean + temperature * deviation * stream.normal()
    }
  }

  /// Σ_k P(k | y_1 … y_{i−1}) Φ((y_i − μ_ki)/σ_ki). O(n d).
  public func transform(of y: UnsafePointer<Double>, _ step: EmissionStep, _ stream: inout RandomStream) -> [Double] {
    var logWeights = logWeights(step)
    return (0..<step.width).map { index in
      let weights = probabilities(logWeights)
      var probability = 0.0
      for part in 0..<parts {
        let (mean, deviation) = normal(part, index, step)
        let z = bounded((y[index] - mean) / deviation, largestDistance)
        logWeights[part] -= z * z / 2 + log(deviation)
        probability += weights[part] * NormalDistribution.standardCumulative(z)
      }
      // The weights' sum is rounded.
      return min(probability, 1)
    }
  }

  /// Σ_k π_k μ_k. O(n d).
  public func means(_ step: EmissionStep) -> [Double]? {
    let weights = probabilities(logWeights(step))
    return (0..<step.width).map { index in
      weights.indices.reduce(0) { $0 + weights[$1] * normal($1, index, step).mean }
    }
  }

  /// The peaks of all parts and where they end.
  public func knots(_ step: EmissionStep) -> [Double] {
    (0..<parts).flatMap { part in
      let (mean, deviation) = normal(part, 0, step)
      return peak(at: mean, deviation: deviation)
    }
  }

  /// A component says which part it is from, and so something of the next ones.
  public var isAutoregressive: Bool { parts > 1 }
}
