/// Figures of several series for each of some groups: a row a group, a point a series.
struct DotPlot {
  /// A series: a figure for each group, where there is one, with an interval where that is known.
  struct Series {
    let name: String
    let style: SeriesStyle
    let values: [Double?]
    var intervals: [ClosedRange<Double>?] = []
  }

  /// What the figures are.
  let axis: String
  /// The groups' heading and names.
  let heading: String
  let groups: [String]
  let series: [Series]
  var fromZero = false
  var decimals = 4

  private static let longestName = 18

  func canvas(width: Double = 400) -> Canvas {
    let pitch = 22.0
    var canvas = Canvas(width: width, height: pitch * Double(groups.count) + 50)
    let names = groups.map { $0.count > Self.longestName ? $0.prefix(Self.longestName - 1) + "…" : $0 }
    let left = 12 + min((names.map(Canvas.width).max() ?? 0) + 4, width * 0.4)
    let (right, top) = (width - 12, 6.0)
    let bottom = top + pitch * Double(groups.count)
    let values = series.flatMap { line in
      line.values.compactMap { $0 } + line.intervals.compactMap { $0 }.flatMap { [$0.lowerBound, $0.upperBound] }
    }
    let scale = Scale(of: values, from: left, to: right, fromZero: fromZero)
    for tick in scale.ticks(max(3, Int((right - left) / 70))) {
      canvas.line(tick.position, top, tick.position, bottom, "grid")
      canvas.text(tick.label, min(tick.position, width - Canvas.width(tick.label) / 2), bottom + 17, anchor: .middle)
    }
    for index in groups.indices.dropFirst() {
      let y = top + pitch * Double(index)
      canvas.line(left, y, right, y, "row")
    }
    canvas.line(left, bottom, right, bottom, "axis")
    canvas.text(axis, (left + right) / 2, canvas.height - 6, "label", anchor: .middle)
    for (index, name) in names.enumerated() {
      let middle = top + pitch * (Double(index) + 0.5)
      canvas.text(name, left - 8, middle + 4, anchor: .end)
      // Points of one row are a little apart, so that equal ones are seen.
      let room = series.count > 1 ? min(2.2, 11 / Double(series.count)) : 0
      for (number, line) in series.enumerated() {
        let y = middle + room * (Double(number) - Double(series.count - 1) / 2)
        if index < line.intervals.count, let interval = line.intervals[index],
          let low = scale.position(interval.lowerBound), let high = scale.position(interval.upperBound)
        {
          canvas.line(low, y, high, y, "whisker \(line.style.name)")
        }
        guard let value = line.values[index], let x = scale.position(value) else { continue }
        canvas.path(
          line.style.marker.path(x, y, 3.8), "mark \(line.style.name)",
          hint: "\(line.name), \(groups[index]): \(Numbers.decimal(value, decimals))")
      }
    }
    return canvas
  }

  /// The figures, a row a group.
  var table: DataTable {
    DataTable(
      head: [heading] + series.map(\.name),
      rows: groups.indices.map { index in
        [groups[index]] + series.map { $0.values[index].map { Numbers.decimal($0, decimals) } ?? "–" }
      })
  }
}
