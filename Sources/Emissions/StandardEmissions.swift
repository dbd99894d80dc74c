import ModelCore
import Sequences

/// The emissions of this package. A new one is one new file and one line here.
package let standardEmissions: [any Emission.Type] = [
  GaussianEmission.self, DiagonalGaussianEmission.self, FullGaussianEmission.self, ConstantGaussianEmission.self,
  GaussianMixtureEmission.self, BernoulliEmission.self, AutoregressiveBernoulliEmission.self, PoissonEmission.self,
  NegativeBinomialEmission.self, CategoricalEmission.self,
]

extension Registry {
  /// The emission of numbers of a kind where a word names none.
  /// - Throws: `SpecificationError`.
  package func usualEmission(of values: ElementKind.Values) throws -> any Emission {
    switch values {
    case .reals: try emission("gaussian:diagonal")
    case .counts: try emission("poisson")
    case .bits: try emission("bernoulli:autoregressive")
    case .categories: try emission("categorical:autoregressive")
    }
  }

  /// An emission from the value of `emission=`, such as `mixture:5`.
  /// - Throws: `SpecificationError`.
  package func emission(_ text: String) throws -> any Emission {
    // The longest name that fits: gaussian:full is a name, and mixture:5 one with a parameter.
    let named = emissions.compactMap { $0 as? any Emission.Type }.filter {
      text == $0.name || text.hasPrefix($0.name + ":")
    }
    guard let type = named.max(by: { $0.name.count < $1.name.count }) else {
      throw SpecificationError.unknown(what: "emission", word: text, known: emissions.map { $0.name })
    }
    return try type.emission(parameter: text == type.name ? nil : String(text.dropFirst(type.name.count + 1)))
  }
}
