import GraphicalModel
import Lengths
import ModelCore
import Sequences

/// A process with known probabilities, whose past matters through a memory that is a function of the elements: a generator of
/// artificial data. Nothing of it is fitted, and its word says everything. A new one is one file, a line in `Registry.standard`
/// and one in `SimulatedModel.kinds`.
///
/// It ends by a stop variable: at each step the sequence ends with a probability that depends on the memory, or continues with
/// a symbol.
package protocol Generator: Sendable {
  /// What matters of the past.
  associatedtype Memory: Sendable, Hashable

  /// The name in a model's word.
  static var name: String { get }
  /// The option whose key may be left out when it comes first.
  static var leadingOption: String? { get }
  /// Words with small settings, for help and for the conformance tests.
  static var examples: [String] { get }
  /// One sentence for the help page.
  static var summary: String { get }

  /// The generator that options of a word describe.
  /// - Throws: `SpecificationError` for a value that is out of range.
  init(_ options: inout ModelOptions) throws
  /// The options of its word.
  var options: [(key: String, value: String, isDefault: Bool)] { get }

  /// Its symbols.
  /// - Throws: `DataError.malformedAlphabet`.
  func alphabet() throws -> Alphabet
  /// What y(t) and the stop decision look at.
  var parents: [DirectedTemplate.Parent] { get }
  /// The number of memories; `nil` where they are infinitely many, or more than an integer holds.
  var memoryCount: Int? { get }

  /// The memory before the first element.
  var start: Memory { get }
  /// P(the sequence ends | memory).
  func stopProbability(_ memory: Memory) -> Double
  /// P(symbol | memory, the sequence continues): a distribution over the symbols, whatever the memory.
  func probability(of symbol: Symbol, _ memory: Memory) -> Double
  /// The memory after a symbol that is possible.
  func advance(_ memory: inout Memory, past symbol: Symbol)
}

extension Generator {
  /// The model that the generator is. O(1).
  /// - Parameter seed: kept as a fact of its making.
  func model(seed: UInt64) throws -> SequenceModel {
    let alphabet = try alphabet()
    let family = GeneratorFamily(generator: self)
    let specification = try ModelSpecification(
      "\(family.word(complete: true))/\(Halting.name)", registry: .generator(GeneratorFamily<Self>.self))
    return SequenceModel(
      specification: specification, alphabet: alphabet,
      conditional: GeneratorConditional(
        generator: self, shape: specification.shape(alphabetSize: alphabet.size)),
      prior: nil, facts: TrainingFacts(sequences: 0, symbols: 0, longest: 0, dataHash: 0, seed: seed))
  }
}

extension Registry {
  /// One with a family of a known process alone.
  static func generator(_ family: any ModelFamily.Type) -> Registry {
    Registry(families: [family], lengths: [Halting.self], priors: [], smoothers: [])
  }
}

/// What the options of several generators have in common.
enum GeneratorOptions {
  /// The largest alphabet of a generator.
  static let mostSymbols = 10_000
  static let usualMean = 20.0

  /// `mean`, the mean length.
  static func mean(_ options: inout ModelOptions, default usual: Double = usualMean) throws -> Double {
    try options.number("mean", in: 0...1_000_000) ?? usual
  }

  /// `noise`, the probability that a symbol is drawn uniformly.
  static func noise(_ options: inout ModelOptions) throws -> Double {
    try options.number("noise", in: 0...1) ?? 0
  }

  /// 1 / (mean + 1), the probability of stopping at each step that gives a geometric length this mean.
  static func stopProbability(mean: Double) -> Double { 1 / (mean + 1) }
}

extension Alphabet {
  /// Symbols without a meaning: up to 62 letters and digits, else words such as s007, in code-point order.
  /// - Throws: `DataError.malformedAlphabet`.
  static func ofGenerator(_ size: Int) throws -> Alphabet {
    let characters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789").map(String.init)
    if size <= characters.count {
      return try Alphabet(symbols: characters.prefix(size).sorted(), kind: .characters)
    }
    let digits = String(size - 1).count
    func name(_ number: Int) -> String {
      let text = String(number)
      return "s" + String(repeating: "0", count: digits - text.count) + text
    }
    return try Alphabet(symbols: (0..<size).map(name), kind: .words)
  }
}
