import Sequences

/// A drawing in SVG, element by element, with y from top to bottom. Colours come from the page's style sheet, by class.
struct Canvas {
  let width: Double
  let height: Double
  private(set) var elements = ""

  init(width: Double, height: Double) { (self.width, self.height) = (width, height) }

  /// Where a text is aligned.
  enum Anchor: String { case start, middle, end }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    path("M\(Self.number(x1)) \(Self.number(y1))L\(Self.number(x2)) \(Self.number(y2))", style)
  }

  /// - Parameter hint: shown where a pointer rests on the path.
  mutating func path(_ data: String, _ style: String, hint: String? = nil) {
    if data.isEmpty { return }
    let opening = "<path class=\"\(style)\" d=\"\(data)\""
    elements += hint.map { opening + "><title>\(Markup.escaped($0))</title></path>" } ?? opening + "/>"
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ style: String = "tick", anchor: Anchor = .start, isUpright: Bool = false
  ) {
    let turn = isUpright ? " transform=\"rotate(-90 \(Self.number(x)) \(Self.number(y)))\"" : ""
    elements +=
      "<text class=\"\(style)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor.rawValue)\"\(turn)>"
      + "\(Markup.escaped(text))</text>"
  }

  /// Elements that are there already, moved to a place.
  mutating func add(_ markup: String, x: Double, y: Double) {
    elements += "<g transform=\"translate(\(Self.number(x)) \(Self.number(y)))\">\(markup)</g>"
  }

  /// A coordinate to a tenth, as short as it can be written; the edge of the world where it is not finite.
  static func number(_ value: Double) -> String {
    let tenths = Int(min(max(value.isNaN ? 0 : value, -1e6), 1e6) * 10 + (value < 0 ? -0.5 : 0.5))
    let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
    return (tenths < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : ".\(rest)")
  }

  /// The width of a text of the style sheet's size for ticks.
  static func width(_ text: String) -> Double { 6.3 * Double(text.count) }
}

/// Text within markup.
enum Markup {
  /// Text that may be copied from the page: lines and backslashes are as they were, and what is invisible is written by
  /// number.
  static func verbatim(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.split(separator: "\\", omittingEmptySubsequences: false).map { VisibleText.text(String($0)) }
        .joined(separator: "\\")
    }.joined(separator: "\n")
  }

  /// The text with what HTML and XML give a meaning written by name, scalar by scalar: a combining mark behind a `<` does
  /// not hide it.
  static func escaped(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
      case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
      case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
      case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
      case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }
}
