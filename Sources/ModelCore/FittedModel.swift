import BigInt
import Probability
import Sequences

/// A fitted model: a probability distribution over all finite sequences of elements, the empty one included; of symbols a
/// `SequenceModel`, of vectors of real numbers a `VectorModel`.
public protocol FittedModel<Rows>: Sendable {
  /// The storage of the elements.
  associatedtype Rows: RowStorage
  /// One element of a sequence.
  typealias Element = Rows.Element

  /// The model's word, resolved.
  var specification: ModelSpecification { get }
  /// P(y(t) | past), with the decision to stop.
  var process: any SequenceProcess<Rows.Element> { get }
  /// P(τ), where the length is drawn first.
  var prior: (any LengthPrior)? { get }
  /// What is remembered of the training set.
  var facts: TrainingFacts { get }

  /// The states that the past can be in, where those are finitely many and not too many to list.
  var finiteStates: (any FiniteStateProcess)? { get }

  /// The two shares of each sequence's negative log-likelihood without that of P(τ), from a family that scores many sequences
  /// at once; `nil` from others.
  func batchedScores(of set: Sequences<Rows>, threads: Int) -> [SequenceScore]?

  /// What data of the model have in common: the alphabet, or the columns of vectors.
  var schema: Rows.Schema { get }

  /// Fits a specification.
  /// - Parameter valid: for families that stop early or tune; leave it empty for the others.
  /// - Throws: `FittingError`, `SpecificationError.refused`.
  static func fit(
    _ specification: ModelSpecification, to train: Sequences<Rows>, valid: Sequences<Rows>?, _ schema: Rows.Schema,
    _ context: FittingContext
  ) throws -> Self

  /// What a file says of the elements.
  var metadata: [String: String] { get throws }

  /// Reads the kind of elements from a file's metadata, and gives what makes the model from its other parts.
  /// - Throws: `ModelFileError`.
  static func reading(_ metadata: [String: String]) throws -> (elements: ElementKind, make: ModelMaker<Self>)

  /// Why these cannot be elements of the model, as a sentence; `nil` where they are.
  func refusal(_ elements: [Rows.Element]) -> String?
}

/// Makes a model of its parts.
/// - Throws: `ModelFileError` where the process is one of other elements.
public typealias ModelMaker<Model> = (
  ModelSpecification, any SequenceProcess, (any LengthPrior)?, TrainingFacts
) throws -> Model

extension FittedModel {
  /// By default `nil`: the states cannot be listed.
  public var finiteStates: (any FiniteStateProcess)? { nil }
  /// By default `nil`: sequences are scored one by one.
  public func batchedScores(of set: Sequences<Rows>, threads: Int) -> [SequenceScore]? { nil }

  /// What each step gives.
  public var shape: OutputShape { process.shape }

  /// The inputs of the step after the first `time` elements.
  /// - Parameters:
  ///   - length: τ where it is drawn first, else anything.
  ///   - x: the sequence's inputs, where the data have any.
  public func inputs(time: Int, length: Int, x: SequenceInput? = nil) -> StepInputs {
    shape.inputs(time: time, length: length, x: x)
  }

  /// P(τ) where the length is drawn first.
  /// - Parameter x: the sequence's inputs, where the data have any.
  public func lengthLaw(given x: SequenceInput? = nil) -> (any LengthLaw)? { prior?.law(given: x) }

  /// The numbers in the inputs x(t) that the model looks at; 0 where it looks at none.
  public var inputWidth: Int { specification.readsInputs ? shape.inputWidth : 0 }

  /// Whether the model can look at inputs x from outside, to be asked before it scores or draws with them.
  /// - Throws: `DataError.unusableInput`.
  public func check(_ inputs: InputVectors?) throws {
    if let inputs, let reason = specification.family.complaint(inputs, shape) {
      throw DataError.unusableInput(model: specification.shortWord, reason: reason)
    }
  }

  /// The degrees of freedom, for sequences of at most the training set's longest.
  public var freeParameters: BigInt {
    specification.freeParameters(shape, allowing: facts.longest)
  }

  /// The numbers held.
  public var storedParameters: Int { process.storedParameters + (prior?.storedParameters ?? 0) }

  /// What a person should know of this model.
  public var notes: [String] {
    process.notes + (prior?.notes ?? [])
      + (specification.length.endsAbruptly
        ? ["elements do not depend on the length: samples may stop in mid-pattern"] : [])
      + (shape.inputWidth > 0 && inputWidth == 0
        ? ["it does not look at the inputs x of the data"] : [])
  }
}

/// What is remembered of the training set.
public struct TrainingFacts: Sendable, Hashable {
  /// The number of sequences.
  public var sequences: Int
  /// The number of elements.
  public var symbols: Int
  /// The length of the longest sequence.
  public var longest: Int
  /// Of the training set's content.
  public var dataHash: UInt64
  /// The seed of the fit.
  public var seed: UInt64

  package init(sequences: Int, symbols: Int, longest: Int, dataHash: UInt64, seed: UInt64) {
    self.sequences = sequences
    self.symbols = symbols
    self.longest = longest
    self.dataHash = dataHash
    self.seed = seed
  }

  /// Those of a set that a model is fitted to, with the seed of the fit. O(elements).
  public init(_ set: Sequences<some RowStorage>, seed: UInt64) {
    self.init(
      sequences: set.count, symbols: set.elementCount, longest: set.longest, dataHash: set.contentHash, seed: seed)
  }
}
