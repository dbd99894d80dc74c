extension UnrolledGraph {
  /// More than these nobody could tell apart.
  private static let mostVariables = 500
  private static let mostEdges = 4000

  /// The graph as a DOT file with fixed places: time from left to right, functions in double rings, what is given shaded.
  /// - Parameters:
  ///   - given: variables to be shaded, beside the inputs.
  ///   - trail: variables between which edges stand out.
  ///   - strengths: of the edges from y(t − lag) to y(t), by lag; edges are as wide as they are strong, and those without a
  ///     strength dashed. Empty where none are known.
  /// - Throws: `GraphError.tooLarge`.
  public func dot(given: [Int] = [], trail: [Int] = [], strengths: [Int: Double] = [:]) throws -> String {
    guard count <= Self.mostVariables, edgeCount <= Self.mostEdges else {
      throw GraphError.tooLarge(
        "a picture holds at most \(Self.mostVariables) variables and \(Self.mostEdges) edges, "
          + "and there are \(count) and \(edgeCount): give a smaller --steps")
    }
    let layout = GridLayout(self)
    let pitch = layout.isDense || layout.isCrossed ? 96.0 : 76
    let heights = heights(of: layout)
    var picture = Picture()
    let isGiven = Set(given)
    for variable in 0..<count {
      picture.nodes.append(
        .init(
          id: name(variable), label: label(variable),
          centre: .init(x: layout.columns[variable] * pitch, y: heights[layout.rows[variable]]),
          kind: kind(variable), isShaded: kind(variable) == .input || isGiven.contains(variable)))
    }
    let marked = Set(zip(trail, trail.dropFirst()).flatMap { [[$0, $1], [$1, $0]] })
    // Steps between a variable and its parent in the same row, where others may stand between them.
    func span(_ parent: Int, _ child: Int) -> Int? {
      guard layout.rows[parent] == layout.rows[child], group(parent).isTimed, group(child).isTimed else { return nil }
      let span = Int((layout.columns[child] - layout.columns[parent]).rounded())
      return span > 1 ? span : nil
    }
    let spans = (0..<count).flatMap { child in parents(child).compactMap { span(Int($0), child) } }
    for child in 0..<count {
      for parent in parents(child).map(Int.init) {
        let isMarked = marked.contains([parent, child])
        if let span = span(parent, child) {
          let row = layout.rows[child]
          picture.arc(
            parent, child, span: span, most: spans.max() ?? 2, isAbove: row > 0 || layout.rowCount == 1,
            isMarked: isMarked)
        } else {
          picture.connect(parent, child, isMarked: isMarked)
        }
      }
    }
    let strongest = strengths.values.max() ?? 0
    if strongest > 0 {
      for place in picture.edges.indices {
        let edge = picture.edges[place]
        guard let lag = lag(edge.from, edge.to) else { continue }
        picture.edges[place].width = strengths[lag].map { 0.3 + 3.2 * max($0, 0) / strongest } ?? 0
      }
    }
    return picture.dot
  }

  /// How many steps lie between an element and a later one; `nil` for other variables.
  public func lag(_ parent: Int, _ child: Int) -> Int? {
    group(parent).name == "y" && group(child).name == "y" ? Int(indexOf[child] - indexOf[parent]) : nil
  }

  /// Where the rows are: further apart where edges between them go far to the side, so that they clear the neighbours.
  private func heights(of layout: GridLayout) -> [Double] {
    var gaps = [Double](repeating: 76, count: layout.rowCount)
    for child in 0..<count {
      for parent in parents(child).map(Int.init) where abs(layout.rows[parent] - layout.rows[child]) == 1 {
        let row = max(layout.rows[parent], layout.rows[child])
        gaps[row] = max(gaps[row], 27 * abs(layout.columns[parent] - layout.columns[child]))
      }
    }
    return gaps.indices.reduce(into: []) { $0.append($1 == 0 ? 0 : ($0.last ?? 0) + gaps[$1]) }
  }

  /// The name with its index below the line, a layer's number above it.
  func label(_ variable: Int) -> String {
    let group = group(variable)
    return Self.label(group.name) + (group.isTimed ? String(indexOf[variable]).below : "")
  }

  static func label(_ name: String) -> String {
    let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
    return digits == 0 || digits == name.count ? name : name.dropLast(digits) + "⁽" + name.suffix(digits).above + "⁾"
  }
}

extension StringProtocol {
  fileprivate var below: String { translated("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋") }
  fileprivate var above: String { translated("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹") }

  private func translated(_ from: String, _ to: String) -> String {
    let pairs = Dictionary(uniqueKeysWithValues: zip(from, to))
    return String(map { pairs[$0] ?? $0 })
  }
}
