import Foundation

/// Sequences of bits one behind the other, as a piano roll: a row a component, the first one at the bottom, a column a step, and a bar
/// where a component is 1.
struct PianoRoll {
  /// The components' names, in order.
  let names: [String]
  let sequences: [[[Double]]]
  let style: SeriesStyle
  /// Which components have a row; those that are always 0 at both ends need none.
  let rows: Range<Int>

  /// Steps between two sequences.
  private static let gap = 2.0
  /// A step's largest width, and a component's largest height.
  private static let widest = 14.0
  private static let highest = 14.0

  /// The components from the first to the last that is 1 anywhere; all where none is.
  static func rows(_ sequences: [[[Double]]], width: Int) -> Range<Int> {
    var (low, high) = (width, -1)
    for element in sequences.joined() {
      if let first = element.firstIndex(of: 1) { low = min(low, first) }
      if let last = element.lastIndex(of: 1) { high = max(high, last) }
    }
    return low <= high ? low..<high + 1 : 0..<width
  }

  /// - Parameters:
  ///   - steps: what there is room for; later ones are left out.
  ///   - extent: the steps that the width is divided by, so that several rolls have one scale; as many as are shown if `nil`.
  ///   - height: of the rows, at most.
  func canvas(width: Double, steps: Int, extent: Double? = nil, height: Double = 240) -> Canvas {
    let row = min(height / Double(max(rows.count, 1)), Self.highest)
    let shown = shown(atMost: steps)
    let labels = labels(row)
    let left = 14 + (labels.map { Canvas.width($0.name) }.max() ?? 0)
    let (top, right) = (6.0, width - 8)
    let bottom = top + row * Double(rows.count)
    var canvas = Canvas(width: width, height: bottom + 40)
    let total = self.extent(atMost: steps)
    let column = min((right - left) / max(extent ?? total, 1), Self.widest)
    for label in labels {
      let y = bottom - row * (Double(label.component - rows.lowerBound) + 0.5)
      canvas.line(left, y, left + column * total, y, "row")
      canvas.text(label.name, left - 6, y + 4, anchor: .end)
    }
    var (path, x) = ("", left)
    for (number, sequence) in shown.enumerated() {
      let end = x + column * Double(max(sequence.count, 1))
      canvas.line(x, bottom, end, bottom, "axis")
      for component in rows {
        let y = bottom - row * Double(component - rows.lowerBound + 1)
        path += bars(sequence, component, x: x, y: y, column: column, row: row)
      }
      if sequence.isEmpty { canvas.text("∅", x, bottom - 4, "tick") }
      drawAxis(sequence.count, on: &canvas, x, column, bottom, isFirst: number == 0)
      x = end + Self.gap * column
    }
    canvas.path(path, "note \(style.name)")
    canvas.text("step", left + column * total / 2, canvas.height - 6, "label", anchor: .middle)
    return canvas
  }

  /// The steps that are drawn where there is room for so many, gaps among them.
  func extent(atMost steps: Int) -> Double {
    let shown = shown(atMost: steps)
    return shown.reduce(0) { $0 + Double(max($1.count, 1)) } + Self.gap * Double(max(shown.count - 1, 0))
  }

  /// The sequences from the first one on, as far as there is room for their steps.
  private func shown(atMost steps: Int) -> [[[Double]]] {
    var (left, shown) = (steps, [[[Double]]]())
    for sequence in sequences where left > 0 {
      // A few steps of another sequence say nothing.
      if !shown.isEmpty, sequence.count > left, left < steps / 6 { break }
      shown.append(Array(sequence.prefix(left)))
      left -= max(sequence.count, 1) + Int(Self.gap)
    }
    return shown
  }

  /// A bar for each stretch of steps where a component is 1.
  private func bars(
    _ sequence: [[Double]], _ component: Int, x: Double, y: Double, column: Double, row: Double
  ) -> String {
    let n = Canvas.number
    var (path, start) = ("", 0)
    let room = column > 3 ? 0.5 : 0
    let height = n(max(row - (row > 3 ? 0.6 : 0), 1))
    while start < sequence.count {
      guard sequence[start][component] == 1 else {
        start += 1
        continue
      }
      var end = start + 1
      while end < sequence.count, sequence[end][component] == 1 { end += 1 }
      let length = n(max(Double(end - start) * column - room, 0.6))
      path += "M\(n(x + Double(start) * column)) \(n(y))h\(length)v\(height)h-\(length)z"
      start = end
    }
    return path
  }

  private func drawAxis(
    _ count: Int, on canvas: inout Canvas, _ x: Double, _ column: Double, _ bottom: Double, isFirst: Bool
  ) {
    let every = [1, 2, 5, 10, 20, 50, 100].first { Double($0) * column >= 42 } ?? 200
    for step in stride(from: every, through: count, by: every) {
      let place = x + (Double(step) - 0.5) * column
      canvas.line(place, bottom, place, bottom + 4, "axis")
      canvas.text("\(step)", place, bottom + 17, anchor: .middle)
    }
  }

  /// Some of the components, evenly: of the keys of a piano each C.
  private func labels(_ row: Double) -> [(component: Int, name: String)] {
    let octaves = rows.filter { names[$0].first == "C" && Int(names[$0].dropFirst()) != nil }
    let every = [1, 2, 3, 5, 10, 20, 50, 100, 200].first { Double($0) * row >= 13 } ?? 500
    let some = octaves.count > 1 ? octaves : rows.filter { ($0 - rows.lowerBound) % every == 0 }
    return some.map { component in
      let name = names[component]
      return (component, name.count > 12 ? name.prefix(11) + "…" : name)
    }
  }
}
