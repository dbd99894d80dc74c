extension DirectedTemplate {
  /// A line a node: `y(t) ← y(t−2), y(t−1)`, `h(t) = f(h(t−1), y(t−1))`.
  public var text: String {
    nodes.map { node in
      let name = self.name(node)
      let parents = node.parents.flatMap { names(of: $0, for: node) }
      switch node.kind {
      case .input: return "\(name)  given"
      case .constant: return "\(name)  known: the number of elements so far"
      case .deterministic: return "\(name) = f(\(parents.joined(separator: ", ")))"
      case .random: return parents.isEmpty ? "\(name)  no parents" : "\(name) ← \(parents.joined(separator: ", "))"
      }
    }.joined(separator: "\n")
  }

  func name(_ node: Node) -> String { node.span.isTimed ? "\(node.name)(t)" : node.name }

  /// The variables that a parent means, from the earliest on, with indices as the child's t has it.
  func names(of parent: Parent, for node: Node) -> [String] {
    offsets(of: parent, for: node).map { "\(parent.name)\($0)" }
  }

  /// Their indices, `(t−2)`, `(t−1)`; where they are many, the first, an ellipsis and the last.
  private func offsets(of parent: Parent, for node: Node) -> [String] {
    let shift = (self[parent.name]?.span.first ?? 0) - node.span.first
    func index(_ lag: Int) -> String {
      let offset = shift - lag
      return offset == 0 ? "(t)" : offset > 0 ? "(t+\(offset))" : "(t−\(-offset))"
    }
    switch parent.reach {
    case .untimed: return [""]
    case .firstStep: return ["(\(self[parent.name]?.span.first ?? 1))"]
    case .everyEarlier: return ["(\(self[parent.name]?.span.first ?? 1)) … " + parent.name + index(1)]
    case .lags(let lags):
      let sorted = lags.sorted(by: >)
      if let first = sorted.first, let last = sorted.last, sorted.count > 5, first - last == sorted.count - 1 {
        return [index(first) + " … " + parent.name + index(last)]
      }
      return sorted.map(index)
    }
  }

  /// What stands beside an edge of a template: nothing where both are of the same t.
  func edgeLabel(_ parent: Parent, _ node: Node) -> String {
    switch parent.reach {
    case .untimed: return ""
    case .everyEarlier, .lags, .firstStep:
      let texts = offsets(of: parent, for: node).map { $0.replacing("(", with: "").replacing(")", with: "") }
      let text = texts.joined(separator: ", ").replacing(" … \(parent.name)", with: ", …, ")
      return text == "t" ? "" : text
    }
  }
}
