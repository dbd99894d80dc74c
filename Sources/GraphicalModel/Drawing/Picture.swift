/// Circles and curves at fixed places, as Graphviz draws them.
struct Picture {
  struct Point: Equatable {
    var x: Double
    var y: Double

    static func + (a: Point, b: Point) -> Point { Point(x: a.x + b.x, y: a.y + b.y) }
    static func - (a: Point, b: Point) -> Point { Point(x: a.x - b.x, y: a.y - b.y) }
    static func * (factor: Double, a: Point) -> Point { Point(x: factor * a.x, y: factor * a.y) }
    var length: Double { (x * x + y * y).squareRoot() }
    /// A quarter turn to the left.
    var normal: Point { Point(x: -y, y: x) }
  }

  /// A letter with what stands below and above the line behind it.
  struct Label: Equatable {
    var letter: String
    var below = ""
    var above = ""

    /// In Graphviz's language. A table, since not all that show SVG know its sub- and superscripts.
    var dot: String {
      guard below != "" || above != "" else { return Picture.quoted(letter) }
      func small(_ text: String, height: Int) -> String {
        text.isEmpty
          ? "<TD FIXEDSIZE=\"TRUE\" WIDTH=\"4\" HEIGHT=\"\(height)\"></TD>"
          : "<TD ALIGN=\"LEFT\"><FONT FACE=\"Times-Roman\" POINT-SIZE=\"9\">\(Picture.escaped(text))</FONT></TD>"
      }
      return "<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\"><TR>"
        + "<TD ROWSPAN=\"2\">\(Picture.escaped(letter))</TD>\(small(above, height: 7))</TR>"
        + "<TR>\(small(below, height: 7))</TR></TABLE>>"
    }
  }

  struct Node {
    var id: String
    var label: Label
    var centre: Point
    var kind: DirectedTemplate.Kind
    var isShaded = false

    /// To the outermost ring.
    var radius: Double { kind == .constant ? 11 : Picture.radius }
  }

  /// A cubic curve from centre to centre, cut where it leaves and enters the circles.
  struct Edge {
    var from: Int
    var to: Int
    var controls: (Point, Point)
    var label: (text: String, place: Point)?
    var isMarked = false
    var pen = Pen.plain
  }

  /// How a line is drawn.
  enum Pen: Equatable {
    case plain
    /// Of a width in points.
    case wide(Double)
    /// Grey and dashed.
    case doubtful
    /// Grey and dotted.
    case unknown

    fileprivate var attributes: [String] {
      switch self {
      case .plain: []
      case .wide(let width): ["penwidth=\(Picture.text(width))"]
      case .doubtful: ["style=dashed, color=\"#8a8a8a\", fontcolor=\"#8a8a8a\""]
      case .unknown: ["style=dotted, color=\"#8a8a8a\""]
      }
    }
  }

  /// A frame with a remark in its corner.
  struct Plate {
    var low: Point
    var high: Point
    var label: String
  }

  static let radius = 19.0
  var nodes: [Node] = []
  var edges: [Edge] = []
  var plates: [Plate] = []
  /// What lines mean: each with a sample of its pen, where it has one.
  var legend: [(pen: Pen?, text: String)] = []

  /// Adds an edge: straight, or in the least bend that keeps clear of other circles.
  mutating func connect(_ from: Int, _ to: Int, isMarked: Bool = false) {
    let (a, b) = (nodes[from].centre, nodes[to].centre)
    let way = b - a
    var best = (1 / 3.0 * way, -1 / 3.0 * way)
    for bend in [0, 0.1, -0.1, 0.16, -0.16, 0.22, -0.22, 0.3, -0.3, 0.4, -0.4, 0.5, -0.5] {
      let aside = bend * way.normal
      let controls = (0.3 * way + aside, -0.3 * way + aside)
      if isClear(from, to, (a + controls.0, b + controls.1)) {
        best = controls
        break
      }
    }
    edges.append(Edge(from: from, to: to, controls: (a + best.0, b + best.1), isMarked: isMarked))
  }

