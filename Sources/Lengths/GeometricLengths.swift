import Foundation
import ModelCore
import Probability
import Sequences

/// P(τ) = p (1 − p)^τ, p = 1/(1 + mean): the hazard is p at every length. The law of largest entropy with that mean, and
/// that of a Markov model of order 0 with an end symbol.
package struct GeometricLengths: LengthLaw, LengthPrior, LengthPriorKind {
  package static let name = "geometric"
  package static let ownParameters: Int? = 1
  package static let tensorNames: Set = ["length.mean"]

  package let mean: Double

  package init(mean: Double) { self.mean = mean }

  package init(fitting set: SequenceSet) { mean = set.meanLength }

  package static func fit(_ set: SequenceSet, _ context: FittingContext) -> any LengthPrior { Self(fitting: set) }

  package var variance: Double { mean * (1 + mean) }

  /// log(1 − p).
  private var logContinue: Double { -log1p(1 / mean) }

  package func logProbability(_ length: Int) -> Double { -log1p(mean) + Double(length) * logContinue }

  package func tail(beyond length: Int) -> Double { length < 0 ? 1 : exp(Double(length + 1) * logContinue) }

  package func sample(_ stream: inout RandomStream) -> Int { stream.geometric(1 / (1 + mean)) }

  package var storedParameters: Int { 1 }

  package func write(to file: inout TensorFile) { file.set("length.mean", [mean], shape: [1]) }

  package func agrees(with facts: TrainingFacts) -> Bool { facts.hasMeanLength(mean) }

  package init(from file: TensorFile) throws { mean = try file.meanLength() }

  package static func read(from file: TensorFile, inputWidth: Int) throws -> any LengthPrior { try Self(from: file) }
}
