/// `kneser-ney`: the discount D = n1 / (n1 + 2 n2) of each order is taken from each count, and shorter contexts have
/// continuation counts (Kneser and Ney 1995). `kneser-ney:D` gives it.
public struct KneserNey: Smoother {
  public static let name = "kneser-ney"
  public static let examples = ["kneser-ney", "kneser-ney:0.5"]
  public static let summary =
    "kneser-ney:D the same, with continuation counts in shorter contexts"

  private let absolute: AbsoluteDiscounting

  public init(parameter: String?) throws {
    _ = try Self.number(parameter, in: 0.001...0.999, example: "0.5")
    absolute = try AbsoluteDiscounting(parameter: parameter)
  }

  public var word: String { Self.word(absolute.discount) }
  public var tableExponent: Double { 0 }
  public var canBackOff: Bool { true }
  public var ranges: [ParameterRange?] { absolute.ranges }

  public func parameters(of order: OrderCounts) -> SmoothingParameters { absolute.parameters(of: order) }

  public func rule(_ parameters: [Double], _ context: ContextStatistics, outcomes: Int) -> SmoothingRule {
    absolute.rule(parameters, context, outcomes: outcomes)
  }
}
