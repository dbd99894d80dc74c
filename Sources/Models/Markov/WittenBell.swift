/// `witten-bell`: interpolated, with the weight T / (N + T) for the shorter context, where T distinct outcomes were
/// seen N times in all (Witten and Bell 1991, method C).
public struct WittenBell: Smoother {
  public static let name = "witten-bell"
  public static let examples = ["witten-bell"]

  public init(parameter: String?) throws { try Self.refuse(parameter) }

  public var word: String { Self.name }

  public func probabilities(_ counts: ContextCounts, outcomes: Int) -> ContextProbabilities {
    var shares = ContextShares(counts)
    for node in 0..<counts.tree.count where !counts.entries(of: node).isEmpty {
      let entries = counts.entries(of: node)
      let types = Double(entries.count)
      let total = Double(counts.counts[entries].reduce(0, +)) + types
      for entry in entries { shares.mass[entry] = Double(counts.counts[entry]) / total }
      shares.weight[node] = types / total
    }
    return ContextProbabilities(interpolating: shares, counts, outcomes: outcomes)
  }
}
