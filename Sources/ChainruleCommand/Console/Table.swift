/// A table for people: columns aligned, two blanks between them, no wider than the terminal.
struct Table {
  /// Text that is too long is cut in the middle, or, in a last column of prose, goes on in further lines.
  enum Side { case left, right, prose }

  private let titles: [String]
  private let sides: [Side]
  /// The titles of columns that may be left out, the first one first.
  private let droppable: [String]
  /// Those that go only where names that are cut make no room.
  private let lastDroppable: [String]
  private var rows: [[String]] = []

  /// No text is cut shorter.
  private static let shortest = 16
  /// No prose is wrapped narrower.
  private static let narrowest = 24

  /// - Parameters:
  ///   - droppable: titles of columns that are left out, in this order, where there is no room for all.
  ///   - lastDroppable: titles of those that are left out where there is still no room when names have been cut.
  init(_ columns: [(title: String, side: Side)], droppable: [String] = [], lastDroppable: [String] = []) {
    titles = columns.map(\.title)
    sides = columns.map(\.side)
    self.droppable = droppable
    self.lastDroppable = lastDroppable
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// As wide as the terminal behind standard output; without one as wide as it gets.
  var text: String { text(width: Console.resultColumns) }

  /// - Parameter width: the columns of characters that there are; `nil` for as many as it takes.
  func text(width: Int?) -> String {
    let all = [titles] + rows
    var widths = titles.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    var shown = Array(titles.indices)
    var dropped: [String] = []
    func excess() -> Int { width.map { shown.reduce(0) { $0 + widths[$1] } + 2 * (shown.count - 1) - $0 } ?? 0 }
    func drop(_ columns: [String]) {
      for title in columns where excess() > 0 {
        guard let index = shown.firstIndex(where: { titles[$0] == title }) else { continue }
        shown.remove(at: index)
        dropped.append(title)
      }
    }
    drop(droppable)
    // Then prose is wrapped, and the longest names are cut in the middle.
    if let last = shown.last, sides[last] == .prose, excess() > 0 {
      widths[last] = max(widths[last] - excess(), Self.narrowest)
    }
    let texts = shown.filter { sides[$0] == .left }
    while excess() > 0, let widest = texts.max(by: { widths[$0] < widths[$1] }), widths[widest] > Self.shortest {
      widths[widest] = max(widths[widest] - excess(), Self.shortest)
    }
    drop(lastDroppable)
    var lines = all.flatMap { row in
      let cells = shown.map { cell(row[$0], sides[$0], widths[$0]) }
      return (0..<(cells.map(\.count).max() ?? 0)).map { line in
        var text = zip(cells, shown).map { cell, column in
          line < cell.count ? cell[line] : String(repeating: " ", count: widths[column])
        }.joined(separator: "  ")
        while text.last == " " { text.removeLast() }
        return text
      }
    }
    if !dropped.isEmpty { lines.append("(no room for: \(dropped.joined(separator: ", ")))") }
    return lines.joined(separator: "\n")
  }

  /// A cell's lines, each of the column's width.
  private func cell(_ text: String, _ side: Side, _ width: Int) -> [String] {
    let lines = side == .prose ? Self.wrapped(text, width) : [Self.cut(text, width)]
    return lines.map { line in
      let space = String(repeating: " ", count: max(width - line.count, 0))
      return side == .right ? space + line : line + space
    }
  }

  /// At most `width` characters: beginning and end, which tell models apart.
  private static func cut(_ text: String, _ width: Int) -> String {
    guard text.count > width else { return text }
    return text.prefix((width - 1) / 2) + "…" + text.suffix(width / 2)
  }

  private static func wrapped(_ text: String, _ width: Int) -> [String] {
    guard text.count > width else { return [text] }
    var lines = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].isEmpty {
        lines[lines.count - 1] = String(word)
      } else if lines[lines.count - 1].count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
