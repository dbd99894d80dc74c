import ModelCore

/// A way to turn a Markov model's counts into probabilities: from the counts of each order it estimates a few
/// parameters, and with them it says for each context how much of the counts' mass stays with the outcomes seen there
/// (`SmoothingRule`). What is freed goes to the next shorter context, and from the empty one to the uniform
/// distribution. How it gets there – interpolation or back-off – and how parameters are tuned is written once, for all.
public protocol Smoother: RegistryEntry {
  /// - Parameter parameter: what stands after a colon.
  /// - Throws: `SpecificationError`.
  init(parameter: String?) throws

  /// The canonical value of `smoothing=`.
  var word: String { get }

  /// Whether outcomes that were never seen keep probability 0.
  var isUnsmoothed: Bool { get }

  /// Whether shorter contexts are used; without it a context that never occurred is uniform.
  var usesLowerOrders: Bool { get }

  /// Whether what is freed can go to unseen outcomes alone.
  var canBackOff: Bool { get }

  /// p: an outcome that a context has seen c times counts c^p times in the next shorter one. With 1 shorter contexts
  /// have the counts of what occurred; with 0 they have continuation counts: in how many contexts one label longer the
  /// outcome occurs (Kneser and Ney 1995).
  var tableExponent: Double { get }

  /// Where each of an order's parameters may be tuned; `nil` for one that is not tuned. None: nothing can be tuned.
  var ranges: [ParameterRange?] { get }

  /// Whether there is no closed form, so that the parameters must be tuned.
  var needsTuning: Bool { get }

  /// Whether all orders have the same parameters.
  var sharesParameters: Bool { get }

  /// An order's parameters in closed form, or where tuning begins.
  func parameters(of order: OrderCounts) -> SmoothingParameters

  /// What is taken from the counts of a context.
  /// - Parameters:
  ///   - parameters: those of the context's order.
  ///   - outcomes: how many there could be.
  func rule(_ parameters: [Double], _ context: ContextStatistics, outcomes: Int) -> SmoothingRule

  /// The share of "stop" in a context where that was decided, against "continue": its mass, and the weight of the shorter
  /// context's answer.
  /// - Parameters:
  ///   - stops: of so many decisions, more than none; they may be fractions.
  ///   - parameters: a row an order.
  func stopShare(_ stops: Double, of decisions: Double, _ parameters: [[Double]]) -> (mass: Double, weight: Double)
}

/// The parameters of one order.
public struct SmoothingParameters: Sendable, Equatable {
  /// The numbers, in the order of `ranges`.
  public var values: [Double]
  /// What was done in place of the closed form, and why.
  public var fallback: String?

  /// Parameters, in closed form or with what stands in its place.
  public init(_ values: [Double], fallback: String? = nil) {
    self.values = values
    self.fallback = fallback
  }
}

extension Smoother {
  /// A smoother that leaves no outcome without probability.
  public var isUnsmoothed: Bool { false }
  /// Shorter contexts are used.
  public var usesLowerOrders: Bool { true }
  /// Interpolation alone.
  public var canBackOff: Bool { false }
  /// Counts of what occurred.
  public var tableExponent: Double { 1 }
  /// Nothing to be tuned.
  public var ranges: [ParameterRange?] { [] }
  /// A closed form.
  public var needsTuning: Bool { false }
  /// Parameters of its own for each order.
  public var sharesParameters: Bool { false }

  /// Interpolated Witten–Bell over the two outcomes: discounts made for large alphabets mean nothing on two. The shorter
  /// context's weight is 4T / (N + 4T): stops depend less on the far past than elements do, and of the factors 1, 2, 4
  /// and 8 this one predicts held-out names best (`compare Examples/Data/surnames.txt --model markov:5/halt`).
  public func stopShare(_ stops: Double, of decisions: Double, _ parameters: [[Double]]) -> (
    mass: Double, weight: Double
  ) {
    let kinds = 4 * (min(stops, 1) + min(decisions - stops, 1))
    return (stops / (decisions + kinds), kinds / (decisions + kinds))
  }

  /// Whether an order's parameters, from a file, are in their ranges.
  func accepts(_ parameters: [Double]) -> Bool {
    zip(parameters, ranges).allSatisfy { value, range in
      if case .interval(let low, let high) = range { return value >= low && value <= high }
      return value >= 0 && value <= 1e6
    }
  }

  /// Refuses a parameter where there is none.
  static func refuse(_ parameter: String?) throws {
    if let parameter {
      throw SpecificationError.malformed("smoothing=\(name) takes no parameter, but ':\(parameter)' was given")
    }
  }

  /// A parameter that is a number in a range, or `nil` where none was given.
  static func number(_ parameter: String?, in range: ClosedRange<Double>, example: String) throws -> Double? {
    guard let parameter else { return nil }
    guard let number = Double(parameter), range.contains(number) else {
      throw SpecificationError.malformed(
        "smoothing=\(name):\(parameter): a number from \(range.lowerBound) to \(range.upperBound) must stand after the "
          + "colon, as in \(name):\(example)")
    }
    return number
  }

  /// The word with a parameter, if it was given.
  static func word(_ parameter: Double?) -> String {
    guard let parameter else { return name }
    return parameter == parameter.rounded() && abs(parameter) < 1e15
      ? "\(name):\(Int(parameter))" : "\(name):\(parameter)"
  }
}
