/// `ml`: count / total in the full context, nothing else. A context that never occurred has no maximum-likelihood
/// estimate (any distribution is one) and is given the uniform one; with an end symbol or halting no such context has
/// positive probability.
package struct MaximumLikelihood: Smoother {
  package static let name = "ml"
  package static let examples = ["ml"]
  package static let summary = "maximum likelihood: what was not seen has probability 0"

  init() {}

  package init(parameter: String?) throws { try Self.refuse(parameter) }

  package var word: String { Self.name }
  package var isUnsmoothed: Bool { true }
  package var usesLowerOrders: Bool { false }

  package func parameters(of order: OrderCounts) -> SmoothingParameters { SmoothingParameters([]) }

  package func rule(_ parameters: [Double], _ context: ContextStatistics, outcomes: Int) -> SmoothingRule {
    SmoothingRule()
  }

  package func stopShare(_ stops: Double, of decisions: Double, _ parameters: [[Double]]) -> (
    mass: Double, weight: Double
  ) {
    Additive(0).stopShare(stops, of: decisions, [[0]])
  }
}
