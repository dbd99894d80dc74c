/// How a series is drawn, the same in all charts of a page: a colour, a marker and a dash, so that none rests on colour alone.
enum SeriesStyle: Hashable {
  /// What the models are held against.
  case data
  /// A model, by its number among those that are drawn.
  case model(Int)

  /// The number of colours.
  static let count = 8

  /// The class in the style sheet, which sets the colour.
  var name: String {
    switch self {
    case .data: "data"
    case .model(let number): "s\(number % Self.count + 1)"
    }
  }

  /// The class of its lines; the later four models are dashed.
  var line: String {
    switch self {
    case .data: "line data"
    case .model(let number): number % Self.count < 4 ? "line \(name)" : "line dash \(name)"
    }
  }

  var marker: Marker {
    switch self {
    case .data: .bar
    case .model(let number): [.circle, .square, .triangle, .diamond][number % 4]
    }
  }

  /// A sample for a legend, in a box of 26 by 12.
  func key(hasLine: Bool = true) -> String {
    var canvas = Canvas(width: 26, height: 12)
    if hasLine { canvas.line(0, 6, 26, 6, line) }
    if self != .data || !hasLine { canvas.path(marker.path(13, 6, 4), "mark \(name)") }
    return canvas.elements
  }
}

/// The shape of a point.
enum Marker {
  case circle, square, triangle, diamond, bar

  /// The outline around a place.
  func path(_ x: Double, _ y: Double, _ radius: Double) -> String {
    let (n, r) = (Canvas.number, radius)
    switch self {
    case .circle:
      return "M\(n(x - r)) \(n(y))a\(n(r)) \(n(r)) 0 1 0 \(n(2 * r)) 0a\(n(r)) \(n(r)) 0 1 0 \(n(-2 * r)) 0z"
    case .square: return "M\(n(x - 0.9 * r)) \(n(y - 0.9 * r))h\(n(1.8 * r))v\(n(1.8 * r))h\(n(-1.8 * r))z"
    case .triangle: return "M\(n(x)) \(n(y - 1.1 * r))l\(n(1.1 * r)) \(n(2 * r))h\(n(-2.2 * r))z"
    case .diamond:
      return
        "M\(n(x)) \(n(y - 1.3 * r))l\(n(1.1 * r)) \(n(1.3 * r))l\(n(-1.1 * r)) \(n(1.3 * r))l\(n(-1.1 * r)) \(n(-1.3 * r))z"
    case .bar: return "M\(n(x - 1.5)) \(n(y - 1.4 * r))h3v\(n(2.8 * r))h-3z"
    }
  }
}
