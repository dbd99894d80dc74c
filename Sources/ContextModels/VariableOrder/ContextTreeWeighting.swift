import Foundation
import Support

/// Context-tree weighting (Willems, Shtarkov and Tjalkens 1995): the Bayesian mixture over all trees of contexts up to
/// a depth. A tree is drawn by tossing a coin at each context, from the empty one outwards: either all that follows it
/// is drawn from one distribution, or its farther parent is looked at as well. So a tree of n tosses has the prior
/// 2^−n. A context that has no farther parent (depth or the sequence's beginning is reached) is not tossed for.
///
/// With P_e(s) the probability of what followed context s under one distribution,
///
///     P_w(s) = P_e(s) / 2 + Π P_w(children) / 2,   P_w(s) = P_e(s) where there are no children
///
/// is the probability of the same under all trees below s: at the empty context the marginal likelihood of the data.
/// Contexts that never occurred have P_w = 1 and need not be there.
struct ContextTreeWeighting {
  /// log P_w of the empty context, in nats.
  let logMarginalLikelihood: Double
  /// For each context, the probability given the data that a tree which has come as far ends there.
  let belief: [Double]

  /// O(contexts).
  /// - Parameters:
  ///   - logEvidence: log P_e of each context.
  ///   - tails: where unary paths are. Along them P_e and P_w are those of the first context, so that a tree which has come
  ///     as far ends with probability 1/2 at each but the last.
  init(_ tree: LabelledTree, logEvidence: [Double], tails: ContextTails? = nil) {
    var logWeighted = logEvidence
    var belief = [Double](repeating: 1, count: tree.count)
    if let tails {
      for node in belief.indices where tails.place(of: node) != nil { belief[node] = 0.5 }
    }
    // Children come after their parents.
    for node in (0..<tree.count).reversed() where !tree.isLeaf(node) {
      let split = logWeighted[tree.children(of: node)].reduce(0, +)
      let difference = split - logEvidence[node]
      belief[node] = exp(-softplus(difference))
      logWeighted[node] = logEvidence[node] + softplus(difference) - log(2)
    }
    logMarginalLikelihood = logWeighted.first ?? 0
    self.belief = belief
  }

  /// For each context, what those from the empty one to it weigh in a prediction: the share of trees that end there, and
  /// in a second array the share of those that look farther.
  func weights(_ tree: LabelledTree) -> (ending: [Double], farther: [Double]) {
    var ending = belief
    var farther = belief.map { 1 - $0 }
    for node in 0..<tree.count {
      for child in tree.children(of: node) {
        ending[child] *= farther[node]
        farther[child] *= farther[node]
      }
    }
    return (ending, farther)
  }
}
