import Foundation
import Probability
import Sequences

/// Ways to draw from less than the whole distribution. They change it, and results say so.
///
/// A step's outcomes are the elements and, unless the length is given, the end: with an end symbol as with halting, whose
/// elements have probability (1 − s) p(y). Temperature comes first, then the cuts, each of what the one before has left.
public struct Truncation: Sendable, Hashable {
  /// What may be done to the decision to stop.
  public enum EndPolicy: String, Sendable, CaseIterable {
    /// The end is tempered and cut like any outcome: where it is cut, the sequence cannot end.
    case filter
    /// The end is tempered with the others but never cut; elements are cut among themselves, and share what the end leaves
    /// them.
    case keep
    /// First it is drawn whether to stop, with the model's own probability; then the element, tempered and cut.
    case separate
  }

  /// Divides the log-probabilities; 1 changes nothing, 0 always takes the most probable outcome.
  public var temperature = 1.0
  /// The most probable outcomes alone, that many.
  public var topK: Int?
  /// The fewest most probable outcomes that together have this probability.
  public var topP: Double?
  /// The outcomes that are at least this times as probable as the most probable one (Nguyen et al. 2024).
  public var minP: Double?
  /// What may be done to the decision to stop.
  public var endPolicy = EndPolicy.filter

  /// No truncation.
  public init() {}

  /// Whether outcomes are cut off, of which there must be finitely many to be ranked.
  package var cuts: Bool { topK != nil || topP ?? 1 < 1 || minP ?? 0 > 0 }

  /// Whether draws of such outcomes are from another distribution than the model's: a cut that leaves all of them does not
  /// change it.
  public func changesDistribution(_ shape: OutputShape) -> Bool {
    let isEndCut = shape.decidesEnd && endPolicy == .filter
    let outcomes = shape.alphabetSize + (isEndCut ? 1 : 0)
    return temperature != 1 || (topK ?? outcomes) < outcomes || (topP ?? 1) < 1 || (minP ?? 0) > 0
  }

  /// One step's outcome, an element or (`nil`) the end.
  struct Choice {
    var element: Symbol?
    /// Whether the end was not among what was drawn from.
    var endIsCut: Bool
  }

  /// Draws an outcome.
  /// - Parameter isEndForbidden: whether the sequence has to continue, if it can.
  func choose(
    _ prediction: Prediction, _ shape: OutputShape, isEndForbidden: Bool, _ stream: inout RandomStream
  ) -> Choice {
    if !isEndForbidden, !changesDistribution(shape) {
      return Choice(element: prediction.draw(&stream).element, endIsCut: false)
    }
    let step = step(prediction, shape, isEndForbidden: isEndForbidden)
    if let stop = step.decision?.stop, stream.uniform() < stop { return Choice(element: nil, endIsCut: false) }
    let outcomes = step.outcomes
    let index = stream.index(outcomes.count, total: outcomes.reduce(0) { $0 + $1.weight }) { outcomes[$0].weight }
    let outcome = outcomes.isEmpty ? 0 : outcomes[index].outcome
    return Choice(element: outcome == shape.alphabetSize ? nil : outcome, endIsCut: step.endIsCut)
  }

  /// What one step is drawn from.
  package struct Step {
    /// Elements, and the end as outcome k, with weights in proportion to their probabilities.
    package var outcomes: [(outcome: Int, weight: Double)]
    /// The probabilities of the end and of continuing where it is drawn first whether to stop. Neither is made from the other,
    /// which would lose what is small.
    package var decision: (stop: Double, continuing: Double)?
    /// Whether there is no end among what is drawn from.
    package var endIsCut = false
  }

