/// One step's distribution: whether the sequence ends here, and the next element if it does not.
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
  let alphabetSize: Int
  let stop: OutputShape.Stop

  public init(_ shape: OutputShape) {
    (alphabetSize, stop) = (shape.alphabetSize, shape.stop)
    logProbabilities = Array(repeating: 0, count: shape.outcomes)
  }

  /// log P(the sequence continues with this element | past).
  public func logContinuing(with element: Int) -> Double {
    stop == .variable ? logContinue + logProbabilities[element] : logProbabilities[element]
  }

  /// log P(element | past, the sequence continues), for all elements up to a constant that is 0 but for an end symbol.
  public var elements: ArraySlice<Double> { logProbabilities.prefix(alphabetSize) }
}
