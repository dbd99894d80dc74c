import BigInt
import GraphicalModel
import Sequences

/// A kind of model and its options, before any data: tabular, Markov, recurrent. A new family is one type that
/// conforms to this, one that conforms to `Conditional`, and one line in `Registry`.
public protocol ModelFamily: Sendable {
  /// The name in a model's word.
  static var name: String { get }
  /// The option whose key may be left out when it comes first: `k` in `markov:3`.
  static var leadingOption: String? { get }
  /// Words with small settings that cover the family's kinds, for help and for the conformance tests.
  static var examples: [String] { get }
  /// One sentence for the help page.
  static var summary: String { get }

  /// The family that options of a word describe.
  /// - Throws: `SpecificationError` for a value that is out of range.
  init(_ options: inout ModelOptions, registry: Registry) throws

  /// The family's part of the word, with all options or with those that differ from their default.
  func word(complete: Bool) -> String

  /// Whether it models elements of this kind, whatever the number of symbols or the width; symbols alone unless it says so.
  func models(_ elements: ElementKind) -> Bool

  /// Why it has no conditional of this form, as a sentence; `nil` where it has one. Asked when a word is resolved, before there
  /// are data: of the shape's numbers of symbols and inputs nothing is known then.
  func refusal(_ shape: OutputShape) -> String?

  /// Why it is not fitted to data, as a sentence; `nil` where it is. Asked before data are read.
  var fittingRefusal: String? { get }

  /// Whether it is plain maximum likelihood, which gives unseen sequences the probability 0.
  var isUnsmoothed: Bool { get }

  /// Whether fitting stops early or tunes, and so wants a validation part.
  var usesValidation: Bool { get }

  /// Whether what is fitted lies in `FittingContext.scratch` as far as it grows with the data.
  var usesScratch: Bool { get }

  /// Whether a long fit keeps checkpoints.
  var keepsCheckpoints: Bool { get }

  /// The options in which the training that goes on from a checkpoint may differ from the earlier one.
  var resumableOptions: Set<String> { get }

  /// What helps a fit that is worse than uniform guessing, if anything.
  var adviceForPoorFit: String? { get }

  /// Whether the conditionals look at inputs x; those that do not say so.
  var readsInputs: Bool { get }

  /// What is wrong with inputs x that it is to look at, with the sequence's number; `nil` for nothing.
  func complaint(_ inputs: InputVectors, _ shape: OutputShape) -> String?

  /// The model as a directed graph: which variables there are, what each conditional looks at, and of how many numbers
  /// it consists. What a family costs follows from it.
  func template(_ shape: OutputShape) -> DirectedTemplate

  /// How the components of a vector depend on each other and on earlier ones, which a graph of components shows.
  func componentEdges(_ shape: OutputShape) -> DirectedTemplate.ComponentEdges

  /// The family that options of a word describe: one of this type unless the options say that another one of this name is
  /// meant.
  /// - Throws: `SpecificationError` for a value that is out of range.
  static func family(_ options: inout ModelOptions, registry: Registry) throws -> any ModelFamily

  /// The family with everything settled that a word leaves to the kind of elements, such as the emission.
  func resolved(for elements: ElementKind) throws -> any ModelFamily

  /// Fits the conditional to data.
  /// - Throws: `FittingError`, `SpecificationError.refused`.
  func fit(_ data: TrainingData, _ shape: OutputShape, _ context: FittingContext) throws -> any Conditional

  /// Fits the process of vectors to data.
  /// - Throws: `FittingError`, `SpecificationError.refused`.
  func fit(_ data: VectorTrainingData, _ shape: OutputShape, _ context: FittingContext) throws -> any VectorProcess

  /// The tensors of the family's model files, each with its number of elements where that follows from the model rather
  /// than from its data. A file with any other is refused before it is unpacked.
  func tensorSizes(_ shape: OutputShape) -> [String: Int?]

  /// The conditional that `SequenceProcess.write(to:)` has written, or the process of other elements.
  /// - Throws: `ModelFileError`.
  func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess
}

