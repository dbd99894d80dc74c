import Foundation
import Models
import Probability
import Sequences

/// A sequence that is being drawn: what length strategies, prefixes, limits and truncation mean for it, whoever computes
/// the distributions. It is used for one number after the other.
struct Draw {
  private(set) var number = 0
  private var stream = RandomStream(seed: 0)
  /// τ where it is drawn first.
  private var length = 0
  private var x: SequenceInput?
  private var elements: [Symbol] = []
  private var score = SequenceScore()
  private var isComplete = false

  init(_ plan: SamplingPlan) { elements.reserveCapacity(min(plan.limit, 16)) }

  /// What has been drawn, with an array of its own: that of `elements` is used again.
  var sample: Sample {
    let sequence = [Symbol](unsafeUninitializedCapacity: elements.count) { buffer, count in
      count = elements.count
      _ = buffer.initialize(from: elements)
    }
    return Sample(sequence: sequence, score: score, isComplete: isComplete)
  }

  /// The element that was drawn last.
  var last: Symbol { elements[elements.count - 1] }

  /// The inputs of the next step.
  func inputs(_ plan: SamplingPlan) -> StepInputs { plan.inputs(time: elements.count, length: length, x: x) }

  /// Begins draw `number` of the plan's. False if it is over already.
  mutating func begin(_ number: Int, _ plan: SamplingPlan) -> Bool {
    self.number = number
    stream = plan.stream(number)
    x = plan.input(number)
    elements.removeAll(keepingCapacity: true)
    score = SequenceScore()
    isComplete = false
    if let prior = plan.prior {
      length = plan.options.length ?? plan.lengthWeights(number)?.sample(&stream) ?? prior.sample(&stream)
      score.natsLength = -prior.logProbability(length)
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
  func isPlain(_ plan: SamplingPlan) -> Bool { plan.isPlain && elements.count >= plan.options.prefix.count }

  /// Draws an outcome, or takes the prefix's. False if the sequence is over.
  mutating func goOn(_ prediction: Prediction, _ plan: SamplingPlan) -> Bool {
    let time = elements.count
    let element = time < plan.options.prefix.count ? plan.options.prefix[time] : choose(prediction, plan)
    return goOn(
      element, element.map { prediction.logProbabilities[$0] }, prediction.logStop, prediction.logGoOn, plan)
  }

  /// An element, or `nil` for the end.
  private mutating func choose(_ prediction: Prediction, _ plan: SamplingPlan) -> Symbol? {
    let truncation = plan.options.truncation
    if plan.shape.stop == .variable, truncation.drawStop(prediction, &stream) { return nil }
    let outcome = truncation.draw(prediction.logProbabilities, &stream)
    return outcome < plan.shape.alphabetSize ? outcome : nil
  }

  /// The same for a distribution as it is: the numbers are drawn in the same order and mean the same.
  mutating func goOn(_ weights: OutcomeWeights, _ plan: SamplingPlan) -> Bool {
    var (stop, goOn) = (-Double.infinity, 0.0)
    var total = weights.elements
    switch plan.shape.stop {
    case .given: break
    case .variable:
      (stop, goOn) = (-softplus(-weights.stopLogit), -softplus(weights.stopLogit))
      if stream.uniform() < 1 / (1 + exp(-weights.stopLogit)) { return self.goOn(nil, nil, stop, goOn, plan) }
    case .outcome:
      let end = weights.outcomes[plan.shape.alphabetSize]
      total += end
      // No weight is zero, so the end is not drawn for rounding's sake.
      if let element = invert(weights, stream.uniform() * total, plan.shape.alphabetSize) {
        return self.goOn(
          element, log(weights.outcomes[element] / total), -.infinity, log(weights.elements / total), plan)
      }
      return self.goOn(nil, nil, log(end / total), -.infinity, plan)
    }
    let element =
      invert(weights, stream.uniform() * total, plan.shape.alphabetSize) ?? plan.shape.alphabetSize - 1
    return self.goOn(element, log(weights.outcomes[element] / total), stop, goOn, plan)
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

  /// Takes what has been drawn. False if the sequence is over.
  private mutating func goOn(
    _ element: Symbol?, _ outcome: Double?, _ stop: Double, _ goOn: Double, _ plan: SamplingPlan
  ) -> Bool {
    // At the limit a sequence may still end by itself.
    if element != nil, elements.count >= plan.limit { return false }
    score.add(plan.shape.stop, outcome: outcome, stop: stop, goOn: goOn)
    guard let element else {
      isComplete = true
      return false
    }
    elements.append(element)
    return !isOver(plan)
  }
}
