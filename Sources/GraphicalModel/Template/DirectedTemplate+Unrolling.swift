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
    func variable(_ node: Int, _ step: Int) -> Int? {
      let position = step <= steps ? place[node] : placeAtEnd[node]
      return position.map { untimed.count + (step - 1) * timed.count + $0 }
    }

    var builder = GraphBuilder(groups: nodes.map { .init(name: $0.name, kind: $0.kind, isTimed: $0.span.isTimed) })
    builder.reserve(variables: count)
    let parents = nodes.map { node in node.parents.map { (node: number[$0.name] ?? 0, reach: $0.reach) } }
    func add(_ node: Int, step: Int) {
      builder.add(group: node, index: nodes[node].span.isTimed ? step - 1 + nodes[node].span.first : nil, step: step)
      for parent in parents[node] {
        switch parent.reach {
        case .untimed: builder.connect(place[parent.node])
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
    for node in untimed { add(node, step: 0) }
    for step in stride(from: 1, through: steps, by: 1) { for node in timed { add(node, step: step) } }
    for node in longer { add(node, step: steps + 1) }
    return builder.graph()
  }

  /// At least as many as there are.
  private func edges(steps: Int) -> Int {
    // Steps are checked to be no more than the edges allowed, so that nothing here overflows.
    nodes.reduce(0) { sum, node in
      node.parents.reduce(sum) { sum, parent in
        switch parent.reach {
        case .untimed: sum + steps + 1
        case .lags(let lags): sum + lags.count * (steps + 1)
        case .everyEarlier: sum + steps * (steps + 1) / 2
        }
      }
    }
  }
}
