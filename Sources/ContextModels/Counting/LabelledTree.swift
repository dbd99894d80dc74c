import Sequences
import Support

/// A tree whose edges carry labels (symbols, lengths, a start mark), as two flat arrays. Nodes are numbered breadth
/// first, siblings by rising label, so that the children of a node are neighbours; the root is node 0.
package struct LabelledTree: Sendable, Hashable {
  /// The label on the edge into each node; the root's is 0.
  package let labels: FlatArray<Int32>
  /// The children of node i are `firstChild[i] ..< firstChild[i + 1]`.
  package let firstChild: FlatArray<Int32>

  package var count: Int { labels.count }

  package func children(of node: Int) -> Range<Int> { Int(firstChild[node])..<Int(firstChild[node + 1]) }

  func isLeaf(_ node: Int) -> Bool { firstChild[node] == firstChild[node + 1] }

  /// The child along a label, by binary search.
  func child(of node: Int, along label: Int) -> Int? {
    let end = Int(firstChild[node + 1])
    let child = lowerBound(Int(firstChild[node]), end) { Int(labels[$0]) < label }
    return child < end && Int(labels[child]) == label ? child : nil
  }

  /// The labels from a node to the root, the node's own first; of a context the farthest one. O(depth).
  /// - Parameter parents: `parents`.
  func labels(from node: Int, _ parents: FlatArray<Int32>) -> [Int] {
    var (labels, node) = ([Int](), node)
    while node != 0 {
      labels.append(Int(self.labels[node]))
      node = Int(parents[node])
    }
    return labels
  }

  /// The nodes of each depth: ranges of node numbers.
  var levels: [Range<Int>] {
    var levels: [Range<Int>] = []
    var level = 0..<1
    while !level.isEmpty {
      levels.append(level)
      level = Int(firstChild[level.lowerBound])..<Int(firstChild[level.upperBound])
    }
    return levels
  }

  /// Visits the leaves with their paths' labels, in the order of these. O(nodes · depth).
  func forEachLeaf(_ body: (_ leaf: Int, _ labels: [UInt32]) -> Void) {
    var labels: [UInt32] = []
    var waiting = [(node: 0, depth: 0)]
    while let (node, depth) = waiting.popLast() {
      labels.removeSubrange(min(max(depth - 1, 0), labels.count)...)
      if node > 0 { labels.append(UInt32(truncatingIfNeeded: self.labels[node])) }
      for child in children(of: node).reversed() { waiting.append((child, depth + 1)) }
      if isLeaf(node) { body(node, labels) }
    }
  }

  /// The parent of each node; the root's is itself.
  var parents: FlatArray<Int32> { parents(in: nil) }

  func parents(in scratch: Scratch?) -> FlatArray<Int32> {
    var parents = FlatBuffer<Int32>(capacity: count, scratch: scratch)
    if count > 0 { parents.append(0) }
    // Children stand in the order of their parents.
    for node in 0..<count {
      for _ in children(of: node) { parents.append(Int32(node)) }
    }
    return parents.finished()
  }

  /// The tree of some of the nodes.
  /// - Parameter kept: with each node its parent; the root is kept.
  func keeping(_ kept: [Bool]) -> LabelledTree {
    let nodes = (0..<count).filter { kept[$0] }
    var firstChild: [Int32] = [1]
    for node in nodes { firstChild.append((firstChild.last ?? 1) + Int32(children(of: node).count { kept[$0] })) }
    return LabelledTree(unchecked: FlatArray(nodes.map { labels[$0] }), FlatArray(firstChild))
  }

  /// The tree of the paths of two trees, and for each of its nodes the one of the same path in this tree and in the other.
  /// O(nodes of both).
  func merged(with other: LabelledTree) -> (tree: LabelledTree, nodes: [(own: Int?, other: Int?)]) {
    var nodes: [(own: Int?, other: Int?)] = [(0, 0)]
    var (labels, firstChild): ([Int32], [Int32]) = ([0], [])
    var node = 0
    // Nodes are appended in the order of their numbers: breadth first.
    while node < nodes.count {
      firstChild.append(Int32(nodes.count))
      var own = nodes[node].own.map(children(of:)) ?? 0..<0
      var others = nodes[node].other.map(other.children(of:)) ?? 0..<0
      while true {
        let (mine, its) = (own.first.map { self.labels[$0] }, others.first.map { other.labels[$0] })
        guard let label = [mine, its].compactMap({ $0 }).min() else { break }
        labels.append(label)
        nodes.append((mine == label ? own.popFirst() : nil, its == label ? others.popFirst() : nil))
      }
      node += 1
    }
    firstChild.append(Int32(nodes.count))
    return (LabelledTree(unchecked: FlatArray(labels), FlatArray(firstChild)), nodes)
  }

  /// Whether paths from the root are contexts: at most `order` symbols, or fewer and a start mark behind them, and then at
  /// most `others` labels of any kind. O(nodes).
  func holdsContexts(order: Int, startMark: Int, others: Int) -> Bool {
    labelsBehindSymbols(order: order, startMark: startMark, others: others) != nil
  }

  /// Whether each leaf is a whole context: `order` symbols, or a start mark behind fewer, and then `others` labels. A tree
  /// without any context is one of no data. O(nodes).
  /// - Parameter isCut: whether a context continues elsewhere.
  func endsInWholeContexts(order: Int, startMark: Int, others: Int, isCut: (_ node: Int) -> Bool) -> Bool {
    guard let behind = labelsBehindSymbols(order: order, startMark: startMark, others: others) else { return false }
    return count == 1 || (0..<count).allSatisfy { !isLeaf($0) || behind[$0] == others || isCut($0) }
  }

  /// How many labels that are no symbols the path to each node ends with, −1 while symbols may follow; `nil` where a path is
  /// no context.
  private func labelsBehindSymbols(order: Int, startMark: Int, others: Int) -> [Int]? {
    var behind = [Int](repeating: order == 0 ? 0 : -1, count: count)
    var depth = 0
    for level in levels {
      for node in level {
        for child in children(of: node) {
          if behind[node] >= 0 {
            guard behind[node] < others else { return nil }
            behind[child] = behind[node] + 1
          } else {
            guard Int(labels[child]) <= startMark else { return nil }
            behind[child] = Int(labels[child]) == startMark || depth + 1 == order ? 0 : -1
          }
        }
      }
      depth += 1
    }
    return behind
  }

  /// Takes arrays that may come from anywhere, or `nil` where they are not such a tree.
  package init?(labels: FlatArray<Int32>, firstChild: FlatArray<Int32>) {
    guard let root = labels.first, root == 0, firstChild.count == labels.count + 1, firstChild[0] == 1,
      Int(firstChild[labels.count]) == labels.count
    else { return nil }
    for node in 0..<labels.count {
      // Children come after their parent, and after those of the nodes before.
      guard firstChild[node] <= firstChild[node + 1],
        Int(firstChild[node]) > node || firstChild[node] == firstChild[node + 1]
      else { return nil }
      var previous: Int32 = -1
      for child in Int(firstChild[node])..<Int(firstChild[node + 1]) {
        guard child < labels.count, labels[child] > previous else { return nil }
        previous = labels[child]
      }
    }
    self.init(unchecked: labels, firstChild)
  }

  /// - Returns: what is wrong; `nil` where nothing is. O(nodes).
  package func checkInvariants() -> String? {
    LabelledTree(labels: labels, firstChild: firstChild) == nil ? "nodes do not stand in the order of their paths" : nil
  }

  /// Trusts that they are one.
  init(unchecked labels: FlatArray<Int32>, _ firstChild: FlatArray<Int32>) {
    self.labels = labels
    self.firstChild = firstChild
  }

  /// Builds a tree by walking along paths. Nodes are first numbered as they are met; `finish` renumbers them.
  struct Builder {
    private var edges = KeyTable()

    /// The child of a node along a label, new or old; the root is 0.
    mutating func child(of node: Int, along label: Int) -> Int { edges.number(of: pairKey(node, label)) + 1 }

    /// The tree, and the final number of each provisional one.
    func finish() -> (tree: LabelledTree, number: [Int32]) {
      let count = edges.keys.count + 1
      var depth = [Int32](repeating: 0, count: count)
      var byDepth: [[Int]] = [[0]]
      for (index, key) in edges.keys.enumerated() {
        // A parent is met before its children.
        let level = Int(depth[first(ofKey: key)]) + 1
        depth[index + 1] = Int32(level)
        if level == byDepth.count { byDepth.append([]) }
        byDepth[level].append(index + 1)
      }
      var number = [Int32](repeating: 0, count: count)
      var labels = [Int32](repeating: 0, count: count)
      var firstChild = [Int32](repeating: 0, count: count + 1)
      var next = 1
      for level in byDepth.dropFirst() {
        let ordered = level.map { node in
          let key = edges.keys[node - 1]
          return (key: pairKey(Int(number[first(ofKey: key)]), second(ofKey: key)), node: node)
        }.sorted { $0.key < $1.key }
        for (key, node) in ordered {
          number[node] = Int32(next)
          labels[next] = Int32(second(ofKey: key))
          firstChild[first(ofKey: key) + 1] += 1
          next += 1
        }
      }
      // From numbers of children to where they begin: those of the root begin at 1.
      firstChild[0] = 1
      for node in 0..<count { firstChild[node + 1] += firstChild[node] }
      return (LabelledTree(unchecked: FlatArray(labels), FlatArray(firstChild)), number)
    }
  }
}
