import Chainrule

/// What is answered to one question about a graph.
struct GraphAnswer {
  /// For people.
  var text: String
  /// For programs: fields of the report.
  var fields: JSONObject
  /// What a picture shades, and along which edges it is drawn bold.
  var given: [Int] = []
  var trail: [Int] = []
  /// How strong edges between elements are, by lag.
  var strengths: [Int: DrawnStrength] = [:]
  /// What stands below the picture.
  var legend: [String] = []
  /// For programs that read tables: a header, and rows.
  var table: [[String]] = []

  static func separation(_ graph: UnrolledGraph, _ query: SeparationQuery) -> GraphAnswer {
    let trail = graph.activeTrail(query)
    let text = trail.map { trail in
      trail.count == 1
        ? "false: \(graph.name(trail[0])) stands on both sides"
        : "false\nThey may depend on each other along \(graph.text(ofTrail: trail))."
    }
    return GraphAnswer(
      text: text ?? "true", fields: ["separated": trail == nil, "trail": trail.map { graph.names($0) }],
      given: query.given, trail: trail ?? [])
  }

  /// - Throws: `GraphError`.
  static func separator(_ graph: UnrolledGraph, _ query: SeparationQuery) throws -> GraphAnswer {
    let found = try graph.separator(query.x, query.y, given: query.given)
    let text = found.map { $0.isEmpty ? "nothing: they are independent" : graph.shortList($0) }
    return GraphAnswer(
      text: text ?? "none: nothing that is given separates them",
      fields: ["separable": found != nil, "separator": found.map { graph.names($0) }],
      given: query.given + (found ?? []))
  }

  /// More of many variables' relatives, or of the moral graph's edges, nobody reads.
  private static let mostListed = 1_000_000
  /// The variables and edges that may be passed in looking for them.
  private static let mostPassed = 200_000_000

  /// Parents, children and so on of each of some variables.
  /// - Throws: `GraphError.tooLarge`.
  static func relatives(
    _ graph: UnrolledGraph, _ relation: String, _ variables: [Int], isClosure: Bool, of relatives: (Int) throws -> [Int]
  ) throws -> GraphAnswer {
    let tooMany = GraphError.tooLarge(
      "the \(relation) of \(Numbers.count(variables.count)) variables are too many to list: ask for fewer at a time, or "
        + "give a smaller --steps")
    // Neither product overflows: a graph has at most 50 million of both.
    if isClosure, variables.count > 1, variables.count * (graph.count + graph.edgeCount) > mostPassed { throw tooMany }
    var found: [(variable: Int, relatives: [Int])] = []
    var listed = 0
    for variable in variables {
      found.append((variable, try relatives(variable)))
      listed += found[found.count - 1].relatives.count
      if listed > mostListed, variables.count > 1 { throw tooMany }
    }
    let lines = found.map { variable, relatives in
      let list = relatives.isEmpty ? "none" : graph.shortList(relatives)
      return found.count == 1 ? list : "\(graph.name(variable)): \(list)"
    }
    let names = found.map { (graph.name($0.variable), graph.names($0.relatives)) }
    return GraphAnswer(
      text: lines.joined(separator: "\n"),
      fields: ["relation": relation, "of": Dictionary(names) { first, _ in first }])
  }

  static func order(_ graph: UnrolledGraph) -> GraphAnswer {
    let names = graph.names(0..<graph.count)
    return GraphAnswer(text: names.joined(separator: " "), fields: ["order": names])
  }

  /// - Throws: `GraphError.tooLarge`.
  static func moral(_ graph: UnrolledGraph) throws -> GraphAnswer {
    // It has all edges of the graph, and more.
    let moral = graph.edgeCount > mostListed ? nil : try graph.moral()
    guard let moral, moral.edgeCount <= mostListed else {
      throw GraphError.tooLarge(
        "the moral graph has more than \(Numbers.count(mostListed)) edges, too many to list: give a smaller --steps")
    }
    let edges = moral.edges.map { [graph.name($0), graph.name($1)] }
    return GraphAnswer(
      text: edges.isEmpty ? "no edges" : edges.map { $0.joined(separator: " – ") }.joined(separator: "\n"),
      fields: ["moral": edges])
  }

  static func equality(_ graph: UnrolledGraph, _ other: UnrolledGraph, named word: String) -> GraphAnswer {
    let isEqual = graph.isEqual(to: other)
    return GraphAnswer(text: String(isEqual), fields: ["equal": isEqual, "other": word])
  }

  /// Over what is random: functions are put into what depends on them, and inputs are given.
  static func width(_ graph: UnrolledGraph, _ template: DirectedTemplate) throws -> GraphAnswer {
    let functions = (0..<graph.count).filter { graph.kind($0) == .deterministic }
    let random = functions.isEmpty ? graph : try graph.marginalised(functions).graph
    let inputs = (0..<random.count).filter { random.kind($0) == .input }
    let elimination = try random.elimination(given: inputs)
    let tables = template.sizeOfTable(over: elimination.clique.map { random.group($0).name })
    let text = """
      width \(elimination.width)\(functions.isEmpty ? "" : ", without the functions, which hold all that came before")
      exact inference takes tables of \(tables) numbers, over \(random.shortList(elimination.clique))
      order: \(random.names(elimination.order).joined(separator: " "))
      """
    return GraphAnswer(
      text: text,
      fields: [
        "order": random.names(elimination.order), "width": elimination.width,
        "clique": random.names(elimination.clique), "tables": tables,
      ])
  }
}

extension JSONObject {
  /// The JSON of `graph`: an answer, or without one the variables.
  static func graph(_ graph: UnrolledGraph, model: String, _ answer: GraphAnswer?) -> JSONObject {
    let head: JSONObject = [
      "schema": "chainrule.graph/1", "model": model, "variableCount": graph.count, "edgeCount": graph.edgeCount,
    ]
    if let answer { return head.merging(answer.fields) }
    let variables = (0..<graph.count).map { variable -> JSONObject in
      [
        "name": graph.name(variable), "kind": graph.kind(variable).rawValue,
        "parents": graph.names(graph.parents(variable).map(Int.init)),
      ]
    }
    return head.merging(["variables": variables])
  }
}
