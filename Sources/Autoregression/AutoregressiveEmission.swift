import Emissions
import ModelCore
import Sequences

/// The emissions of which a regression on earlier elements is fitted, by their words.
enum AutoregressiveEmission: String, CaseIterable, Sendable {
  case gaussian
  case diagonalGaussian = "gaussian:diagonal"
  case fullGaussian = "gaussian:full"
  case bernoulli
  case autoregressiveBernoulli = "bernoulli:autoregressive"
  case poisson
  case negativeBinomial = "negative-binomial"
  case categorical
  case autoregressiveCategorical = "categorical:autoregressive"

  /// The emission that an option names.
  /// - Throws: `SpecificationError` for another one.
  init(_ text: String, registry: Registry) throws {
    let word = try registry.emission(text).word
    // The covariance is the same at all steps in any case.
    if let known = Self(rawValue: word == ConstantGaussianEmission.name ? FullGaussianEmission.name : word) {
      self = known
      return
    }
    let reason =
      word.hasPrefix(AutoregressiveBernoulliEmission.name)
      ? "markov: its regressions have no hidden units: leave out ':\(word.split(separator: ":").last ?? "")', or use gru"
      : "markov:k supports \(Self.allCases.map(\.rawValue).joined(separator: ", ")); for \(word) use a network such as "
        + "gru:64"
    throw SpecificationError.malformed(reason)
  }

  /// The one of numbers of a kind where a word names none.
  static func usual(of values: ElementKind.Values) -> Self {
    switch values {
    case .reals: .fullGaussian
    case .counts: .poisson
    case .bits: .autoregressiveBernoulli
    case .categories: .autoregressiveCategorical
    }
  }

  /// Whether a word may leave it out for those who read it.
  var isUsual: Bool { self == .fullGaussian || looksLower }

  /// Whether components are regressed on the lower ones of the step.
  var looksLower: Bool { self == .autoregressiveBernoulli || self == .autoregressiveCategorical }

  /// The kind of its numbers; counts stand for bits as well.
  var values: ElementKind.Values {
    switch self {
    case .gaussian, .diagonalGaussian, .fullGaussian: .reals
    case .bernoulli, .autoregressiveBernoulli: .bits
    case .poisson, .negativeBinomial: .counts
    case .categorical, .autoregressiveCategorical: .categories
    }
  }

  /// The distribution of the outputs.
  /// - Parameter levels: of categories, of each column.
  func emission(levels: [Int]) throws -> any Emission {
    switch self {
    case .gaussian: try GaussianEmission(parameter: nil)
    case .diagonalGaussian: try DiagonalGaussianEmission(parameter: nil)
    case .fullGaussian: try FullGaussianEmission(parameter: nil)
    case .bernoulli: try BernoulliEmission(parameter: nil)
    case .autoregressiveBernoulli: try AutoregressiveBernoulliEmission(parameter: nil)
    case .poisson: try PoissonEmission(parameter: nil)
    case .negativeBinomial: try NegativeBinomialEmission(parameter: nil)
    case .categorical: CategoricalEmission(isAutoregressive: false, levels: levels)
    case .autoregressiveCategorical: CategoricalEmission(isAutoregressive: true, levels: levels)
    }
  }

  /// The outputs beyond those of the regression, which are the same at all steps.
  func constants(width d: Int) -> Int {
    switch self {
    case .gaussian, .bernoulli, .autoregressiveBernoulli, .poisson, .categorical, .autoregressiveCategorical: 0
    case .diagonalGaussian, .negativeBinomial: d
    case .fullGaussian: d * (d + 1) / 2
    }
  }

  /// The emission's weights.
  func weights(_ shape: OutputShape) -> Int {
    let d = shape.vectorWidth
    return switch self {
    case .autoregressiveBernoulli: d * (d - 1) / 2
    case .autoregressiveCategorical:
      CategoricalEmission(isAutoregressive: true, levels: shape.levels).weights(width: d)
    default: 0
    }
  }
}
