extension DirectedTemplate {
  /// Which edges the components of a vector have among each other.
  public enum ComponentEdges: Sendable, Hashable {
    /// They are independent given what the vector depends on.
    case independent
    /// Each depends on the lower ones of the same step, by the chain rule.
    case insideStep
    /// They are independent, and each looks at its own past alone.
    case ownPast
    /// Each looks at its own past and at the lower ones of the same step.
    case ownPastInsideStep
  }

  /// The same template with the components of a vector as variables of their own: each has the vector's parents and, with edges
  /// inside a step, all lower ones; what looked at the vector looks at all of them. It says nothing of numbers, which are
  /// counted by the template of whole vectors.
  /// - Parameters:
  ///   - node: the vector's name.
  ///   - names: the components' names, the lowest first.
  public func withComponents(of node: String, names: [String], _ edges: ComponentEdges) -> DirectedTemplate {
    func expanded(_ parents: [Parent], _ names: [String]) -> [Parent] {
      parents.flatMap { parent in
        parent.name == node ? names.map { Parent($0, parent.reach, hasWeights: parent.hasWeights) } : [parent]
      }
    }
    var template = self
    template.nodes = nodes.flatMap { old -> [Node] in
      var copy = old
      copy.parents = expanded(old.parents, names)
      guard old.name == node else { return [copy] }
      return names.indices.map { index in
        var component = copy
        component.name = names[index]
        component.conditional = .none
        switch edges {
        case .independent: break
        case .insideStep: component.parents += names[..<index].map { Parent($0, lags: [0]) }
        case .ownPast: component.parents = expanded(old.parents, [names[index]])
        case .ownPastInsideStep:
          component.parents =
            expanded(old.parents, [names[index]]) + names[..<index].map { Parent($0, lags: [0]) }
        }
        return component
      }
    }
    return template
  }
}