  /// Adds an edge in an arc above (or below) a row of circles.
  /// - Parameters:
  ///   - span: how many circles it goes to, from 2.
  ///   - most: the largest span there is: arcs of different spans arrive at different angles.
  mutating func arc(_ from: Int, _ to: Int, span: Int, most: Int, isAbove: Bool, isMarked: Bool = false) {
    let (a, b) = (nodes[from].centre, nodes[to].centre)
    let height = 32 + 16 * Double(span - 2)
    let slope = 0.75 + 2.6 * Double(span - 2) / Double(max(most - 2, 2))
    // The curve's height is three quarters of its controls'.
    let rise = height / 0.75
    let side = isAbove ? 1.0 : -1
    let run = min(rise / slope, 0.45 * abs(b.x - a.x))
    let direction = b.x > a.x ? 1.0 : -1
    edges.append(
      Edge(
        from: from, to: to,
        controls: (
          Point(x: a.x + direction * run, y: a.y + side * rise), Point(x: b.x - direction * run, y: b.y + side * rise)
        ), isMarked: isMarked))
  }

  /// Puts a figure on an edge, above the middle of its curve.
  mutating func labelMiddle(_ edge: Int, _ label: String) {
    let (a, b) = (nodes[edges[edge].from].centre, nodes[edges[edge].to].centre)
    let middle = Self.point(a, edges[edge].controls.0, edges[edge].controls.1, b, 0.5)
    edges[edge].label = (label, middle + Point(x: 0, y: 8))
  }

  private func isClear(_ from: Int, _ to: Int, _ controls: (Point, Point)) -> Bool {
    let (a, b) = (nodes[from].centre, nodes[to].centre)
    let samples = 40
    let curve = (1..<samples).map { Self.point(a, controls.0, controls.1, b, Double($0) / Double(samples)) }
    return nodes.indices.allSatisfy { other in
      other == from || other == to || curve.allSatisfy { ($0 - nodes[other].centre).length > nodes[other].radius + 4 }
    }
  }

  static func point(_ a: Point, _ c: Point, _ d: Point, _ b: Point, _ t: Double) -> Point {
    let s = 1 - t
    return (s * s * s) * a + (3 * s * s * t) * c + (3 * s * t * t) * d + (t * t * t) * b
  }

  /// The picture as a DOT file, places in points. The engine `nop2` takes them as they are.
  var dot: String {
    var lines = [
      "digraph {",
      "  graph [layout=nop2, bgcolor=white, outputorder=nodesfirst, pad=0.1]",
      "  node [shape=circle, fixedsize=true, fontname=\"Times-Italic\", fontsize=15, style=filled, fillcolor=white, "
        + "penwidth=0.9]",
      "  edge [arrowsize=0.65, penwidth=0.8, fontname=\"Times-Italic\", fontsize=12]",
    ]
    for (number, plate) in plates.enumerated() {
      let (low, high) = (plate.low, plate.high)
      lines.append(
        "  plate\(number) [shape=box, style=rounded, pos=\"\(Self.text(0.5 * (low + high)))\", "
          + "width=\(Self.text((high.x - low.x) / 72)), height=\(Self.text((high.y - low.y) / 72)), "
          + "label=\"\(plate.label)\\r\", labelloc=b, fontsize=14]")
    }
    for node in nodes {
      var attributes = ["pos=\"\(Self.text(node.centre))\"", "label=\(node.label.dot)"]
      // A second ring is four points wider.
      let isDouble = node.kind == .deterministic
      let width = 2 * (node.radius - (isDouble ? 4 : 0))
      attributes.append("width=\(Self.text(width / 72))")
      if isDouble { attributes.append("peripheries=2") }
      if node.label.letter.count > 3 { attributes.append("fontsize=\(node.label.letter.count > 5 ? 10 : 12)") }
      if node.kind == .constant { attributes.append("shape=plaintext, style=\"\"") }
      if node.isShaded { attributes.append("fillcolor=\"#d4d4d4\"") }
      lines.append("  \(Self.quoted(node.id)) [\(attributes.joined(separator: ", "))]")
    }
    for edge in edges {
      var attributes = ["pos=\"\(path(edge))\""]
      if let label = edge.label {
        attributes.append("label=\(Self.quoted(label.text)), lp=\"\(Self.text(label.place))\"")
      }
      if edge.isMarked { attributes.append("color=\"#d55e00\", penwidth=1.8") }
      attributes += edge.pen.attributes
      lines.append(
        "  \(Self.quoted(nodes[edge.from].id)) -> \(Self.quoted(nodes[edge.to].id)) "
          + "[\(attributes.joined(separator: ", "))]")
    }
    return (lines + legendLines).joined(separator: "\n") + "\n}\n"
  }

