extension DirectedTemplate {
  /// The same template with the components of a vector as variables of their own, by the chain rule within a step: each has the
  /// vector's parents and, where components depend on each other, all lower ones; what looked at the vector looks at all of
  /// them. It says nothing of numbers, which are counted by the template of whole vectors.
  /// - Parameters:
  ///   - node: the vector's name.
  ///   - names: the components' names, the lowest first.
  ///   - areDependent: whether a component depends on the lower ones.
  public func withComponents(of node: String, names: [String], areDependent: Bool) -> DirectedTemplate {
    func expanded(_ parents: [Parent]) -> [Parent] {
      parents.flatMap { parent in
        parent.name == node ? names.map { Parent($0, parent.reach, hasWeights: parent.hasWeights) } : [parent]
      }
    }
    var template = self
    template.nodes = nodes.flatMap { old -> [Node] in
      var copy = old
      copy.parents = expanded(old.parents)
      guard old.name == node else { return [copy] }
      return names.indices.map { index in
        var component = copy
        component.name = names[index]
        component.conditional = .none
        if areDependent { component.parents += names[..<index].map { Parent($0, lags: [0]) } }
        return component
      }
    }
    return template
  }
}
