import Foundation

/// Parameters against nats: a point a model, those on the Pareto front joined.
struct ParetoChart {
  struct Point {
    let name: String
    /// To base 10.
    let logParameters: Double
    let nats: Double
    /// The interval of the difference to the chosen model, at that model's nats.
    let interval: ClosedRange<Double>?
    let isOnFront: Bool
    let isChosen: Bool
    let style: SeriesStyle
    let marker: Marker
  }

  let points: [Point]
  /// What the nats are a part of: nats/event.
  let unit: String

  /// A bound far above most values; `nil` where none is far from the others. A few models with astronomic numbers of
  /// parameters would press all others into a corner.
  static func bound(_ values: [Double], least: Double) -> Double? {
    let sorted = values.filter(\.isFinite).sorted()
    guard sorted.count > 3, let first = sorted.first, let last = sorted.last else { return nil }
    let usual = first + 2.2 * max(sorted[(sorted.count - 1) * 3 / 4] - first, least)
    return last > usual + 0.6 * (usual - first) ? usual : nil
  }

  func canvas(width: Double, height: Double) -> Canvas {
    var canvas = Canvas(width: width, height: height)
    let drawn = points.filter { $0.nats.isFinite && $0.logParameters.isFinite }
    let most = Self.bound(drawn.map(\.logParameters), least: 1) ?? .infinity
    let worst = Self.bound(drawn.map(\.nats), least: 0.01) ?? .infinity
    let inside = drawn.filter { $0.logParameters <= most && $0.nats <= worst }
    // Powers beyond 10^300 are no numbers; within the bound there may be some all the same.
    func parameters(_ point: Point) -> Double { pow(10, min(max(min(point.logParameters, most), 0), 300)) }
    let bars = inside.flatMap { point in point.interval.map { [$0.lowerBound, min($0.upperBound, worst)] } ?? [] }
    let frame = Frame(
      &canvas,
      x: .init(title: "free parameters", values: drawn.map(parameters), isLogarithmic: true, margin: 0.07),
      y: .init(
        title: "test \(unit)", values: inside.map(\.nats) + bars + (worst.isFinite ? [worst] : []), margin: 0.07))
    var places: [(point: Point, x: Double, y: Double, isBeyond: Bool)] = []
    for point in drawn {
      guard let place = frame.place(parameters(point), min(point.nats, worst)) else { continue }
      places.append((point, place.x, place.y, point.nats > worst || point.logParameters > most))
    }
    let front = places.filter { $0.point.isOnFront && !$0.isBeyond }.sorted { $0.x < $1.x }
    canvas.path(
      front.enumerated().map {
        "\($0.offset == 0 ? "M" : "L")\(Canvas.number($0.element.x)) \(Canvas.number($0.element.y))"
      }
      .joined(), "front")
    for place in places where !place.isBeyond {
      guard let interval = place.point.interval,
        let low = frame.y.position(interval.lowerBound), let high = frame.y.position(min(interval.upperBound, worst))
      else { continue }
      canvas.line(place.x, low, place.x, high, "whisker \(place.point.style.name)")
    }
    for place in places {
      canvas.path(
        place.point.marker.path(place.x, place.y, place.point.isOnFront ? 5.5 : 4),
        (place.isBeyond ? "hollow " : "mark ") + place.point.style.name, hint: hint(place.point))
    }
    label(places, on: &canvas, within: frame)
    return canvas
  }

  private func hint(_ point: Point) -> String {
    "\(point.name): 10^\(Numbers.decimal(point.logParameters, 1)) parameters, \(Numbers.decimal(point.nats, 4)) \(unit)"
  }

  /// Names beside the points: the chosen one first, then the front, then others as far as there is room.
  private func label(
    _ places: [(point: Point, x: Double, y: Double, isBeyond: Bool)], on canvas: inout Canvas, within frame: Frame
  ) {
    var taken: [(x: ClosedRange<Double>, y: ClosedRange<Double>)] = places.map {
      (($0.x - 5)...($0.x + 5), ($0.y - 5)...($0.y + 5))
    }
    func rank(_ point: Point) -> Int { point.isChosen ? 0 : point.isOnFront ? 1 : 2 }
    let order = places.indices.sorted { (rank(places[$0].point), $0) < (rank(places[$1].point), $1) }
    // On a narrow drawing names of all points would hide them.
    let named = canvas.width < 600 ? order.filter { rank(places[$0].point) < 2 } : order
    for index in named {
      let place = places[index]
      let name = place.point.name + (place.isBeyond ? " (far beyond)" : "")
      let width = Canvas.width(name)
      for (dx, dy, anchor) in [
        (9.0, 4.0, Canvas.Anchor.start), (-9, 4, .end), (7, -8, .start), (-7, -8, .end), (7, 16, .start),
        (-7, 16, .end),
        (0, -10, .middle), (0, 20, .middle),
      ] {
        let start = place.x + dx - (anchor == .end ? width : anchor == .middle ? width / 2 : 0)
        let (xs, ys) = (start...(start + width), (place.y + dy - 10)...(place.y + dy + 2))
        guard start > frame.left, start + width < canvas.width - 2, ys.lowerBound > 0, ys.upperBound < frame.bottom,
          !taken.contains(where: { $0.x.overlaps(xs) && $0.y.overlaps(ys) })
        else { continue }
        canvas.text(
          name, place.x + dx, place.y + dy, place.point.isChosen ? "tick name-tag strong" : "tick name-tag",
          anchor: anchor)
        taken.append((xs, ys))
        break
      }
    }
  }
}
