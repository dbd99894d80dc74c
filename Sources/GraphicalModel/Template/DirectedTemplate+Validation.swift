import Support

extension DirectedTemplate {
  /// Whether it means a finite graph without cycles for any number of steps.
  /// - Throws: `GraphError`, a cycle by its name.
  public func validate() throws { _ = try stepOrder() }

  /// The nodes without a time index, each behind its parents; then the others in an order that holds within a step.
  func stepOrder() throws -> (untimed: [Int], timed: [Int]) {
    let index = try names()
    // Parents that stand in no earlier step. Lags are at least 0, so that a cycle lies within one step.
    var sameStep = nodes.map { _ in [Int]() }
    for (number, node) in nodes.enumerated() {
      try checkParentsDiffer(node)
      for parent in node.parents {
        guard let parentNumber = index[parent.name] else {
          throw GraphError.unknownParent(
            of: node.name, name: parent.name, nearest: nearestNames(to: parent.name, among: nodes.map(\.name)))
        }
        if try isInSameStep(parent, nodes[parentNumber], of: node) { sameStep[number].append(parentNumber) }
      }
    }
    switch topologicalOrder(sameStep) {
    case .order(let order):
      return (order.filter { !nodes[$0].span.isTimed }, order.filter { nodes[$0].span.isTimed })
    case .cycle(let cycle):
      throw GraphError.cycle(cycle.map { nodes[$0].name + (nodes[$0].span.isTimed ? "(t)" : "") })
    }
  }

  private func names() throws -> [String: Int] {
    var index: [String: Int] = [:]
    for (number, node) in nodes.enumerated() {
      guard !node.name.isEmpty, !node.name.contains(where: { " ,;|()\"".contains($0) || $0.isNewline }) else {
        throw GraphError.malformed("'\(node.name)' is no name for a node: it is empty or has one of: blank , ; | ( )")
      }
      guard index.updateValue(number, forKey: node.name) == nil else {
        throw GraphError.malformed("two nodes of the template are called '\(node.name)'")
      }
    }
    return index
  }

  /// A variable is a parent once: each of a node's parents may be named again for other lags alone.
  private func checkParentsDiffer(_ node: Node) throws {
    for (place, parent) in node.parents.enumerated() {
      let isTwice = node.parents[..<place].contains { $0.name == parent.name && $0.reach.meets(parent.reach) }
      if isTwice { throw GraphError.malformed("\(node.name): the same \(parent.name) is a parent twice") }
    }
  }

  private func isInSameStep(_ parent: Parent, _ parentNode: Node, of node: Node) throws -> Bool {
    if parent.reach == .firstStep {
      guard !node.span.isTimed, parentNode.span.isTimed, parentNode.parents.isEmpty else {
        throw GraphError.malformed(
          "\(node.name): a first \(parent.name) can be the parent of a node without a time index alone, and has no parents"
        )
      }
      return false
    }
    if parent.reach == .untimed || !parentNode.span.isTimed {
      guard parent.reach == .untimed, !parentNode.span.isTimed else {
        throw GraphError.malformed(
          "\(node.name): its parent \(parent.name) \(parentNode.span.isTimed ? "needs lags" : "has no time index")")
      }
      return true
    }
    guard node.span.isTimed else {
      throw GraphError.malformed("\(node.name) has no time index, so its parent \(parent.name) must have none either")
    }
    guard case .lags(let lags) = parent.reach else { return false }
    guard lags.allSatisfy({ $0 >= 0 }), Set(lags).count == lags.count else {
      throw GraphError.malformed("\(node.name): the lags of its parent \(parent.name) are different numbers from 0")
    }
    return lags.contains(0)
  }
}

extension DirectedTemplate.Parent.Reach {
  /// Whether a variable is reached by both.
  fileprivate func meets(_ other: Self) -> Bool {
    switch (self, other) {
    case (.lags(let lags), .lags(let others)): !Set(lags).isDisjoint(with: others)
    case (.lags(let lags), .everyEarlier), (.everyEarlier, .lags(let lags)): lags.contains { $0 > 0 }
    case (.everyEarlier, .everyEarlier), (.untimed, _), (_, .untimed), (.firstStep, _), (_, .firstStep): true
    }
  }
}

enum TopologicalOrder {
  case order([Int])
  /// Each a parent of the next, the last the first again.
  case cycle([Int])
}

/// An order in which everything stands behind its parents, and what could stand anywhere keeps its place (depth first).
/// O(nodes + edges).
func topologicalOrder(_ parents: [[Int]]) -> TopologicalOrder {
  enum Mark { case new, open, done }
  var marks = parents.map { _ in Mark.new }
  var order: [Int] = []
  for root in parents.indices where marks[root] == .new {
    // The way from the root to where the search is, with the number of parents seen of each.
    var path = [(node: root, seen: 0)]
    marks[root] = .open
    while let (node, seen) = path.last {
      guard seen < parents[node].count else {
        marks[node] = .done
        order.append(node)
        path.removeLast()
        continue
      }
      path[path.count - 1].seen += 1
      let parent = parents[node][seen]
      switch marks[parent] {
      case .done: break
      case .new:
        marks[parent] = .open
        path.append((parent, 0))
      case .open:
        let start = path.firstIndex { $0.node == parent } ?? 0
        return .cycle([parent] + path[start...].map(\.node).reversed())
      }
    }
  }
  return .order(order)
}

/// The few names nearest to one that is not there.
func nearestNames(to word: String, among known: [String], atMost count: Int = 3) -> [String] {
  let ranked = known.map { (name: $0, distance: editDistance(word, $0.lowercased())) }
  let sorted = ranked.enumerated().sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
  return sorted.prefix(count).map(\.element.name)
}
