import Inference
import Models
import Sequences

/// The models that `compare` runs when none is named: full-history tables, Markov models of rising order until the
/// validation data are predicted worse, at the best order the other families of tables, and recurrent networks; with each
/// way to end. What would take too long on large data is left out.
public struct DefaultModels {
  private enum Stage { case tables, orders, otherTables, networks, done }

  /// Beyond this length the full table's histories do not occur twice.
  private static let longestForTables = 10_000
  /// Events beyond which networks are fitted with one way to end each, and beyond which not at all.
  private static let mostForAllNetworks = 200_000
  private static let mostForNetworks = 2_000_000
  /// Events beyond which models that keep all counts in memory are not fitted.
  private static let mostForTrees = 20_000_000
  /// Training sequences below which the ends are too few to tell ways to end apart.
  private static let fewestEnds = 10
  private static let highestOrder = 16

  /// What is not run, and why.
  public private(set) var leftOut: [String] = []
  private let events: Int
  private let endings: [String]
  private var stage = Stage.tables
  private var waiting: [String] = []
  /// For each way to end the order fitted last, whether it was the last to try, and the best one.
  private var orders: [(last: Int, isDone: Bool, best: Int)]

  /// - Parameter train: the training data.
  public init(for train: SequenceSet) {
    self.init(sequences: train.count, symbols: train.symbolCount, longest: train.longest)
  }

  /// For training data of this size.
  package init(sequences: Int, symbols: Int, longest: Int) {
    events = symbols + sequences
    endings = sequences < Self.fewestEnds ? ["eos"] : ["eos", "halt", "tau"]
    orders = endings.map { _ in (0, false, 1) }
    if sequences < Self.fewestEnds { leftOut.append("/halt, /tau: the training data have fewer than 10 ends") }
    if longest <= Self.longestForTables {
      waiting = endings.map { "tabular/\($0)" }
    } else {
      leftOut.append("tabular: no history of sequences this long occurs twice")
    }
  }

  /// For training data of vectors: regressions on no, one and two elements before, and networks.
  public init(for train: VectorSequences) {
    (events, endings, orders, stage) = (train.elementCount + train.count, ["halt"], [], .done)
    let networks =
      switch train.rows.valueKind {
      case .reals: ["gru:64,emission=gaussian:diagonal", "gru:64,emission=gaussian:full", "gru:64,emission=mixture:5"]
      case .counts: ["gru:32", "gru:32,emission=negative-binomial"]
      case .bits: ["gru:64,emission=bernoulli", "gru:64,emission=bernoulli:autoregressive"]
      case .categories: ["gru:64,emission=categorical", "gru:64,emission=categorical:autoregressive"]
      }
    let tables =
      switch train.rows.valueKind {
      case .reals: ["markov:0", "markov:1,emission=gaussian:diagonal", "markov:1", "markov:2"]
      case .counts: ["markov:0", "markov:1", "markov:2"]
      case .bits: ["markov:0,emission=bernoulli", "markov:1,emission=bernoulli", "markov:1"]
      case .categories:
        ["markov:0,emission=categorical", "markov:1,components=tables", "markov:1,emission=categorical", "markov:1"]
      }
    waiting = (tables + networks).map { "\($0)/halt" } + ["\(tables[tables.count - 1])/tau"]
  }

  /// The next model, given the rows of those before; `nil` at the end. A model that has no row could not be fitted.
  public mutating func next(after rows: [Comparison.Row]) throws -> ModelSpecification? {
    while waiting.isEmpty {
      switch stage {
      case .tables: stage = .orders
      case .orders:
        climb(rows)
        if waiting.isEmpty { stage = .otherTables }
      case .otherTables:
        addOtherTables()
        stage = .networks
      case .networks:
        addNetworks(rows)
        stage = .done
      case .done: return nil
      }
    }
    return try ModelSpecification(waiting.removeFirst())
  }

  /// The next order of the first way to end whose last order improved on the one before.
  private mutating func climb(_ rows: [Comparison.Row]) {
    for (index, ending) in endings.enumerated() where !orders[index].isDone {
      let last = orders[index].last
      if last > 0 {
        let nats = nats("markov:\(last)/\(ending)", rows)
        if last == 1 || nats < self.nats("markov:\(orders[index].best)/\(ending)", rows) {
          orders[index].best = last
        } else {
          orders[index].isDone = true
        }
        if !nats.isFinite || last == Self.highestOrder { orders[index].isDone = true }
        if orders[index].isDone { continue }
      }
      orders[index].last = last + 1
      waiting.append("markov:\(last + 1)/\(ending)")
      return
    }
  }

  private mutating func addOtherTables() {
    for family in ["markov:k,smoothing=pitman-yor", "vlmc:k", "ctw:k"] {
      if events > Self.mostForTrees, !family.hasPrefix("markov") {
        leftOut.append("\(family.dropLast(2)): its counts of this much data lie in memory")
        continue
      }
      for (ending, order) in zip(endings, orders) {
        waiting.append(family.replacing(":k", with: ":\(order.best)") + "/\(ending)")
      }
    }
  }

  private mutating func addNetworks(_ rows: [Comparison.Row]) {
    let networks = ["rnn:64", "gru:128", "lstm:128"]
    guard events <= Self.mostForNetworks else {
      leftOut.append("\(networks.joined(separator: ", ")): they take long on this much data")
      return
    }
    /// That of the Markov model that predicts the validation data best.
    let ending = zip(endings, orders).min {
      nats("markov:\($0.1.best)/\($0.0)", rows) < nats("markov:\($1.1.best)/\($1.0)", rows)
    }
    let best = ending?.0 ?? endings[0]
    let isLarge = events > Self.mostForAllNetworks && endings.count > 1
    waiting = networks.flatMap { network in (isLarge ? [best] : endings).map { "\(network)/\($0)" } }
    guard isLarge else { return }
    let others = networks.flatMap { network in endings.filter { $0 != best }.map { "\(network)/\($0)" } }
    leftOut.append(
      "\(others.joined(separator: ", ")): they take long on this much data, and the best Markov model ends by /\(best)")
  }

  /// Of the validation data (of the test data where there are none), by a model; infinite where it has no row.
  private func nats(_ word: String, _ rows: [Comparison.Row]) -> Double {
    rows.last { $0.specification.shortWord == word }.map { ($0.valid ?? $0.test).nats } ?? .infinity
  }
}
