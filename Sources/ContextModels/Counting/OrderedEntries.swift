/// Contexts and the outcomes in them, from the order of first meeting to that of the tree.
struct OrderedEntries {
  let tree: LabelledTree
  /// The final number of each context, by its provisional one.
  let number: [Int32]
  /// The entries of node i are `firstEntry[i] ..< firstEntry[i + 1]`, by rising outcome.
  let firstEntry: [Int]
  let outcomes: [Int32]
  /// Which one, in the order of first meeting, each entry was.
  let met: [Int]

  /// - Parameter entries: keys of provisional contexts and outcomes. O(entries · log entries).
  init(_ contexts: LabelledTree.Builder, _ entries: KeyTable) {
    let (tree, number) = contexts.finish()
    let ordered = entries.keys.indices.map { entry in
      let key = entries.keys[entry]
      return (key: pairKey(Int(number[first(ofKey: key)]), second(ofKey: key)), entry: entry)
    }.sorted { $0.key < $1.key }
    var firstEntry = [Int](repeating: 0, count: tree.count + 1)
    for (key, _) in ordered { firstEntry[first(ofKey: key) + 1] += 1 }
    for node in 0..<tree.count { firstEntry[node + 1] += firstEntry[node] }
    self.tree = tree
    self.number = number
    self.firstEntry = firstEntry
    outcomes = ordered.map { Int32(second(ofKey: $0.key)) }
    met = ordered.map(\.entry)
  }

  /// Numbers of the contexts, by their final ones.
  func ordered<Value>(_ values: [Value]) -> [Value] {
    var ordered = values
    for (node, new) in number.enumerated() { ordered[Int(new)] = values[node] }
    return ordered
  }
}
