import Sequences

extension BackoffTable {
  /// The same distributions, in which each context is an n-gram of the next lower order too, as ARPA files want it: those
  /// that are missing are added with the probability that they have by backing off. O(contexts · depth).
  func listingContexts() -> BackoffTable {
    let parents = tree.parents
    var missing: [(labels: [Int], outcome: Int, value: Double)] = []
    var found: Set<[Int]> = []
    for node in 1..<max(tree.count, 1) where !entries(of: node).isEmpty || logWeight[node] != 0 {
      var labels = labels(of: node, parents)
      // A context of one label is a unigram, and they are all there.
      while labels.count > 1 {
        let whole = labels
        let outcome = labels.removeLast()
        var holder = 0
        var depth = 0
        while depth < labels.count, let next = tree.child(of: holder, along: labels[labels.count - 1 - depth]) {
          holder = next
          depth += 1
        }
        if depth == labels.count, rows.entry(of: holder, outcome) != nil { break }
        guard found.insert(whole).inserted else { break }
        // A back-off above one, which a file may have, makes no probability above one.
        missing.append((labels, outcome, min(logProbability(of: outcome, at: holder, parents), 0)))
      }
    }
    return missing.isEmpty ? self : adding(missing)
  }

  private func adding(_ missing: [(labels: [Int], outcome: Int, value: Double)]) -> BackoffTable {
    let parents = tree.parents
    var builder = Builder()
    for node in 0..<tree.count {
      let new = builder.node(of: labels(of: node, parents))
      builder.setWeight(of: new, to: logWeight[node])
      for entry in entries(of: node) { _ = builder.add(Int(outcomes[entry]), at: new, logProbability[entry]) }
    }
    for (labels, outcome, value) in missing { _ = builder.add(outcome, at: builder.node(of: labels), value) }
    return builder.finish().table
  }
}
