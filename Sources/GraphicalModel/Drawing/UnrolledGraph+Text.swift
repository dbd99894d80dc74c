extension UnrolledGraph {
  /// The graph drawn with characters, as many steps as 80 columns hold: rows of variables over time, arrows between
  /// neighbours, and lines above a row for what reaches further in it. What lies too far apart to be drawn stands in the
  /// list of parents alone.
  public var drawing: String {
    let layout = GridLayout(self)
    let width = names(0..<count).map(\.count).max() ?? 0
    // Room for a name and an arrow beside it, twice where something stands between two steps.
    let pitch = ((0..<count).contains(where: isBetweenSteps) ? 2 : 1) * (width + 3)
    func column(_ variable: Int) -> Int { 2 + Int((layout.columns[variable] - 0.5) * Double(pitch)) }
    let shown = (0..<count).filter { column($0) + width <= 76 }
    let isCut = shown.count < count
    var canvas = Canvas()
    var height = 0
    // From the top, with lines between the rows for arrows.
    for row in (0..<layout.rowCount).reversed() {
      let members = shown.filter { layout.rows[$0] == row }
      height = drawArcs(members, column, width, &canvas, from: height)
      let y = height
      for variable in members { canvas.write(name(variable), x: column(variable), y: y) }
      for child in members {
        for parent in parents(child).map(Int.init) where members.contains(parent) && isBeside(parent, child, layout) {
          canvas.write("→", x: (column(parent) + column(child) + name(parent).count) / 2, y: y)
        }
      }
      let below = shown.filter { layout.rows[$0] == row - 1 }
      for (high, low, isDown) in neighbours(members, below) {
        let (from, to) = (column(high), column(low))
        guard abs(from - to) <= pitch else { continue }
        // An arrow's shape by its direction on the page.
        let arrow =
          from == to ? (isDown ? "↓" : "↑") : (from < to) == isDown ? (isDown ? "↘" : "↗") : (isDown ? "↙" : "↖")
        canvas.write(arrow, x: (from + to) / 2, y: y + 1)
      }
      height += row > 0 ? 2 : 1
    }
    return canvas.text + (isCut ? "\n  … to the right" : "")
  }

  private func isBeside(_ parent: Int, _ child: Int, _ layout: GridLayout) -> Bool {
    group(parent).isTimed && group(child).isTimed && abs(layout.columns[child] - layout.columns[parent]) <= 1
  }

  /// Edges between two rows that lie above each other.
  private func neighbours(_ high: [Int], _ low: [Int]) -> [(high: Int, low: Int, isDown: Bool)] {
    high.flatMap { one in
      low.compactMap { other in
        if parents(other).contains(Int32(truncatingIfNeeded: one)) { return (one, other, true) }
        return parents(one).contains(Int32(truncatingIfNeeded: other)) ? (one, other, false) : nil
      }
    }
  }

  /// Draws what reaches further than to its neighbour within a row: for each variable one line to which its parents lead.
  /// - Returns: the line below.
  private func drawArcs(
    _ members: [Int], _ column: (Int) -> Int, _ width: Int, _ canvas: inout Canvas, from top: Int
  ) -> Int {
    let timed = members.filter { group($0).isTimed }.sorted { column($0) < column($1) }
    let place = Dictionary(uniqueKeysWithValues: timed.enumerated().map { ($1, $0) })
    // Variables with their far parents, in levels on which they do not meet.
    var levels: [[(child: Int, parents: [Int])]] = []
    for child in timed {
      let far = parents(child).map(Int.init).filter { parent in
        place[parent].map { (place[child] ?? 0) - $0 > 1 } ?? false
      }
      guard let first = far.map(column).min() else { continue }
      let free = levels.firstIndex { level in level.allSatisfy { column($0.child) < first } }
      if let free { levels[free].append((child, far)) } else { levels.append([(child, far)]) }
    }
    guard !levels.isEmpty, levels.count <= 12 else { return top }
    // One more line, for the arrows' heads.
    let bottom = top + levels.count + 1
    for (number, level) in levels.enumerated() {
      let y = bottom - 2 - number
      for (child, parents) in level {
        // It arrives at the first character, and they leave from the last.
        let end = column(child)
        let starts = parents.map { column($0) + name($0).count - 1 }
        canvas.line(from: starts.min() ?? end, to: end, y: y)
        for start in starts { canvas.drop(x: start, from: y, to: bottom - 1, isArrow: false) }
        canvas.drop(x: end, from: y, to: bottom - 1, isArrow: true)
      }
    }
    return bottom
  }

  /// A line a variable with its parents: `y3 ← y1, y2`.
  /// - Parameter limit: the most lines.
  public func parentList(limit: Int = .max) -> String {
    var lines = (0..<min(count, limit)).map { variable in
      let parents = parents(variable).map(Int.init).sorted()
      let note =
        switch kind(variable) {
        case .input: "given"
        case .constant: "known"
        case .deterministic: parents.isEmpty ? "known" : "= f(\(shortList(parents)))"
        case .random: parents.isEmpty ? "no parents" : "← \(shortList(parents))"
        }
      return "\(name(variable)) \(note)"
    }
    if count > limit { lines.append("… and \(count - limit) more") }
    return lines.joined(separator: "\n")
  }

  /// Names, with four or more of one kind in a row as `y1 … y4`.
  public func shortList(_ variables: [Int]) -> String {
    var runs: [[Int]] = []
    for variable in variables.sorted(by: { (groupOf[$0], indexOf[$0]) < (groupOf[$1], indexOf[$1]) }) {
      if let last = runs.last?.last, groupOf[last] == groupOf[variable], indexOf[last] + 1 == indexOf[variable] {
        runs[runs.count - 1].append(variable)
      } else {
        runs.append([variable])
      }
    }
    return runs.flatMap { run in
      run.count < 4 ? run.map(name) : ["\(name(run[0])) … \(name(run[run.count - 1]))"]
    }.joined(separator: ", ")
  }
}

