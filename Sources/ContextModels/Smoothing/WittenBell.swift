/// `witten-bell`: the shorter context has the weight T / (N + T), where T distinct outcomes were seen N times in all
/// (Witten and Bell 1991, method C). `witten-bell:f` gives it f T / (N + f T).
package struct WittenBell: Smoother {
  package static let name = "witten-bell"
  package static let examples = ["witten-bell", "witten-bell:4"]
  package static let summary = "witten-bell:f counts the shorter context f times for each distinct outcome (f = 1)"

  /// f, where it was given.
  package let factor: Double?

  package init(factor: Double?) { self.factor = factor }

  package init(parameter: String?) throws { factor = try Self.number(parameter, in: 1e-6...1e6, example: "4") }

  package var word: String { Self.word(factor) }
  package var canBackOff: Bool { true }
  package var ranges: [ParameterRange?] { factor == nil ? [.positive] : [] }

  package func parameters(of order: OrderCounts) -> SmoothingParameters { SmoothingParameters([factor ?? 1]) }

  package func rule(_ parameters: [Double], _ context: ContextStatistics, outcomes: Int) -> SmoothingRule {
    SmoothingRule(strength: parameters[0] * context.kinds)
  }
}
