import ModelCore
import Sequences

/// A law of lengths with one parameter, the mean, whose maximum-likelihood value is the mean length.
package protocol OneParameterLengths: LengthLaw, LengthPrior, LengthPriorKind {
  init(mean: Double)
}

extension OneParameterLengths {
  package static var ownParameters: Int? { 1 }
  package static var tensorNames: Set<String> { ["length.mean"] }

  package static func fit(_ set: Sequences<some RowStorage>, _ context: FittingContext) -> any LengthPrior {
    Self(fitting: set)
  }
  package init(fitting set: Sequences<some RowStorage>) { self.init(mean: set.meanLength) }

  package static func read(from file: TensorFile, inputWidth: Int) throws -> any LengthPrior { try Self(from: file) }
  package init(from file: TensorFile) throws { self.init(mean: try file.meanLength()) }

  package var storedParameters: Int { 1 }
  package func write(to file: inout TensorFile) { file.set("length.mean", [mean], shape: [1]) }
  package func agrees(with facts: TrainingFacts) -> Bool { facts.hasMeanLength(mean) }
}
