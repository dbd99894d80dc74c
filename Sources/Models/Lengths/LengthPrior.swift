import BigInt
import Probability
import Sequences

/// A law P(τ) of lengths that are drawn first. Smoothed or not, it is over all of 0, 1, 2, …; fitted ones give each of
/// them mass.
public protocol LengthPrior: Sendable, Hashable {
  /// Fitted to the lengths of a set, by maximum likelihood where nothing else is said.
  init(fitting set: SequenceSet) throws

  /// E[τ].
  var mean: Double { get }
  /// Var[τ].
  var variance: Double { get }
  /// log P(τ = n) in nats.
  func logProbability(_ length: Int) -> Double
  /// P(τ > n); 1 below 0.
  func tail(beyond length: Int) -> Double
  /// A draw of τ.
  func sample(_ stream: inout RandomStream) -> Int

  /// The numbers held.
  var storedParameters: Int { get }
  /// What a person should know of the fit.
  var notes: [String] { get }

  func write(to file: inout TensorFile)
  /// - Throws: `ModelFileError`.
  init(from file: TensorFile) throws
}

extension LengthPrior {
  public var notes: [String] { [] }
}

/// The laws that `prior=` names.
public enum PriorKind: String, Sendable, CaseIterable {
  /// A table, smoothed so that every length has mass.
  case table
  /// The unsmoothed table count(τ) / N.
  case unsmoothedTable = "table:ml"
  case poisson
  case negativeBinomial = "negative-binomial"
  case geometric

  func fit(_ set: SequenceSet) throws -> any LengthPrior {
    switch self {
    case .table: LengthTable(set, isSmoothed: true)
    case .unsmoothedTable: LengthTable(set, isSmoothed: false)
    case .poisson: PoissonLengths(fitting: set)
    case .negativeBinomial: try NegativeBinomialLengths(fitting: set)
    case .geometric: GeometricLengths(fitting: set)
    }
  }

  func read(from file: TensorFile) throws -> any LengthPrior {
    switch self {
    case .table: try LengthTable(from: file, isSmoothed: true)
    case .unsmoothedTable: try LengthTable(from: file, isSmoothed: false)
    case .poisson: try PoissonLengths(from: file)
    case .negativeBinomial: try NegativeBinomialLengths(from: file)
    case .geometric: try GeometricLengths(from: file)
    }
  }

  /// The degrees of freedom; `nil` for a table, which has T of them for lengths 0 … T.
  var freeParameters: Int? {
    switch self {
    case .table, .unsmoothedTable: nil
    case .poisson, .geometric: 1
    case .negativeBinomial: 2
    }
  }

  /// The degrees of freedom for lengths of at most T.
  func freeParameters(longest: Int) -> BigInt { BigInt(freeParameters ?? longest) }

  /// The same as a formula.
  var growth: String { freeParameters.map(String.init) ?? "T" }
}

extension SequenceSet {
  /// The mean of the lengths; of no sequences or empty ones alone 1/(sequences + 1), so that every length has mass.
  var meanLength: Double {
    symbolCount > 0 ? Double(symbolCount) / Double(count) : 1 / (Double(count) + 1)
  }
}

extension TensorFile {
  /// The mean length of a law of one or two numbers.
  /// - Throws: `ModelFileError` unless it is positive, so large that quotients of it stay finite, and no longer than
  ///   sequences get.
  func meanLength() throws -> Double {
    let mean = try doubles("length.mean", count: 1)[0]
    guard mean > 1e-100, mean < 0x1p48 else {
      throw ModelFileError.inconsistent("length.mean is not the mean of a law of lengths")
    }
    return mean
  }
}
