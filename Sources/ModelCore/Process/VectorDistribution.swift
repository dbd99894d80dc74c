import Foundation
import Probability
import Sequences

/// The distribution of one step over vectors of real numbers: the decision to stop, and a density given that the sequence
/// continues.
public protocol VectorDistribution: StepDistribution where Element == [Double] {
  /// What a step gives: the width of the vectors, and who decides that the sequence ends.
  var shape: OutputShape { get }

  /// log p(element | past, the sequence continues).
  func logDensity(of element: [Double]) -> Double

  /// The probability integral transform of an element, component by component (Rosenblatt 1952): P(Y_i ≤ y_i | lower components),
  /// of discrete components a uniform draw between P(Y_i < y_i) and P(Y_i ≤ y_i). The numbers are independent and uniform if
  /// elements are drawn from the distribution. `nil` where it is not known.
  func transform(of element: [Double], _ stream: inout RandomStream) -> [Double]?

  /// log p(element_i | lower components, past, the sequence continues) of each component, which add up to `logDensity`; `nil` where
  /// the density is not taken apart.
  func componentLogDensities(of element: [Double]) -> [Double]?

  /// For vectors of one number, the peaks of the density and where it is not smooth, as far as they are known: quadrature
  /// begins a new piece there. Draws alone miss a narrow peak of small mass, and a kink beside the outermost of them.
  var knots: [Double] { get }
}

extension VectorDistribution {
  /// Not known.
  public func transform(of element: [Double], _ stream: inout RandomStream) -> [Double]? { nil }
  /// Not taken apart.
  public func componentLogDensities(of element: [Double]) -> [Double]? { nil }
  /// None.
  public var knots: [Double] { [] }

  /// The log-density of an element jointly with continuing.
  public func logContinuing(with element: [Double]) -> Double { logContinue + logDensity(of: element) }

  /// The decision for an element, scored by its log-density, or (`nil`) to end.
  public func decision(_ element: [Double]?) -> Decision<[Double]> {
    Decision(
      element, outcome: element.map(logDensity) ?? 0, stop: logStop, continuing: logContinue, shape.stop)
  }

  /// First it is drawn whether to stop.
  public func draw(_ stream: inout RandomStream) -> Decision<[Double]> {
    decision(shape.decidesEnd && stream.uniform() < exp(logStop) ? nil : drawElement(&stream))
  }

  /// Ignores the truncation, which `refusal` rejects beforehand.
  public func draw(
    _ stream: inout RandomStream, _ truncation: Truncation, isEndForbidden: Bool
  ) -> (decision: Decision<[Double]>, endIsCut: Bool) {
    let isForced = isEndForbidden && logContinue > -.infinity
    return (isForced ? decision(drawElement(&stream)) : draw(&stream), isForced)
  }

  /// Refuses every truncation that changes the distribution.
  public static func refusal(_ truncation: Truncation, _ shape: OutputShape) -> String? {
    truncation.temperature == 1 && !truncation.cuts
      ? nil : "vectors of \(shape.values.name) are drawn without temperature and cuts"
  }
}

/// The process of vectors of real numbers.
public protocol VectorProcess: SequenceProcess where Element == [Double], Distribution: VectorDistribution {}

/// A process of vectors that scores many sequences at once. A test holds it against the walk.
public protocol BatchedVectorProcess: VectorProcess {
  /// The two shares of each sequence's negative log-likelihood (the length's without any prior), in order.
  func scores(of set: VectorSequences, threads: Int) -> [SequenceScore]
}

extension VectorProcess {
  /// By the distribution of the step.
  public func logProbability(of element: [Double], _ state: State, _ inputs: StepInputs) -> Double {
    var step = Distribution(shape)
    predict(state, inputs, into: &step)
    return step.logDensity(of: element)
  }
}
