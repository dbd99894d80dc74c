import Sequences

/// A conditional that walks along many sequences in lockstep. A test holds its draws against the walk's.
package protocol LockstepConditional: Conditional {
  associatedtype Lanes: WalkLanes

  /// Room for `count` walks. What becomes of a walk depends neither on their number nor on its place among them.
  func lanes(_ count: Int) -> Lanes
}

/// Walks that go forward in lockstep, each in a lane of its own:
///
///     let lanes = conditional.lanes(2)
///     lanes.start(0, first)               // both before their first elements
///     lanes.start(1, first)
///     lanes.advance(2)                    // now both have a distribution
///     lanes.set(0, past: 5, second)       // lane 0 goes on with element 5
///     lanes.start(1, first)               // lane 1 is given to another sequence
///     lanes.advance(2)
///
/// Not for several threads at a time.
package protocol WalkLanes: AnyObject {
  /// A new sequence in a lane; `inputs` are those of its first step.
  func start(_ lane: Int, _ inputs: StepInputs)

  /// A lane's sequence goes on with an element; `inputs` are those of the step after it.
  func set(_ lane: Int, past element: Symbol, _ inputs: StepInputs)

  /// One step of the first `count` lanes, each started or set since the last one.
  func advance(_ count: Int)

  /// A lane's distribution, for drawing.
  func weights(_ lane: Int) -> OutcomeWeights

  /// A lane's distribution as log-probabilities.
  func predict(_ lane: Int, into prediction: inout Prediction)

  /// Gives a lane's sequence another lane.
  func move(_ lane: Int, to target: Int)
}

/// One step's distribution before it is normalised. Valid until the lanes' next step.
package struct OutcomeWeights {
  /// Of all outcomes of the shape; in single precision no less than e^−87 of the largest.
  package let outcomes: UnsafePointer<Double>
  /// The sum of the elements' weights, without the end's.
  package let elements: Double
  /// log s − log(1 − s), where stopping is a variable.
  package let stopLogit: Double

  package init(outcomes: UnsafePointer<Double>, elements: Double, stopLogit: Double) {
    self.outcomes = outcomes
    self.elements = elements
    self.stopLogit = stopLogit
  }
}
