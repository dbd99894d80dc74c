import Foundation
import Probability

/// One step's distribution over symbols: whether the sequence ends here, and the next element if it does not.
///
/// A family fills `logProbabilities`, `logStop` and `logContinue`; who asks has log s, log(1 − s) and log P of each element,
/// whichever way the sequence ends.
public struct Prediction: Sendable {
  /// As families give them: with an end symbol log P(outcome | past) of all elements and the end, else
  /// log P(element | past, the sequence continues).
  public var logProbabilities: [Double]
  /// log s, the end symbol's or the stop variable's; −∞ where the length is given.
  public var logStop: Double = -.infinity
  /// log(1 − s).
  public var logContinue: Double = 0
  let shape: OutputShape

  /// Room for a distribution of this shape; families fill it.
  public init(_ shape: OutputShape) {
    self.shape = shape
    logProbabilities = Array(repeating: 0, count: shape.outcomes)
  }

  var alphabetSize: Int { shape.alphabetSize }
  private var stop: OutputShape.Stop { shape.stop }

  /// How far the step is from a distribution: the largest gap of a sum of probabilities, and of an end symbol's two
  /// probabilities.
  public func largestGap(_ stream: inout RandomStream) -> Double {
    let sum = elements.reduce(0) { $0 + exp($1) }
    guard stop == .outcome else { return abs(sum - 1) }
    let end = exp(logProbabilities[alphabetSize])
    return [sum + end - 1, sum - exp(logContinue), end - exp(logStop)].reduce(0) { max($0, abs($1)) }
  }

  /// log P(the sequence continues with this element | past).
  public func logContinuing(with element: Int) -> Double {
    stop == .variable ? logContinue + logProbabilities[element] : logProbabilities[element]
  }

  /// log P(element | past) of all elements: with an end symbol joint with continuing, else conditional on it.
  public var elements: ArraySlice<Double> { logProbabilities.prefix(alphabetSize) }
}
