import Chainrule
import Foundation

/// A model's fitted probabilities, for people, for programs and as a picture.
struct ShowReport {
  /// A row of the transition matrix, or a frequent context.
  private struct Row {
    var name: String
    /// `nil` for rows of the matrix.
    var counted: CountedContext?
    var next: NextDistribution
  }

  private let model: SequenceModel
  /// After what was asked for.
  private let next: NextDistribution
  private let isOfContext: Bool
  /// From the beginning, and from each symbol; empty but for models of order 1.
  private let matrix: [Row]
  /// `nil` where the model counts no contexts of symbols alone.
  private let contexts: [Row]?

  /// Rows or columns beyond which a matrix is no table for people.
  private static let widest = 40
  /// Rows and columns of a heat map.
  private static let mostCells = 100
  /// The symbols beyond which no matrix is made, and the numbers of all contexts together.
  private static let mostSymbols = 2000
  private static let mostNumbers = 50_000_000

  /// - Throws: `SpecificationError.refused`.
  init(_ model: SequenceModel, after context: [Symbol], length: Int?, contexts limit: Int, isOfContext: Bool) throws {
    self.model = model
    self.isOfContext = isOfContext
    next = try model.next(after: context, length: length)
    guard !isOfContext else { (matrix, contexts) = ([], nil); return }
    let symbols = model.alphabet.symbols.indices
    matrix =
      try model.hasTransitionMatrix && model.alphabet.size <= Self.mostSymbols
      ? [Row(name: "(start)", next: model.next(after: []))]
        + symbols.map { Row(name: VisibleText.symbol(model.alphabet.symbols[$0]), next: try model.next(after: [$0])) }
      : []
    let counting = model.conditional as? any TabledConditional
    let counted = counting?.frequentContexts(limit)
    if let counted, counted.count > Self.mostNumbers / max(model.alphabet.size, 1) {
      throw SpecificationError.refused(
        model: model.specification.shortWord,
        reason:
          "\(counted.count) contexts of \(model.alphabet.size) symbols are too many to show: give a smaller --contexts")
    }
    contexts = try counted?.map { counted in
      Row(name: Self.name(counted, model.alphabet), counted: counted, next: try model.next(after: counted.symbols))
    }
  }

  /// The context as it is read, with the beginning before it where it is there.
  private static func name(_ context: CountedContext, _ alphabet: Alphabet) -> String {
    let symbols = context.symbols.map { VisibleText.symbol(alphabet.symbols[$0]) }
    let isSpaced = alphabet.kind == .words || symbols.contains { $0.count > 1 }
    let text = symbols.joined(separator: isSpaced ? " " : "")
    return context.isBeginning ? text.isEmpty ? "(start)" : "(start) \(text)" : text.isEmpty ? "(any)" : text
  }

  /// Whether there is a transition matrix, which stands for frequent contexts in --csv and in a picture.
  var hasMatrix: Bool { !matrix.isEmpty }

  /// Whether the model counts contexts of symbols alone.
  var countsContexts: Bool { contexts != nil }

  private var hasEnd: Bool { next.length == nil }

  /// The symbols, and the end where it is one more outcome.
  private var columns: [String] { model.alphabet.symbols.map(VisibleText.symbol) + (hasEnd ? ["(end)"] : []) }

  /// The probabilities of the columns.
  private func values(_ next: NextDistribution) -> [Double] { next.probabilities + (hasEnd ? [next.end] : []) }

  // MARK: For people

  func text(top: Int) -> String {
    var parts = [nextText(top: top)]
    if !matrix.isEmpty { parts.append(matrixText) }
    if let contexts, !contexts.isEmpty { parts.append(contextsText(contexts)) }
    if !isOfContext, contexts == nil {
      parts.append("no counts of contexts of symbols alone: --context shows what comes after one")
    }
    return parts.joined(separator: "\n\n")
  }

  private func nextText(top: Int) -> String {
    let after =
      next.context.isEmpty
      ? "at the beginning" : "after the beginning \"\(model.alphabet.visibleText(of: next.context))\""
    let given = next.length.map { ", given the length \(Numbers.count($0))" } ?? ""
    var table = Table([("symbol", .left), ("P", .right)] + (hasEnd ? [("P if it continues", .right)] : []))
    let order = next.probabilities.indices.sorted { (next.probabilities[$1], $0) < (next.probabilities[$0], $1) }
    for symbol in order.prefix(top) {
      table.add(
        [VisibleText.symbol(model.alphabet.symbols[symbol]), Self.number(next.probabilities[symbol])]
          + (hasEnd ? [Self.number(next.ifContinuing[symbol])] : []))
    }
    if order.count > top {
      let others = order.dropFirst(top)
      func sum(_ values: [Double]) -> String { Self.number(others.reduce(0) { $0 + values[$1] }) }
      table.add(
        [Numbers.count(others.count, "other"), sum(next.probabilities)] + (hasEnd ? [sum(next.ifContinuing)] : []))
    }
    if hasEnd { table.add(["(end)", Self.number(next.end), ""]) }
    let end =
      hasEnd
      ? []
      : ["P(the sequence ends here | it is no shorter) = \(Self.number(next.end)), by the distribution of the length"]
    return (["\(model.specification.shortWord), \(after)\(given)", table.text] + end).joined(separator: "\n")
  }

