import GraphicalModel

/// The parts of a template that every family has: what its outputs are and who decides the end is the shape's to say.
extension OutputShape {
  /// k.
  public var symbols: Size { Size("k", alphabetSize) }

  /// The outcomes of y(t): k, or k + 1 with an end symbol.
  public var outcomesOfElement: Size { stop == .outcome ? symbols + 1 : symbols }

  /// How many steps a node lives on that both the elements and the stop decision look at.
  public var spanOfState: DirectedTemplate.Span { stop == .variable ? .oneLonger(from: 1) : .steps(from: 1) }

  /// τ, where the length is drawn first: a root. Its law is the length strategy's.
  /// - Parameter onlyFirst: whether the conditionals have the first step's number at all steps: that of τ.
  public func lengthNodes(onlyFirst: Bool = false) -> [DirectedTemplate.Node] {
    guard stop == .given else { return [] }
    let ofTotal = onlyFirst || lengthInput?.quantity == .total
    let labels = lengthInput?.form.starts.map { DirectedTemplate.LengthLabels.stretches($0, ofTotal: ofTotal) }
    let features = Size(lengthInput?.form.width ?? 0)
    return [.init("τ", .random, span: .untimed, domain: .length(labels ?? .each, features: features))]
  }

  /// τ as a parent, where the conditionals know it.
  public var lengthParents: [DirectedTemplate.Parent] { hasLengthInput ? [.init("τ", .untimed)] : [] }

  /// t as a node.
  /// - Parameters:
  ///   - clock: which values of t are told apart.
  ///   - features: the numbers by which a network sees t.
  public func clockNode(_ clock: DirectedTemplate.Clock, features: Int) -> DirectedTemplate.Node {
    .init("t", .constant, span: spanOfState, domain: .clock(clock, features: Size(features)))
  }

  /// t as a parent.
  public static let clockParent = DirectedTemplate.Parent("t", lags: [0])

  /// y(t), and e(t) where the end is a variable of its own, both with these parents; e(t) is the decision of the
  /// step after t elements.
  /// - Parameter table: whether the conditionals are tables, and no outputs of a network.
  public func outputNodes(parents: [DirectedTemplate.Parent], isTable: Bool) -> [DirectedTemplate.Node] {
    var nodes: [DirectedTemplate.Node] = [
      .init(
        "y", .random, domain: .values(symbols), parents: parents,
        conditional: isTable ? .table(outcomes: outcomesOfElement) : .affine(rows: outcomesOfElement))
    ]
    if stop == .variable {
      nodes.append(
        .init(
          "e", .random, span: .oneLonger(from: 0), domain: .values(2), parents: parents,
          conditional: isTable ? .table(outcomes: 2) : .affine(rows: 1)))
    }
    return nodes
  }

  /// y(t) where elements are vectors, and e(t) where the end is a variable of its own.
  /// - Parameters:
  ///   - parents: of both.
  ///   - rows: the numbers that y(t)'s distribution is made of, each a row of weights.
  ///   - own: weights of y(t) beside the rows, such as those from lower components.
  ///   - past: the number of earlier elements that y(t) looks at by own weights.
  public func vectorNodes(
    parents: [DirectedTemplate.Parent], rows: Int, own: Int, past: Int = 0
  ) -> [DirectedTemplate.Node] {
    let earlier = past == 0 ? [] : [DirectedTemplate.Parent("y", lags: Array(1...past), hasWeights: false)]
    var nodes: [DirectedTemplate.Node] = [
      .init(
        "y", .random, domain: .values(Size("w", encodedWidth)), parents: parents + earlier,
        conditional: .affine(rows: Size(rows), own: Size(own)))
    ]
    if stop == .variable {
      nodes.append(
        .init(
          "e", .random, span: .oneLonger(from: 0), domain: .values(2), parents: parents, conditional: .affine(rows: 1)))
    }
    return nodes
  }

  /// The template of a family of tables: y(t) looks at earlier elements, perhaps at t, and at the length if there is one.
  public func tableTemplate(past: DirectedTemplate.Parent.Reach, clock: DirectedTemplate.Clock? = nil)
    -> DirectedTemplate
  {
    let parents = [DirectedTemplate.Parent("y", past)] + (clock == nil ? [] : [Self.clockParent]) + lengthParents
    return DirectedTemplate(
      lengthNodes(onlyFirst: past == .everyEarlier) + (clock.map { [clockNode($0, features: 1)] } ?? [])
        + outputNodes(parents: parents, isTable: true))
  }
}
