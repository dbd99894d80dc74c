/// `add:α`: (count + α) / (total + α · outcomes) in the full context: the mean under a symmetric Dirichlet prior
/// (Laplace for α = 1, Jeffreys and Krichevsky–Trofimov for α = 1/2).
public struct Additive: Smoother {
  public static let name = "add"
  public static let examples = ["add:1", "add:0.1"]

  /// α > 0.
  public let added: Double

  init(_ added: Double) { self.added = added }

  public init(parameter: String?) throws {
    guard let parameter else {
      added = 1
      return
    }
    // With far larger ones, their sums would not be finite.
    guard let number = Double(parameter), number > 0, number <= 1e100 else {
      throw SpecificationError.malformed(
        "smoothing=add:\(parameter): α must be a number above 0 and at most 1e100, as in add:0.5")
    }
    added = number
  }

  public var word: String {
    added == added.rounded() && added < 1e15 ? "\(Self.name):\(Int(added))" : "\(Self.name):\(added)"
  }

  public var usesLowerOrders: Bool { false }

  public func probabilities(_ counts: ContextCounts, outcomes: Int) -> ContextProbabilities {
    var shares = ContextShares(counts)
    for node in 0..<counts.tree.count where !counts.entries(of: node).isEmpty {
      let entries = counts.entries(of: node)
      let total = Double(counts.counts[entries].reduce(0, +)) + added * Double(outcomes)
      for entry in entries { shares.mass[entry] = Double(counts.counts[entry]) / total }
      shares.weight[node] = added * Double(outcomes) / total
    }
    return ContextProbabilities(interpolating: shares, counts, outcomes: outcomes)
  }

  public func stopShares(_ counts: ContextCounts) -> StopShares {
    var shares = StopShares(counts)
    for node in 0..<counts.tree.count where counts.decisions[node] > 0 {
      let total = Double(counts.decisions[node]) + 2 * added
      shares.mass[node] = Double(counts.stops[node]) / total
      shares.weight[node] = 2 * added / total
    }
    return shares
  }
}
