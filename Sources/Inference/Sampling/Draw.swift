import Foundation
import ModelCore
import Probability
import Sequences

/// One of a plan's draws, and what truncation does to it. It is used for one number after the other.
struct Draw {
  private(set) var number = 0
  /// What has been drawn so far.
  var sequence: SequenceDraw
  private var stops = StopMass()

  init(_ plan: SamplingPlan) { sequence = SequenceDraw(plan.shape, limit: plan.limit) }

  var sample: Sample { sequence.sample(stops) }

  /// Begins draw `number` of the plan's. False if it is over already.
  mutating func begin(_ number: Int, _ plan: SamplingPlan) -> Bool {
    self.number = number
    stops = plan.stops(number)
    return sequence.begin(number, plan)
  }

  /// Whether the next outcome is drawn from the distribution as it is.
  func isPlain(_ plan: SamplingPlan) -> Bool {
    plan.isPlain && sequence.elements.count >= sequence.opening.count
  }

  /// Draws a decision, or takes the prefix's element. False if the sequence is over.
  mutating func extend(_ prediction: Prediction, _ plan: SamplingPlan) -> Bool {
    if let forced = sequence.forced { return sequence.take(prediction.decision(forced)) }
    let choice = plan.options.truncation.choose(
      prediction, plan.shape, isEndForbidden: sequence.elements.count < plan.options.minimumLength, &sequence.stream)
    if !plan.isPlain {
      let stop = exp(prediction.logStop)
      stops.model += stop
      if choice.endIsCut { stops.removed += stop }
    }
    return sequence.take(prediction.decision(choice.element))
  }

  /// The same for a distribution as it is: the numbers are drawn in the same order and mean the same.
  mutating func extend(_ weights: OutcomeWeights, _ plan: SamplingPlan) -> Bool {
    sequence.take(weights.draw(plan.shape.alphabetSize, plan.shape.stop, &sequence.stream))
  }
}

extension SequenceDraw {
  /// What has been drawn, with an array of its own: that of the elements is used again.
  func sample(_ stops: StopMass) -> Sample {
    let sequence = [Symbol](unsafeUninitializedCapacity: elements.count) { buffer, count in
      count = elements.count
      _ = buffer.initialize(from: elements)
    }
    return Sample(sequence: sequence, score: score, isComplete: isComplete, stops: stops)
  }

  /// Begins draw `number` of a plan's. False if it is over already.
  mutating func begin(_ number: Int, _ plan: SamplingPlan) -> Bool {
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
