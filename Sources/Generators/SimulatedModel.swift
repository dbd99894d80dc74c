import ModelCore
import Sequences

/// What `simulate` can make a model of.
protocol SimulatedKind: Sendable {
  static var name: String { get }
  static var leadingOption: String? { get }
  /// A word, for the help page.
  static var example: String { get }
  static var summary: String { get }

  /// The model that the options of a word describe.
  /// - Throws: `SpecificationError`.
  static func model(_ options: inout ModelOptions, seed: UInt64) throws -> SequenceModel
}

/// Models whose probabilities are known and not fitted: what made the data is then known exactly.
public enum SimulatedModel {
  /// The kinds that a word may name, each with a word as an example and a sentence.
  public static var kinds: [(name: String, example: String, summary: String)] {
    types.map { ($0.name, $0.example, $0.summary) }
  }

  private static let types: [any SimulatedKind.Type] = [
    MarkovKind.self, HiddenMarkovKind.self, GeneratorKind<CopyGenerator>.self, GeneratorKind<BracketsGenerator>.self,
    GeneratorKind<PeriodicGenerator>.self, GeneratorKind<CountersGenerator>.self,
  ]

  /// The model that a word describes, `kind[:options]`:
  ///
  ///     let model = try SimulatedModel.model("copy:delay=5,noise=0.1", seed: 1)
  ///
  /// - Parameter seed: of the probabilities that are drawn (`markov`, `hmm`).
  /// - Throws: `SpecificationError` for a kind that there is not, and for options out of their range.
  public static func model(_ word: String, seed: UInt64) throws -> SequenceModel {
    let name = String(word.prefix { $0 != ":" })
    guard let type = types.first(where: { $0.name == name }) else {
      throw SpecificationError.unknown(what: "kind of process", word: name, known: types.map { $0.name })
    }
    var options = try ModelOptions(word, leadingKey: type.leadingOption)
    return try type.model(&options, seed: seed)
  }
}

/// A generator as a kind.
private enum GeneratorKind<Process: Generator>: SimulatedKind {
  static var name: String { Process.name }
  static var leadingOption: String? { Process.leadingOption }
  static var example: String { Process.name }
  static var summary: String { Process.summary }

  static func model(_ options: inout ModelOptions, seed: UInt64) throws -> SequenceModel {
    let generator = try Process(&options)
    try options.finish()
    return try generator.model(seed: seed)
  }
}
