/// The axes of a chart: a plotting area with grid lines, ticks and titles around it.
struct Frame {
  let x: Scale
  let y: Scale
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double

  /// An axis before it has its place.
  struct Axis {
    let title: String
    let values: [Double]
    var isLogarithmic = false
    var fromZero = false
    var isWhole = false
    var margin = 0.05
  }

  /// Draws the axes.
  init(_ canvas: inout Canvas, x: Axis, y: Axis) {
    bottom = canvas.height - 40
    top = 10
    right = canvas.width - 12
    self.y = Scale(
      of: y.values, from: bottom, to: top, isLogarithmic: y.isLogarithmic, fromZero: y.fromZero, margin: y.margin)
    let ticks = self.y.ticks(max(3, Int((bottom - top) / 48)))
    left = 26 + (ticks.map { Canvas.width($0.label) }.max() ?? 0)
    self.x = Scale(
      of: x.values, from: left, to: right, isLogarithmic: x.isLogarithmic, fromZero: x.fromZero, isWhole: x.isWhole,
      margin: x.margin)
    for tick in ticks {
      canvas.line(left, tick.position, right, tick.position, "grid")
      canvas.text(tick.label, left - 6, tick.position + 4, anchor: .end)
    }
    var last = -Double.infinity
    for tick in self.x.ticks(max(3, Int((right - left) / 60))) {
      canvas.line(tick.position, bottom, tick.position, bottom + 4, "axis")
      // Labels that would touch are left out.
      let half = Canvas.width(tick.label) / 2
      guard tick.position - half > last + 4 else { continue }
      canvas.text(tick.label, min(tick.position, canvas.width - half), bottom + 17, anchor: .middle)
      last = tick.position + half
    }
    canvas.line(left, bottom, right, bottom, "axis")
    canvas.text(x.title, (left + right) / 2, canvas.height - 6, "label", anchor: .middle)
    canvas.text(y.title, 13, (top + bottom) / 2, "label", anchor: .middle, isUpright: true)
  }

  /// Where a point is drawn; `nil` where it cannot be.
  func place(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    guard let x = self.x.position(x), let y = self.y.position(y) else { return nil }
    return (x, y)
  }
}
