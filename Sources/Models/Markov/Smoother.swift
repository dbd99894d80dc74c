/// A way to turn a Markov model's counts into probabilities. Most of them give each context a share of mass for each
/// outcome seen there and a weight for what the next shorter context says:
///
///     P(w | context) = mass(context, w) + weight(context) · P(w | shorter context)
///
/// down to the empty context, whose shorter one is the uniform distribution.
public protocol Smoother: Sendable {
  /// The name in `smoothing=`.
  static var name: String { get }
  /// Values that cover its kinds, for help and for the conformance tests.
  static var examples: [String] { get }

  /// - Parameter parameter: what stands after a colon.
  /// - Throws: `SpecificationError`.
  init(parameter: String?) throws

  /// The canonical value of `smoothing=`.
  var word: String { get }

  var isUnsmoothed: Bool { get }

  /// Whether shorter contexts are used; without it a context that never occurred is uniform.
  var usesLowerOrders: Bool { get }

  /// The elements' distribution in each context.
  func probabilities(_ counts: ContextCounts, outcomes: Int) -> ContextProbabilities

  /// The shares of "stop" against "go on", where the shape has a stop variable; one entry a context.
  func stopShares(_ counts: ContextCounts) -> StopShares
}

/// An interpolated smoother's answer for the elements, of which `ContextProbabilities` are made.
public struct ContextShares: Sendable {
  /// One share for each entry of the counts.
  public internal(set) var mass: [Double]
  /// One weight for each context.
  public internal(set) var weight: [Double]
  /// What a person should know, such as discounts that had to be replaced.
  public internal(set) var notes: [String] = []
  /// The discounts or other parameters that were estimated, for the file: a row an order.
  public internal(set) var parameters: [[Double]] = []

  /// No context says anything yet: all weight is the shorter one's.
  init(_ counts: ContextCounts) {
    mass = Array(repeating: 0, count: counts.counts.count)
    weight = Array(repeating: 1, count: counts.tree.count)
  }
}

/// A smoother's answer for the stop variable: mass of "stop" and the weight of the shorter context's answer.
public struct StopShares: Sendable {
  public internal(set) var mass: [Double]
  public internal(set) var weight: [Double]

  init(_ counts: ContextCounts) {
    mass = Array(repeating: 0, count: counts.tree.count)
    weight = Array(repeating: 1, count: counts.tree.count)
  }
}

extension Smoother {
  public var isUnsmoothed: Bool { false }
  public var usesLowerOrders: Bool { true }

  /// Interpolated Witten–Bell over the two outcomes: discounts made for large alphabets mean nothing on two. The shorter
  /// context's weight is 4T / (N + 4T): stops depend less on the far past than elements do, and of the factors 1, 2, 4
  /// and 8 this one predicts held-out names best (`compare Examples/Data/surnames.txt --model markov:5/halt`).
  public func stopShares(_ counts: ContextCounts) -> StopShares {
    var shares = StopShares(counts)
    for node in 0..<counts.tree.count where counts.decisions[node] > 0 {
      let stops = counts.stops[node]
      let all = counts.decisions[node]
      let kinds = 4 * Double((stops > 0 ? 1 : 0) + (stops < all ? 1 : 0))
      shares.mass[node] = Double(stops) / (Double(all) + kinds)
      shares.weight[node] = kinds / (Double(all) + kinds)
    }
    return shares
  }

  /// Refuses a parameter where there is none.
  static func refuse(_ parameter: String?) throws {
    if let parameter {
      throw SpecificationError.malformed("smoothing=\(name) takes no parameter, but ':\(parameter)' was given")
    }
  }
}