/// Characters at places.
private struct Canvas {
  private var cells: [[Character]] = []

  /// Lines that meet, by the ways in which they go from a cell: 1 up, 2 right, 4 down, 8 left.
  private static let joints: [Character] = Array(" ╵╶╰╷│╭├╴╯─┴╮┤┬┼")

  mutating func write(_ text: String, x: Int, y: Int) {
    for (offset, character) in text.enumerated() { set(character, x + offset, y) }
  }

  mutating func line(from start: Int, to end: Int, y: Int) {
    join(2, start, y)
    join(8, end, y)
    for x in stride(from: start + 1, to: end, by: 1) { join(10, x, y) }
  }

  /// Down from a line on row `top` to row `bottom`. Other lines are crossed, not met.
  mutating func drop(x: Int, from top: Int, to bottom: Int, isArrow: Bool) {
    join(4, x, top)
    for y in stride(from: top + 1, through: bottom, by: 1) {
      if character(x, y) == "─" { set("│", x, y) } else { join(5, x, y) }
    }
    if isArrow { set("▾", x, bottom) }
  }

  private mutating func join(_ ways: Int, _ x: Int, _ y: Int) {
    let present = character(x, y).flatMap { Self.joints.firstIndex(of: $0) } ?? 0
    set(Self.joints[present | ways], x, y)
  }

  private func character(_ x: Int, _ y: Int) -> Character? {
    cells.indices.contains(y) && cells[y].indices.contains(x) ? cells[y][x] : nil
  }

  private mutating func set(_ character: Character, _ x: Int, _ y: Int) {
    guard x >= 0, y >= 0 else { return }
    while cells.count <= y { cells.append([]) }
    while cells[y].count <= x { cells[y].append(" ") }
    cells[y][x] = character
  }

  var text: String {
    cells.map { row in
      var line = String(row)
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
