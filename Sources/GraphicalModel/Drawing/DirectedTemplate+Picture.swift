extension DirectedTemplate {
  /// The template as a DOT file: one variable for each node, those with a time index on a plate of T steps. What an edge
  /// says beside it is which t of the parent it comes from.
  /// - Throws: `GraphError`, where the template is none.
  public func dot() throws -> String { try picture().dot }

  /// The template with its variables at fixed places.
  func picture() throws -> Picture {
    try validate()
    // Rows as in the unrolled graph, once each lag is in it.
    let lags = nodes.flatMap(\.parents).flatMap { if case .lags(let lags) = $0.reach { lags } else { [1] } }
    let graph = try unrolled(steps: 1 + (lags.max() ?? 0))
    let layout = GridLayout(graph)
    var picture = Picture()
    var place: [String: Int] = [:]
    for variable in 0..<graph.count where place[graph.group(variable).name] == nil {
      let group = graph.group(variable)
      let column =
        !group.isTimed
        ? 0 : graph.isBetweenSteps(variable) ? 1 : layout.columns[variable] - Double(graph.stepOf[variable])
      place[group.name] = picture.nodes.count
      picture.nodes.append(
        .init(
          id: group.name, label: UnrolledGraph.label(group.name, below: group.isTimed ? "t" : ""),
          centre: .init(x: column * 120, y: Double(layout.rows[variable]) * 84 - (group.isTimed ? 0 : 44)),
          kind: group.kind, isShaded: group.kind == .input))
    }
    for node in nodes {
      for parent in node.parents {
        guard let from = place[parent.name], let to = place[node.name] else { continue }
        let label = edgeLabel(parent, node)
        if case .lags(let lags) = parent.reach, lags.isEmpty { continue }
        // What a step's own nodes and the decision beside them see is straight.
        let isDirect = picture.nodes[from].centre.x != picture.nodes[to].centre.x || label.isEmpty
        if from == to {
          picture.loop(from, label: label)
        } else if isDirect {
          picture.connect(from, to)
          picture.labelLast(label)
        } else {
          picture.bow(from, to, label: label)
        }
      }
    }
    let inside = nodes.filter(\.span.isTimed).compactMap { place[$0.name] }
    if !inside.isEmpty { picture.plates.append(picture.plate(around: inside, label: "t = 1, …, T")) }
    return picture
  }
}

extension Picture {
  private static func width(_ label: String) -> Double { 6.2 * Double(label.count) }

  /// An edge from a node to itself, on its right: up for what is random, down for functions, of which what they decide
  /// lies above.
  fileprivate mutating func loop(_ node: Int, label: String) {
    let centre = nodes[node].centre
    let up = nodes[node].kind == .deterministic ? -1.0 : 1
    edges.append(
      Edge(
        from: node, to: node, controls: (centre + Point(x: 46, y: 84 * up), centre + Point(x: 98, y: 4 * up)),
        label: (label, centre + Point(x: 66 + Self.width(label) / 2, y: 34 * up))))
  }

  /// An edge with a wide bend to the left, the wider the further it goes.
  fileprivate mutating func bow(_ from: Int, _ to: Int, label: String) {
    let (a, b) = (nodes[from].centre, nodes[to].centre)
    let bend = Point(x: -52 - 0.85 * ((b - a).length - 84), y: 0)
    edges.append(
      Edge(
        from: from, to: to, controls: (a + 0.2 * (b - a) + bend, b - 0.2 * (b - a) + bend),
        label: (label, 0.5 * (a + b) + Point(x: 0.75 * bend.x - 6 - Self.width(label) / 2, y: 0))))
  }

  /// Puts a label beside the edge that was added last.
  fileprivate mutating func labelLast(_ label: String) {
    guard !label.isEmpty, var edge = edges.popLast() else { return }
    let (a, b) = (nodes[edge.from].centre, nodes[edge.to].centre)
    edge.label = (label, 0.5 * (a + b) + Point(x: 8 + Self.width(label) / 2, y: b.y > a.y ? -8 : 8))
    edges.append(edge)
  }

  /// A frame around nodes and the edges among them.
  fileprivate func plate(around inside: [Int], label: String) -> Plate {
    var points = inside.flatMap { [nodes[$0].centre + Point(x: -32, y: -32), nodes[$0].centre + Point(x: 32, y: 32)] }
    for edge in edges where inside.contains(edge.from) && inside.contains(edge.to) {
      // A curve comes three quarters of the way to where it is drawn to.
      let middle = 0.5 * (nodes[edge.from].centre + nodes[edge.to].centre)
      points += [edge.controls.0, edge.controls.1].map { middle + 0.75 * ($0 - middle) }
      guard let label = edge.label else { continue }
      points += [-1, 1].map { label.place + Point(x: $0 * (Self.width(label.text) / 2 + 10), y: $0 * 14) }
    }
    let (xs, ys) = (points.map(\.x), points.map(\.y))
    // Room for the remark below.
    return Plate(
      low: Point(x: min(xs.min() ?? 0, (xs.max() ?? 0) - 110), y: (ys.min() ?? 0) - 22),
      high: Point(x: xs.max() ?? 0, y: ys.max() ?? 0), label: label)
  }
}