extension ModelFamily {
  /// By default symbols alone.
  public func models(_ elements: ElementKind) -> Bool { if case .symbols = elements { true } else { false } }
  /// By default every shape is accepted.
  public func refusal(_ shape: OutputShape) -> String? { nil }
  /// Refuses, for families that are not of symbols.
  public func fit(_ data: TrainingData, _ shape: OutputShape, _ context: FittingContext) throws -> any Conditional {
    throw SpecificationError.refused(model: word(complete: false), reason: "it is not fitted to symbols")
  }
  /// Refuses, for families that are not of vectors.
  public func fit(
    _ data: VectorTrainingData, _ shape: OutputShape, _ context: FittingContext
  ) throws -> any VectorProcess {
    throw SpecificationError.refused(
      model: word(complete: false), reason: "it is not fitted to \(shape.elements.name)")
  }
  /// By default one of this type.
  public static func family(_ options: inout ModelOptions, registry: Registry) throws -> any ModelFamily {
    try Self(&options, registry: registry)
  }
  /// By default they are independent given the past.
  public func componentEdges(_ shape: OutputShape) -> DirectedTemplate.ComponentEdges { .independent }
  /// By default nothing is left open.
  public func resolved(for elements: ElementKind) throws -> any ModelFamily { self }
  /// By default it is fitted to data.
  public var fittingRefusal: String? { nil }
  /// By default it does not look at inputs x.
  public var readsInputs: Bool { false }
  /// By default everything lies in memory.
  public var usesScratch: Bool { false }
  /// By default there are no checkpoints.
  public var keepsCheckpoints: Bool { false }
  /// By default there is no advice.
  public var adviceForPoorFit: String? { nil }
  /// By default no option may differ.
  public var resumableOptions: Set<String> { [] }
  /// By default any inputs will do.
  public func complaint(_ inputs: InputVectors, _ shape: OutputShape) -> String? { nil }

  /// The conditional in a file of symbols, such as a component's of a larger model.
  /// - Throws: `ModelFileError`.
  public func conditional(from file: TensorFile, _ shape: OutputShape) throws -> any Conditional {
    guard let conditional = try process(from: file, shape) as? any Conditional else {
      throw ModelFileError.inconsistent("\(word(complete: false)) is no model of symbols")
    }
    return conditional
  }

  /// Why it is no model of elements of any of these kinds with a way to end, as a sentence; `nil` where it is one.
  func refusal(_ length: any LengthStrategy, _ kinds: [ElementKind]) -> String? {
    func refusal(_ elements: ElementKind) -> String? {
      if !models(elements) {
        let known = ElementKind.all.first(where: models)?.name ?? "nothing"
        return "it models \(known), and these are \(elements.name)"
      }
      return length.refusal(elements) ?? self.refusal(length.shape(elements))
    }
    let reasons = kinds.map(refusal)
    return reasons.contains(nil) ? nil : zip(kinds, reasons).first { models($0.0) }?.1 ?? reasons[0]
  }

  /// The first of some ways to end that it does not decline for elements of all these kinds.
  /// - Throws: `SpecificationError.malformed` where there are none.
  func usual(_ lengths: [any LengthStrategy], _ kinds: [ElementKind]) throws -> any LengthStrategy {
    // Where the family declines all of them its own reason is to be told, and not that of a way to end.
    let possible = lengths.first { refusal($0, kinds) == nil }
    guard
      let length = possible ?? lengths.first(where: { length in kinds.contains { length.refusal($0) == nil } })
        ?? lengths.first
    else {
      throw SpecificationError.malformed("the registry has no way to end")
    }
    return length
  }

  /// Whether the number of parameters depends on the longest length.
  public func needsLongest(_ shape: OutputShape) -> Bool { template(shape).needsLongest }

  /// The degrees of freedom of the conditionals.
  public func freeParameters(_ shape: OutputShape, longest: Int) -> BigInt {
    template(shape).freeParameters(longest: longest)
  }

  /// The law of `freeParameters` as a formula.
  public func growth(_ shape: OutputShape) -> String { template(shape).growth }
}
