extension DirectedTemplate {
  /// The most edges that a graph may have: its arrays then take about half a gigabyte.
  static let mostEdges = 50_000_000

  /// The finite graph of T steps. Its variables are numbered in a topological order, step by step. O(variables + edges).
  /// - Parameter steps: T ≥ 0.
  /// - Throws: `GraphError`.
  public func unrolled(steps: Int) throws -> UnrolledGraph {
    guard steps >= 0 else { throw GraphError.malformed("a graph cannot have \(steps) steps") }
    let (untimed, timed) = try stepOrder()
    let longer = timed.filter { if case .oneLonger = nodes[$0].span { true } else { false } }
    let tooLarge = GraphError.tooLarge("the graph of \(steps) steps would have more than \(Self.mostEdges) edges")
    guard steps <= Self.mostEdges else { throw tooLarge }
    let count = untimed.count + steps * timed.count + longer.count
    guard count <= Self.mostEdges, edges(steps: steps) <= Self.mostEdges else { throw tooLarge }

    let number = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.name, $0) })
    // The place of each node among those of a step, and among those of step T + 1.
    var place = nodes.map { _ in 0 }
    var placeAtEnd: [Int?] = nodes.map { _ in nil }
    for (position, node) in untimed.enumerated() { place[node] = position }
    for (position, node) in timed.enumerated() { place[node] = position }
    for (position, node) in longer.enumerated() { placeAtEnd[node] = position }
    // What nodes without a time index look at in the first step stands before them.
    let early = steps > 0 ? timed.filter { isFirstParent(nodes[$0].name) } : []
    func variable(_ node: Int, _ step: Int) -> Int? {
      guard let position = step <= steps ? place[node] : placeAtEnd[node] else { return nil }
      if step == 0 { return early.count + position }
      if step == 1, let number = early.firstIndex(of: node) { return number }
      let later = step == 1 ? early.count { place[$0] > position } : 0
      return untimed.count + (step - 1) * timed.count + position + later
    }

    var builder = GraphBuilder(groups: nodes.map { .init(name: $0.name, kind: $0.kind, isTimed: $0.span.isTimed) })
    builder.reserve(variables: count)
    let parents = nodes.map { node in node.parents.map { (node: number[$0.name] ?? 0, reach: $0.reach) } }
    func add(_ node: Int, step: Int) {
      builder.add(group: node, index: nodes[node].span.isTimed ? step - 1 + nodes[node].span.first : nil, step: step)
      for parent in parents[node] {
        switch parent.reach {
        case .untimed: if let variable = variable(parent.node, 0) { builder.connect(variable) }
        case .firstStep: if steps > 0, let variable = variable(parent.node, 1) { builder.connect(variable) }
        case .lags(let lags):
          for lag in lags where lag < step {
            if let variable = variable(parent.node, step - lag) { builder.connect(variable) }
          }
        case .everyEarlier:
          for earlier in stride(from: 1, to: step, by: 1) {
            if let variable = variable(parent.node, earlier) { builder.connect(variable) }
          }
        }
      }
    }
    for node in early { add(node, step: 1) }
    for node in untimed { add(node, step: 0) }
    for step in stride(from: 1, through: steps, by: 1) {
      for node in timed where step > 1 || !early.contains(node) { add(node, step: step) }
    }
    for node in longer { add(node, step: steps + 1) }
    return builder.graph()
  }

  private func isFirstParent(_ name: String) -> Bool {
    nodes.contains { $0.parents.contains { $0.name == name && $0.reach == .firstStep } }
  }

  /// At least as many as there are.
  private func edges(steps: Int) -> Int {
    // Steps are checked to be no more than the edges allowed, so that nothing here overflows.
    nodes.reduce(0) { sum, node in
      node.parents.reduce(sum) { sum, parent in
        switch parent.reach {
        case .untimed, .firstStep: sum + steps + 1
        case .lags(let lags): sum + lags.count * (steps + 1)
        case .everyEarlier: sum + steps * (steps + 1) / 2
        }
      }
    }
  }
}
