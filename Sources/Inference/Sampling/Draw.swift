import Foundation
import ModelCore
import Probability
import Sequences

/// One of a plan's draws, and what truncation does to it. It is used for one number after the other.
struct Draw<Element: Sendable & Hashable> {
  private(set) var number = 0
  /// What has been drawn so far.
  var sequence: SequenceDraw<Element>
  private var stops = StopMass()

  init<Model: FittedModel>(_ plan: SamplingPlan<Model>) where Model.Element == Element {
    sequence = SequenceDraw(plan.shape, limit: plan.limit)
  }

  var sample: DrawnSequence<Element> { sequence.sample(stops) }

  /// Begins draw `number` of the plan's. False if it is over already.
  mutating func begin<Model: FittedModel>(_ number: Int, _ plan: SamplingPlan<Model>) -> Bool
  where Model.Element == Element {
    self.number = number
    stops = plan.stops(number)
    return sequence.begin(number, plan)
  }

  /// Whether the next outcome is drawn from the distribution as it is.
  func isPlain(_ plan: SamplingPlan<some FittedModel>) -> Bool {
    plan.isPlain && sequence.elements.count >= sequence.opening.count
  }

  /// Draws a decision, or takes the prefix's element. False if the sequence is over.
  mutating func extend<Distribution: StepDistribution<Element>, Model: FittedModel>(
    _ distribution: Distribution, _ plan: SamplingPlan<Model>
  ) -> Bool where Model.Element == Element {
    if let forced = sequence.forced { return sequence.take(distribution.decision(forced)) }
    if plan.isPlain { return sequence.take(distribution.draw(&sequence.stream)) }
    let drawn = distribution.draw(
      &sequence.stream, plan.options.truncation,
      isEndForbidden: sequence.elements.count < plan.options.minimumLength)
    let stop = exp(distribution.logStop)
    stops.model += stop
    if drawn.endIsCut { stops.removed += stop }
    return sequence.take(drawn.decision)
  }
}

extension Draw<Symbol> {
  /// The same for a distribution as it is: the numbers are drawn in the same order and mean the same.
  mutating func extend(_ weights: OutcomeWeights, _ plan: SamplingPlan<SequenceModel>) -> Bool {
    sequence.take(weights.draw(plan.shape.alphabetSize, plan.shape.stop, &sequence.stream))
  }
}

extension SequenceDraw {
  /// What has been drawn, with an array of its own: that of the elements is used again.
  func sample(_ stops: StopMass) -> DrawnSequence<Element> {
    let sequence = [Element](unsafeUninitializedCapacity: elements.count) { buffer, count in
      count = elements.count
      _ = buffer.initialize(from: elements)
    }
    return DrawnSequence(sequence: sequence, score: score, isComplete: isComplete, stops: stops)
  }

  /// Begins draw `number` of a plan's. False if it is over already.
  mutating func begin<Model: FittedModel>(_ number: Int, _ plan: SamplingPlan<Model>) -> Bool
  where Model.Element == Element {
    elements.removeAll(keepingCapacity: true)
    score = SequenceScore()
    isComplete = false
    x = plan.input(number)
    if plan.openings.isEmpty {
      stream = plan.stream(number)
      if !plan.options.prefix.isEmpty { opening = plan.options.prefix }
    } else {
      (opening, stream) = (plan.openings[number].elements, plan.openings[number].stream)
    }
    if let law = plan.lengthLaw(x) {
      let length = plan.length(number, law, &stream)
      self.length = length
      score.natsLength = -law.logProbability(length)
    }
    return !isOver()
  }
}

/// What truncation did to the decision to stop, summed over the steps of a draw.
public struct StopMass: Sendable, Hashable {
  /// Σ s(t): how often the model would have stopped there.
  public var model = 0.0
  /// The part of it at steps where the end was cut, or forbidden.
  public var removed = 0.0

  package init() {}
}
