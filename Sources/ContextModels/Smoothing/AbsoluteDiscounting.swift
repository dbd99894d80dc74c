/// `absolute`: the discount D = n1 / (n1 + 2 n2) of each order is taken from each count; shorter contexts have the
/// counts of what occurred (Ney, Essen and Kneser 1994). `absolute:D` gives it.
package struct AbsoluteDiscounting: Smoother {
  package static let name = "absolute"
  package static let examples = ["absolute", "absolute:0.5"]
  package static let summary = "absolute:D takes D from each count; without D it has a closed form for each order"

  /// D, where it was given.
  package let discount: Double?

  package init(parameter: String?) throws { discount = try Self.number(parameter, in: 0.001...0.999, example: "0.5") }

  package var word: String { Self.word(discount) }
  package var canBackOff: Bool { true }
  package var ranges: [ParameterRange?] { discount == nil ? [.interval(0, 1), nil] : [] }

  /// D, and the factor of Witten–Bell in its place.
  package func parameters(of order: OrderCounts) -> SmoothingParameters {
    if let discount { return SmoothingParameters([discount, 0]) }
    let (discount, factor, fallback) = order.discountOrSubstitute
    return SmoothingParameters([discount, factor], fallback: fallback)
  }

  package func rule(_ parameters: [Double], _ context: ContextStatistics, outcomes: Int) -> SmoothingRule {
    SmoothingRule(discount: parameters[0], strength: parameters[1] * context.kinds)
  }
}
