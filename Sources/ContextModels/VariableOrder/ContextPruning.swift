import Foundation
import ModelCore
import Probability
import Sequences

/// Which contexts a variable-length Markov chain keeps.
package enum ContextPruning: Sendable, Hashable {
  /// A context goes if what followed it is not significantly different from what followed the next shorter one: from the
  /// longest inwards, where twice the gain in log-likelihood is below the chi-square quantile of 1 − α (Rissanen 1983;
  /// Bühlmann and Wyner 1999; Mächler and Bühlmann 2004). Contexts that occurred less often than `minimum` are not
  /// looked at.
  case likelihoodRatio(alpha: Double, minimum: Int)
  /// The tree with the largest log-likelihood less log(events)/2 for each free parameter (Csiszár and Talata 2006). At
  /// each context all longer ones are kept or none.
  case bic
  /// The same with 1 for each free parameter.
  case aic

  static let examples = ["lr:0.01", "bic", "aic"]

  /// - Parameters:
  ///   - text: the value of `prune=`, such as `lr:0.01`.
  ///   - minimum: the value of `min=`.
  /// - Throws: `SpecificationError`.
  init(_ text: String, minimum: Int?, owner: String) throws {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    switch parts[0] {
    case "lr":
      guard let alpha = parts.count == 1 ? Self.defaultAlpha : Double(parts[1]), alpha > 0, alpha < 1 else {
        throw SpecificationError.malformed("\(owner): prune=\(text) needs a number between 0 and 1, as in lr:0.05")
      }
      self = .likelihoodRatio(alpha: alpha, minimum: minimum ?? Self.defaultMinimum)
    case "bic" where parts.count == 1: self = .bic
    case "aic" where parts.count == 1: self = .aic
    default: throw SpecificationError.unknown(what: "\(owner): prune", word: text, known: Self.examples)
    }
    if minimum != nil, self == .bic || self == .aic {
      throw SpecificationError.malformed("\(owner): min= goes with prune=lr; \(text) looks at every context")
    }
  }

  static let defaultAlpha = 0.05
  static let defaultMinimum = 2

  var word: String {
    switch self {
    case .likelihoodRatio(let alpha, _): "lr:\(alpha)"
    case .bic: "bic"
    case .aic: "aic"
    }
  }

  /// For each context, whether it is kept; those between it and the empty one are kept too. O(counts).
  func kept(_ counts: ContextCounts, _ shape: OutputShape) -> [Bool] {
    switch self {
    case .likelihoodRatio(let alpha, let minimum): significant(counts, alpha, minimum)
    case .bic: penalised(counts, Double(shape.freeNumbers) / 2 * log(Double(max(counts.events(of: 0), 1))))
    case .aic: penalised(counts, Double(shape.freeNumbers))
    }
  }

  private func significant(_ counts: ContextCounts, _ alpha: Double, _ minimum: Int) -> [Bool] {
    let tree = counts.tree
    let parents = tree.parents
    var kept = [Bool](repeating: false, count: tree.count)
    if !kept.isEmpty { kept[0] = true }
    var quantiles: [Int: Double] = [:]
    // Children come after their parents.
    for node in stride(from: tree.count - 1, to: 0, by: -1) {
      if kept[node] {
        kept[Int(parents[node])] = true
        continue
      }
      guard counts.events(of: node) >= minimum else { continue }
      let (gain, freedom) = counts.gain(of: node, over: Int(parents[node]))
      guard freedom > 0 else { continue }
      let quantile = quantiles[freedom] ?? chiSquareQuantile(upper: alpha, degreesOfFreedom: Double(freedom))
      quantiles[freedom] = quantile
      if 2 * gain > quantile {
        kept[node] = true
        kept[Int(parents[node])] = true
      }
    }
    return kept
  }

  private func penalised(_ counts: ContextCounts, _ penalty: Double) -> [Bool] {
    let tree = counts.tree
    var best = (0..<tree.count).map { counts.logLikelihood(of: $0) - penalty }
    var splits = [Bool](repeating: false, count: tree.count)
    for node in (0..<tree.count).reversed() where !tree.isLeaf(node) {
      let split = best[tree.children(of: node)].reduce(0, +)
      if split > best[node] {
        best[node] = split
        splits[node] = true
      }
    }
    var kept = [Bool](repeating: false, count: tree.count)
    if !kept.isEmpty { kept[0] = true }
    for node in 0..<tree.count where kept[node] && splits[node] {
      for child in tree.children(of: node) { kept[child] = true }
    }
    return kept
  }
}

extension ContextCounts {
  /// What was decided in a context: elements and ends.
  func events(of node: Int) -> Int {
    decisions(in: node) > 0 ? decisions(in: node) : counts[entries(of: node)].reduce(0, +)
  }

  /// Σ n log(n / N), of the outcomes and of the stop variable, in nats.
  fileprivate func logLikelihood(of node: Int) -> Double {
    let own = counts[entries(of: node)]
    let total = Double(own.reduce(0, +))
    var sum = own.reduce(0) { $0 + Double($1) * log(Double($1) / total) }
    for part in [stops(in: node), decisions(in: node) - stops(in: node)] where part > 0 {
      sum += Double(part) * log(Double(part) / Double(decisions(in: node)))
    }
    return sum
  }

  /// The gain in log-likelihood of a context's own relative frequencies over those of a shorter one, in nats, and its
  /// degrees of freedom: the outcomes that the shorter one has, less one.
  fileprivate func gain(of node: Int, over shorter: Int) -> (nats: Double, degreesOfFreedom: Int) {
    let total = Double(counts[entries(of: node)].reduce(0, +))
    let all = Double(counts[entries(of: shorter)].reduce(0, +))
    var nats = 0.0
    for entry in entries(of: node) {
      guard let above = rows.entry(of: shorter, Int(outcomes[entry])) else { continue }
      nats += Double(counts[entry]) * log(Double(counts[entry]) / total * all / Double(counts[above]))
    }
    var freedom = max(entries(of: shorter).count - 1, 0)
    let stopParts = [
      (stops(in: node), stops(in: shorter)),
      (decisions(in: node) - stops(in: node), decisions(in: shorter) - stops(in: shorter)),
    ]
    for (part, above) in stopParts where part > 0 {
      nats +=
        Double(part) * log(Double(part) / Double(decisions(in: node)) * Double(decisions(in: shorter)) / Double(above))
    }
    if stopParts.allSatisfy({ $0.1 > 0 }) { freedom += 1 }
    return (nats, freedom)
  }

  /// The counts of some of the contexts.
  /// - Parameter kept: with each context the shorter ones.
  func keeping(_ kept: [Bool]) -> ContextCounts {
    let nodes = (0..<tree.count).filter { kept[$0] }
    let (rows, entries) = rows.keeping(nodes)
    let parts = hasStops ? (nodes.map { stops(in: $0) }, nodes.map { decisions(in: $0) }) : ([], [])
    return ContextCounts(
      tree: tree.keeping(kept), rows: rows, unit: unit, counts: FlatArray(entries.map { counts[$0] }),
      stops: FlatArray(parts.0),
      decisions: FlatArray(parts.1))
  }

  /// The contexts that are the longest one of some event: all but those whose longer ones have all of theirs.
  var deciding: Int {
    (0..<tree.count).count { node in
      events(of: node) > tree.children(of: node).reduce(0) { $0 + events(of: $1) }
    }
  }
}
