import ModelCore
import Sequences

extension SequenceModel {
  /// The model without the n-grams whose loss would raise its perplexity by a factor of less than 1 + threshold, each
  /// judged alone (relative entropy, Stolcke 1998). Contexts are weighed by how often they occurred in training, where
  /// that is known; lower orders of Kneser–Ney, which are no marginals, would weigh them wrongly.
  /// - Throws: `SpecificationError.refused` for models that are no n-grams with an end symbol.
  public func pruned(threshold: Double) throws -> SequenceModel {
    let (whole, order) = try backoffTable(for: "pruning")
    let table = whole.listingContexts()
    let weights =
      conditional.markovWithAllContexts.flatMap { table.contextFrequencies($0.counts) }
      ?? table.contextProbabilities()
    return try pruned(table, order, table.worthKeeping(threshold, weights))
  }

  /// The model without the n-grams that occurred in training less than a number of times, which may differ from order to
  /// order: that of unigrams, bigrams and so on; the last stands for all longer ones. Unigrams stay.
  /// - Throws: `SpecificationError.refused` for models that do not know their counts.
  public func pruned(cutoffs: [Int]) throws -> SequenceModel {
    let (whole, order) = try backoffTable(for: "a cut-off")
    guard let counts = conditional.markovWithAllContexts?.counts else {
      throw SpecificationError.refused(
        model: specification.shortWord, reason: "its counts are not known; a cut-off needs a fitted markov model")
    }
    let table = whole.listingContexts()
    let parents = table.tree.parents
    var isKept = [Bool](repeating: false, count: table.outcomes.count)
    for (depth, level) in table.tree.levels.enumerated() {
      let least = cutoffs.isEmpty ? 0 : cutoffs[min(depth, cutoffs.count - 1)]
      for node in level {
        let counted = counts.node(of: table.labels(of: node, parents))
        for entry in table.entries(of: node) {
          let count = counted.map { counts.count(of: Int(table.outcomes[entry]), at: $0) } ?? 0
          isKept[entry] = counts.occurrences(count) >= Double(least)
        }
      }
    }
    return try pruned(table, order, isKept)
  }

  private func pruned(_ table: BackoffTable, _ order: Int, _ isKept: [Bool]) throws -> SequenceModel {
    SequenceModel(
      specification: try ArpaFamily.specification(order: order), alphabet: alphabet,
      conditional: ArpaConditional(shape: conditional.shape, order: order, table: table.keeping(isKept)), prior: nil,
      facts: facts)
  }
}

extension BackoffTable {
  /// How often each context occurred among all places of the training data; `nil` where shorter contexts were not counted.
  fileprivate func contextFrequencies(_ counts: ContextCounts) -> [Double]? {
    let all = counts.counts[counts.entries(of: 0)].reduce(0, +)
    guard all > 0 else { return nil }
    let parents = tree.parents
    return (0..<tree.count).map { node in
      let entries = counts.node(of: labels(of: node, parents)).map { counts.entries(of: $0) } ?? 0..<0
      return Double(counts.counts[entries].reduce(0, +)) / Double(all)
    }
  }
}

extension ContextCounts {
  /// The node of a context, the farthest label first.
  fileprivate func node(of labels: [Int]) -> Int? {
    var node = 0
    for label in labels.reversed() {
      guard let next = tree.child(of: node, along: label) else { return nil }
      node = next
    }
    return node
  }

  fileprivate func count(of outcome: Int, at node: Int) -> Int { rows.entry(of: node, outcome).map { counts[$0] } ?? 0 }
}
