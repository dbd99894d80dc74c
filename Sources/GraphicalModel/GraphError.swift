import Support

/// What can be wrong with a template, a graph or a question to it. All of them are wrong usage (exit code 64).
public enum GraphError: Error, Equatable, CustomStringConvertible {
  /// Nodes, each a parent of the next, the last of them the first again: `a(t)`, `b(t)`, `a(t)`.
  case cycle([String])
  /// A parent that is no node of the template.
  case unknownParent(of: String, name: String, nearest: [String])
  /// A variable that the graph does not have.
  case unknownVariable(String, nearest: [String])
  /// A template or a question that means nothing, with the reason.
  case malformed(String)
  case tooLarge(String)

  /// What is wrong, told in a sentence.
  public var description: String {
    switch self {
    case .cycle(let names):
      return "the graph has a cycle: \(names.joined(separator: " → ")); a variable cannot depend on itself"
    case .unknownParent(let node, let name, let nearest):
      return "\(node): its parent '\(shortened(name))' is no node of the template" + Self.hint(nearest)
    case .unknownVariable(let name, let nearest):
      return "there is no variable '\(shortened(name))' in the graph" + Self.hint(nearest)
    case .malformed(let sentence), .tooLarge(let sentence): return sentence
    }
  }

  private static func hint(_ nearest: [String]) -> String {
    nearest.isEmpty ? "." : "; nearest: " + nearest.joined(separator: ", ")
  }
}