  private var matrixText: String {
    guard model.alphabet.size <= Self.widest else {
      return "transition matrix: \(model.alphabet.size) symbols are too many to print, --csv has it"
    }
    var table = Table([("", .left)] + columns.map { ($0, .right) })
    for row in matrix {
      table.add([row.name] + values(row.next).map { $0 >= 0.005 ? String(Int((100 * $0).rounded())) : "·" })
    }
    return "transition matrix, in % (· is below 0.5; --csv has all digits)\n\(table.text)"
  }

  private func contextsText(_ contexts: [Row]) -> String {
    var table = Table([("context", .left), ("count", .right), ("P(end)", .right), ("most probable next", .left)])
    for row in contexts {
      let best = row.next.probabilities.indices.sorted {
        (row.next.probabilities[$1], $0) < (row.next.probabilities[$0], $1)
      }
      table.add([
        row.name, Numbers.count(row.counted?.count ?? 0), Self.number(row.next.end),
        best.prefix(5).map {
          "\(VisibleText.symbol(model.alphabet.symbols[$0])) \(String(format: "%.2f", row.next.probabilities[$0]))"
        }.joined(separator: "  "),
      ])
    }
    return "most frequent contexts\n\(table.text)"
  }

  private static func number(_ p: Double) -> String {
    p == 0 ? "0" : p < 1e-4 ? String(format: "%.2e", p) : String(format: "%.4f", p)
  }

  // MARK: For programs

  /// The matrix; of other models the distributions after frequent contexts; or that after the context asked for.
  var table: [[String]] {
    func digits(_ next: NextDistribution) -> [String] { values(next).map { "\($0)" } }
    if !matrix.isEmpty { return [["from"] + columns] + matrix.map { [$0.name] + digits($0.next) } }
    if let contexts, !contexts.isEmpty {
      return [["context", "beginning", "count"] + columns]
        + contexts.compactMap { row in
          guard let counted = row.counted else { return nil }
          return [model.alphabet.visibleText(of: counted.symbols), "\(counted.isBeginning)", "\(counted.count)"]
            + digits(row.next)
        }
    }
    return [["symbol", "probability"]] + zip(columns, digits(next)).map { [$0, $1] }
  }

  /// `transitions` and `ends` are P(symbol | previous symbol) and P(end | previous symbol) of a model of order 1, "" being
  /// the beginning.
  var json: JSONObject {
    let keys = Self.keys(model.alphabet.symbols)
    func byPrevious<Value>(_ value: (NextDistribution) -> Value) -> [String: Value]? {
      matrix.isEmpty ? nil : Dictionary(zip([""] + keys, matrix.map { value($0.next) })) { first, _ in first }
    }
    return [
      "schema": "chainrule.show/1", "model": model.specification.word, "after": json(next, nil, keys),
      "transitions": byPrevious { Self.dictionary($0, keys) }, "ends": byPrevious(\.end), "contexts": jsonOfContexts,
    ]
  }

  /// The distributions after the frequent contexts; `nil` where the model counts none.
  var jsonOfContexts: [JSONObject]? {
    let keys = Self.keys(model.alphabet.symbols)
    return contexts?.map { json($0.next, $0.counted, keys) }
  }

  /// With P(end | context) the probabilities of the symbols sum to 1; given a length they do alone.
  private func json(_ next: NextDistribution, _ counted: CountedContext?, _ keys: [String]) -> JSONObject {
    [
      "context": next.context.map { model.alphabet.symbols[$0] }, "beginning": counted?.isBeginning,
      "count": counted?.count, "length": next.length, "end": next.end, "next": Self.dictionary(next, keys),
    ]
  }

  private static func dictionary(_ next: NextDistribution, _ keys: [String]) -> [String: Double] {
    Dictionary(zip(keys, next.probabilities)) { first, _ in first }
  }

  /// The symbols as keys. Of symbols that are canonically equivalent (é as one scalar and as two) and would be one key, all
  /// but the first are followed by their scalars.
  private static func keys(_ symbols: [String]) -> [String] {
    var seen: Set<String> = []
    return symbols.map { symbol in
      if seen.insert(symbol).inserted { return symbol }
      return symbol + " " + symbol.unicodeScalars.map(VisibleText.number).joined()
    }
  }

  // MARK: The picture

  /// - Throws: `SpecificationError.refused` where there is nothing to draw.
  func heatMap() throws -> HeatMap {
    let rows = matrix.isEmpty ? contexts ?? [] : matrix
    let name = model.specification.shortWord
    guard !rows.isEmpty else {
      throw SpecificationError.refused(
        model: name, reason: "it has no transition matrix and counts no contexts: there is nothing to draw")
    }
    guard columns.count <= Self.mostCells, rows.count <= Self.mostCells else {
      throw SpecificationError.refused(
        model: name,
        reason: "a heat map of \(rows.count) × \(columns.count) cells is too large: it has at most "
          + "\(Self.mostCells) rows and columns; --csv has them all")
    }
    return HeatMap(
      title: "\(matrix.isEmpty ? "After the most frequent contexts" : "Transition probabilities") of \(name)",
      rowTitle: matrix.isEmpty ? "context" : "from", columnTitle: "next symbol", rows: rows.map(\.name),
      columns: columns, values: rows.map { values($0.next) })
  }
}
