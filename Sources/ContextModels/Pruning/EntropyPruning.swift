import Foundation
import Sequences

extension BackoffTable {
  /// Which n-grams are worth their place: those without which the model's perplexity would grow by a factor of at least
  /// 1 + threshold, each judged alone, its context's weight made anew (Stolcke 1998, equations 3–6). With w taken from the
  /// context h, which then backs off with the weight α' in place of α,
  ///
  ///     D = −P(h) · (P(w | h) · log(α' P(w | h') / P(w | h)) + Σ_{v not held} P(v | h) · log(α' / α)),
  ///
  /// and the perplexity grows by exp(D). The longest n-grams come first; contexts of n-grams that stay, stay. O(entries ·
  /// depth).
  /// - Parameter contextProbability: P(h) of each context.
  /// - Precondition: all contexts are listed.
  func worthKeeping(_ threshold: Double, _ contextProbability: [Double]) -> [Bool] {
    let parents = tree.parents
    var isKept = [Bool](repeating: false, count: outcomes.count)
    for level in tree.levels.dropFirst().reversed() {
      for node in level where !entries(of: node).isEmpty {
        let (held, below) = held(by: node, parents)
        let left = max(1 - held, 0)
        let leftBelow = max(1 - below, 0)
        // What rounding leaves of nothing is nothing: the context holds all there is.
        let rounding = 1e-15 * Double(entries(of: node).count)
        let holdsAll = left <= rounding || leftBelow <= rounding
        let shorter = Int(parents[node])
        for entry in entries(of: node) where !isKept[entry] {
          let log = logProbability[entry]
          let logBelow = logProbability(of: Int(outcomes[entry]), at: shorter, parents)
          let newWeight = Foundation.log((left + exp(log)) / (leftBelow + exp(logBelow)))
          let ofOthers = holdsAll ? 0 : left * (newWeight - Foundation.log(left / leftBelow))
          let gain = -contextProbability[node] * (exp(log) * (newWeight + logBelow - log) + ofOthers)
          // A divergence is not negative, but for rounding; one that is no number speaks for keeping: something is 0 that may
          // not become more.
          isKept[entry] = !(gain < 0 ? 0 < threshold : expm1(gain) < threshold)
        }
        if entries(of: node).contains(where: { isKept[$0] }), let own = entryOfContext(node, parents) {
          isKept[own] = true
        }
      }
    }
    return isKept
  }

  /// P(h) of each context as the model itself has it: of its symbols one after the other; the start mark, whose label is
  /// the end's number, is as frequent as the end.
  func contextProbabilities() -> [Double] {
    let parents = tree.parents
    return (0..<tree.count).map { node in
      let labels = labels(of: node, parents)
      var log = 0.0
      var context = 0
      for (place, label) in labels.enumerated() {
        log += logProbability(of: label, at: context, parents)
        // Of a context that is no node, the longest shorter one.
        var rest = labels[...place]
        while !rest.isEmpty {
          if let next = self.node(of: rest) {
            context = next
            break
          }
          rest = rest.dropFirst()
        }
      }
      return exp(log)
    }
  }
}
