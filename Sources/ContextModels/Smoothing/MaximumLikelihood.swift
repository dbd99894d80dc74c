/// `ml`: count / total in the full context, nothing else. A context that never occurred has no maximum-likelihood
/// estimate (any distribution is one) and is given the uniform one; with an end symbol or halting no such context has
/// positive probability.
public struct MaximumLikelihood: Smoother {
  public static let name = "ml"
  public static let examples = ["ml"]
  public static let summary =
    "maximum likelihood: what was not seen has probability 0"

  init() {}

  public init(parameter: String?) throws { try Self.refuse(parameter) }

  public var word: String { Self.name }
  public var isUnsmoothed: Bool { true }
  public var usesLowerOrders: Bool { false }

  public func parameters(of order: OrderCounts) -> SmoothingParameters { SmoothingParameters([]) }

  public func rule(_ parameters: [Double], _ context: ContextStatistics, outcomes: Int) -> SmoothingRule {
    SmoothingRule()
  }

  public func stopShare(_ stops: Int, of decisions: Int, _ parameters: [[Double]]) -> (mass: Double, weight: Double) {
    Additive(0).stopShare(stops, of: decisions, [[0]])
  }
}
