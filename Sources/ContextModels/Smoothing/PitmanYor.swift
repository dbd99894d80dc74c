/// `pitman-yor:p`: the predictive of a hierarchical Pitman–Yor process (Teh 2006) with its seating arrangement replaced by
/// a power law: an outcome that a context has seen c times sits at c^p tables there, and so counts c^p times in the next
/// shorter context (p = 0 is one table a dish, Kneser–Ney; p = 1 counts what occurred; compare Huang and Renals 2010).
///
/// Each order has discounts D1, D2, D3+ as in modified Kneser–Ney, a strength θ, and a factor by which the discount is
/// larger or smaller where a context has seen one outcome only; all of them tuned. Of p = 0.2, 0.35, 0.5 and 0.7 on
/// held-out names 0.35 and 0.5 are best and level.
package struct PitmanYor: Smoother {
  package static let name = "pitman-yor"
  package static let examples = ["pitman-yor", "pitman-yor:0.7"]
  package static let summary =
    "pitman-yor:p as that, tuned, with a strength, and c^p for what occurred c times in shorter contexts (p = 0.4)"
  private static let defaultExponent = 0.4

  package let tableExponent: Double

  package init(parameter: String?) throws {
    tableExponent = try Self.number(parameter, in: 0...1, example: "0.4") ?? Self.defaultExponent
  }

  package var word: String { Self.word(tableExponent) }
  package var needsTuning: Bool { true }
  package var ranges: [ParameterRange?] {
    [.interval(0, 1), .interval(0, 2), .interval(0, 3), .positive, .interval(0, 4)]
  }

  package func parameters(of order: OrderCounts) -> SmoothingParameters {
    SmoothingParameters([0.7, 1.1, 1.5, 0.3, 1])
  }

  package func rule(_ parameters: [Double], _ context: ContextStatistics, outcomes: Int) -> SmoothingRule {
    let alone = max(1 - abs(context.kinds - 1), context.kinds < 1 ? 1 : 0)
    let factor = 1 + (parameters[4] - 1) * alone
    return SmoothingRule(
      discounts: (min(parameters[0] * factor, 1), min(parameters[1] * factor, 2), min(parameters[2] * factor, 3)),
      strength: parameters[3])
  }
}
