/// An index plot: a line a sequence, a cell a position, coloured by symbol (Scherer 2001; Gabadinho et al. 2011).
struct IndexPlot {
  /// The colours of the symbols: `SymbolColours.count` is that of all others.
  let colours: SymbolColours
  let sequences: [[Int]]
  /// Positions that are drawn.
  let positions: Int
  /// What the sequences are, as the title of the y axis.
  let title: String

  func canvas(width: Double = 310, height: Double = 240) -> Canvas {
    var canvas = Canvas(width: width, height: height)
    let (left, right, top, bottom) = (26.0, width - 8, 6.0, height - 40)
    let column = (right - left) / Double(max(positions, 1))
    // Few sequences are not drawn as broad bars.
    let row = min((bottom - top) / Double(max(sequences.count, 1)), 14)
    var paths = [String](repeating: "", count: SymbolColours.count + 1)
    for (number, sequence) in sequences.enumerated() {
      let y = top + Double(number) * row
      let shown = sequence.prefix(positions)
      var start = 0
      while start < shown.count {
        let colour = colours.number(of: shown[start])
        var end = start + 1
        while end < shown.count, colours.number(of: shown[end]) == colour { end += 1 }
        let (from, to) = (left + Double(start) * column, left + Double(end) * column)
        let gap = column > 4 ? 0.4 : 0
        paths[colour] +=
          "M\(Canvas.number(from)) \(Canvas.number(y))h\(Canvas.number(to - from - gap))v\(Canvas.number(max(row - (row > 3 ? 0.6 : 0), 0.5)))h\(Canvas.number(from - to + gap))z"
        start = end
      }
    }
    for (colour, path) in paths.enumerated() { canvas.path(path, "y\(colour + 1)") }
    let scale = Scale(of: [0.5, Double(positions) + 0.5], from: left, to: right, margin: 0)
    PositionAxis.draw(scale, positions, on: &canvas, left: left, right: right, bottom: bottom)
    canvas.text(title, 15, (top + bottom) / 2, "label", anchor: .middle, isUpright: true)
    return canvas
  }
}

/// The axis of positions 1, 2, …
enum PositionAxis {
  static func draw(
    _ scale: Scale, _ positions: Int, on canvas: inout Canvas, left: Double, right: Double, bottom: Double
  ) {
    canvas.line(left, bottom, right, bottom, "axis")
    let every = [1, 2, 5, 10, 20, 50, 100].first { positions / $0 <= 8 } ?? 200
    for position in 1...max(positions, 1) where position == 1 && every <= 2 || position % every == 0 {
      guard let x = scale.position(Double(position)) else { continue }
      canvas.line(x, bottom, x, bottom + 4, "axis")
      canvas.text("\(position)", x, bottom + 17, anchor: .middle)
    }
    canvas.text("position", (left + right) / 2, canvas.height - 6, "label", anchor: .middle)
  }
}
