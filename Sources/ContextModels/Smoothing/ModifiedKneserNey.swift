/// `modified-kneser-ney`: the discounts D1, D2 and D3+ for counts of one, two and more, and continuation counts in the
/// shorter contexts (Chen and Goodman 1998, equations 26–28).
///
/// For each order, with n1 … n4 outcomes counted once … four times:
///
///     Y = n1 / (n1 + 2 n2),   D_c = c − (c + 1) Y n_(c+1) / n_c
///
/// Where that has no meaning (some n is 0, or a discount is not between 0 and its count) the order falls back on one
/// discount, D = Y for all counts (Kneser and Ney 1995), where that has none either, on D = 0.75, and where there are no
/// small counts at all, on Witten–Bell. It never aborts, and says what it did.
package struct ModifiedKneserNey: Smoother {
  package static let name = "modified-kneser-ney"
  package static let examples = ["modified-kneser-ney"]
  package static let summary = "continuation counts, and discounts for counts of one, two and more (default)"

  package init(parameter: String?) throws { try Self.refuse(parameter) }

  package var word: String { Self.name }
  package var tableExponent: Double { 0 }
  package var canBackOff: Bool { true }
  package var ranges: [ParameterRange?] { [.interval(0, 1), .interval(0, 2), .interval(0, 3), nil] }

  /// D1, D2, D3+, and the factor of Witten–Bell in their place.
  package func parameters(of order: OrderCounts) -> SmoothingParameters {
    let n = order.n
    let y = n[1] / (n[1] + 2 * n[2])
    let modified = (1...3).map { Double($0) - Double($0 + 1) * y * n[$0 + 1] / n[$0] }
    if zip(modified, 1...3).allSatisfy({ $0 > 0 && $0 <= Double($1) }) { return SmoothingParameters(modified + [0]) }
    var (discount, factor, fallback) = order.discountOrSubstitute
    if fallback == nil {
      let reason =
        (1...4).first { n[$0] == 0 }.map { "no outcome has count \($0)" } ?? "the closed form leaves its range"
      fallback = "one Kneser–Ney discount in place of three (\(reason))"
    }
    return SmoothingParameters([discount, discount, discount, factor], fallback: fallback)
  }

  package func rule(_ parameters: [Double], _ context: ContextStatistics, outcomes: Int) -> SmoothingRule {
    SmoothingRule(
      discounts: (parameters[0], parameters[1], parameters[2]), strength: parameters[3] * context.kinds)
  }
}
