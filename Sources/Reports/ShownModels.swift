import Experiments

/// Which models of a comparison are drawn: all would be more lines than can be told apart.
struct ShownModels {
  /// The chosen model, the best of each family, and then the next best, at most eight.
  let charted: [Int]
  /// How each of them is drawn.
  let styles: [Int: SeriesStyle]

  /// Those of which sequences are shown beside the data.
  var sampled: [Int] { Array(charted.prefix(3)) }
  /// Those in charts that have a point for each model and group.
  var few: [Int] { Array(charted.prefix(5)) }

  init(_ comparison: Comparison) {
    let rows = comparison.rows
    func nats(_ row: Int) -> Double { (rows[row].valid ?? rows[row].test).nats }
    // Infinite ones are last, in their order.
    let order = rows.indices.sorted { (nats($0), $0) < (nats($1), $1) }
    var families: Set<String> = []
    let bestOfFamilies = order.filter { families.insert(rows[$0].familyName).inserted }
    var charted: [Int] = []
    for row in [comparison.best].compactMap({ $0 }) + bestOfFamilies + order
    where !charted.contains(row) && charted.count < SeriesStyle.count {
      charted.append(row)
    }
    self.charted = charted
    styles = Dictionary(uniqueKeysWithValues: charted.enumerated().map { ($0.element, .model($0.offset)) })
  }

  /// A legend of these models.
  func legend(_ models: [Int], _ rows: [Comparison.Row], hasLines: Bool = true, withData: Bool = false) -> [LegendKey] {
    (withData ? [LegendKey(markup: SeriesStyle.data.key(hasLine: hasLines), text: "test data")] : [])
      + models.map { LegendKey(markup: style($0).key(hasLine: hasLines), text: rows[$0].specification.shortWord) }
  }

  func style(_ row: Int) -> SeriesStyle { styles[row] ?? .model(0) }
}

extension Comparison.Row {
  /// The family's name: `markov` of `markov:3/eos`.
  var familyName: String { String(specification.shortWord.prefix { !":/(".contains($0) }) }

  /// The name of the way to end: `tau` of `markov:3/tau:input=none`.
  var lengthName: String {
    let word = specification.shortWord
    guard let slash = word.lastIndex(of: "/") else { return "" }
    return String(word[word.index(after: slash)...].prefix { $0 != ":" })
  }
}
