import Probability
import Sequences

/// A conditional that draws sequences itself, faster than from the whole distribution of each step. A test holds its draws
/// against the likelihood.
public protocol DrawingConditional<Element>: Conditional where Element == Symbol {
  /// What its draws share, worth making once.
  associatedtype Preparation: Sendable

  /// - Parameter count: about how many sequences will be drawn: it changes the time alone.
  func prepareDrawing(_ count: Int) -> Preparation

  /// Draws sequences until there are no more to begin.
  func draw(_ draws: inout some SequenceDraws, _ preparation: Preparation)
}

/// Sequences that are drawn one after the other: what prefixes, limits and given lengths mean for them, whoever draws.
///
///     while var stream = draws.begin() {
///       var walk = draws.walk(conditional)
///       while draws.take(decision(walk, draws.forced, &stream)) { walk.advance(past: draws.last) }
///     }
public protocol SequenceDraws {
  /// Begins the next sequence that has something to be drawn; `nil` when there are no more.
  mutating func begin() -> RandomStream?
  /// The element that has to come next, where that is settled.
  var forced: Symbol? { get }
  /// The element that was taken last.
  var last: Symbol { get }
  /// The inputs of the next step.
  var step: StepInputs { get }
  /// A walk that stands before the first element.
  func walk<C: Conditional<Symbol>>(_ conditional: C) -> Walk<C>
  /// Takes a decision. False if the sequence is over.
  mutating func take(_ decision: Decision) -> Bool
}

/// A conditional whose probability of stopping has a lower bound over all pasts.
public protocol BoundedStop {
  /// log ε with P(stop) ≥ ε always, in nats; `nil` where the length is given.
  var leastLogStop: Double? { get }
}
