import BigInt
import Sequences

/// The laws that `prior=` names, all fitted by maximum likelihood where nothing else is said.
public enum LengthPriorKind: String, Sendable, CaseIterable {
  /// A table, smoothed so that every length has mass.
  case table
  /// The unsmoothed table count(τ) / N.
  case unsmoothedTable = "table:ml"
  case poisson
  case negativeBinomial = "negative-binomial"
  case geometric
  /// A softmax output from x; without x the table.
  case learned

  /// - Throws: `GSLError`.
  func fit(_ set: SequenceSet, _ context: FittingContext) throws -> any LengthPrior {
    switch self {
    case .table: LengthTable(set, isSmoothed: true)
    case .unsmoothedTable: LengthTable(set, isSmoothed: false)
    case .poisson: PoissonLengths(fitting: set)
    case .negativeBinomial: try NegativeBinomialLengths(fitting: set)
    case .geometric: GeometricLengths(fitting: set)
    case .learned: try LearnedLengths(fitting: set, context)
    }
  }

  /// The tensors of all kinds in a model file.
  static let tensors: Set<String> = [
    "length.mean", "length.size", "length.bias", "length.weight", "length.per_step", "length.lengths", "length.counts",
  ]

  /// - Throws: `ModelFileError`.
  func read(from file: TensorFile, inputWidth: Int) throws -> any LengthPrior {
    switch self {
    case .table: try LengthTable(from: file, isSmoothed: true)
    case .unsmoothedTable: try LengthTable(from: file, isSmoothed: false)
    case .poisson: try PoissonLengths(from: file)
    case .negativeBinomial: try NegativeBinomialLengths(from: file)
    case .geometric: try GeometricLengths(from: file)
    case .learned: try LearnedLengths(from: file, inputWidth: inputWidth)
    }
  }

  /// Whether the law may depend on the inputs x.
  public var readsInputs: Bool { self == .learned }

  /// Whether it has a table's T degrees of freedom for lengths 0 … T.
  var isTable: Bool { ownParameters == nil }

  /// The numbers of a law that is no table.
  private var ownParameters: Int? {
    switch self {
    case .table, .unsmoothedTable, .learned: nil
    case .poisson, .geometric: 1
    case .negativeBinomial: 2
    }
  }

  /// The degrees of freedom for lengths of at most T.
  func freeParameters(longest: Int, inputWidth: Int) -> BigInt {
    BigInt(ownParameters ?? longest) + (readsInputs ? BigInt(LearnedLengths.freeLogits) * BigInt(inputWidth) : 0)
  }

  /// The same as a formula in T and the number |x| of inputs.
  func growth(inputWidth: Int) -> String {
    (ownParameters.map(String.init) ?? "T")
      + (readsInputs && inputWidth > 0 ? " + \(LearnedLengths.freeLogits)|x|" : "")
  }
}
