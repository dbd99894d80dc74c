import Foundation
import ModelCore
import Probability
import Sequences

/// P(τ) = e^−λ λ^τ / τ!: lengths that vary as little as counts of independent events do. The maximum-likelihood λ is the
/// mean length.
public struct PoissonLengths: LengthLaw, LengthPrior, LengthPriorKind {
  public static let name = "poisson"
  public static let ownParameters: Int? = 1
  public static let tensorNames: Set = ["length.mean"]

  /// λ.
  public let mean: Double

  public init(mean: Double) { self.mean = mean }

  public init(fitting set: Sequences<some RowStorage>) { mean = set.meanLength }

  public static func fit(_ set: Sequences<some RowStorage>, _ context: FittingContext) -> any LengthPrior {
    Self(fitting: set)
  }

  public var variance: Double { mean }

  public func logProbability(_ length: Int) -> Double {
    Double(length) * log(mean) - mean - logFactorial(Double(length))
  }

  public func tail(beyond length: Int) -> Double { length < 0 ? 1 : poissonTail(beyond: length, mean: mean) }

  public func sample(_ stream: inout RandomStream) -> Int { stream.poisson(mean) }

  public var storedParameters: Int { 1 }

  public func write(to file: inout TensorFile) { file.set("length.mean", [mean], shape: [1]) }

  public func agrees(with facts: TrainingFacts) -> Bool { facts.hasMeanLength(mean) }

  public init(from file: TensorFile) throws { mean = try file.meanLength() }

  public static func read(from file: TensorFile, inputWidth: Int) throws -> any LengthPrior { try Self(from: file) }
}
