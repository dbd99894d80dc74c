import Foundation
import Probability
import Sequences
import Support

/// One decision along a sequence: the next element, or (`nil`) that the sequence ends; and −log P of it, in nats.
public struct Decision: Sendable, Hashable {
  public let element: Symbol?
  public let score: SequenceScore

  /// - Parameters:
  ///   - outcome: log P of the element as the family gives it: with an end symbol of the element itself, else given that
  ///     the sequence continues.
  ///   - stop: log s of the step.
  ///   - continuing: log(1 − s).
  package init(_ element: Symbol?, outcome: Double, stop: Double, continuing: Double, _ kind: OutputShape.Stop) {
    self.element = element
    var score = SequenceScore()
    score.add(kind, outcome: element == nil ? nil : outcome, stop: stop, continuing: continuing)
    self.score = score
  }
}

extension Prediction {
  /// The decision for an element, or (`nil`) to end.
  public func decision(_ element: Symbol?) -> Decision {
    Decision(
      element, outcome: element.map { logProbabilities[$0] } ?? 0, stop: logStop, continuing: logContinue, stop)
  }

  /// Draws whether the sequence ends and, if it continues, the element: with an end symbol by one random number, with a
  /// stop variable by one for each. The sequence ends where no element is possible. O(outcomes).
  public func draw(_ stream: inout RandomStream) -> Decision {
    if stop != .given {
      if logContinue == -.infinity || elements.allSatisfy({ $0 == -.infinity }) { return decision(nil) }
      if stop == .variable, stream.uniform() < exp(logStop) { return decision(nil) }
    }
    let largest = logProbabilities.max() ?? 0
    func weight(_ outcome: Int) -> Double { largest > -.infinity ? exp(logProbabilities[outcome] - largest) : 0 }
    let outcomes = logProbabilities.count
    let drawn = stream.index(outcomes, total: (0..<outcomes).reduce(0) { $0 + weight($1) }, weight: weight)
    return decision(drawn == alphabetSize ? nil : drawn)
  }
}

extension OutcomeWeights {
  /// Draws as `Prediction.draw` does: the same random numbers in the same order.
  public func draw(_ shape: OutputShape, _ stream: inout RandomStream) -> Decision {
    let k = shape.alphabetSize
    var (stop, continuing) = (-Double.infinity, 0.0)
    switch shape.stop {
    case .given: break
    case .variable:
      (stop, continuing) = (-softplus(-stopLogit), -softplus(stopLogit))
      if stream.uniform() < 1 / (1 + exp(-stopLogit)) {
        return Decision(nil, outcome: 0, stop: stop, continuing: continuing, .variable)
      }
    case .outcome:
      let end = outcomes[k]
      let total = elements + end
      // No weight is zero, so rounding does not make the end.
      guard let element = invert(stream.uniform() * total, k) else {
        return Decision(nil, outcome: 0, stop: log(end / total), continuing: -.infinity, .outcome)
      }
      return Decision(
        element, outcome: log(outcomes[element] / total), stop: -.infinity, continuing: log(elements / total), .outcome)
    }
    let element = invert(stream.uniform() * elements, k) ?? k - 1
    return Decision(element, outcome: log(outcomes[element] / elements), stop: stop, continuing: continuing, shape.stop)
  }

  /// The first element at which the running sum passes `target`, if there is one.
  private func invert(_ target: Double, _ count: Int) -> Symbol? {
    var rest = target
    for element in 0..<count {
      rest -= outcomes[element]
      if rest < 0 { return element }
    }
    return nil
  }
}

extension Walk where Process.Element == Symbol {
  /// The decision for an element, or (`nil`) to end.
  public func decision(_ element: Symbol?) -> Decision {
    let (stop, continuing) = logStop()
    return Decision(
      element, outcome: element.map { logProbability(of: $0) } ?? 0, stop: stop, continuing: continuing,
      process.shape.stop)
  }
}
