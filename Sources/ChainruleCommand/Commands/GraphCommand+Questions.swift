import Chainrule

/// The questions about the unrolled graph.
extension GraphCommand {
  /// The variables of an option's list, at least one.
  func variables(_ list: String, _ option: String, of graph: UnrolledGraph) throws -> [Int] {
    let variables = try graph.variables(list)
    if variables.isEmpty { throw GraphError.malformed("\(option) names no variable: give it some, such as \"y2, y3\"") }
    return variables
  }

  /// The answer to the question that is asked.
  func ask(_ graph: UnrolledGraph, _ template: DirectedTemplate, given: [Int]) throws -> GraphAnswer {
    if let separated { return .separation(graph, try graph.query(separated, given: given)) }
    if let separator { return try .separator(graph, try graph.query(separator, given: given)) }
    func relatives(_ list: String, _ verb: String, of relation: (Int) -> [Int]) throws -> GraphAnswer {
      try .relatives(
        graph, verb, variables(list, "--" + verb, of: graph), isClosure: ["ancestors", "descendants"].contains(verb),
        of: relation)
    }
    if let parents { return try relatives(parents, "parents") { graph.parents($0).map(Int.init) } }
    if let children { return try relatives(children, "children") { graph.children($0).map(Int.init) } }
    if let ancestors { return try relatives(ancestors, "ancestors") { graph.ancestors(of: [$0]) } }
    if let descendants { return try relatives(descendants, "descendants") { graph.descendants(of: [$0]) } }
    if let blanket { return try relatives(blanket, "blanket") { graph.blanket(of: $0) } }
    if order { return .order(graph) }
    if let equals {
      let other = try subject(equals)
      return try .equality(graph, other.template.unrolled(steps: stepCount(template)), named: other.word)
    }
    return try moral ? .moral(graph) : .width(graph, template)
  }
}
