import Foundation
import ModelCore
import Probability
import Sequences

/// A sequence that is being drawn: what length strategies, prefixes, limits and truncation mean for it, whoever computes
/// the distributions. It is used for one number after the other.
struct Draw {
  private(set) var number = 0
  private(set) var stream = RandomStream(seed: 0)
  /// τ where it is drawn first.
  private var length = 0
  private var x: SequenceInput?
  /// The elements that are not drawn here: the prefix's, or those that have been drawn already.
  private var opening: [Symbol] = []
  private var elements: [Symbol] = []
  private var score = SequenceScore()
  private var isComplete = false
  private var stops = StopMass()

  init(_ plan: SamplingPlan) { elements.reserveCapacity(min(plan.limit, 16)) }

  /// What has been drawn, with an array of its own: that of `elements` is used again.
  var sample: Sample {
    let sequence = [Symbol](unsafeUninitializedCapacity: elements.count) { buffer, count in
      count = elements.count
      _ = buffer.initialize(from: elements)
    }
    return Sample(sequence: sequence, score: score, isComplete: isComplete, stops: stops)
  }

  /// The element that was drawn last.
  var last: Symbol { elements[elements.count - 1] }

  /// A walk that stands before the first element.
  func walk<C: Conditional<Symbol>>(_ conditional: C) -> Walk<C> { conditional.walk(length: length, x: x) }

  /// The inputs of the next step.
  func inputs(_ plan: SamplingPlan) -> StepInputs {
    plan.shape.inputs(time: elements.count, length: length, x: x)
  }

  /// Begins draw `number` of the plan's. False if it is over already.
  mutating func begin(_ number: Int, _ plan: SamplingPlan) -> Bool {
    self.number = number
    stream = plan.stream(number)
    stops = StopMass()
    if !plan.openings.isEmpty {
      (opening, stream, stops) = (
        plan.openings[number].elements, plan.openings[number].stream, plan.openings[number].stops
      )
    } else if !plan.options.prefix.isEmpty {
      opening = plan.options.prefix
    }
    x = plan.input(number)
    elements.removeAll(keepingCapacity: true)
    score = SequenceScore()
    isComplete = false
    if let law = plan.lengthLaw(x) {
      length = plan.length(number, law, &stream)
      score.natsLength = -law.logProbability(length)
    }
    return !isOver(plan)
  }

  /// Where the length is given it may be reached, or the limit.
  private mutating func isOver(_ plan: SamplingPlan) -> Bool {
    guard !plan.shape.decidesEnd else { return false }
    isComplete = elements.count == length
    return isComplete || elements.count >= plan.limit
  }

  // MARK: Steps

  /// Whether the next outcome is drawn from the distribution as it is.
  func isPlain(_ plan: SamplingPlan) -> Bool { plan.isPlain && elements.count >= opening.count }

  /// Draws a decision, or takes the prefix's element. False if the sequence is over.
  mutating func extend(_ prediction: Prediction, _ plan: SamplingPlan) -> Bool {
    if let forced { return extend(prediction.decision(forced), plan) }
    let choice = plan.options.truncation.choose(
      prediction, plan.shape, isEndForbidden: elements.count < plan.options.minimumLength, &stream)
    if !plan.isPlain {
      let stop = exp(prediction.logStop)
      stops.model += stop
      if choice.endIsCut { stops.removed += stop }
    }
    return extend(prediction.decision(choice.element), plan)
  }

  /// The opening's element, while there is one.
  var forced: Symbol? { elements.count < opening.count ? opening[elements.count] : nil }

  /// The same for a distribution as it is: the numbers are drawn in the same order and mean the same.
  mutating func extend(_ weights: OutcomeWeights, _ plan: SamplingPlan) -> Bool {
    extend(weights.draw(plan.shape, &stream), plan)
  }

  /// Takes a decision. False if the sequence is over.
  mutating func extend(_ decision: Decision, _ plan: SamplingPlan) -> Bool {
    // At the limit a sequence may still end by itself.
    if decision.element != nil, elements.count >= plan.limit { return false }
    score.add(decision.score)
    guard let element = decision.element else {
      isComplete = true
      return false
    }
    elements.append(element)
    return !isOver(plan)
  }
}

/// Some of a plan's draws, one after the other, for whoever draws them.
struct PlannedDraws: SequenceDraws {
  private let plan: SamplingPlan
  private var rest: Range<Int>
  private let samples: UnsafeMutableBufferPointer<Sample>
  private var draw: Draw
  /// Whether a sequence is being drawn.
  private var isDrawing = false

  init(_ plan: SamplingPlan, _ numbers: Range<Int>, _ samples: UnsafeMutableBufferPointer<Sample>) {
    self.plan = plan
    rest = numbers
    self.samples = samples
    draw = Draw(plan)
  }

  mutating func begin() -> RandomStream? {
    while true {
      if isDrawing { samples[draw.number] = draw.sample }
      isDrawing = false
      guard let number = rest.popFirst() else { return nil }
      isDrawing = true
      if draw.begin(number, plan) { return draw.stream }
    }
  }

  var forced: Symbol? { draw.forced }
  var last: Symbol { draw.last }
  var step: StepInputs { draw.inputs(plan) }
  func walk<C: Conditional<Symbol>>(_ conditional: C) -> Walk<C> { draw.walk(conditional) }
  mutating func take(_ decision: Decision) -> Bool { draw.extend(decision, plan) }
}
