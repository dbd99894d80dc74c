import Probability
import Sequences

/// A sequence that is being drawn, decision by decision: what a prefix, a limit and a given length mean for it, for any sampler.
public struct SequenceDraw: Sendable {
  public var stream = RandomStream(seed: 0)
  public var elements: [Symbol] = []
  /// The elements that are not drawn here: a prefix's, or those that have been drawn already.
  public var opening: [Symbol] = []
  public var score = SequenceScore()
  /// Whether it has ended by itself.
  public var isComplete = false
  /// τ where the length is known first.
  public var length: Int?
  /// The elements after which it is cut.
  public var limit: Int
  public var x: SequenceInput?
  private let shape: OutputShape

  public init(_ shape: OutputShape, limit: Int) {
    self.shape = shape
    self.limit = limit
    elements.reserveCapacity(min(limit, 16))
  }

  /// The element that has to come next, where that is settled.
  @inlinable public var forced: Symbol? { elements.count < opening.count ? opening[elements.count] : nil }

  /// The element that was taken last.
  @inlinable public var last: Symbol { elements[elements.count - 1] }

  /// What the next step is told of the length, if anything.
  public var lengthLabel: Int? { shape.lengthLabel(time: elements.count, length: length ?? 0) }

  /// The inputs of the next step.
  public var step: StepInputs { shape.inputs(time: elements.count, length: length ?? 0, x: x) }

  /// A walk that stands before the first element.
  public func walk<C: Conditional>(_ conditional: C) -> Walk<C> { conditional.walk(length: length ?? 0, x: x) }

  /// Takes a decision. False if the sequence is over.
  @inlinable public mutating func take(_ decision: Decision) -> Bool {
    guard let element = decision.element else {
      score.add(decision.score)
      isComplete = true
      return false
    }
    // At the limit a sequence may still end by itself.
    if elements.count >= limit { return false }
    score.add(decision.score)
    elements.append(element)
    return !isOver()
  }

  /// Where the length is given it may be reached, or the limit.
  @inlinable public mutating func isOver() -> Bool {
    guard let length else { return false }
    isComplete = elements.count == length
    return isComplete || elements.count >= limit
  }
}
