import Foundation
import Sequences

extension BackoffTable {
  /// Σ P(w | context) over all outcomes, for each context; 1 in a sound table. O(entries · depth).
  ///
  /// What a context does not hold itself is its weight times what the shorter one has left beside the same outcomes.
  func sums() -> [Double] {
    let parents = tree.parents
    var sums = [Double](repeating: 0, count: tree.count)
    for entry in entries(of: 0) { sums[0] += exp(logProbability[entry]) }
    for node in 1..<max(tree.count, 1) {
      let (held, below) = held(by: node, parents)
      // A weight of 0 takes nothing from the shorter context, whatever is left there.
      let weight = exp(logWeight[node])
      // Parents stand before their children.
      sums[node] = held + (weight == 0 ? 0 : weight * (sums[Int(parents[node])] - below))
    }
    return sums
  }

  /// The probability of the outcomes that a context holds: by itself, and by the next shorter one.
  func held(by node: Int, _ parents: FlatArray<Int32>) -> (byItself: Double, byShorter: Double) {
    var held = 0.0
    var below = 0.0
    let shorter = Int(parents[node])
    for entry in entries(of: node) {
      held += exp(logProbability[entry])
      below += exp(logProbability(of: Int(outcomes[entry]), at: shorter, parents))
    }
    return (held, below)
  }
}
