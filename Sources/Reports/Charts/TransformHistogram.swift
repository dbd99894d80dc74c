import Inference

/// The histogram of a probability integral transform, as a density, with the one that it has if the model is true.
struct TransformHistogram {
  let component: ProbabilityTransform.Component
  let style: SeriesStyle

  private var total: Double { Double(component.histogram.reduce(0, +)) }
  private var cells: Double { Double(component.histogram.count) }

  /// Densities, and the half of the 95 % interval of each part of as many uniform numbers.
  private var densities: [Double] { component.histogram.map { Double($0) * cells / max(total, 1) } }
  private var halfWidth: Double { 1.96 * ((cells - 1) / max(total, 1)).squareRoot() }

  func canvas(width: Double = 310, height: Double = 210) -> Canvas {
    var canvas = Canvas(width: width, height: height)
    let frame = Frame(
      &canvas, x: .init(title: "u", values: [0, 1], margin: 0.01),
      y: .init(title: "density", values: densities + [1 + min(halfWidth, 2)], fromZero: true))
    let n = Canvas.number
    if let low = frame.place(0, max(1 - halfWidth, 0)), let high = frame.place(1, 1 + min(halfWidth, 2)) {
      canvas.path("M\(n(low.x)) \(n(high.y))H\(n(high.x))V\(n(low.y))H\(n(low.x))z", "band data")
    }
    for (cell, density) in densities.enumerated() {
      guard let from = frame.place(Double(cell) / cells, density), let to = frame.place(Double(cell + 1) / cells, 0)
      else { continue }
      canvas.path(
        "M\(n(from.x)) \(n(from.y))H\(n(to.x - 0.6))V\(n(to.y))H\(n(from.x))z", "bar \(style.name)",
        hint: "\(Numbers.decimal(Double(cell) / cells, 2)) to \(Numbers.decimal(Double(cell + 1) / cells, 2)): "
          + Numbers.count(component.histogram[cell]))
    }
    if let low = frame.place(0, 1), let high = frame.place(1, 1) {
      canvas.line(low.x, low.y, high.x, high.y, "reference")
    }
    return canvas
  }

  var table: DataTable {
    DataTable(
      head: ["u", "numbers", "density"],
      rows: component.histogram.indices.map { cell in
        [
          "\(Numbers.decimal(Double(cell) / cells, 2))–\(Numbers.decimal(Double(cell + 1) / cells, 2))",
          Numbers.count(component.histogram[cell]), Numbers.decimal(densities[cell], 3),
        ]
      })
  }
}
