import BigInt
import ModelCore
import Sequences

extension SequenceModel {
  /// The free parameters that have a part in the likelihood of the training data: of tables, those of the contexts that
  /// occur there; of networks, all.
  public var occurringParameters: Double {
    guard let table = conditional as? any TabledConditional else { return freeParametersAsDouble }
    let shape = table.shape
    let prior = specification.length.prior?.freeParameters(longest: facts.longest, inputWidth: shape.inputWidth) ?? 0
    return Double(table.occurringContexts) * Double(shape.freeNumbers) + Double(prior)
  }

  private var freeParametersAsDouble: Double { parameterCount.exact.map { Double($0) } ?? .infinity }
}
