import Foundation
import ModelCore
import Probability
import Sequences

/// P(τ) = p (1 − p)^τ, p = 1/(1 + mean): the hazard is p at every length. The law of largest entropy with that mean, and
/// that of a Markov model of order 0 with an end symbol.
public struct GeometricLengths: LengthLaw, LengthPrior, LengthPriorKind {
  public static let name = "geometric"
  public static let ownParameters: Int? = 1
  public static let tensorNames: Set = ["length.mean"]

  public let mean: Double

  public init(mean: Double) { self.mean = mean }

  public init(fitting set: Sequences<some RowStorage>) { mean = set.meanLength }

  public static func fit(_ set: Sequences<some RowStorage>, _ context: FittingContext) -> any LengthPrior {
    Self(fitting: set)
  }

  public var variance: Double { mean * (1 + mean) }

  /// log(1 − p).
  private var logContinue: Double { -log1p(1 / mean) }

  public func logProbability(_ length: Int) -> Double { -log1p(mean) + Double(length) * logContinue }

  public func tail(beyond length: Int) -> Double { length < 0 ? 1 : exp(Double(length + 1) * logContinue) }

  public func sample(_ stream: inout RandomStream) -> Int { stream.geometric(1 / (1 + mean)) }

  public var storedParameters: Int { 1 }

  public func write(to file: inout TensorFile) { file.set("length.mean", [mean], shape: [1]) }

  public func agrees(with facts: TrainingFacts) -> Bool { facts.hasMeanLength(mean) }

  public init(from file: TensorFile) throws { mean = try file.meanLength() }

  public static func read(from file: TensorFile, inputWidth: Int) throws -> any LengthPrior { try Self(from: file) }
}
