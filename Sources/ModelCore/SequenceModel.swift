import Foundation
import Probability
import Sequences

/// A fitted model: a probability distribution over all finite sequences of an alphabet, the empty one included.
///
///     let names = try Dataset(reading: "names.txt")
///     let model = try SequenceModel.fit(ModelSpecification("markov:3/halt"), to: names.sequences, names.alphabet)
///     model.nats(of: names.sequences)
public struct SequenceModel: FittedModel {
  /// Elements are symbols.
  public typealias Rows = SymbolRows
  /// The model's word, resolved.
  public let specification: ModelSpecification
  /// The symbols' names.
  public let alphabet: Alphabet
  /// The same, as what data of the model have in common.
  public var schema: Alphabet { alphabet }
  /// The process of symbols.
  public let conditional: any Conditional
  /// The conditional again, if it walks in lockstep: to ask for that takes as long as to draw a few elements.
  package let lockstep: (any LockstepConditional)?
  /// P(τ), where the length is drawn first.
  public let prior: (any LengthPrior)?
  /// What is remembered of the training set.
  public let facts: TrainingFacts
  /// The conditional again, as the process of a model of any elements.
  public let process: any SequenceProcess<Symbol>
  private let listedStates: Listed

  /// The states that the past can be in, where those are finitely many and not too many to list; listed once for all copies
  /// of the model, when they are first asked for. `nil` for models that look at inputs x: steps are not the same for all
  /// sequences.
  public var finiteStates: (any FiniteStateProcess)? {
    if inputWidth > 0 { return nil }
    return listedStates.get { (conditional as? any FiniteStateConditional)?.finiteStates() }
  }

  /// A model of its parts, which must go together; `fit` makes them.
  public init(
    specification: ModelSpecification, alphabet: Alphabet, conditional: any Conditional,
    prior: (any LengthPrior)?,
    facts: TrainingFacts
  ) {
    self.specification = specification
    self.alphabet = alphabet
    self.conditional = conditional
    func asProcess(_ conditional: some Conditional) -> any SequenceProcess<Symbol> { conditional }
    process = asProcess(conditional)
    lockstep = conditional as? any LockstepConditional
    self.prior = prior
    self.facts = facts
    listedStates = Listed()
  }

  /// Fits a specification.
  /// - Parameter valid: for families that stop early or tune; leave it empty for the others.
  /// - Throws: `FittingError`, `SpecificationError.refused`.
  public static func fit(
    _ specification: ModelSpecification, to train: SequenceSet, valid: SequenceSet? = nil, _ alphabet: Alphabet,
    _ context: FittingContext = FittingContext()
  ) throws -> SequenceModel {
    try fit(specification, to: train, valid: valid, alphabet, context) {
      try specification.family.fit($0, $1, $2)
    }
  }

  /// Fits a specification with another fit of the conditional.
  /// - Parameter conditional: fits the conditional.
  static func fit(
    _ specification: ModelSpecification, to train: SequenceSet, valid: SequenceSet?, _ alphabet: Alphabet,
    _ context: FittingContext,
    conditional: (TrainingData, OutputShape, FittingContext) throws -> any Conditional
  ) throws -> SequenceModel {
    guard alphabet.size > 0 else {
      throw SpecificationError.refused(
        model: specification.shortWord, reason: "the training data holds no symbol, only empty sequences")
    }
    return try fit(
      specification, to: train, valid: valid ?? SequenceSet([], alphabetSize: alphabet.size), alphabet,
      .symbols(alphabet.size), context, process: conditional
    ) { specification, process, prior, facts in
      guard let conditional = process as? any Conditional else { preconditionFailure("a process of symbols") }
      return SequenceModel(
        specification: specification, alphabet: alphabet, conditional: conditional, prior: prior, facts: facts)
    }
  }
}

extension SequenceModel {
  /// The scores of a conditional that scores many sequences at once; `nil` for others.
  public func batchedScores(of set: SequenceSet, threads: Int) -> [SequenceScore]? {
    (conditional as? any BatchedConditional)?.scores(of: set, threads: threads)
  }

  /// The alphabet: its symbols as JSON, what a symbol is, and the one for unseen symbols.
  public var metadata: [String: String] {
    get throws {
      var metadata = [
        "chainrule.alphabet": String(decoding: try JSONEncoder().encode(alphabet.symbols), as: UTF8.self),
        "chainrule.symbols": alphabet.kind.rawValue,
      ]
      if let unknown = alphabet.unknown { metadata["chainrule.unknown"] = alphabet.symbols[unknown] }
      return metadata
    }
  }

  /// The alphabet in a file's metadata, and how the model is made with it.
  public static func reading(
    _ metadata: [String: String]
  ) throws -> (elements: ElementKind, make: ModelMaker<SequenceModel>) {
    if metadata[VectorModel.key] != nil {
      throw ModelFileError.otherElements("a model of vectors, where one of symbols is needed")
    }
    let json = try ModelFile.text("alphabet", metadata)
    guard let symbols = try? JSONDecoder().decode([String].self, from: Data(json.utf8)),
      let kind = SymbolKind(rawValue: try ModelFile.text("symbols", metadata)), !symbols.isEmpty,
      let alphabet = try? Alphabet(symbols: symbols, kind: kind, unknown: metadata["chainrule.unknown"])
    else { throw ModelFileError.inconsistent("chainrule.alphabet is not an alphabet") }
    return (
      .symbols(alphabet.size),
      { specification, process, prior, facts in
        guard let conditional = process as? any Conditional else {
          throw ModelFileError.inconsistent("its family is not one of symbols")
        }
        return SequenceModel(
          specification: specification, alphabet: alphabet, conditional: conditional, prior: prior, facts: facts)
      }
    )
  }

  /// Refuses what is no symbol of the alphabet.
  public func refusal(_ elements: [Symbol]) -> String? {
    elements.allSatisfy((0..<alphabet.size).contains) ? nil : "the prefix holds what is no symbol of the model"
  }
}
