import Sequences

/// Sequences of bits as piano rolls, one below the other, in a picture that stands by itself: SVG, whose colours follow the reader's
/// theme.
///
///     let svg = RollPicture(samples, columns, title: "chorales.safetensors", name: "sample").svg
public struct RollPicture: Sendable {
  private let sequences: [[[Double]]]
  private let columns: Columns
  private let title: String
  private let name: String
  private let count: Int

  /// Sequences that are drawn at most.
  public static let mostSequences = 20
  private static let mostSteps = 400
  private static let width = 1000.0

  /// - Parameters:
  ///   - sequences: of bits, of which the first ones are drawn.
  ///   - name: what one of them is, such as "sample".
  ///   - count: how many there are, if not all of them are given.
  public init(_ sequences: [[[Double]]], _ columns: Columns, title: String, name: String, of count: Int? = nil) {
    precondition(columns.values == .bits, "a piano roll of other numbers than bits")
    (self.sequences, self.columns, self.title, self.name) = (sequences, columns, title, name)
    self.count = count ?? sequences.count
  }

  /// The picture.
  public var svg: String {
    let shown = Array(sequences.prefix(Self.mostSequences))
    let rows = PianoRoll.rows(shown, width: columns.width)
    let names = columns.names.map { VisibleText.text($0) }
    let rolls = shown.map { PianoRoll(names: names, sequences: [$0], style: .model(0), rows: rows) }
    let extent = rolls.map { $0.extent(atMost: Self.mostSteps) }.max()
    var (drawn, y) = (Canvas(width: Self.width, height: 0), 40.0)
    for (number, sequence) in shown.enumerated() {
      let roll = rolls[number].canvas(width: Self.width, steps: Self.mostSteps, extent: extent)
      let cut = sequence.count > Self.mostSteps ? ", the first \(Self.mostSteps) of \(sequence.count) steps" : ""
      drawn.text("\(name) \(number + 1)\(cut)", 14, y + 10, "label")
      drawn.add(roll.elements, x: 0, y: y + 16)
      y += roll.height + 28
    }
    let left = count - shown.count
    if left > 0 { drawn.text("and \(Numbers.count(left)) more", 14, y + 10) }
    let height = Canvas.number(y + (left > 0 ? 20 : 0))
    let heading = Markup.escaped(VisibleText.text(title))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Canvas.number(Self.width)) \(height)" role="img" aria-labelledby="title">
      <title id="title">\(heading): piano rolls</title>
      <style>
      \(StyleSheet.picture)
      </style>
      <rect class="paper" width="100%" height="100%"/>
      <text class="label strong" x="14" y="24">\(heading)</text>
      \(drawn.elements)
      </svg>

      """
  }
}
