import Sequences
import Support

/// An n-gram model as numbers alone, in the form that ARPA files have:
///
///     log P(w | context) = logProbability[entry]                           where w stands in the context,
///                          logWeight[context] + log P(w | shorter context) elsewhere.
///
/// Contexts are nodes of a tree whose edges lead from the nearest parent outwards; the outcomes of node i are the entries
/// `firstEntry[i] ..< firstEntry[i + 1]`, by rising outcome. The empty context holds all outcomes.
struct BackoffTable: Sendable, Hashable {
  let tree: LabelledTree
  let firstEntry: [Int]
  let outcomes: [Int32]
  /// In nats, one for each entry.
  var logProbability: [Double]
  /// In nats, one for each context; 0 where nothing was said.
  var logWeight: [Double]

  func entries(of node: Int) -> Range<Int> { firstEntry[node]..<firstEntry[node + 1] }

  /// The entry of an outcome in a context, by binary search.
  @inline(__always)
  func entry(of node: Int, _ outcome: Int) -> Int? {
    let end = firstEntry[node + 1]
    let entry = lowerBound(firstEntry[node], end) { Int(outcomes[$0]) < outcome }
    return entry < end && Int(outcomes[entry]) == outcome ? entry : nil
  }

  /// log P(outcome | context) in nats, for a node that need not hold the outcome. O(depth · log).
  /// - Parameter parents: `tree.parents`.
  func logProbability(of outcome: Int, at node: Int, _ parents: FlatArray<Int32>) -> Double {
    var node = node
    var weight = 0.0
    while true {
      if let entry = entry(of: node, outcome) { return weight + logProbability[entry] }
      if node == 0 { return -.infinity }
      weight += logWeight[node]
      node = Int(parents[node])
    }
  }

  /// The labels of a context as they stand in a text, the farthest first.
  func labels(of node: Int, _ parents: FlatArray<Int32>) -> [Int] {
    var labels: [Int] = []
    var node = node
    while node != 0 {
      labels.append(Int(tree.labels[node]))
      node = Int(parents[node])
    }
    return labels
  }

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

    /// The table, and which added entry each of its entries was.
    func finish() -> (table: BackoffTable, added: [Int]) {
      let ordered = OrderedEntries(contexts, entries)
      let table = BackoffTable(
        tree: ordered.tree, firstEntry: ordered.firstEntry, outcomes: ordered.outcomes,
        logProbability: ordered.met.map { logProbability[$0] }, logWeight: ordered.ordered(logWeight))
      return (table, ordered.met)
    }
  }
}
