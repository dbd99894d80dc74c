/// Sequences of vectors of numbers, a panel each below one another, a line a component, all on the same axes.
struct SmallMultiples {
  /// The components that are drawn, by name.
  let names: [String]
  /// Of each sequence its elements, of the drawn components alone.
  let sequences: [[[Double]]]
  /// Where the vertical axis ends; what lies beyond is drawn at its edge.
  let range: ClosedRange<Double>
  /// The steps that the horizontal axis has room for.
  let steps: Int
  /// How each component is drawn.
  let styles: [SeriesStyle]
  /// The title of the vertical axis.
  let axis: String

  private static let panelHeight = 96.0
  private static let mostRows = 60

  func canvas(width: Double = 400) -> Canvas {
    let gap = 12.0
    var canvas = Canvas(
      width: width, height: Double(sequences.count) * (Self.panelHeight + gap) - gap + 52)
    let y = Scale(of: [range.lowerBound, range.upperBound], from: Self.panelHeight, to: 0, margin: 0.04)
    let ticks = y.ticks(3)
    let left = 28 + (ticks.map { Canvas.width($0.label) }.max() ?? 0)
    let right = width - 10
    let x = Scale(
      of: [1, Double(max(steps, 2))], from: left, to: right, isWhole: true, margin: steps > 1 ? 0.01 : 0.05)
    for (number, sequence) in sequences.enumerated() {
      let top = 8 + Double(number) * (Self.panelHeight + gap)
      for tick in ticks {
        canvas.line(left, top + tick.position, right, top + tick.position, "grid")
        canvas.text(tick.label, left - 6, top + tick.position + 4, anchor: .end)
      }
      let bottom = top + Self.panelHeight
      canvas.line(left, bottom, right, bottom, "axis")
      if sequence.isEmpty { canvas.text("(empty)", left + 6, top + 16) }
      for component in names.indices { draw(sequence, component, on: &canvas, x, y, top: top) }
    }
    let bottom = canvas.height - 44
    for tick in x.ticks(5) {
      canvas.line(tick.position, bottom, tick.position, bottom + 4, "axis")
      let half = Canvas.width(tick.label) / 2
      canvas.text(tick.label, min(tick.position, width - half), bottom + 17, anchor: .middle)
    }
    canvas.text("step", (left + right) / 2, canvas.height - 8, "label", anchor: .middle)
    canvas.text(axis, 13, (8 + bottom) / 2, "label", anchor: .middle, isUpright: true)
    return canvas
  }

  private func draw(
    _ sequence: [[Double]], _ component: Int, on canvas: inout Canvas, _ x: Scale, _ y: Scale, top: Double
  ) {
    let style = styles[component]
    let places = sequence.prefix(steps).enumerated().compactMap { step, element -> (x: Double, y: Double)? in
      let value = min(max(element[component], range.lowerBound), range.upperBound)
      guard let x = x.position(Double(step + 1)), let y = y.position(value) else { return nil }
      return (x, top + y)
    }
    if places.count == 1, let place = places.first {
      canvas.path(style.marker.path(place.x, place.y, 3.2), "mark \(style.name)", hint: names[component])
      return
    }
    let path = places.enumerated().map { number, place in
      "\(number == 0 ? "M" : "L")\(Canvas.number(place.x)) \(Canvas.number(place.y))"
    }
    canvas.path(path.joined(), style.line, hint: names[component])
  }

  /// The numbers, a row a step.
  var table: DataTable {
    let rows = sequences.enumerated().flatMap { number, sequence in
      sequence.prefix(steps).enumerated().map { step, element in
        ["\(number + 1)", "\(step + 1)"] + element.map { Numbers.significant($0) }
      }
    }
    return DataTable(head: ["sequence", "step"] + names, rows: Array(rows.prefix(Self.mostRows)))
  }
}
