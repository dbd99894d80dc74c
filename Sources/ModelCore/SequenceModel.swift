import BigInt
import Probability
import Sequences

/// A fitted model: a probability distribution over all finite sequences of an alphabet, the empty one included.
///
///     let names = try Dataset(reading: "names.txt")
///     let model = try SequenceModel.fit(ModelSpecification("markov:3/halt"), to: names.sequences, names.alphabet)
///     model.nats(of: names.sequences)
public struct SequenceModel: Sendable {
  public let specification: ModelSpecification
  public let alphabet: Alphabet
  public let conditional: any Conditional
  /// The conditional again, if it walks in lockstep: to ask for that takes as long as to draw a few elements.
  package let lockstep: (any LockstepConditional)?
  /// P(τ), where the length is drawn first.
  public let prior: (any LengthPrior)?
  public let facts: TrainingFacts
  private let listedStates: Listed

  /// The states that the past can be in, where those are finitely many and not too many to list; listed once for all copies
  /// of the model, when they are first asked for. `nil` for models that look at inputs x: steps are not the same for all
  /// sequences.
  public var finiteStates: (any FiniteStateProcess)? {
    if inputWidth > 0 { return nil }
    return listedStates.get { (conditional as? any FiniteStateConditional)?.finiteStates() }
  }

  public init(
    specification: ModelSpecification, alphabet: Alphabet, conditional: any Conditional,
    prior: (any LengthPrior)?,
    facts: TrainingFacts
  ) {
    self.specification = specification
    self.alphabet = alphabet
    self.conditional = conditional
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
    try specification.checkFitting()
    guard alphabet.size > 0 else {
      throw SpecificationError.refused(
        model: specification.shortWord, reason: "the training data holds no symbol, only empty sequences")
    }
    let data = TrainingData(train: train, valid: valid ?? SequenceSet([], alphabetSize: alphabet.size))
    let facts = TrainingFacts(train, seed: context.seed)
    let prior = try specification.length.prior?.fit(train, context)
    @Sendable func model(_ conditional: any Conditional) -> SequenceModel {
      SequenceModel(
        specification: specification, alphabet: alphabet, conditional: conditional, prior: prior, facts: facts)
    }
    var context = context
    if let checkpoints = context.checkpoints {
      if let earlier = checkpoints.resuming?.model ?? checkpoints.continuing {
        let obstacles = earlier.obstacles(toContinuing: specification, on: train, alphabet, seed: context.seed)
        guard obstacles.isEmpty else {
          throw FittingError.wrongCheckpoint(reason: obstacles.joined(separator: "; "))
        }
      }
      context.save = { try checkpoints.save(Checkpoint(model: model($0), state: $1)) }
    }
    let shape = specification.shape(alphabetSize: alphabet.size, inputWidth: train.inputWidth)
    return model(try specification.family.fit(data, shape, context))
  }

  /// The inputs of the step after the first `time` elements.
  /// - Parameters:
  ///   - length: τ where it is drawn first, else anything.
  ///   - x: the sequence's inputs, where the data have any.
  public func inputs(time: Int, length: Int, x: SequenceInput? = nil) -> StepInputs {
    conditional.shape.inputs(time: time, length: length, x: x)
  }

  /// P(τ) where the length is drawn first.
  /// - Parameter x: the sequence's inputs, where the data have any.
  public func lengthLaw(given x: SequenceInput? = nil) -> (any LengthLaw)? { prior?.law(given: x) }

  /// The numbers in the inputs x(t) that the model looks at; 0 where it looks at none.
  public var inputWidth: Int { specification.readsInputs ? conditional.shape.inputWidth : 0 }

  /// Whether the model can look at inputs x from outside, to be asked before it scores or draws with them.
  /// - Throws: `DataError.unusableInput`.
  public func check(_ inputs: InputVectors?) throws {
    if let inputs, let reason = specification.family.complaint(inputs, conditional.shape) {
      throw DataError.unusableInput(model: specification.shortWord, reason: reason)
    }
  }

  /// The degrees of freedom, for sequences of at most the training set's longest.
  public var freeParameters: BigInt {
    specification.freeParameters(conditional.shape, allowing: facts.longest)
  }

  /// The numbers held.
  public var storedParameters: Int { conditional.storedParameters + (prior?.storedParameters ?? 0) }

  /// What a person should know of this model.
  public var notes: [String] {
    conditional.notes + (prior?.notes ?? [])
      + (specification.length.endsAbruptly
        ? ["elements do not depend on the length: samples may stop in mid-pattern"] : [])
      + (conditional.shape.inputWidth > 0 && inputWidth == 0
        ? ["it does not look at the inputs x of the data"] : [])
  }
}

/// What is remembered of the training set.
public struct TrainingFacts: Sendable, Hashable {
  public var sequences: Int
  public var symbols: Int
  public var longest: Int
  /// Of the training set's content.
  public var dataHash: UInt64
  public var seed: UInt64

  public init(sequences: Int, symbols: Int, longest: Int, dataHash: UInt64, seed: UInt64) {
    self.sequences = sequences
    self.symbols = symbols
    self.longest = longest
    self.dataHash = dataHash
    self.seed = seed
  }

  init(_ set: SequenceSet, seed: UInt64) {
    self.init(
      sequences: set.count, symbols: set.symbolCount, longest: set.longest, dataHash: set.contentHash, seed: seed)
  }
}
