import Foundation
import Probability
import Sequences
import Support

/// One decision along a sequence: the next element, or (`nil`) that the sequence ends; and −log P of it, in nats.
public struct Decision<Element: Sendable & Hashable>: Sendable, Hashable {
  /// The next element; `nil` for the end.
  public let element: Element?
  /// −log P of the decision, in nats.
  public let score: SequenceScore

  /// - Parameters:
  ///   - outcome: log P of the element (of vectors the log-density): joint with continuing for an end symbol, else given that
  ///     the sequence continues.
  ///   - stop: log s of the step.
  ///   - continuing: log(1 − s).
  @inlinable public init(
    _ element: Element?, outcome: Double, stop: Double, continuing: Double, _ kind: OutputShape.Stop
  ) {
    self.element = element
    var score = SequenceScore()
    score.add(kind, outcome: element == nil ? nil : outcome, stop: stop, continuing: continuing)
    self.score = score
  }
}

extension Prediction: StepDistribution {
  /// The decision for a symbol, or (`nil`) to end. O(1).
  public func decision(_ element: Symbol?) -> Decision<Symbol> {
    Decision(
      element, outcome: element.map { logProbabilities[$0] } ?? 0, stop: logStop, continuing: logContinue, shape.stop)
  }

  /// Draws whether the sequence ends and, if it continues, the element: with an end symbol by one random number, with a
  /// stop variable by one for each. The sequence ends where no element is possible. O(outcomes).
  public func draw(_ stream: inout RandomStream) -> Decision<Symbol> {
    if shape.decidesEnd {
      if logContinue == -.infinity || elements.allSatisfy({ $0 == -.infinity }) { return decision(nil) }
      if shape.stop == .variable, stream.uniform() < exp(logStop) { return decision(nil) }
    }
    let largest = logProbabilities.max() ?? 0
    func weight(_ outcome: Int) -> Double { largest > -.infinity ? exp(logProbabilities[outcome] - largest) : 0 }
    let outcomes = logProbabilities.count
    let drawn = stream.index(outcomes, total: (0..<outcomes).reduce(0) { $0 + weight($1) }, weight: weight)
    return decision(drawn == alphabetSize ? nil : drawn)
  }

  /// Draws a symbol, given that it is none of an end; uniformly where none is possible. O(k).
  public func drawElement(_ stream: inout RandomStream) -> Symbol {
    guard let largest = elements.max(), largest > -.infinity else {
      return Int(stream.uniform() * Double(alphabetSize))
    }
    return stream.index(weights: elements.map { exp($0 - largest) })
  }

  /// Draws from what is left after temperature and cuts. O(outcomes · log outcomes).
  public func draw(
    _ stream: inout RandomStream, _ truncation: Truncation, isEndForbidden: Bool
  ) -> (decision: Decision<Symbol>, endIsCut: Bool) {
    let choice = truncation.choose(self, shape, isEndForbidden: isEndForbidden, &stream)
    return (decision(choice.element), choice.endIsCut)
  }

  /// Symbols can be truncated in every way.
  public static func refusal(_ truncation: Truncation, _ shape: OutputShape) -> String? { nil }
}

extension OutcomeWeights {
  /// Draws as `Prediction.draw` does: the same random numbers in the same order.
  /// - Parameters:
  ///   - k: the number of elements.
  ///   - kind: the way in which sequences end.
  package func draw(_ k: Int, _ kind: OutputShape.Stop, _ stream: inout RandomStream) -> Decision<Symbol> {
    var (stop, continuing) = (-Double.infinity, 0.0)
    if kind == .variable {
      (stop, continuing) = logStopDecision(logit: stopLogit)
      if stream.uniform() < 1 / (1 + exp(-stopLogit)) {
        return Decision(nil, outcome: 0, stop: stop, continuing: continuing, kind)
      }
    }
    let total = kind == .outcome ? elements + outcomes[k] : elements
    let element = stream.index(kind == .outcome ? k + 1 : k, total: total) { outcomes[$0] }
    if element == k { return Decision(nil, outcome: 0, stop: log(outcomes[k] / total), continuing: 0, kind) }
    if kind == .outcome { continuing = log(elements / total) }
    return Decision(element, outcome: log(outcomes[element] / total), stop: stop, continuing: continuing, kind)
  }
}

extension Walk {
  /// The decision for an element, or (`nil`) to end.
  public func decision(_ element: Process.Element?) -> Decision<Process.Element> {
    let (stop, continuing) = logStop()
    return Decision(
      element, outcome: element.map { logProbability(of: $0) } ?? 0, stop: stop, continuing: continuing,
      process.shape.stop)
  }
}
