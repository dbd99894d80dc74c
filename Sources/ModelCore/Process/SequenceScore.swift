/// A sequence's negative log-likelihood in nats, in its two shares; +∞ where it is impossible.
public struct SequenceScore: Sendable, Hashable {
  /// −Σ log P(y(t) | the sequence continues, …).
  public var natsElements: Double
  /// The stop decisions' share, or −log P(τ).
  public var natsLength: Double

  /// The score of two shares, in nats.
  public init(natsElements: Double = 0, natsLength: Double = 0) {
    self.natsElements = natsElements
    self.natsLength = natsLength
  }

  /// −log P in nats: both shares together.
  public var nats: Double { natsElements + natsLength }
}

extension SequenceScore {
  /// Adds the score of what follows.
  @inlinable public mutating func add(_ other: SequenceScore) {
    natsElements += other.natsElements
    natsLength += other.natsLength
  }

  /// Adds one step.
  /// - Parameters:
  ///   - outcome: log P of the element (with an end symbol joint with continuing, else conditional on it); `nil` at the end.
  ///   - stop: log s of the step.
  ///   - continuing: log(1 − s).
  @inlinable public mutating func add(_ kind: OutputShape.Stop, outcome: Double?, stop: Double, continuing: Double) {
    guard let outcome else {
      natsLength -= stop
      return
    }
    switch kind {
    case .given: natsElements -= outcome
    case .variable:
      natsLength -= continuing
      natsElements -= outcome
    case .outcome:
      // Continuing is at least as probable as this element; 1 − s may have been rounded to less.
      let continuing = max(continuing, outcome)
      natsLength -= continuing
      if continuing > -.infinity { natsElements -= outcome - continuing }
    }
  }
}
