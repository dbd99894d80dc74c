import Sequences

/// What a Markov model counts: for each context, how often each outcome follows and how often the sequence stops.
///
/// Contexts are nodes of a tree whose edges lead from the nearest parent outwards, so that the shorter contexts a
/// smoother falls back on are the nodes on the way. The outcomes of node i are the entries
/// `firstEntry[i] ..< firstEntry[i + 1]`, by rising outcome.
public struct ContextCounts: Sendable, Hashable {
  let tree: LabelledTree
  let firstEntry: [Int]
  let outcomes: [Int32]
  let counts: [Int]
  /// How often the sequence was over in the context, and how often that was decided: for shapes with a stop variable.
  let stops: [Int]
  let decisions: [Int]

  func entries(of node: Int) -> Range<Int> { firstEntry[node]..<firstEntry[node + 1] }

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

  /// Counts a set. O(symbols · order).
  /// - Parameter lowerOrders: whether contexts on the way are counted too, or only the full ones.
  init(
    _ set: SequenceSet, _ path: ContextPath, _ shape: OutputShape, lowerOrders: Bool,
    lengthInput: (_ time: Int, _ length: Int) -> Int?
  ) {
    var builder = LabelledTree.Builder()
    var entryTable = KeyTable()
    var entryCounts: [Int] = []
    var stops = [0]
    var decisions = [0]

    for index in 0..<set.count {
      let sequence = set[index]
      for time in 0..<shape.steps(length: sequence.count) {
        let isEnd = time == sequence.count
        let outcome = isEnd ? shape.alphabetSize : sequence[time]
        let length = lengthInput(time, sequence.count) ?? 0
        let depth = path.depth(time: time)
        var node = 0
        for level in 0...depth {
          if level > 0 {
            let label = path.label(level - 1, time: time, length: length) { sequence[time - $0] }
            node = builder.child(of: node, along: label)
            if node == stops.count {
              stops.append(0)
              decisions.append(0)
            }
          }
          guard lowerOrders || level == depth else { continue }
          if shape.stop == .variable {
            decisions[node] += 1
            if isEnd {
              stops[node] += 1
              continue
            }
          }
          let entry = entryTable.number(of: pairKey(node, outcome))
          if entry == entryCounts.count { entryCounts.append(0) }
          entryCounts[entry] += 1
        }
      }
    }

    // From the order of first meeting to that of the tree.
    let (tree, number) = builder.finish()
    let ordered = entryTable.keys.indices.map { entry in
      let key = entryTable.keys[entry]
      return (key: pairKey(Int(number[first(ofKey: key)]), second(ofKey: key)), count: entryCounts[entry])
    }.sorted { $0.key < $1.key }
    var firstEntry = [Int](repeating: 0, count: tree.count + 1)
    for (key, _) in ordered { firstEntry[first(ofKey: key) + 1] += 1 }
    for node in 0..<tree.count { firstEntry[node + 1] += firstEntry[node] }
    var orderedStops = stops
    var orderedDecisions = decisions
    for (node, new) in number.enumerated() {
      orderedStops[Int(new)] = stops[node]
      orderedDecisions[Int(new)] = decisions[node]
    }
    self.init(
      tree: tree, firstEntry: firstEntry, outcomes: ordered.map { Int32(second(ofKey: $0.key)) },
      counts: ordered.map(\.count), stops: orderedStops, decisions: orderedDecisions)
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

  /// The counts with those of contexts on the way replaced by continuation counts: in how many contexts one label
  /// longer the outcome occurs (Kneser and Ney 1995). Full contexts keep their counts.
  func continuationCounts() -> [Int] {
    var adjusted = counts
    for node in 0..<tree.count where !tree.isLeaf(node) {
      for entry in entries(of: node) { adjusted[entry] = 0 }
    }
    let parents = tree.parents
    for node in 1..<max(tree.count, 1) {
      // Both lists rise by outcome, and the parent's holds all of the child's.
      var above = entries(of: Int(parents[node])).lowerBound
      for entry in entries(of: node) {
        while outcomes[above] < outcomes[entry] { above += 1 }
        adjusted[above] += 1
      }
    }
    return adjusted
  }
}
