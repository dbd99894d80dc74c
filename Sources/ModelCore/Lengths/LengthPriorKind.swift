import BigInt
import Sequences

/// A kind of distribution of the length, P(τ), before any data: what `prior=` names. A new one is a type that conforms to
/// this, in a file of its own, and one line in `Registry`; the fitted distribution may be the same type.
public protocol LengthPriorKind: Sendable {
  /// The value of `prior=`.
  static var name: String { get }
  /// What the help page says of it in brackets; empty where the name says enough.
  static var remark: String { get }

  /// Whether the distribution may depend on the inputs x.
  static var readsInputs: Bool { get }
  /// The free parameters without those of x; `nil` for a table, which has T of them for lengths 0 … T.
  static var ownParameters: Int? { get }
  /// The free parameters for each number in x.
  static var parametersPerInput: Int { get }

  /// By maximum likelihood where nothing else is said.
  /// - Throws: `FittingError`, `GSLError`.
  static func fit(_ set: Sequences<some RowStorage>, _ context: FittingContext) throws -> any LengthPrior

  /// The names of the tensors that `LengthPrior.write(to:)` writes. A file with any other is refused.
  static var tensorNames: Set<String> { get }

  /// The distribution that `LengthPrior.write(to:)` has written.
  /// - Parameter inputWidth: the numbers in x.
  /// - Throws: `ModelFileError`.
  static func read(from file: TensorFile, inputWidth: Int) throws -> any LengthPrior
}

extension LengthPriorKind {
  /// By default there is no remark.
  public static var remark: String { "" }
  /// By default it depends on inputs if it has parameters for them.
  public static var readsInputs: Bool { parametersPerInput > 0 }
  /// By default there are none.
  public static var parametersPerInput: Int { 0 }

  /// Whether it has a table's T degrees of freedom for lengths 0 … T.
  static var isTable: Bool { ownParameters == nil }

  /// The degrees of freedom for lengths of at most T.
  package static func freeParameters(longest: Int, inputWidth: Int) -> BigInt {
    BigInt(ownParameters ?? longest) + BigInt(parametersPerInput) * BigInt(inputWidth)
  }

  /// The same as a formula in T and the number |x| of inputs.
  static func growth(inputWidth: Int) -> String {
    (ownParameters.map(String.init) ?? "T")
      + (parametersPerInput > 0 && inputWidth > 0 ? " + \(parametersPerInput)|x|" : "")
  }
}
