import Inference
import Models
import Probability
import Sequences

/// The process that made the data of a comparison, known exactly, such as that of a simulation: no model's expected nats are
/// fewer, and what a model's are above is its regret.
public struct Truth: Sendable {
  /// The model's word.
  public let specification: ModelSpecification
  /// The figures of the test data under it.
  public let test: Figures
  /// Nats of each test sequence, one fold after the other.
  public let testNats: [Double]

  /// Scores the test data of a design.
  /// - Parameter alphabet: that of the data. The process may have more symbols, in another order.
  /// - Throws: `TruthError`.
  public init(_ model: SequenceModel, on design: Design<SymbolRows>, _ alphabet: Alphabet, threads: Int) throws {
    guard model.inputWidth == 0 else { throw TruthError.readsInputs(model.specification.shortWord) }
    let numbers = alphabet.symbols.map { model.alphabet.index(of: $0) }
    let scores = try design.folds.map { parts in
      let sequences = try (0..<parts.test.count).map { index in
        try parts.test[index].map { symbol -> Symbol in
          guard let number = numbers[symbol] else { throw TruthError.unknownSymbol(alphabet.symbols[symbol]) }
          return number
        }
      }
      return model.scores(of: SequenceSet(sequences, alphabetSize: model.alphabet.size), threads: threads)
    }
    specification = model.specification
    test = Figures(pooling: zip(scores, design.folds).map { Figures($0, symbols: $1.test.elementCount) })
    testNats = scores.flatMap { $0.map(\.nats) }
    if test.impossible > 0 { throw TruthError.impossible(test.impossible) }
  }
}

/// Why a model cannot be what made the data. Each description is a sentence for a person.
public enum TruthError: Error, Equatable, CustomStringConvertible {
  /// A symbol of the test data that it does not have.
  case unknownSymbol(String)
  /// So many test sequences have probability 0.
  case impossible(Int)
  /// It looks at inputs x.
  case readsInputs(String)

  /// What is wrong, as a sentence.
  public var description: String {
    switch self {
    case .unknownSymbol(let symbol):
      "--truth: the model has no symbol \(VisibleText.quoted(symbol)), which the test data hold: it is not what made them"
    case .impossible(let count):
      "--truth: the model gives \(count) of the test sequences the probability 0: it is not what made them"
    case .readsInputs(let model): "--truth: \(model) looks at inputs x; give a model of sequences alone"
    }
  }
}

extension Comparison {
  /// Gives each row its regret: nats an event above the truth's on the test data, with a paired bootstrap interval over
  /// sequences. The ratio r of the sums of differences d and of events e is bootstrapped by its linearisation,
  /// r + (d − r e) / mean e (Cochran 1977, "Sampling techniques", section 6.3), so that long sequences, which differ more, do
  /// not make the interval wide.
  public mutating func measureRegret(over truth: Truth, _ design: Design<some RowStorage>, seed: UInt64) {
    self.truth = truth
    let events = design.folds.flatMap { parts in (0..<parts.test.count).map { Double(parts.test.length($0) + 1) } }
    let all = events.reduce(0, +)
    for index in rows.indices {
      let differences = zip(rows[index].testNats, truth.testNats).map { $0 - $1 }
      let ratio = differences.reduce(0, +) / all
      let terms = zip(differences, events).map { difference, events in
        ratio.isFinite ? ratio + (difference - ratio * events) * Double(differences.count) / all : difference
      }
      rows[index].regret = BootstrapInterval(terms, clusters: design.clusters, seed: seed)
    }
  }
}
