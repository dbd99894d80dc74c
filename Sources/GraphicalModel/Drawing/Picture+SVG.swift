/// A drawing in SVG without its outermost element: lines in `currentColor`, so that a page's theme colours it.
public struct GraphDrawing: Sendable, Hashable {
  /// The width, in points.
  public let width: Double
  /// The height, in points.
  public let height: Double
  /// The elements within `0 0 width height`.
  public let elements: String
}

extension DirectedTemplate {
  /// The template as an SVG drawing, on a plate of T steps as `dot()` has it.
  /// - Throws: `GraphError`, where the template is none.
  public func drawing() throws -> GraphDrawing { try picture().drawing }
}

extension UnrolledGraph {
  /// The graph as an SVG drawing, with places as `dot()` has them.
  /// - Throws: `GraphError.tooLarge`.
  public func svgDrawing() throws -> GraphDrawing { try picture().drawing }
}

extension Picture {
  /// The picture in SVG, with y from top to bottom. Its legend is left out.
  var drawing: GraphDrawing {
    let (low, high) = bounds
    func place(_ point: Point) -> Point { Point(x: point.x - low.x, y: high.y - point.y) }
    var elements: [String] = []
    for plate in plates {
      let corner = place(Point(x: plate.low.x, y: plate.high.y))
      elements.append(
        "<rect x=\"\(Self.text(corner.x))\" y=\"\(Self.text(corner.y))\" width=\"\(Self.text(plate.high.x - plate.low.x))\" "
          + "height=\"\(Self.text(plate.high.y - plate.low.y))\" rx=\"8\" fill=\"none\" stroke=\"currentColor\" "
          + "stroke-width=\"0.9\"/>")
      let label = place(Point(x: plate.high.x - 8, y: plate.low.y + 7))
      elements.append(Self.svgText(Self.escaped(plate.label), at: label, size: 13, anchor: "end"))
    }
    for node in nodes { elements += svg(node, at: place(node.centre)) }
    for edge in edges { elements += svg(edge, place) }
    return GraphDrawing(width: high.x - low.x, height: high.y - low.y, elements: elements.joined(separator: "\n"))
  }

  /// The corners of a box around everything, with a margin.
  private var bounds: (low: Point, high: Point) {
    var points = nodes.flatMap { node -> [Point] in
      let reach = Point(x: node.radius, y: node.radius)
      return [node.centre - reach, node.centre + reach]
    }
    points += plates.flatMap { [$0.low, $0.high] }
    for edge in edges {
      let (tip, curve) = curve(of: edge)
      points.append(tip)
      // A curve stays within the hull of its points, and well within it.
      points += stride(from: 0, through: 1, by: 0.125).map {
        Self.point(curve[0], curve[1], curve[2], curve[3], $0)
      }
      if let label = edge.label {
        let half = Point(x: 3.5 * Double(label.text.count) + 2, y: 9)
        points += [label.place - half, label.place + half]
      }
    }
    let margin = Point(x: 6, y: 6)
    let (xs, ys) = (points.map(\.x), points.map(\.y))
    return (
      Point(x: xs.min() ?? 0, y: ys.min() ?? 0) - margin, Point(x: xs.max() ?? 0, y: ys.max() ?? 0) + margin
    )
  }

  private func svg(_ node: Node, at centre: Point) -> [String] {
    var elements: [String] = []
    func circle(_ radius: Double, _ fill: String) -> String {
      "<circle cx=\"\(Self.text(centre.x))\" cy=\"\(Self.text(centre.y))\" r=\"\(Self.text(radius))\" \(fill) "
        + "stroke=\"currentColor\" stroke-width=\"0.9\"/>"
    }
    if node.kind != .constant {
      elements.append(
        circle(node.radius, node.isShaded ? "fill=\"currentColor\" fill-opacity=\"0.2\"" : "fill=\"none\""))
    }
    if node.kind == .deterministic { elements.append(circle(node.radius - 4, "fill=\"none\"")) }
    let size = node.label.letter.count > 5 ? 10.0 : node.label.letter.count > 3 ? 12 : 15
    elements.append(Self.svgText(node.label.svg, at: centre + Point(x: 0, y: 0.32 * size), size: size))
    return elements
  }

  private func svg(_ edge: Edge, _ place: (Point) -> Point) -> [String] {
    let (tip, curve) = curve(of: edge)
    let points = curve.map(place)
    let end = place(tip)
    let stroke = edge.isMarked ? "#d55e00" : "currentColor"
    let width = edge.isMarked ? 1.8 : 0.9
    let along = end - points[3]
    let aside = 0.42 * along.normal
    let head = [end, points[3] + aside, points[3] - aside].map(Self.text).joined(separator: " ")
    var elements = [
      "<path d=\"M\(Self.text(points[0]))C\(points.dropFirst().map(Self.text).joined(separator: " "))\" fill=\"none\" "
        + "stroke=\"\(stroke)\" stroke-width=\"\(Self.text(width))\"/>",
      "<polygon points=\"\(head)\" fill=\"\(stroke)\"/>",
    ]
    if let label = edge.label {
      elements.append(Self.svgText(Self.escaped(label.text), at: place(label.place) + Point(x: 0, y: 4), size: 12))
    }
    return elements
  }

  private static func svgText(_ markup: String, at place: Point, size: Double, anchor: String = "middle") -> String {
    "<text x=\"\(text(place.x))\" y=\"\(text(place.y))\" font-family=\"Times New Roman, Times, serif\" font-style=\"italic\" "
      + "font-size=\"\(text(size))\" text-anchor=\"\(anchor)\" fill=\"currentColor\">\(markup)</text>"
  }
}

extension Picture.Label {
  /// In SVG: the letter with small text raised or lowered behind it.
  fileprivate var svg: String {
    func small(_ text: String, shift: Double) -> String {
      "<tspan dy=\"\(Picture.text(shift))\" font-size=\"9\" font-style=\"normal\">\(Picture.escaped(text))</tspan>"
    }
    let (up, down) = (-6.0, 4.0)
    return Picture.escaped(letter) + (above.isEmpty ? "" : small(above, shift: up))
      + (below.isEmpty ? "" : small(below, shift: above.isEmpty ? down : down - up))
  }
}
