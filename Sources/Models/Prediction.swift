/// One step's distribution.
public struct Prediction: Sendable {
  /// log P(outcome | past), for all outcomes of the shape; given "go on" where the shape has a stop variable.
  public var logProbabilities: [Double]
  /// log s, the end symbol's or the stop variable's; −∞ where the length is given.
  public var logStop: Double = -.infinity
  /// log(1 − s).
  public var logContinue: Double = 0

  public init(_ shape: OutputShape) {
    logProbabilities = Array(repeating: 0, count: shape.outcomes)
  }
}
