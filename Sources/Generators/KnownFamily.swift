import Lengths
import ModelCore
import Sequences

/// A family whose probabilities are known: `simulate` makes its models, and none is fitted. Sequences end by a stop variable.
package protocol KnownFamily: ModelFamily {}

extension KnownFamily {
  package func refusal(_ shape: OutputShape) -> String? {
    shape.stop == .variable ? nil : "it has a stop variable: use /\(Halting.name)"
  }

  package var fittingRefusal: String? { reasonNotToFit }
  private var reasonNotToFit: String {
    "its probabilities are known and not fitted to data: chainrule simulate makes its model and data"
  }

  package var isUnsmoothed: Bool { true }
  package var usesValidation: Bool { false }

  package func fit(_ data: TrainingData, _ shape: OutputShape, _ context: FittingContext) throws -> any Conditional {
    throw SpecificationError.refused(model: word(complete: false), reason: reasonNotToFit)
  }
}
