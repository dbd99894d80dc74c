/// `kneser-ney`: the discount D = n1 / (n1 + 2 n2) of each order is taken from each count, and shorter contexts have
/// continuation counts (Kneser and Ney 1995). `kneser-ney:D` gives it.
package struct KneserNey: Smoother {
  package static let name = "kneser-ney"
  package static let examples = ["kneser-ney", "kneser-ney:0.5"]
  package static let summary = "kneser-ney:D the same, with continuation counts in shorter contexts"

  private let absolute: AbsoluteDiscounting

  package init(parameter: String?) throws {
    _ = try Self.number(parameter, in: 0.001...0.999, example: "0.5")
    absolute = try AbsoluteDiscounting(parameter: parameter)
  }

  package var word: String { Self.word(absolute.discount) }
  package var tableExponent: Double { 0 }
  package var canBackOff: Bool { true }
  package var ranges: [ParameterRange?] { absolute.ranges }

  package func parameters(of order: OrderCounts) -> SmoothingParameters { absolute.parameters(of: order) }

  package func rule(_ parameters: [Double], _ context: ContextStatistics, outcomes: Int) -> SmoothingRule {
    absolute.rule(parameters, context, outcomes: outcomes)
  }
}
