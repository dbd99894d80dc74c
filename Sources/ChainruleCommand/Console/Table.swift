/// A table for people: columns aligned, two blanks between them, no wider than the terminal.
struct Table {
  enum Side { case left, right }

  private let titles: [String]
  private let sides: [Side]
  /// The titles of columns that may be left out, the first one first.
  private let droppable: [String]
  private var rows: [[String]] = []

  /// No text is cut shorter.
  private static let shortest = 16

  /// - Parameter droppable: titles of columns that are left out, in this order, where there is no room for all.
  init(_ columns: [(title: String, side: Side)], droppable: [String] = []) {
    titles = columns.map(\.title)
    sides = columns.map(\.side)
    self.droppable = droppable
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
    func excess() -> Int {
      width.map { shown.reduce(0) { $0 + widths[$1] } + 2 * (shown.count - 1) - $0 } ?? 0
    }
    for title in droppable where excess() > 0 {
      guard let place = shown.firstIndex(where: { titles[$0] == title }) else { continue }
      shown.remove(at: place)
      dropped.append(title)
    }
    // Then the longest names are cut in the middle.
    let texts = shown.filter { sides[$0] == .left }
    while excess() > 0, let widest = texts.max(by: { widths[$0] < widths[$1] }), widths[widest] > Self.shortest {
      widths[widest] = max(widths[widest] - excess(), Self.shortest)
    }
    var lines = all.map { row in
      let cells = shown.map { column in
        let cell = Self.cut(row[column], widths[column])
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return sides[column] == .left ? cell + space : space + cell
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
    if !dropped.isEmpty { lines.append("(no room for: \(dropped.joined(separator: ", ")))") }
    return lines.joined(separator: "\n")
  }

  /// At most `width` characters: beginning and end, which tell models apart.
  private static func cut(_ text: String, _ width: Int) -> String {
    guard text.count > width else { return text }
    return text.prefix((width - 1) / 2) + "…" + text.suffix(width / 2)
  }
}
