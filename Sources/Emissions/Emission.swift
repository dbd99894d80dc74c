import ModelCore
import Probability
import Sequences

/// The distribution of an element, a vector y of d numbers, given numbers that a model computes at each step: the outputs of a
/// network, the linear predictors of a regression, the parameters of a hidden state.
///
/// A vector is modelled by the chain rule within the step, p(y) = Π_i p(y_i | y_1 … y_{i−1}): independent components, or each
/// given the lower ones. What does not change from step to step, such as the weights from lower components, are the emission's
/// `weights`. All numbers are in double precision, log-densities natural. A new emission is one file and one line in
/// `standardEmissions`.
public protocol Emission: RegistryEntry {
  /// The emission that a parameter describes: `n` in `mixture:n`; `nil` where none is given.
  /// - Throws: `SpecificationError`.
  init(parameter: String?) throws

  /// The emission that a parameter describes; of another type where the parameter says so. By default `init(parameter:)`.
  /// - Throws: `SpecificationError`.
  static func emission(parameter: String?) throws -> any Emission

  /// What a network takes in its place, which has outputs enough for hidden units; by default itself.
  /// - Parameter seesPast: whether earlier elements may be looked at.
  func ofNetwork(seesPast: Bool) -> any Emission

  /// The same for columns of categories with so many levels each; by default itself.
  func withLevels(_ levels: [Int]) -> any Emission

  /// The name with its parameter, as in `mixture:5`; canonical.
  var word: String { get }

  /// Whether elements of numbers of this kind have such a distribution.
  func models(_ values: ElementKind.Values) -> Bool

  /// The number of outputs that a step's distribution is made of, unconstrained real numbers.
  func outputs(width: Int) -> Int

  /// The number of weights that all steps share; unconstrained real numbers.
  func weights(width: Int) -> Int

  /// Outputs at which the distribution is near that of standardised data (mean 0, variance 1), or of bits and counts with these
  /// means: where training begins.
  /// - Parameter means: the means of the components, in the units of the emission; of categories the frequencies of all levels,
  ///   column by column.
  func initialOutputs(means: [Double]) -> [Double]

  /// Weights at which training begins.
  func initialWeights(width: Int, _ stream: inout RandomStream) -> [Double]

  /// log p(y | outputs, weights), in nats. O(outputs + weights).
  func logDensity(of y: UnsafePointer<Double>, _ step: EmissionStep) -> Double

  /// The same, and the gradient of −log p: that by the outputs replaces what `outputs` holds, that by the weights is added to
  /// `weights`. O(outputs + weights).
  func logDensity(
    of y: UnsafePointer<Double>, _ step: EmissionStep, outputs: UnsafeMutablePointer<Double>,
    addingTo weights: UnsafeMutablePointer<Double>
  ) -> Double

  /// Draws an element.
  /// - Parameter temperature: scales the standard deviations of real numbers; divides the logits of bits and levels. 1 is the distribution
  ///   itself. An emission for which it has no meaning refuses it (`temperatureRefusal`).
  func draw(_ step: EmissionStep, temperature: Double, _ stream: inout RandomStream) -> [Double]

  /// Why it cannot be drawn from at another temperature than 1, as a sentence; `nil` where it can.
  var temperatureRefusal: String? { get }

  /// The probability integral transform, component by component (Rosenblatt 1952): P(Y_i ≤ y_i | lower components), uniform if
  /// the distribution is true. Of a discrete component a uniform draw between P(Y_i < y_i) and P(Y_i ≤ y_i).
  func transform(of y: UnsafePointer<Double>, _ step: EmissionStep, _ stream: inout RandomStream) -> [Double]

  /// log p(y_i | y_1 … y_{i−1}) of each component, which add up to `logDensity(of:_:)`; `nil` where the density is not taken
  /// apart. O(outputs + weights).
  func componentLogDensities(of y: UnsafePointer<Double>, _ step: EmissionStep) -> [Double]?

  /// E[y_i], of components that are not independent by their marginal distribution where that has a closed form, else `nil`.
  func means(_ step: EmissionStep) -> [Double]?

  /// For one component, where the density has peaks or is not smooth; quadrature begins a new piece there.
  func knots(_ step: EmissionStep) -> [Double]

  /// The number of elements before this one that the distribution looks at directly, beside the outputs (`EmissionStep.past`).
  var pastFrames: Int { get }

  /// The outputs to which the sums are added at whose 0 the log-density has a kink, as rectified hidden units have: a check by
  /// differences keeps them away from 0.
  func kinkedOutputs(width: Int) -> Range<Int>

  /// Whether each component depends on the lower ones: the edges inside a step, which the graph shows.
  var isAutoregressive: Bool { get }

  /// What `info` says of it beside its word, as a sentence; `nil` for nothing.
  var remark: String? { get }
}

extension Emission {
  /// By default of this type.
  public static func emission(parameter: String?) throws -> any Emission { try Self(parameter: parameter) }
  /// By default itself.
  public func ofNetwork(seesPast: Bool) -> any Emission { self }
  /// By default itself.
  public func withLevels(_ levels: [Int]) -> any Emission { self }
  /// By default there are no shared weights.
  public func weights(width: Int) -> Int { 0 }
  /// By default none.
  public func initialWeights(width: Int, _ stream: inout RandomStream) -> [Double] { [] }
  /// By default it can.
  public var temperatureRefusal: String? { nil }
  /// By default the density is not taken apart.
  public func componentLogDensities(of y: UnsafePointer<Double>, _ step: EmissionStep) -> [Double]? { nil }
  /// By default unknown.
  public func means(_ step: EmissionStep) -> [Double]? { nil }
  /// By default none.
  public func knots(_ step: EmissionStep) -> [Double] { [] }
  /// By default none.
  public var pastFrames: Int { 0 }
  /// By default the log-density is smooth.
  public func kinkedOutputs(width: Int) -> Range<Int> { 0..<0 }
  /// By default components are independent given the outputs.
  public var isAutoregressive: Bool { false }
  /// By default there is nothing to say.
  public var remark: String? { nil }
}

/// What a step's distribution is made of: pointers that are valid during one call.
public struct EmissionStep {
  /// d, the numbers in an element.
  public let width: Int
  /// The step's outputs.
  public let outputs: UnsafePointer<Double>
  /// The emission's weights.
  public let weights: UnsafePointer<Double>
  /// `pastFrames` elements of `width` numbers, the last one first; zeros before the beginning.
  public let past: UnsafePointer<Double>

  /// The parts of a step.
  /// - Parameter past: anything where the emission looks at no earlier element.
  public init(
    width: Int, outputs: UnsafePointer<Double>, weights: UnsafePointer<Double>, past: UnsafePointer<Double>? = nil
  ) {
    (self.width, self.outputs, self.weights, self.past) = (width, outputs, weights, past ?? outputs)
  }
}
