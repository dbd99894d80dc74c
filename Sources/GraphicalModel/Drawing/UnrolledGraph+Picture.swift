/// How strong the edges from y(t − lag) to y(t) are, as a picture shows it.
public struct DrawnStrength: Sendable, Hashable {
  /// What is drawn, in nats.
  public var nats: Double
  /// What stands beside an edge.
  public var label: String
  /// Whether the data support the edge; else it is grey and dashed.
  public var isSupported: Bool

  /// A strength with its label.
  public init(nats: Double, label: String, isSupported: Bool) {
    self.nats = nats
    self.label = label
    self.isSupported = isSupported
  }
}

extension UnrolledGraph {
  /// More than these nobody could tell apart.
  private static let mostVariables = 500
  private static let mostEdges = 4000

  /// The graph as a DOT file with fixed places: time from left to right, functions in double rings, what is given shaded.
  /// - Parameters:
  ///   - given: variables to be shaded, beside the inputs.
  ///   - trail: variables between which edges stand out.
  ///   - strengths: of the edges from y(t − lag) to y(t), by lag: edges are as wide as they are strong, dashed where the data
  ///     do not support them and dotted where nothing is known. Empty where none are drawn.
  ///   - legend: lines below the picture that say what the strengths are.
  /// - Throws: `GraphError.tooLarge`.
  public func dot(
    given: [Int] = [], trail: [Int] = [], strengths: [Int: DrawnStrength] = [:], legend: [String] = []
  ) throws -> String {
    try picture(given: given, trail: trail, strengths: strengths, legend: legend).dot
  }

  /// The graph with its variables at fixed places.
  func picture(
    given: [Int] = [], trail: [Int] = [], strengths: [Int: DrawnStrength] = [:], legend: [String] = []
  ) throws -> Picture {
    guard count <= Self.mostVariables, edgeCount <= Self.mostEdges else {
      throw GraphError.tooLarge(
        "a picture holds at most \(Self.mostVariables) variables and \(Self.mostEdges) edges, "
          + "and there are \(count) and \(edgeCount): give a smaller --steps")
    }
    let layout = GridLayout(self)
    let pitch = layout.isStacked ? 144.0 : layout.isDense || layout.isCrossed ? 96 : 76
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
    if !strengths.isEmpty {
      draw(strengths, in: &picture)
      picture.legend += legend.map { (nil, $0) }
    }
    return picture
  }

  private func draw(_ strengths: [Int: DrawnStrength], in picture: inout Picture) {
    let strongest = strengths.values.filter(\.isSupported).map(\.nats).max() ?? 0
    let last = picture.edges.filter { lag($0.from, $0.to) != nil }.map(\.to).max()
    var pens: [Picture.Pen] = []
    for index in picture.edges.indices {
      let edge = picture.edges[index]
      guard let lag = lag(edge.from, edge.to) else { continue }
      let strength = strengths[lag]
      let pen: Picture.Pen =
        switch strength {
        case let strength? where strength.isSupported && strongest > 0: .wide(0.6 + 3 * strength.nats / strongest)
        case .some: .doubtful
        case nil: .unknown
        }
      picture.edges[index].pen = pen
      pens.append(pen)
      // The same lag has the same figure: beside the edges to the last element there is room for it.
      if let strength, edge.to == last { picture.labelMiddle(index, strength.label) }
    }
    if strongest > 0 {
      let label = strengths.values.first { $0.isSupported && $0.nats == strongest }?.label ?? ""
      picture.legend.append((.wide(3.6), "\(label) nats, the strongest; others in proportion"))
    }
    if pens.contains(.doubtful) {
      picture.legend.append((.doubtful, "not supported by the data: the 95 % interval holds 0"))
    }
    if pens.contains(.unknown) { picture.legend.append((.unknown, "beyond the window: not measured")) }
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

  /// The name with its index below the line and a layer's number above it.
  private func label(_ variable: Int) -> Picture.Label {
    let group = group(variable)
    return Self.label(group.name, below: group.isTimed ? String(indexOf[variable]) : "")
  }

  static func label(_ name: String, below: String) -> Picture.Label {
    let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
    let isLayer = digits > 0 && digits < name.count
    return Picture.Label(
      letter: String(name.dropLast(isLayer ? digits : 0)), below: below.replacing("-", with: "−"),
      above: isLayer ? "(\(name.suffix(digits)))" : "")
  }
}
