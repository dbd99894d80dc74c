/// `ml`: count / total in the full context, nothing else. A context that never occurred has no maximum-likelihood
/// estimate (any distribution is one) and is given the uniform one; with an end symbol or halting no such context has
/// positive probability.
public struct MaximumLikelihood: Smoother {
  public static let name = "ml"
  public static let examples = ["ml"]

  init() {}

  public init(parameter: String?) throws { try Self.refuse(parameter) }

  public var word: String { Self.name }
  public var isUnsmoothed: Bool { true }
  public var usesLowerOrders: Bool { false }

  public func probabilities(_ counts: ContextCounts, outcomes: Int) -> ContextProbabilities {
    Additive(0).probabilities(counts, outcomes: outcomes)
  }

  public func stopShares(_ counts: ContextCounts) -> StopShares { Additive(0).stopShares(counts) }
}
