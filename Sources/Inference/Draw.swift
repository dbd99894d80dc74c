import Foundation
import Models
import Probability
import Sequences
import Support

/// A sequence that is being drawn: what length strategies, prefixes, limits and truncation mean for it, whoever computes
/// the distributions. It is used for one number after the other.
struct Draw {
  private(set) var number = 0
  private var stream = RandomStream(seed: 0)
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
    guard plan.shape.stop == .given else { return false }
    isComplete = elements.count == length
    return isComplete || elements.count >= plan.limit
  }

  // MARK: Steps

  /// Whether the next outcome is drawn from the distribution as it is.
  func isPlain(_ plan: SamplingPlan) -> Bool { plan.isPlain && elements.count >= opening.count }

  /// Draws an outcome, or takes the prefix's. False if the sequence is over.
  mutating func extend(_ prediction: Prediction, _ plan: SamplingPlan) -> Bool {
    let element = forced ?? choose(prediction, plan)
    return extend(
      element, element.map { prediction.logProbabilities[$0] }, prediction.logStop, prediction.logContinue, plan)
  }

  /// An element, or `nil` for the end.
  private mutating func choose(_ prediction: Prediction, _ plan: SamplingPlan) -> Symbol? {
    let choice = plan.options.truncation.choose(
      prediction, plan.shape, isEndForbidden: elements.count < plan.options.minimumLength, &stream)
    if !plan.isPlain {
      let stop = exp(prediction.logStop)
      stops.model += stop
      if choice.endIsCut { stops.removed += stop }
    }
    return choice.element
  }

  /// The opening's element, while there is one.
  private var forced: Symbol? { elements.count < opening.count ? opening[elements.count] : nil }

  /// The same for a distribution as it is: the numbers are drawn in the same order and mean the same.
  mutating func extend(_ weights: OutcomeWeights, _ plan: SamplingPlan) -> Bool {
    var (stop, continuing) = (-Double.infinity, 0.0)
    var total = weights.elements
    switch plan.shape.stop {
    case .given: break
    case .variable:
      (stop, continuing) = (-softplus(-weights.stopLogit), -softplus(weights.stopLogit))
      if stream.uniform() < 1 / (1 + exp(-weights.stopLogit)) { return self.extend(nil, nil, stop, continuing, plan) }
    case .outcome:
      let end = weights.outcomes[plan.shape.alphabetSize]
      total += end
      // No weight is zero, so the end is not drawn for rounding's sake.
      if let element = invert(weights, stream.uniform() * total, plan.shape.alphabetSize) {
        return self.extend(
          element, log(weights.outcomes[element] / total), -.infinity, log(weights.elements / total), plan)
      }
      return self.extend(nil, nil, log(end / total), -.infinity, plan)
    }
    let element =
      invert(weights, stream.uniform() * total, plan.shape.alphabetSize) ?? plan.shape.alphabetSize - 1
    return self.extend(element, log(weights.outcomes[element] / total), stop, continuing, plan)
  }

  /// The first element at which the running sum passes `target`, if there is one.
  private func invert(_ weights: OutcomeWeights, _ target: Double, _ count: Int) -> Symbol? {
    var rest = target
    for element in 0..<count {
      rest -= weights.outcomes[element]
      if rest < 0 { return element }
    }
    return nil
  }

  /// Draws from a Markov model's arrays, from a context on, which is replaced by the one that follows.
  mutating func extend(
    _ contexts: NGramSampler, _ node: inout Int, _ logStop: (stop: Double, continuing: Double), _ plan: SamplingPlan
  ) -> Bool {
    if let element = forced {
      let (logProbability, next) = contexts.step(element, from: node)
      node = next
      return extend(element, logProbability, logStop.stop, logStop.continuing, plan)
    }
    if plan.shape.stop == .variable, stream.uniform() < exp(logStop.stop) {
      return extend(nil, nil, logStop.stop, logStop.continuing, plan)
    }
    let (outcome, logProbability, next) = contexts.draw(from: node, &stream)
    if outcome == plan.shape.alphabetSize { return extend(nil, nil, logProbability, logStop.continuing, plan) }
    node = next
    return extend(outcome, logProbability, logStop.stop, logStop.continuing, plan)
  }

  /// The same for a conditional that draws its outcomes itself.
  mutating func extend<C: DrawingConditional<Symbol>>(
    _ walk: Walk<C>, _ plan: SamplingPlan
  ) -> Bool {
    let (stop, goesOn) = walk.logStop()
    if let element = forced { return extend(element, walk.logProbability(of: element), stop, goesOn, plan) }
    if plan.shape.stop == .variable, stream.uniform() < exp(stop) { return extend(nil, nil, stop, goesOn, plan) }
    let (outcome, logProbability) = walk.process.draw(walk.state, &stream)
    if outcome == plan.shape.alphabetSize { return extend(nil, nil, logProbability, goesOn, plan) }
    return extend(outcome, logProbability, stop, goesOn, plan)
  }

  /// Takes what has been drawn. False if the sequence is over.
  private mutating func extend(
    _ element: Symbol?, _ outcome: Double?, _ stop: Double, _ continuing: Double, _ plan: SamplingPlan
  ) -> Bool {
    // At the limit a sequence may still end by itself.
    if element != nil, elements.count >= plan.limit { return false }
    score.add(plan.shape.stop, outcome: outcome, stop: stop, continuing: continuing)
    guard let element else {
      isComplete = true
      return false
    }
    elements.append(element)
    return !isOver(plan)
  }
}
