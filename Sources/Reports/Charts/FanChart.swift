import Experiments
import Inference

/// A forecast of one component: its beginning, bands between quantiles, the median, and what came.
struct FanChart {
  let forecast: HeldOutForecast
  let component: Int
  /// The component's name.
  let name: String
  let style: SeriesStyle

  /// The share of draws that must not have ended, so that quantiles are drawn.
  private static let leastShare = 0.1

  private var steps: [Forecast.Step] {
    forecast.forecast.steps.filter { Double($0.draws) >= Self.leastShare * Double(forecast.draws) }
  }

  func canvas(width: Double = 400, height: Double = 260) -> Canvas {
    var canvas = Canvas(width: width, height: height)
    let first = forecast.start - forecast.beginning.count
    let known = (forecast.beginning + forecast.rest).enumerated().map { index, element in
      (x: Double(first + index + 1), y: element[component])
    }
    let quantiles = steps.flatMap { $0.quantiles[component] }
    let frame = Frame(
      &canvas,
      x: .init(title: "step", values: known.map(\.x) + steps.map { Double($0.time) }, isWhole: true, margin: 0.01),
      y: .init(title: name, values: known.map(\.y) + quantiles))
    if let first = steps.first {
      for (low, high) in [(0, opposite(0)), (1, opposite(1))] {
        canvas.path(band(low, high, frame), "band \(style.name)")
      }
      canvas.path(line(steps.map { (Double($0.time), $0.quantiles[component][2]) }, frame), style.line, hint: "median")
      if steps.count == 1 { mark(Double(first.time), first.quantiles[component], on: &canvas, frame) }
    }
    canvas.path(line(known, frame), "line data", hint: "data")
    if let x = frame.x.position(Double(forecast.start) + 0.5) {
      canvas.line(x, frame.top, x, frame.bottom, "reference")
    }
    return canvas
  }

  /// The index of the quantile on the other side.
  private func opposite(_ low: Int) -> Int { Forecast.fractions.count - 1 - low }

  /// The one step of a forecast: bands of no width are not seen.
  private func mark(_ x: Double, _ quantiles: [Double], on canvas: inout Canvas, _ frame: Frame) {
    guard let low = frame.place(x, quantiles[0]), let high = frame.place(x, quantiles[opposite(0)]) else { return }
    canvas.line(low.x, low.y, high.x, high.y, "whisker \(style.name)")
    if let middle = frame.place(x, quantiles[2]) {
      canvas.path(style.marker.path(middle.x, middle.y, 3.6), "mark \(style.name)")
    }
  }

  private func line(_ points: [(x: Double, y: Double)], _ frame: Frame) -> String {
    var (path, isDrawn) = ("", false)
    for point in points {
      guard let place = frame.place(point.x, point.y) else {
        isDrawn = false
        continue
      }
      path += "\(isDrawn ? "L" : "M")\(Canvas.number(place.x)) \(Canvas.number(place.y))"
      isDrawn = true
    }
    return path
  }

  /// The area between two quantiles.
  private func band(_ low: Int, _ high: Int, _ frame: Frame) -> String {
    let upper = steps.compactMap { frame.place(Double($0.time), $0.quantiles[component][high]) }
    let lower = steps.compactMap { frame.place(Double($0.time), $0.quantiles[component][low]) }
    if upper.count < 2 { return "" }
    let places = upper + lower.reversed()
    return places.enumerated().map {
      "\($0.offset == 0 ? "M" : "L")\(Canvas.number($0.element.x)) \(Canvas.number($0.element.y))"
    }.joined() + "z"
  }

  /// A row a step of the forecast.
  var table: DataTable {
    DataTable(
      head: ["step", "data"] + Forecast.fractions.map { "\(Int(($0 * 100).rounded()))\u{A0}%" } + ["samples"],
      rows: steps.prefix(60).map { step in
        let index = step.time - 1 - forecast.start
        let came = forecast.rest.indices.contains(index) ? Numbers.significant(forecast.rest[index][component]) : "–"
        return ["\(step.time)", came] + step.quantiles[component].map { Numbers.significant($0) } + ["\(step.draws)"]
      })
  }
}
