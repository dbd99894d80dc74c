/// The state distribution by position: at each position a stacked bar of symbols; what is missing to the top has ended.
struct StatePlot {
  let colours: SymbolColours
  /// For each position the share of the sequences with each colour; together at most 1.
  let shares: [[Double]]

  func canvas(width: Double = 310, height: Double = 240) -> Canvas {
    var canvas = Canvas(width: width, height: height)
    let (left, right, top, bottom) = (52.0, width - 8, 8.0, height - 40)
    let y = Scale(of: [0, 1], from: bottom, to: top, fromZero: true, margin: 0)
    for tick in y.ticks(4) {
      canvas.line(left, tick.position, right, tick.position, "grid")
      canvas.text(tick.label, left - 6, tick.position + 4, anchor: .end)
    }
    let column = (right - left) / Double(max(shares.count, 1))
    let gap = column > 4 ? 0.6 : 0
    for colour in 0...SymbolColours.count {
      var path = ""
      for (position, parts) in shares.enumerated() where parts[colour] > 0 {
        let below = parts[..<colour].reduce(0, +)
        guard let low = y.position(below), let high = y.position(below + parts[colour]) else { continue }
        path +=
          "M\(Canvas.number(left + Double(position) * column)) \(Canvas.number(high))h\(Canvas.number(column - gap))v\(Canvas.number(low - high))h\(Canvas.number(gap - column))z"
      }
      canvas.path(path, "y\(colour + 1)", hint: colours.names[colour])
    }
    let scale = Scale(of: [0.5, Double(shares.count) + 0.5], from: left, to: right, margin: 0)
    PositionAxis.draw(scale, shares.count, on: &canvas, left: left, right: right, bottom: bottom)
    canvas.text("share of the sequences", 13, (top + bottom) / 2, "label", anchor: .middle, isUpright: true)
    return canvas
  }

  /// The shares, a row a position.
  var table: DataTable {
    let used = (0...SymbolColours.count).filter { colour in shares.contains { $0[colour] > 0 } }
    return DataTable(
      head: ["position"] + used.map { colours.names[$0] } + ["ended"],
      rows: shares.prefix(60).enumerated().map { position, parts in
        ["\(position + 1)"] + used.map { Numbers.decimal(parts[$0], 3) }
          + [Numbers.decimal(max(1 - parts.reduce(0, +), 0), 3)]
      })
  }
}
