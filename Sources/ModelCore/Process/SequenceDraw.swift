import Probability
import Sequences

/// A sequence that is being drawn, decision by decision: what a prefix, a limit and a given length mean for it, for any sampler.
public struct SequenceDraw<Element: Sendable & Hashable>: Sendable {
  /// The random numbers of this draw.
  public var stream = RandomStream(seed: 0)
  /// What has been taken so far.
  public var elements: [Element] = []
  /// The elements that are not drawn here: a prefix's, or those that have been drawn already.
  public var opening: [Element] = []
  /// The negative log-likelihood of that, in nats.
  public var score = SequenceScore()
  /// Whether it has ended by itself.
  public var isComplete = false
  /// τ where the length is known first.
  public var length: Int?
  /// The elements after which it is cut.
  public var limit: Int
  /// The sequence's inputs, where the model has any.
  public var x: SequenceInput?
  @usableFromInline let shape: OutputShape

  /// Without an element yet.
  @inlinable public init(_ shape: OutputShape, limit: Int) {
    self.shape = shape
    self.limit = limit
    elements.reserveCapacity(min(limit, 16))
  }

  /// The element that has to come next, where that is settled.
  @inlinable public var forced: Element? { elements.count < opening.count ? opening[elements.count] : nil }

  /// The element that was taken last.
  @inlinable public var last: Element { elements[elements.count - 1] }

  /// What the next step is told of the length, if anything.
  @inlinable public var lengthLabel: Int? { shape.lengthLabel(time: elements.count, length: length ?? 0) }

  /// The inputs of the next step.
  @inlinable public var step: StepInputs { shape.inputs(time: elements.count, length: length ?? 0, x: x) }

  /// A walk that stands before the first element.
  @inlinable public func walk<P: SequenceProcess<Element>>(_ process: P) -> Walk<P> {
    process.walk(length: length ?? 0, x: x)
  }

  /// Takes a decision. False if the sequence is over.
  @inlinable public mutating func take(_ decision: Decision<Element>) -> Bool {
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
