import Foundation
import ModelCore
import Probability
import Sequences

/// What options of a random generator describe: the sizes, and how even the distributions are that are drawn.
struct RandomTables {
  /// The order of a Markov chain, or the states of a hidden one.
  let size: Int
  /// k.
  let symbols: Int
  /// The parameter of the symmetric Dirichlet distribution from which each distribution is drawn: 1 is uniform over all of
  /// them, less makes them uneven.
  let concentration: Double
  /// The mean length, which is geometric.
  let mean: Double

  init(
    _ options: inout ModelOptions, sizeOption: String, _ range: ClosedRange<Int>, default usual: Int,
    concentration usualConcentration: Double
  ) throws {
    size = try options.integer(sizeOption, in: range) ?? usual
    symbols = try options.integer("symbols", in: 1...GeneratorOptions.mostSymbols) ?? 4
    concentration = try options.number("concentration", in: 1e-3...1e6) ?? usualConcentration
    mean = try GeneratorOptions.mean(&options)
  }

  var stop: Double { GeneratorOptions.stopProbability(mean: mean) }

  /// A distribution over `count` outcomes.
  func row(_ count: Int, _ stream: inout RandomStream) -> [Double] {
    let logs = (0..<count).map { _ in stream.logGamma(concentration) }
    let largest = logs.max() ?? 0
    let weights = logs.map { exp($0 - largest) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}

/// `markov` in `simulate`: a Markov chain of order k whose rows are drawn from a Dirichlet distribution, as an automaton whose
/// states are the contexts of at most k symbols.
enum MarkovKind: SimulatedKind {
  static let name = "markov"
  static let leadingOption: String? = "k"
  static let example = "markov:2,symbols=5,concentration=0.3"
  static let summary =
    "a Markov chain of order k=2 over symbols=4, each row of its table drawn from a Dirichlet distribution of concentration=0.5; mean=20 of the length"

  static func model(_ options: inout ModelOptions, seed: UInt64) throws -> SequenceModel {
    let tables = try RandomTables(&options, sizeOption: "k", 0...12, default: 2, concentration: 0.5)
    try options.finish()
    let (order, k) = (tables.size, tables.symbols)
    let states = countOfSequences(over: k, longest: order)
    try checkSize(states, k, transitions: states.map { Double($0) * Double(k) } ?? .infinity)
    var stream = RandomStream(seed: seed, purpose: "simulate markov")
    var rows = AutomatonRows(alphabetSize: k)
    // Contexts of one length stand side by side, in the order of their symbols as digits.
    var (begin, count) = (0, 1)
    for length in 0...order {
      for context in 0..<count {
        rows.beginState(stop: tables.stop)
        for (symbol, probability) in tables.row(k, &stream).enumerated() {
          // The longest contexts lose their first symbol.
          let next =
            length < order ? begin + count + context * k + symbol : begin + (context * k + symbol) % count
          if probability > 0 { rows.add(to: next, probability) }
          rows.endSymbol()
        }
      }
      if length < order { (begin, count) = (begin + count, count * k) }
    }
    let initial = [1] + Array(repeating: 0.0, count: rows.stateCount - 1)
    return try ProbabilisticAutomaton(
      shape: OutputShape(alphabetSize: k, stop: .variable), initial: initial, rows: rows
    ).model(.ofGenerator(k), seed: seed)
  }
}

/// `hmm` in `simulate`: a hidden Markov chain of n states, whose first state, rows of transitions and rows of symbols are drawn
/// from a Dirichlet distribution.
enum HiddenMarkovKind: SimulatedKind {
  static let name = "hmm"
  static let leadingOption: String? = "states"
  static let example = "hmm:8,symbols=6,concentration=0.2"
  static let summary =
    "a hidden Markov chain of states=5 over symbols=4, its distributions drawn from a Dirichlet distribution of concentration=0.3; mean=20 of the length"

  static func model(_ options: inout ModelOptions, seed: UInt64) throws -> SequenceModel {
    let tables = try RandomTables(&options, sizeOption: "states", 1...2000, default: 5, concentration: 0.3)
    try options.finish()
    let (n, k) = (tables.size, tables.symbols)
    try checkSize(n, k, transitions: Double(n) * Double(n) * Double(k))
    var stream = RandomStream(seed: seed, purpose: "simulate hmm")
    let initial = tables.row(n, &stream)
    var rows = AutomatonRows(alphabetSize: k)
    for _ in 0..<n {
      let (transitions, emissions) = (tables.row(n, &stream), tables.row(k, &stream))
      rows.beginState(stop: tables.stop)
      for emission in emissions {
        for (state, transition) in transitions.enumerated() where emission * transition > 0 {
          rows.add(to: state, emission * transition)
        }
        rows.endSymbol()
      }
    }
    return try ProbabilisticAutomaton(
      shape: OutputShape(alphabetSize: k, stop: .variable), initial: initial, rows: rows
    ).model(.ofGenerator(k), seed: seed)
  }
}

extension SimulatedKind {
  /// - Throws: `SpecificationError.refused` for an automaton that is too large.
  static func checkSize(_ states: Int?, _ k: Int, transitions: Double) throws {
    let limits = (ProbabilisticAutomaton.mostStates, ProbabilisticAutomaton.mostRows)
    guard let states, states <= limits.0, transitions <= Double(limits.1) else {
      throw SpecificationError.refused(
        model: name,
        reason:
          "it would have more than \(limits.0) states or \(limits.1) transitions: make it smaller, or symbols= fewer")
    }
  }
}
