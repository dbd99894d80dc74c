import ContextModels
import Emissions
import Generators
import Lengths
import ModelCore
import Networks

extension Registry {
  /// The families, ways to end, distributions of the length and smoothers of this package.
  public static let standard = Registry(
    families: [
      TabularFamily.self,
      MarkovFamily.self,
      ContextTreeFamily.self,
      VariableLengthFamily.self,
      TableFamily.self,
      CellFamily<RNNCell>.self,
      CellFamily<GRUCell>.self,
      CellFamily<LSTMCell>.self,
      ArpaFamily.self,
      AutomatonFamily.self,
      GeneratorFamily<CopyGenerator>.self,
      GeneratorFamily<BracketsGenerator>.self,
      GeneratorFamily<PeriodicGenerator>.self,
      GeneratorFamily<CountersGenerator>.self,
    ],
    lengths: [
      EndSymbol.self,
      Halting.self,
      PredictedLength.self,
    ],
    priors: standardPriors,
    smoothers: standardSmoothers,
    emissions: standardEmissions)
}

extension ModelSpecification {
  /// A word of the standard registry.
  /// - Throws: `SpecificationError`.
  public init(_ word: String) throws { try self.init(word, registry: .standard) }
}
