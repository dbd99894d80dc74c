import Sequences

/// The colours of symbols: each its own in small alphabets; in large ones the most frequent have one, and all others are grey.
struct SymbolColours {
  /// The number of colours beside the grey.
  static let count = 10

  /// The symbols with a colour, the most frequent first; in small alphabets all, in their order.
  let symbols: [Symbol]
  /// What each colour means, the grey last.
  let names: [String]
  private let numbers: [Symbol: Int]

  /// - Parameter training: where symbols are counted.
  init(_ alphabet: Alphabet, training: SequenceSet) {
    if alphabet.size <= Self.count {
      symbols = Array(0..<alphabet.size)
    } else {
      var counts = [Int](repeating: 0, count: alphabet.size)
      for index in 0..<training.count { for symbol in training[index] { counts[symbol] += 1 } }
      symbols = Array(counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(Self.count))
    }
    numbers = Dictionary(uniqueKeysWithValues: symbols.enumerated().map { ($0.element, $0.offset) })
    names =
      symbols.map { VisibleText.symbol(alphabet.symbols[$0]) }
      + [String](repeating: "", count: Self.count - symbols.count) + ["other"]
    isComplete = symbols.count == alphabet.size
  }

  private let isComplete: Bool

  /// The number of a symbol's colour; `count` is the grey.
  func number(of symbol: Symbol) -> Int { numbers[symbol] ?? Self.count }

  var legend: [LegendKey] {
    (Array(symbols.indices) + (isComplete ? [] : [Self.count])).map { number in
      var canvas = Canvas(width: 26, height: 12)
      canvas.path("M3 0h20v12h-20z", "y\(number + 1)")
      let name = names[number]
      return LegendKey(markup: canvas.elements, text: name.count > 24 ? name.prefix(23) + "…" : name)
    }
  }
}
