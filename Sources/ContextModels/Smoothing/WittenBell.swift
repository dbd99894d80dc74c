/// `witten-bell`: the shorter context has the weight T / (N + T), where T distinct outcomes were seen N times in all
/// (Witten and Bell 1991, method C). `witten-bell:f` gives it f T / (N + f T).
public struct WittenBell: Smoother {
  public static let name = "witten-bell"
  public static let examples = ["witten-bell", "witten-bell:4"]
  public static let summary =
    "witten-bell:f counts the shorter context f times for each distinct outcome (f = 1)"

  /// f, where it was given.
  public let factor: Double?

  public init(factor: Double?) { self.factor = factor }

  public init(parameter: String?) throws {
    factor = try Self.number(parameter, in: 1e-6...1e6, example: "4")
  }

  public var word: String { Self.word(factor) }
  public var canBackOff: Bool { true }
  public var ranges: [ParameterRange?] { factor == nil ? [.positive] : [] }

  public func parameters(of order: OrderCounts) -> SmoothingParameters { SmoothingParameters([factor ?? 1]) }

  public func rule(_ parameters: [Double], _ context: ContextStatistics, outcomes: Int) -> SmoothingRule {
    var rule = SmoothingRule()
    rule.strength = parameters[0] * context.kinds
    return rule
  }
}
