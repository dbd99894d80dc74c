import Sequences

/// A conditional that draws sequences itself, faster than from the whole distribution of each step. A test holds its draws
/// against the likelihood.
package protocol DrawingConditional: Conditional {
  /// What its draws share, worth making once.
  associatedtype Preparation: Sendable

  /// - Parameter count: about how many sequences will be drawn: it changes the time alone.
  func prepareDrawing(_ count: Int) -> Preparation

  /// Draws sequences until there are no more to begin:
  ///
  ///     while next(&draw) {
  ///       var walk = draw.walk(self)
  ///       while draw.take(decision(walk, draw.forced, &draw.stream)) { walk.advance(past: draw.last) }
  ///     }
  ///
  /// - Parameter next: takes what has been drawn and begins the next sequence; false when there are no more.
  func draw(
    _ draw: inout SequenceDraw<Symbol>, _ preparation: Preparation, next: (inout SequenceDraw<Symbol>) -> Bool)
}

/// A conditional whose probability of stopping has a lower bound over all pasts.
package protocol BoundedStop {
  /// log ε with P(stop) ≥ ε always, in nats; `nil` where the length is given.
  var leastLogStop: Double? { get }
}
