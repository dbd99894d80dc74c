/// `jelinek-mercer:λ`: λ · count / total + (1 − λ) · P(w | shorter context) (Jelinek and Mercer 1980). Without λ, each
/// order has five of them, for contexts whose outcomes were seen up to 1, 2, 4, 16 and more times on average (buckets as
/// in Chen and Goodman 1998, section 2.3), tuned.
package struct JelinekMercer: Smoother {
  package static let name = "jelinek-mercer"
  package static let examples = ["jelinek-mercer:0.5", "jelinek-mercer"]
  package static let summary =
    "jelinek-mercer:λ gives the context the weight λ; without λ it is tuned, in five buckets of contexts"

  /// λ, where it was given.
  package let weight: Double?

  package init(parameter: String?) throws { weight = try Self.number(parameter, in: 0.001...0.999, example: "0.5") }

  package var word: String { Self.word(weight) }
  package var needsTuning: Bool { weight == nil }
  package var ranges: [ParameterRange?] { weight == nil ? Array(repeating: .interval(0, 1), count: 5) : [] }

  package func parameters(of order: OrderCounts) -> SmoothingParameters {
    SmoothingParameters(weight.map { Array(repeating: $0, count: 5) } ?? [0.2, 0.4, 0.6, 0.8, 0.95])
  }

  package func rule(_ parameters: [Double], _ context: ContextStatistics, outcomes: Int) -> SmoothingRule {
    let average = context.total / context.kinds
    let bucket = average > 16 ? 4 : average > 4 ? 3 : average > 2 ? 2 : average > 1 ? 1 : 0
    return SmoothingRule(proportion: 1 - parameters[bucket])
  }
}