  /// The legend, below everything else.
  private var legendLines: [String] {
    guard !legend.isEmpty else { return [] }
    let (left, bottom) = (nodes.map(\.centre.x).min() ?? 0, nodes.map(\.centre.y).min() ?? 0)
    let lowest = edges.flatMap { [$0.controls.0.y, $0.controls.1.y] }.reduce(bottom) { min($0, (3 * $1 + bottom) / 4) }
    let width = 7 * (legend.map(\.text.count).max() ?? 0)
    return legend.enumerated().flatMap { number, line in
      let y = min(lowest, bottom - Self.radius) - 26 - 17 * Double(number)
      let start = left - Self.radius + (line.pen == nil ? 0 : 34)
      // A cell as wide as the longest line puts the text at its left edge.
      let text =
        "  legend\(number) [shape=plaintext, style=\"\", label=<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"0\">"
        + "<TR><TD ALIGN=\"LEFT\" WIDTH=\"\(width)\"><FONT FACE=\"Times-Roman\" POINT-SIZE=\"12\">"
        + "\(Self.escaped(line.text))</FONT></TD></TR></TABLE>>, "
        + "pos=\"\(Self.text(Point(x: start + Double(width) / 2, y: y)))\", "
        + "width=\(Self.text(Double(width) / 72)), height=0.2]"
      guard let pen = line.pen else { return [text] }
      let ends = [left - Self.radius, left - Self.radius + 28]
      let points = ends.indices.map { end in
        "  legend\(number)\(end) [shape=point, style=invis, width=0.01, pos=\"\(Self.text(Point(x: ends[end], y: y)))\"]"
      }
      let third = (ends[1] - ends[0]) / 3
      let path = (0...3).map { Self.text(Point(x: ends[0] + Double($0) * third, y: y)) }.joined(separator: " ")
      let edge =
        "  legend\(number)0 -> legend\(number)1 ["
        + (["pos=\"\(path)\", arrowhead=none"] + pen.attributes).joined(separator: ", ") + "]"
      return [text] + points + [edge]
    }
  }

  /// The part of the curve between the circles, as Graphviz writes splines: the arrow's tip, then the curve up to where
  /// the arrow begins.
  private func path(_ edge: Edge) -> String {
    let (tip, points) = curve(of: edge)
    return "e,\(Self.text(tip)) " + points.map(Self.text).joined(separator: " ")
  }

  /// The arrow's tip, and the four points of the curve between the circles, up to where the arrow begins.
  func curve(of edge: Edge) -> (tip: Point, points: [Point]) {
    let (a, b) = (nodes[edge.from].centre, nodes[edge.to].centre)
    let (c, d) = edge.controls
    func curve(_ t: Double) -> Point { Self.point(a, c, d, b, t) }
    /// Where the curve comes to a distance from a centre, by halving.
    func crossing(_ centre: Point, _ distance: Double, fromStart: Bool) -> Double {
      var (near, far) = (0.0, 0.5)
      for _ in 0..<40 {
        let middle = (near + far) / 2
        let isInside = (curve(fromStart ? middle : 1 - middle) - centre).length < distance
        if isInside { near = middle } else { far = middle }
      }
      return fromStart ? near : 1 - near
    }
    let arrow = 6.5
    let start = crossing(a, nodes[edge.from].radius, fromStart: true)
    let end = crossing(b, nodes[edge.to].radius + arrow, fromStart: false)
    let tip = curve(crossing(b, nodes[edge.to].radius + 0.5, fromStart: false))
    // The piece from `start` to `end`, by the derivative at its ends.
    func derivative(_ t: Double) -> Point {
      let s = 1 - t
      return (3 * s * s) * (c - a) + (6 * s * t) * (d - c) + (3 * t * t) * (b - d)
    }
    let third = (end - start) / 3
    let points = [
      curve(start), curve(start) + third * derivative(start), curve(end) - third * derivative(end), curve(end),
    ]
    return (tip, points)
  }

  static func text(_ point: Point) -> String { "\(text(point.x)),\(text(point.y))" }

  /// To a hundredth.
  static func text(_ number: Double) -> String {
    let hundredths = Int((number * 100).rounded())
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
    return (hundredths < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : rest < 10 ? ".0\(rest)" : ".\(rest)")
  }

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
