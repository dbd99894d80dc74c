/// `absolute`: the discount D = n1 / (n1 + 2 n2) of each order is taken from each count; shorter contexts have the
/// counts of what occurred (Ney, Essen and Kneser 1994). `absolute:D` gives it.
public struct AbsoluteDiscounting: Smoother {
  public static let name = "absolute"
  public static let examples = ["absolute", "absolute:0.5"]
  public static let summary =
    "absolute:D takes D from each count; without D it has a closed form for each order"

  /// D, where it was given.
  public let discount: Double?

  public init(parameter: String?) throws {
    discount = try Self.number(parameter, in: 0.001...0.999, example: "0.5")
  }

  public var word: String { Self.word(discount) }
  public var canBackOff: Bool { true }
  public var ranges: [ParameterRange?] { discount == nil ? [.interval(0, 1), nil] : [] }

  /// D, and the factor of Witten–Bell in its place.
  public func parameters(of order: OrderCounts) -> SmoothingParameters {
    if let discount { return SmoothingParameters([discount, 0]) }
    let (discount, factor, fallback) = order.discountOrSubstitute
    return SmoothingParameters([discount, factor], fallback: fallback)
  }

  public func rule(_ parameters: [Double], _ context: ContextStatistics, outcomes: Int) -> SmoothingRule {
    SmoothingRule(discount: parameters[0], strength: parameters[1] * context.kinds)
  }
}
