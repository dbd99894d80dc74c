import Sequences

/// An n-gram model as numbers alone, in the form that ARPA files have:
///
///     log P(w | context) = logProbability[entry]                           where w stands in the context,
///                          logWeight[context] + log P(w | shorter context) elsewhere.
///
/// Contexts are nodes of a tree whose edges lead from the nearest parent outwards; a node's outcomes are its row's. The empty
/// context holds all outcomes.
struct BackoffTable: Sendable, Hashable {
  let tree: LabelledTree
  let rows: SparseRows
  /// In nats, one for each entry.
  let logProbability: [Double]
  /// In nats, one for each context; 0 where nothing was said.
  var logWeight: [Double]

  var outcomes: FlatArray<Int32> { rows.outcomes }

  func entries(of node: Int) -> Range<Int> { rows.entries(of: node) }

  /// log P(outcome | context) in nats, for a node that need not hold the outcome. O(depth · log).
  /// - Parameter parents: `tree.parents`.
  func logProbability(of outcome: Int, at node: Int, _ parents: FlatArray<Int32>) -> Double {
    var node = node
    var weight = 0.0
    while true {
      if let entry = rows.entry(of: node, outcome) { return weight + logProbability[entry] }
      if node == 0 { return -.infinity }
      weight += logWeight[node]
      node = Int(parents[node])
    }
  }

  /// The labels of a context as they stand in a text, the farthest first.
  func labels(of node: Int, _ parents: FlatArray<Int32>) -> [Int] { tree.labels(from: node, parents) }

  /// The node of the context `labels`, the farthest first.
  func node(of labels: some BidirectionalCollection<Int>) -> Int? {
    var node = 0
    for label in labels.reversed() {
      guard let next = tree.child(of: node, along: label) else { return nil }
      node = next
    }
    return node
  }
}

extension BackoffTable {
  /// A table in the making. Contexts and entries are numbered as they are met; `finish` puts them in order.
  struct Builder {
    private var contexts = LabelledTree.Builder()
    private var entries = KeyTable()
    private var logProbability: [Double] = []
    private var logWeight = [0.0]

    /// The node of a context, new or old.
    /// - Parameter labels: the farthest first.
    mutating func node(of labels: some BidirectionalCollection<Int>) -> Int {
      var node = 0
      for label in labels.reversed() {
        node = contexts.child(of: node, along: label)
        if node == logWeight.count { logWeight.append(0) }
      }
      return node
    }

    /// Adds an entry and returns its number; `nil` where there is one already, which stays.
    mutating func add(_ outcome: Int, at node: Int, _ value: Double) -> Int? {
      let number = entries.number(of: pairKey(node, outcome))
      guard number == logProbability.count else { return nil }
      logProbability.append(value)
      return number
    }

    mutating func setWeight(of node: Int, to value: Double) { logWeight[node] = value }

    /// The table, and which added entry each of its entries was. O(entries · log entries).
    func finish() -> (table: BackoffTable, added: [Int]) {
      let (tree, number) = contexts.finish()
      let ordered = entries.keys.enumerated().map { entry, key in
        (key: pairKey(Int(number[first(ofKey: key)]), second(ofKey: key)), entry: entry)
      }.sorted { $0.key < $1.key }
      var firstEntry = [Int](repeating: 0, count: tree.count + 1)
      for (key, _) in ordered { firstEntry[first(ofKey: key) + 1] += 1 }
      for node in 0..<tree.count { firstEntry[node + 1] += firstEntry[node] }
      var weights = logWeight
      for (node, new) in number.enumerated() { weights[Int(new)] = logWeight[node] }
      let rows = SparseRows(
        firstEntry: FlatArray(firstEntry), outcomes: FlatArray(ordered.map { Int32(second(ofKey: $0.key)) }))
      let table = BackoffTable(
        tree: tree, rows: rows, logProbability: ordered.map { logProbability[$0.entry] }, logWeight: weights)
      return (table, ordered.map(\.entry))
    }
  }
}
