/// Lines over numbers, such as learning curves, hazards and reliability diagrams.
struct LineChart {
  /// One line. A point that cannot be drawn, such as an infinite one, interrupts it.
  struct Series {
    let name: String
    let style: SeriesStyle
    let points: [(x: Double, y: Double)]
    /// Half the height of the bars around the points, where they have one.
    var spreads: [Double?] = []
    /// Whether each value holds until the next point.
    var isStep = false
    var hasMarkers = false
    var isFaint = false
  }

  let x: String
  let y: String
  let series: [Series]
  var xIsLogarithmic = false
  /// Whether x are whole numbers, such as lengths.
  var xIsWhole = false
  var yIsLogarithmic = false
  var yFromZero = false
  /// Whether the line y = x is drawn.
  var hasDiagonal = false
  /// The decimals of the figures in the table beneath.
  var decimals = 4

  /// Points of a line beyond which some are left out of the drawing.
  private static let mostPoints = 300
  /// Rows of the table beneath a chart; of more, evenly spaced ones are listed.
  private static let mostRows = 60

  func canvas(width: Double = 400, height: Double = 280) -> Canvas {
    var canvas = Canvas(width: width, height: height)
    let points = series.flatMap(\.points)
    let bars = series.flatMap { line in
      zip(line.points, line.spreads).flatMap { point, spread in spread.map { [point.y - $0, point.y + $0] } ?? [] }
    }
    let diagonal = hasDiagonal ? points.flatMap { [$0.x, $0.y] } : []
    let frame = Frame(
      &canvas,
      x: .init(
        title: x, values: points.map(\.x) + diagonal, isLogarithmic: xIsLogarithmic, isWhole: xIsWhole,
        margin: series.contains { $0.hasMarkers } ? 0.05 : 0.01),
      y: .init(
        title: y, values: points.map(\.y) + bars + diagonal, isLogarithmic: yIsLogarithmic, fromZero: yFromZero))
    if hasDiagonal {
      let ends = [diagonal.filter { !xIsLogarithmic || $0 > 0 }.min(), diagonal.max()].compactMap { $0 }
      let places = ends.compactMap { frame.place($0, $0) }
      if places.count == 2 { canvas.line(places[0].x, places[0].y, places[1].x, places[1].y, "reference") }
    }
    for line in series { draw(line, on: &canvas, in: frame) }
    return canvas
  }

  private func draw(_ line: Series, on canvas: inout Canvas, in frame: Frame) {
    let every = max(1, line.points.count / Self.mostPoints)
    var path = ""
    var last: (x: Double, y: Double)?
    for (index, point) in line.points.enumerated() where index % every == 0 || index == line.points.count - 1 {
      guard let place = frame.place(point.x, point.y) else {
        last = nil
        continue
      }
      let (x, y) = (Canvas.number(place.x), Canvas.number(place.y))
      path += last == nil ? "M\(x) \(y)" : line.isStep ? "H\(x)V\(y)" : "L\(x) \(y)"
      last = place
    }
    canvas.path(path, line.style.line + (line.isFaint ? " faint" : ""), hint: line.name)
    for (point, spread) in zip(line.points, line.spreads) {
      guard let spread, let low = frame.place(point.x, point.y - spread),
        let high = frame.place(point.x, point.y + spread)
      else { continue }
      canvas.line(low.x, low.y, high.x, high.y, "whisker \(line.style.name)")
    }
    guard line.hasMarkers else { return }
    for point in line.points {
      guard let place = frame.place(point.x, point.y) else { continue }
      canvas.path(
        line.style.marker.path(place.x, place.y, 3.6), "mark \(line.style.name)",
        hint: "\(line.name): \(Numbers.significant(point.x)), \(Numbers.decimal(point.y, decimals))")
    }
  }

  /// The figures, a row a value of x.
  var table: DataTable {
    let all = Set(series.flatMap { $0.points.map(\.x) }).sorted()
    let every = max(1, (all.count + Self.mostRows - 1) / Self.mostRows)
    let values = series.map { Dictionary($0.points.map { ($0.x, $0.y) }) { first, _ in first } }
    return DataTable(
      head: [x] + series.map(\.name),
      rows: all.enumerated().filter { $0.offset % every == 0 }.map { _, x in
        [Self.label(x)] + values.map { $0[x].map { Self.cell($0, decimals) } ?? "–" }
      })
  }

  private static func label(_ x: Double) -> String {
    x == x.rounded() && abs(x) < 1e12 ? Numbers.count(Int(x)) : Numbers.significant(x)
  }

  private static func cell(_ y: Double, _ decimals: Int) -> String {
    y.isNaN ? "–" : Numbers.decimal(y, decimals)
  }
}
