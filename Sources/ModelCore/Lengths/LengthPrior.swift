import Foundation
import Probability
import Sequences
import Support

/// A law of lengths P(τ) over 0, 1, 2, …
public protocol LengthLaw: Sendable {
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
  /// A draw of P(τ | τ ≥ first).
  /// - Precondition: `first` ≥ 0, and P(τ ≥ first) > 0.
  func sample(atLeast first: Int, _ stream: inout RandomStream) -> Int
}

extension LengthLaw {
  /// By what remains of the mass: step by step at first, then by halves.
  public func sample(atLeast first: Int, _ stream: inout RandomStream) -> Int {
    let all = tail(beyond: first - 1)
    var rest = stream.uniform() * all
    var length = first
    while length < first + 1024 {
      rest -= exp(logProbability(length))
      if rest < 0 { return length }
      length += 1
    }
    // The first n beyond which is less than what is left of the draw.
    let left = tail(beyond: length - 1)
    if left == 0 { return length }
    let wanted = max(left - rest, 1e-16 * left)
    var (low, high) = (length - 1, 2 * length)
    while high < 1 << 61, tail(beyond: high) >= wanted { (low, high) = (high, 2 * high) }
    return lowerBound(low + 1, high) { tail(beyond: $0) >= wanted }
  }
}

/// What lengths that are drawn first are drawn from, as it was fitted: one law, or one for each x. Unless it is an
/// unsmoothed table it gives every length mass.
public protocol LengthPrior: Sendable, Hashable {
  /// Whether the law depends on the inputs x.
  var readsInputs: Bool { get }

  /// P(τ | x).
  /// - Parameter x: the sequence's inputs; all zeros where there are none.
  func law(given x: SequenceInput?) -> any LengthLaw

  /// The mean of the laws of sequences with these inputs.
  func meanLaw(over inputs: InputVectors) -> any LengthLaw

  /// The numbers held.
  var storedParameters: Int { get }
  /// What a person should know of the fit.
  var notes: [String] { get }

  /// Writes what `LengthPriorKind.read(from:inputWidth:)` reads.
  func write(to file: inout TensorFile)

  /// Whether it can have been fitted to a set of which so much is known: what is read from a file is held against it.
  func agrees(with facts: TrainingFacts) -> Bool
}

extension LengthPrior {
  /// By default it agrees with any training set.
  public func agrees(with facts: TrainingFacts) -> Bool { true }
  /// By default there is nothing to note.
  public var notes: [String] { [] }
  /// By default the distribution without inputs.
  public func meanLaw(over inputs: InputVectors) -> any LengthLaw { law(given: nil) }
}

/// A law is a prior that looks at no x.
extension LengthPrior where Self: LengthLaw {
  /// A distribution by itself does not depend on inputs x.
  public var readsInputs: Bool { false }
  /// The distribution itself, whatever x is.
  public func law(given x: SequenceInput?) -> any LengthLaw { self }
}

extension Sequences {
  /// The mean of the lengths.
  package var meanLength: Double { lengthMean(sequences: count, symbols: elementCount) }
}

extension TrainingFacts {
  /// Whether a mean is that of the lengths, but for rounding.
  package func hasMeanLength(_ mean: Double) -> Bool {
    let expected = lengthMean(sequences: sequences, symbols: symbols)
    return abs(mean - expected) <= 1e-12 * expected
  }
}

/// The mean of the lengths; of no sequences or empty ones alone 1/(sequences + 1), so that every length has mass.
private func lengthMean(sequences: Int, symbols: Int) -> Double {
  symbols > 0 ? Double(symbols) / Double(sequences) : 1 / (Double(sequences) + 1)
}

extension TensorFile {
  /// The mean length of a law of one or two numbers.
  /// - Throws: `ModelFileError` unless it is positive, so large that quotients of it stay finite, and no longer than
  ///   sequences get.
  package func meanLength() throws -> Double {
    let mean = try doubles("length.mean", count: 1)[0]
    guard mean > 1e-100, mean < 0x1p48 else {
      throw ModelFileError.inconsistent("length.mean is not the mean of a law of lengths")
    }
    return mean
  }
}
