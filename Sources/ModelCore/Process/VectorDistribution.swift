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

  /// Draws an element of a sequence that continues.
  func drawElement(_ stream: inout RandomStream) -> [Double]

  /// For vectors of one number, the peaks of the density and where it is not smooth, as far as they are known: quadrature
  /// begins a new piece there. Draws alone miss a narrow peak of small mass, and a kink beside the outermost of them.
  var knots: [Double] { get }
}

extension VectorDistribution {
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
    let isPlain =
      truncation.temperature == 1 && truncation.topK == nil && truncation.topP ?? 1 == 1 && truncation.minP ?? 0 == 0
    return isPlain ? nil : "real numbers are drawn without temperature and cuts"
  }

  /// |∫ p(y) dy − 1|, for vectors of one number; ∞ where the integral does not converge, 0 for longer vectors, of which it is
  /// not computed. By quadrature, which knows nothing of the density but its values; its knots and draws say where to look.
  public func largestGap(_ stream: inout RandomStream) -> Double {
    if shape.vectorWidth > 1 { return 0 }
    let mass = try? Quadrature.integral(points: numbers(&stream)) { exp(logDensity(of: [$0])) }
    return mass.map { abs($0 - 1) } ?? .infinity
  }

  /// F(y) given that the sequence continues, for vectors of one number; NaN where the integral does not converge.
  package func cumulative(_ y: Double, _ stream: inout RandomStream) -> Double {
    (try? Quadrature.integral(upTo: y, points: numbers(&stream)) { exp(logDensity(of: [$0])) }) ?? .nan
  }

  /// The knots and a few draws of one number.
  private func numbers(_ stream: inout RandomStream) -> [Double] {
    knots + (0..<8).map { _ in drawElement(&stream)[0] }
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
