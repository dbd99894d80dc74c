import Experiments
import Foundation
import Sequences

/// Sequences of the data and of models, as many of each, and what is drawn of them.
struct SequencePictures {
  /// Sequences of one source.
  struct Group {
    let name: String
    let style: SeriesStyle
    let sequences: [[Symbol]]
  }

  /// The elements of a piece of a long sequence.
  static let pieceLength = 60
  /// Longer sequences are cut where there are few of them.
  private static let longest = 300
  private static let fewest = 10
  /// Sequences of an index plot.
  private static let mostDrawn = 60
  private static let mostPositions = 100
  /// Sequences that an entropy is estimated from, at least.
  private static let fewestForEntropy = 10

  let groups: [Group]
  let colours: SymbolColours
  /// Whether the sequences are pieces of longer ones.
  let isCut: Bool
  private let positions: Int
  private let alphabet: Alphabet

  /// `nil` where there is nothing to draw.
  init?(_ context: ReportContext<SymbolRows>, _ models: [Int]) {
    let rows = context.rows
    alphabet = context.alphabet
    let lengths = context.testLengths
    let isCut = lengths.count < Self.fewest && lengths.contains { $0 > Self.longest }
    self.isCut = isCut
    let least = models.map { rows[$0].samples.count }.min() ?? 0
    var groups = [Group(name: "test data", style: .data, sequences: context.testSequences(isCut ? .max : least))]
    groups += models.map {
      Group(name: rows[$0].specification.shortWord, style: context.shown.style($0), sequences: rows[$0].samples)
    }
    if isCut {
      groups = groups.map { group in
        Group(name: group.name, style: group.style, sequences: Self.pieces(group.sequences))
      }
    }
    let count = groups.map(\.sequences.count).min() ?? 0
    groups = groups.map { Group(name: $0.name, style: $0.style, sequences: Array($0.sequences.prefix(count))) }
    let all = groups.flatMap { $0.sequences.map(\.count) }.sorted()
    guard count > 0, let last = all.last, last > 0 else { return nil }
    positions = min(max(all[(all.count - 1) * 49 / 50], 1), Self.mostPositions)
    self.groups = groups
    colours = SymbolColours(alphabet, training: context.report.design.folds[0].train)
  }

  /// Whole pieces of sequences, from the first one on.
  private static func pieces(_ sequences: [[Symbol]]) -> [[Symbol]] {
    var pieces: [[Symbol]] = []
    for sequence in sequences {
      for start in stride(from: 0, to: sequence.count - pieceLength + 1, by: pieceLength) {
        if pieces.count == mostDrawn { return pieces }
        pieces.append(Array(sequence[start..<start + pieceLength]))
      }
    }
    return pieces
  }

  func indexPlot(_ group: Group) -> Figure {
    let all = Array(group.sequences.prefix(Self.mostDrawn))
    // Colours sort as the legend has them, and the end behind all of them.
    func keys(_ sequence: [Symbol]) -> [Int] { sequence.map(colours.number) + [.max] }
    let drawn = isCut ? all : all.map { ($0, keys($0)) }.sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)
    let plot = IndexPlot(
      colours: colours, sequences: drawn, positions: positions, title: isCut ? "piece" : "sequence")
    let first = drawn.prefix(20).map { alphabet.visibleText(of: $0.prefix(positions)) }
    return Figure(
      group.name, "\(drawn.count) sequences over \(positions) positions, coloured by symbol.", plot.canvas(),
      words: first.map { $0.isEmpty ? "(empty)" : $0 }.joined(separator: "\n"))
  }

  func statePlot(_ group: Group) -> Figure {
    var shares = [[Double]](
      repeating: [Double](repeating: 0, count: SymbolColours.count + 1), count: positions)
    for sequence in group.sequences {
      for (position, symbol) in sequence.prefix(positions).enumerated() {
        shares[position][colours.number(of: symbol)] += 1 / Double(group.sequences.count)
      }
    }
    let plot = StatePlot(colours: colours, shares: shares)
    return Figure(
      group.name, "The share of each symbol at \(positions) positions.", plot.canvas(), table: plot.table)
  }

  /// The mean number of each symbol in a sequence.
  var meanPlot: Figure {
    let series = groups.map { group -> DotPlot.Series in
      let counts = group.sequences.map { sequence in
        colours.symbols.map { symbol in Double(sequence.count { $0 == symbol }) }
      }
      let n = Double(counts.count)
      let means = colours.symbols.indices.map { index in counts.reduce(0) { $0 + $1[index] } / n }
      let intervals = colours.symbols.indices.map { index -> ClosedRange<Double>? in
        guard group.style == .data, n > 1 else { return nil }
        let squares = counts.reduce(0) { $0 + ($1[index] - means[index]) * ($1[index] - means[index]) }
        let half = 1.96 * (squares / (n - 1) / n).squareRoot()
        return max(means[index] - half, 0)...(means[index] + half)
      }
      return DotPlot.Series(name: group.name, style: group.style, values: means, intervals: intervals)
    }
    let plot = DotPlot(
      axis: "times in a \(isCut ? "piece" : "sequence")", heading: "symbol",
      groups: colours.symbols.indices.map { colours.names[$0] },
      series: series, fromZero: true, decimals: 3)
    return Figure(
      "Mean number of symbols",
      "How often each symbol occurs in a \(isCut ? "piece" : "sequence"), for the data and each model.",
      plot.canvas(),
      table: plot.table)
  }

  /// The entropy of the symbols at each position; `nil` where too few sequences reach any.
  var entropyChart: Figure? {
    let series = groups.map { group in
      LineChart.Series(
        name: group.name, style: group.style,
        points: (0..<positions).map { (Double($0 + 1), entropy(group.sequences, at: $0) ?? .nan) })
    }
    guard series.contains(where: { $0.points.contains { $0.y.isFinite } }) else { return nil }
    let chart = LineChart(x: "position", y: "entropy (nats)", series: series, xIsWhole: true, yFromZero: true)
    return Figure(
      "Entropy by position", "The entropy of the symbols at each position, for the data and each model.",
      chart.canvas(),
      table: chart.table)
  }

  /// The plug-in estimate, in nats, from the sequences that reach a position.
  private func entropy(_ sequences: [[Symbol]], at position: Int) -> Double? {
    var counts: [Symbol: Int] = [:]
    var total = 0
    for sequence in sequences where position < sequence.count {
      counts[sequence[position], default: 0] += 1
      total += 1
    }
    if total < Self.fewestForEntropy { return nil }
    // Sorted, so that the sum does not depend on the order of a dictionary.
    return counts.values.sorted().reduce(0) { sum, count in
      let share = Double(count) / Double(total)
      return sum - share * log(share)
    }
  }
}
