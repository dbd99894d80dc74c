/// `modified-kneser-ney`: interpolated, with the discounts D1, D2 and D3+ for counts of one, two and more, and
/// continuation counts in the shorter contexts (Chen and Goodman 1998, equations 26–28).
///
/// For each order, with n1 … n4 outcomes counted once … four times:
///
///     Y = n1 / (n1 + 2 n2),   D_c = c − (c + 1) Y n_(c+1) / n_c
///
/// Where that has no meaning (some n is 0, or a discount is not between 0 and its count) the order falls back on one
/// discount, D = Y for all counts (Kneser and Ney 1995), and where that has none either, on D = 0.75. It never aborts,
/// and says what it did.
public struct ModifiedKneserNey: Smoother {
  public static let name = "modified-kneser-ney"
  public static let examples = ["modified-kneser-ney"]

  public init(parameter: String?) throws { try Self.refuse(parameter) }

  public var word: String { Self.name }

  public func probabilities(_ counts: ContextCounts, outcomes: Int) -> ContextProbabilities {
    var shares = ContextShares(counts)
    let adjusted = counts.continuationCounts()
    for (order, level) in counts.tree.levels.enumerated() {
      let entriesOfLevel = counts.firstEntry[level.lowerBound]..<counts.firstEntry[level.upperBound]
      if entriesOfLevel.isEmpty { continue }
      let discounts = Discounts(adjusted[entriesOfLevel])
      shares.parameters.append(discounts.values)
      if let fallback = discounts.fallback {
        shares.notes.append("n-grams of \(order + 1): \(fallback)")
      }
      for node in level where !counts.entries(of: node).isEmpty {
        let entries = counts.entries(of: node)
        let total = Double(adjusted[entries].reduce(0, +))
        guard total > 0 else { continue }
        var freed = 0.0
        for entry in entries {
          let discount = discounts.discount(of: adjusted[entry])
          shares.mass[entry] = (Double(adjusted[entry]) - discount) / total
          freed += discount
        }
        shares.weight[node] = freed / total
      }
    }
    return ContextProbabilities(interpolating: shares, counts, outcomes: outcomes)
  }

  /// The discounts of one order.
  struct Discounts: Equatable {
    /// D1, D2, D3+.
    let values: [Double]
    /// What was done in place of the closed form, and why.
    let fallback: String?

    init(_ counts: some Sequence<Int>) {
      var n = [0.0, 0, 0, 0, 0]
      for count in counts where (1...4).contains(count) { n[count] += 1 }
      let y = n[1] / (n[1] + 2 * n[2])
      let modified = (1...3).map { Double($0) - Double($0 + 1) * y * n[$0 + 1] / n[$0] }
      if zip(modified, 1...3).allSatisfy({ $0 > 0 && $0 <= Double($1) }) {
        values = modified
        fallback = nil
        return
      }
      let reason =
        n[1...4].contains(0)
        ? "no outcome has count \((1...4).first { n[$0] == 0 } ?? 0)" : "the closed form leaves its range"
      if n[1] > 0, n[2] > 0 {
        values = [y, y, y]
        fallback = "one Kneser–Ney discount, since \(reason)"
      } else {
        values = [0.75, 0.75, 0.75]
        fallback = "fixed discounts of 0.75, since \(reason)"
      }
    }

    func discount(of count: Int) -> Double { count == 0 ? 0 : values[min(count, 3) - 1] }
  }
}
