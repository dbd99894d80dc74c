import Foundation
import ModelCore
import Probability
import Sequences

/// An emission as a fitted model has it: with its weights, and the standardisation of the data.
public final class FittedEmission: Sendable {
  /// The emission.
  public let emission: any Emission
  /// The weights that all steps share.
  public let weights: [Double]
  /// The standardisation of real numbers.
  public let standardisation: Standardisation

  /// An emission with its weights.
  public init(_ emission: any Emission, weights: [Double], _ standardisation: Standardisation) {
    (self.emission, self.weights, self.standardisation) = (emission, weights, standardisation)
  }

  /// Why draws cannot be truncated so, as a sentence; `nil` where they can. The `refusal` of a process with an emission.
  public func refusal(_ truncation: Truncation, _ shape: OutputShape) -> String? {
    EmissionDistribution.refusal(truncation, shape) ?? (truncation.temperature == 1 ? nil : emission.temperatureRefusal)
  }
}

/// The distribution of one step over vectors, as an emission makes it of a step's outputs.
public struct EmissionDistribution: VectorDistribution {
  /// What a step gives.
  public let shape: OutputShape
  /// The emission with what all steps share.
  public var fitted: FittedEmission?
  /// The step's outputs.
  public var outputs: [Double] = []
  /// The elements before this one that the emission looks at, the last one first.
  public var past: [Double] = []
  /// log s; −∞ where the length is given.
  public var logStop = -Double.infinity
  /// log(1 − s).
  public var logContinue = 0.0

  /// To be filled by `SequenceProcess.predict`.
  public init(_ shape: OutputShape) { self.shape = shape }

  /// log p(element | past, the sequence continues), in original units.
  public func logDensity(of element: [Double]) -> Double {
    withStep(element) { emission, y, step in emission.logDensity(of: y, step) } - logScale
  }

  /// Draws an element of a sequence that continues.
  public func drawElement(_ stream: inout RandomStream) -> [Double] { drawElement(1, &stream) }

  /// Refuses cuts: probabilities of vectors are not ranked. Whether a temperature has a meaning says `FittedEmission.refusal`.
  public static func refusal(_ truncation: Truncation, _ shape: OutputShape) -> String? {
    truncation.cuts
      ? "--top-k, --top-p and --min-p are for symbols: vectors of \(shape.values.name) are not ranked; leave them out"
      : nil
  }

  /// Draws from the distribution at a temperature: of the element, not of the decision to stop.
  public func draw(
    _ stream: inout RandomStream, _ truncation: Truncation, isEndForbidden: Bool
  ) -> (decision: Decision<[Double]>, endIsCut: Bool) {
    let isForced = isEndForbidden && logContinue > -.infinity
    let ends = !isForced && shape.decidesEnd && stream.uniform() < exp(logStop)
    return (decision(ends ? nil : drawElement(truncation.temperature, &stream)), isForced)
  }

  private func drawElement(_ temperature: Double, _ stream: inout RandomStream) -> [Double] {
    guard let fitted else { return [] }
    let drawn = withStep { emission, step in emission.draw(step, temperature: temperature, &stream) } ?? []
    return fitted.standardisation.restore(drawn)
  }

  /// The probability integral transform of an element's components; uniform if the distribution is true.
  public func transform(of element: [Double], _ stream: inout RandomStream) -> [Double]? {
    withStep(element) { emission, y, step in emission.transform(of: y, step, &stream) }
  }

  /// Those of the components, in original units; `nil` where the emission does not take its density apart.
  public func componentLogDensities(of element: [Double]) -> [Double]? {
    guard let fitted, let densities = withStep(element, { $0.componentLogDensities(of: $1, $2) }) else { return nil }
    return zip(densities, fitted.standardisation.scales).map { $0 - log($1) }
  }

  /// E[y], where it is known.
  public var means: [Double]? {
    guard let fitted, let means = withStep({ $0.means($1) }) ?? nil else { return nil }
    return fitted.standardisation.restore(means)
  }

  /// In original units.
  public var knots: [Double] {
    guard let fitted, let knots = withStep({ $0.knots($1) }) else { return [] }
    return knots.map { fitted.standardisation.restore([$0])[0] }
  }

  private var logScale: Double { fitted?.standardisation.logScale ?? 0 }

  private func withStep<Result>(_ body: (any Emission, EmissionStep) -> Result) -> Result? {
    guard let fitted else { return nil }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 1) { none in
      withAll(outputs, fitted.weights, past) { outputs, weights, past in
        // An empty array has no address: nothing is read there.
        guard let none = none.baseAddress.map({ UnsafePointer($0) }) else { return nil }
        return body(
          fitted.emission,
          EmissionStep(
            width: shape.vectorWidth, outputs: outputs.baseAddress ?? none, weights: weights.baseAddress ?? none,
            past: past.baseAddress))
      }
    }
  }

  /// With the standardised element and room for another.
  private func withStep<Result>(
    _ element: [Double], _ body: (any Emission, UnsafePointer<Double>, EmissionStep) -> Result
  ) -> Result {
    guard let fitted else { preconditionFailure("a distribution that no step has filled") }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: shape.vectorWidth + 1) { room in
      guard let z = room.baseAddress else { preconditionFailure("no memory for a vector") }
      element.withUnsafeBufferPointer { if let y = $0.baseAddress { fitted.standardisation.standardise(y, into: z) } }
      guard let result = withStep({ body($0, UnsafePointer(z), $1) }) else {
        preconditionFailure("a distribution that no step has filled")
      }
      return result
    }
  }
}

private func withAll<Result>(
  _ one: [Double], _ other: [Double], _ third: [Double],
  _ body: (UnsafeBufferPointer<Double>, UnsafeBufferPointer<Double>, UnsafeBufferPointer<Double>) -> Result
) -> Result {
  one.withUnsafeBufferPointer { one in
    other.withUnsafeBufferPointer { other in third.withUnsafeBufferPointer { body(one, other, $0) } }
  }
}