  /// What is left of a distribution.
  /// - Parameter isEndForbidden: whether the sequence has to continue, if it can.
  package func step(_ prediction: Prediction, _ shape: OutputShape, isEndForbidden: Bool) -> Step {
    let k = shape.alphabetSize
    let elements = Array(prediction.elements)
    if !shape.decidesEnd { return Step(outcomes: cut(elements)) }
    // Where no element is possible the sequence ends, forbidden or not.
    if prediction.logContinue == -.infinity || elements.allSatisfy({ $0 == -.infinity }) {
      return Step(outcomes: [(k, 1)])
    }
    if isEndForbidden { return Step(outcomes: cut(elements), endIsCut: true) }
    var all: [Double] { (0..<k).map { prediction.logContinuing(with: $0) } + [prediction.logStop] }
    switch changesDistribution(shape) ? endPolicy : .separate {
    case .filter:
      let kept = cut(all)
      return Step(
        outcomes: kept,
        endIsCut: prediction.logStop > -.infinity && !kept.contains { $0.outcome == k && $0.weight > 0 })
    case .keep:
      let tempered = temper(all)
      let (continuing, stop) = (tempered[..<k].reduce(0, +), tempered[k])
      return Step(outcomes: cut(elements), decision: (stop / (stop + continuing), continuing / (stop + continuing)))
    case .separate:
      return Step(outcomes: cut(elements), decision: (exp(prediction.logStop), exp(prediction.logContinue)))
    }
  }

  /// What rounding may do to a weight, or to a sum of them, as a share of it. Logarithms of at most 745 rounded to 53 digits
  /// leave some 1e−13, divided by the temperature, and sums of 100,000 outcomes 1e−11. Relative frequencies of less than a
  /// million counts that differ from each other by more than this do differ, and those that differ from a share of three
  /// decimals too (by 1e−9 at least).
  private static let rounding = 1e-10

  /// The outcomes that are left, with their tempered weights: by falling weight where some were cut, as they stand
  /// elsewhere.
  private func cut(_ logProbabilities: [Double]) -> [(outcome: Int, weight: Double)] {
    let weights = temper(logProbabilities)
    var kept = weights.enumerated().map { (outcome: $0.offset, weight: $0.element) }
    if temperature == 1, topK == nil, topP ?? 1 == 1, minP ?? 0 == 0 { return kept }
    if temperature == 0 { return kept.filter { $0.weight > 0 } }
    Self.rank(&kept)
    if let topK { kept.removeLast(max(kept.count - max(topK, 1), 0)) }
    if let topP, topP < 1 {
      let least = topP * (1 - Self.rounding) * kept.reduce(0) { $0 + $1.weight }
      var sum = 0.0
      let count = kept.prefix { entry in
        defer { sum += entry.weight }
        return sum < least
      }.count
      kept.removeLast(kept.count - max(count, 1))
    }
    if let minP, let largest = kept.first?.weight {
      kept.removeAll { $0.weight < minP * (1 - Self.rounding) * largest }
    }
    return kept
  }

  /// By falling weight; of equals, which rounding may have made differ, the first outcome first.
  private static func rank(_ outcomes: inout [(outcome: Int, weight: Double)]) {
    outcomes.sort { ($0.weight, $1.outcome) > ($1.weight, $0.outcome) }
    var first = 0
    while first < outcomes.count {
      let least = outcomes[first].weight * (1 - rounding)
      let end = outcomes[first...].firstIndex { $0.weight < least } ?? outcomes.count
      if end - first > 1 { outcomes[first..<end].sort { $0.outcome < $1.outcome } }
      first = end
    }
  }

  /// Weights in proportion to the tempered probabilities, the largest 1; at temperature 0 it alone has one, of equals the
  /// first.
  private func temper(_ logProbabilities: [Double]) -> [Double] {
    let largest = logProbabilities.max() ?? 0
    guard largest > -.infinity else { return logProbabilities.map { _ in 0 } }
    if temperature == 0 {
      let best = logProbabilities.firstIndex { $0 >= largest - Self.rounding }
      return logProbabilities.indices.map { $0 == best ? 1 : 0 }
    }
    return logProbabilities.map { exp(($0 - largest) / temperature) }
  }
}
