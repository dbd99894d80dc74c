import Foundation
import Sequences

extension BackoffTable {
  /// A smaller table: the entries that are to be kept with the probabilities they have, and weights made anew, so that each
  /// context sums to one again. Unigrams stay; so do contexts of n-grams that stay. O(entries · depth).
  /// - Parameter isKept: one value an entry; those that must stay are added.
  /// - Precondition: all contexts are listed.
  func keeping(_ isKept: [Bool]) -> BackoffTable {
    var isKept = isKept
    keepContexts(&isKept)
    let parents = tree.parents
    var builder = Builder()
    for node in 0..<tree.count where node == 0 || entries(of: node).contains(where: { isKept[$0] }) {
      let new = builder.node(of: labels(of: node, parents))
      builder.setWeight(of: new, to: logWeight[node])
      for entry in entries(of: node) where node == 0 || isKept[entry] {
        _ = builder.add(Int(outcomes[entry]), at: new, logProbability[entry])
      }
    }
    var table = builder.finish().table
    table.normalise(as: self)
    return table
  }

  /// Marks the n-grams that are contexts of such as are kept, the longest first.
  private func keepContexts(_ isKept: inout [Bool]) {
    let parents = tree.parents
    for level in tree.levels.dropFirst(2).reversed() {
      for node in level where entries(of: node).contains(where: { isKept[$0] }) {
        if let entry = entryOfContext(node, parents) { isKept[entry] = true }
      }
    }
  }

  /// The entry that is a context's own n-gram; `nil` where that is not listed, or `<s>`.
  func entryOfContext(_ node: Int, _ parents: FlatArray<Int32>) -> Int? {
    let labels = labels(of: node, parents)
    guard let last = labels.last, let context = self.node(of: labels.dropLast()) else { return nil }
    return rows.entry(of: context, last)
  }

  /// Makes each weight what the context's outcomes leave, over what the shorter context leaves beside them. Where both are
  /// as they were in the whole table the weight stays: a small one would lose digits.
  private mutating func normalise(as whole: BackoffTable) {
    let parents = tree.parents
    let wholeParents = whole.tree.parents
    // Parents first: a weight rests on those of the shorter contexts.
    for node in 1..<max(tree.count, 1) where !entries(of: node).isEmpty {
      let (held, below) = held(by: node, parents)
      if let old = whole.node(of: labels(of: node, parents)), whole.held(by: old, wholeParents) == (held, below) {
        continue
      }
      // What rounding leaves of nothing is nothing.
      let rounding = 1e-15 * Double(entries(of: node).count)
      if 1 - held <= rounding {
        logWeight[node] = -.infinity
      } else if 1 - below > rounding {
        logWeight[node] = log((1 - held) / (1 - below))
      }
    }
  }
}
