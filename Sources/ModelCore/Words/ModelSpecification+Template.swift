import BigInt
import GraphicalModel
import Sequences

extension ModelSpecification {
  /// The model as a directed graph: the family's, and x(1) as τ's parent where the law of lengths looks at it.
  public func template(alphabetSize: Int, inputWidth: Int = 0) -> DirectedTemplate {
    template(.symbols(alphabetSize), inputWidth: inputWidth)
  }

  /// The same for elements of any kind, for which it is resolved.
  public func template(_ elements: ElementKind, inputWidth: Int = 0) -> DirectedTemplate {
    var template = family.template(shape(elements, inputWidth: inputWidth))
    if inputWidth > 0, length.prior?.readsInputs == true, let place = template.nodes.firstIndex(where: \.isLength) {
      template.nodes[place].parents.append(.init("x", .firstStep))
      if template["x"] == nil { template.nodes.append(.init("x", .input, domain: .values(Size("d", inputWidth)))) }
    }
    return template
  }

  /// The graph with the components y1, y2, … of vectors as variables of their own, where there are 2 to `most` of them: edges
  /// inside a step show whether they depend on each other. The numbers of parameters are those of `template`.
  public func componentTemplate(_ elements: ElementKind, inputWidth: Int = 0, most: Int = 12) -> DirectedTemplate {
    let template = template(elements, inputWidth: inputWidth)
    guard case .vectors(_, let width, _) = elements, (2...max(most, 2)).contains(width) else { return template }
    return template.withComponents(
      of: "y", names: (1...width).map { "y\($0)" },
      family.componentEdges(shape(elements, inputWidth: inputWidth)))
  }

  /// A node's part in the free parameters.
  public struct NodeCount: Sendable, Hashable {
    /// The node's name.
    public var node: String
    /// The number of its free parameters.
    public var free: BigInt
    /// The same as a formula.
    public var growth: String
  }

  /// The free parameters of each node that has any kind of conditional; they add up to `freeParameters`.
  /// - Throws: as `freeParameters`.
  public func nodeCounts(alphabetSize: Int, longest: Int?, inputWidth: Int = 0) throws -> [NodeCount] {
    try nodeCounts(.symbols(alphabetSize), longest: longest, inputWidth: inputWidth)
  }

  /// The same for elements of any kind, for which it is resolved.
  /// - Throws: as `freeParameters`.
  public func nodeCounts(_ elements: ElementKind, longest: Int?, inputWidth: Int = 0) throws -> [NodeCount] {
    let total = try freeParameters(elements, longest: longest, inputWidth: inputWidth)
    let template = template(elements, inputWidth: inputWidth)
    var counts: [NodeCount] = []
    for node in template.nodes where node.conditional != .none {
      counts.append(
        NodeCount(
          node: node.name, free: template.freeParameters(of: node, longest: longest ?? 0),
          growth: template.growth(of: [node])))
    }
    // The law of the length is the strategy's, and what the conditionals do not have is its.
    let rest = total - counts.reduce(0) { $0 + $1.free }
    if let root = template.nodes.first(where: \.isLength) {
      counts.insert(
        NodeCount(node: root.name, free: rest, growth: length.prior?.growth(inputWidth: inputWidth) ?? "0"), at: 0)
    }
    return counts
  }
}

extension DirectedTemplate.Node {
  /// Whether it is τ.
  fileprivate var isLength: Bool { if case .length = domain { true } else { false } }
}
