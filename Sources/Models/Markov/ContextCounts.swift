import Sequences

/// What a Markov model counts: for each context, how often each outcome follows and how often the sequence stops.
///
/// Contexts are nodes of a tree whose edges lead from the nearest parent outwards, so that the shorter contexts a
/// smoother falls back on are the nodes on the way. The outcomes of node i are the entries
/// `firstEntry[i] ..< firstEntry[i + 1]`, by rising outcome.
public struct ContextCounts: Sendable, Hashable {
  package let tree: LabelledTree
  package let firstEntry: [Int]
  package let outcomes: [Int32]
  package let counts: [Int]
  /// How often the sequence was over in the context, and how often that was decided: for shapes with a stop variable.
  package let stops: [Int]
  package let decisions: [Int]

  package func entries(of node: Int) -> Range<Int> { firstEntry[node]..<firstEntry[node + 1] }

  /// The entry of an outcome, by binary search; `nil` if it never followed.
  func entry(of node: Int, _ outcome: Symbol) -> Int? {
    let range = entries(of: node)
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if Int(outcomes[middle]) < outcome { low = middle + 1 } else { high = middle }
    }
    return low < range.upperBound && Int(outcomes[low]) == outcome ? low : nil
  }

  init(
    tree: LabelledTree, firstEntry: [Int], outcomes: [Int32], counts: [Int], stops: [Int], decisions: [Int]
  ) {
    self.tree = tree
    self.firstEntry = firstEntry
    self.outcomes = outcomes
    self.counts = counts
    self.stops = stops
    self.decisions = decisions
  }

  /// The same with the end no longer among the outcomes, where the shape has a stop variable for it.
  func splittingStops(_ shape: OutputShape) -> ContextCounts {
    let none = [Int](repeating: 0, count: tree.count)
    guard shape.stop == .variable else {
      return ContextCounts(
        tree: tree, firstEntry: firstEntry, outcomes: outcomes, counts: counts, stops: none, decisions: none)
    }
    var (stops, decisions) = (none, none)
    var first = [0]
    first.reserveCapacity(tree.count + 1)
    var (elements, elementCounts): ([Int32], [Int]) = ([], [])
    elements.reserveCapacity(outcomes.count)
    elementCounts.reserveCapacity(outcomes.count)
    for node in 0..<tree.count {
      var range = entries(of: node)
      decisions[node] = counts[range].reduce(0, +)
      if let last = range.last, Int(outcomes[last]) == shape.alphabetSize {
        stops[node] = counts[last]
        range = range.dropLast()
      }
      elements += outcomes[range]
      elementCounts += counts[range]
      first.append(elements.count)
    }
    return ContextCounts(
      tree: tree, firstEntry: first, outcomes: elements, counts: elementCounts, stops: stops, decisions: decisions)
  }
}
