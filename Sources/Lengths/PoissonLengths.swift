import Foundation
import ModelCore
import Probability
import Sequences

/// P(τ) = e^−λ λ^τ / τ!: lengths that vary as little as counts of independent events do. The maximum-likelihood λ is the
/// mean length.
package struct PoissonLengths: LengthLaw, LengthPrior, LengthPriorKind {
  package static let name = "poisson"
  package static let ownParameters: Int? = 1
  package static let tensorNames: Set = ["length.mean"]

  /// λ.
  package let mean: Double

  package init(mean: Double) { self.mean = mean }

  package init(fitting set: SequenceSet) { mean = set.meanLength }

  package static func fit(_ set: SequenceSet, _ context: FittingContext) -> any LengthPrior { Self(fitting: set) }

  package var variance: Double { mean }

  package func logProbability(_ length: Int) -> Double {
    Double(length) * log(mean) - mean - logFactorial(Double(length))
  }

  package func tail(beyond length: Int) -> Double { length < 0 ? 1 : poissonTail(beyond: length, mean: mean) }

  package func sample(_ stream: inout RandomStream) -> Int { stream.poisson(mean) }

  package var storedParameters: Int { 1 }

  package func write(to file: inout TensorFile) { file.set("length.mean", [mean], shape: [1]) }

  package func agrees(with facts: TrainingFacts) -> Bool { facts.hasMeanLength(mean) }

  package init(from file: TensorFile) throws { mean = try file.meanLength() }

  package static func read(from file: TensorFile, inputWidth: Int) throws -> any LengthPrior { try Self(from: file) }
}
