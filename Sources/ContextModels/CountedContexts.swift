import ModelCore
import Sequences

/// A context of a fitted table, and how often the training data decided about what follows it.
package struct CountedContext: Sendable, Hashable {
  /// The last elements that count, the most recent one last.
  package var symbols: [Symbol]
  /// Whether nothing stands before them.
  package var isBeginning: Bool
  package var count: Int
}

/// A conditional that is a table over contexts, with the outcomes' probabilities in each.
package protocol TabledConditional: Conditional {
  /// The contexts, as long as the model looks back, after which something was decided in the training data.
  var occurringContexts: Int { get }

  /// The contexts with the largest counts, in falling order; `nil` where contexts hold more than symbols. A walk from the
  /// beginning along the symbols ends in the context. O(contexts · log).
  func frequentContexts(_ limit: Int) -> [CountedContext]?
}

extension ContextCounts {
  /// The longest contexts: of `order` symbols, of fewer at the beginning, or where the tree was pruned.
  func frequentContexts(_ path: ContextPath, _ limit: Int) -> [CountedContext]? {
    guard path.isOfSymbols else { return nil }
    let parents = tree.parents
    var found: [(node: Int, count: Int)] = []
    for (depth, level) in tree.levels.enumerated() {
      for node in level {
        let isBeginning = depth > 0 && Int(tree.labels[node]) == path.startMark
        guard isBeginning || depth == path.order || tree.isLeaf(node) else { continue }
        let count = hasStops ? decisions(in: node) : entries(of: node).reduce(0) { $0 + counts[$1] }
        if count > 0 { found.append((node, Int(occurrences(count).rounded()))) }
      }
    }
    return found.sorted { ($1.count, $0.node) < ($0.count, $1.node) }.prefix(limit).map { node, count in
      let symbols = tree.labels(from: node, parents)
      let isBeginning = symbols.first == path.startMark
      return CountedContext(
        symbols: Array(symbols.dropFirst(isBeginning ? 1 : 0)), isBeginning: isBeginning, count: count)
    }
  }
}

extension MarkovConditional: TabledConditional {
  package var occurringContexts: Int { counts.deciding }
  package func frequentContexts(_ limit: Int) -> [CountedContext]? { counts.frequentContexts(path, limit) }
}

extension ContextTreeConditional: TabledConditional {
  package var occurringContexts: Int { counts.deciding }
  package func frequentContexts(_ limit: Int) -> [CountedContext]? { counts.frequentContexts(path, limit) }
}

/// As far as contexts are in the tree: those on unary paths have the counts of the first.
extension DeepMarkovConditional: TabledConditional {
  package var occurringContexts: Int { tree.occurringContexts }
  package func frequentContexts(_ limit: Int) -> [CountedContext]? { tree.frequentContexts(limit) }
}

extension DeepContextTreeConditional: TabledConditional {
  package var occurringContexts: Int { tree.occurringContexts }
  package func frequentContexts(_ limit: Int) -> [CountedContext]? { tree.frequentContexts(limit) }
}

extension TableConditional: TabledConditional {
  package var occurringContexts: Int { (0..<counts.tree.count).count { counts.tree.isLeaf($0) } }
  /// Its contexts are of parents of one's own, which may stand apart.
  package func frequentContexts(_ limit: Int) -> [CountedContext]? { nil }
}

/// Every history is a context.
extension TabularConditional: TabledConditional {
  package var occurringContexts: Int {
    (0..<table.tree.count).count { node in
      if shape.hasLengthInput, node == 0 { return false }
      return shape.stop == .given ? table.visits[node] > table.ends[node] : table.visits[node] > 0
    }
  }

  package func frequentContexts(_ limit: Int) -> [CountedContext]? {
    guard !shape.hasLengthInput else { return nil }
    let tree = table.tree
    let parents = tree.parents
    func decided(_ node: Int) -> Int {
      shape.stop == .given ? table.visits[node] - table.ends[node] : table.visits[node]
    }
    let nodes = (0..<tree.count).filter { decided($0) > 0 }
    return nodes.sorted { (decided($1), $0) < (decided($0), $1) }.prefix(limit).map { node in
      CountedContext(
        symbols: tree.labels(from: node, parents).reversed(), isBeginning: true, count: decided(node))
    }
  }
}
