import Foundation
import ModelCore
import Sequences
import Support

/// The law of the length τ that a model implies.
///
///     let law = try model.lengthDistribution(seed: 1)
///     law.probabilities[5]      // P(τ = 5)
///     law.endless               // the mass on sequences that never end
///
/// Exact for models with finitely many states and for predicted lengths; by draws, with a standard error, for others.
public struct LengthDistribution: Sendable {
  /// P(τ = n) for n = 0, 1, …, until next to nothing is left, or as far as was computed.
  public let probabilities: [Double]
  /// P(τ is finite and beyond those).
  public let beyond: Double
  /// The law of those.
  private let rest: Rest
  /// The mass on sequences that never end. Of draws: the share that the limit cut, unless the model is known to end.
  public let endless: Double
  /// E[τ | it ends].
  public let mean: Double
  /// Var[τ | it ends].
  public let variance: Double
  /// Where the law comes from.
  public let source: Source

  /// How a distribution of the length was found.
  public enum Source: Sendable, Hashable {
    /// Computed exactly, but for rounding.
    case exact
    /// A forward pass that was broken off: beyond `probabilities` the law is taken for geometric.
    case brokenOff
    /// So many draws, of which so many were cut at a limit.
    case draws(Int, cut: Int, limit: Int)
  }

  /// Whether it was computed and not estimated by draws.
  public var isExact: Bool { source == .exact }

  /// The last length of which anything is known: of draws that were cut their limit; `nil` where all is.
  public var lastKnown: Int? {
    if case .draws(_, let cut, let limit) = source, cut > 0 { limit } else { nil }
  }

  /// Σ P(n) with the mass beyond and the endless one: 1, unless the model's own probabilities do not sum to one, as those
  /// of an ARPA file may not.
  public var total: Double { probabilities.reduce(0, +) + beyond + endless }

  /// Whether that is 1, but for what rounded logarithms do to it.
  public var sumsToOne: Bool { abs(total - 1) <= 1e-4 }

  /// How a law goes on beyond its table.
  private enum Rest: Sendable {
    /// P(τ = n | τ ≥ n) has this value from there on, as far as numbers in double precision can tell; above 0.
    case geometric(hazard: Double)
    /// As a law that is known says.
    case law(any LengthLaw)

    /// 1/p − 1 of a geometric law.
    static func mean(_ hazard: Double) -> Double { (1 - hazard) / hazard }

    /// (1 − p)^n, with p so small that 1 − p may be no other number than 1.
    static func power(_ hazard: Double, _ n: Int) -> Double { n == 0 ? 1 : exp(Double(n) * log1p(-hazard)) }
  }

  /// - Parameters:
  ///   - beyond: mass of finite lengths beyond `probabilities`, spread over them geometrically.
  ///   - hazard: of that geometric law; by default all of it is at the next length.
  init(_ probabilities: [Double], beyond: Double = 0, hazard: Double = 1, endless: Double = 0, _ source: Source) {
    self.probabilities = probabilities
    self.beyond = beyond
    rest = .geometric(hazard: hazard)
    self.endless = endless
    self.source = source
    let total = probabilities.reduce(0, +) + beyond
    guard total > 0 else {
      (mean, variance) = (.infinity, .infinity)
      return
    }
    let far = Double(probabilities.count) + Rest.mean(hazard)
    let sum = probabilities.enumerated().reduce(0.0) { $0 + Double($1.offset) * $1.element }
    let mean = (sum + (beyond > 0 ? beyond * far : 0)) / total
    self.mean = mean
    guard mean.isFinite else {
      variance = .infinity
      return
    }
    let squares = probabilities.enumerated().reduce(0.0) { sum, next in
      next.element > 0 ? sum + (Double(next.offset) - mean) * (Double(next.offset) - mean) * next.element : sum
    }
    let spread = (far - mean) * (far - mean) + Rest.mean(hazard) / hazard
    variance = (squares + (beyond > 0 ? beyond * spread : 0)) / total
  }

  /// A law that is known: listed until next to nothing is left, or it grows long.
  init(_ law: any LengthLaw) {
    var (probabilities, left) = ([Double](), 1.0)
    while left >= Self.nothing, probabilities.count < Self.mostListed {
      left = law.tail(beyond: probabilities.count)
      probabilities.append(exp(law.logProbability(probabilities.count)))
    }
    self.probabilities = probabilities
    beyond = left
    rest = .law(law)
    endless = 0
    (mean, variance) = (law.mean, law.variance)
    source = .exact
  }

  /// A law of finitely many lengths.
  public init(probabilities: [Double]) { self.init(probabilities, .exact) }

  /// P(τ = n).
  public func probability(_ length: Int) -> Double {
    if length < probabilities.count { return length < 0 ? 0 : probabilities[length] }
    switch rest {
    case .geometric(let hazard): return beyond * hazard * Rest.power(hazard, length - probabilities.count)
    case .law(let law): return exp(law.logProbability(length))
    }
  }

  /// Whether P(τ = n) is above 0, though it may be too small for a number.
  package func isPossible(_ length: Int) -> Bool {
    if case .law(let law) = rest { return length >= 0 && law.logProbability(length) > -.infinity }
    if length < probabilities.count { return length >= 0 && probabilities[length] > 0 }
    guard case .geometric(let hazard) = rest else { return false }
    return beyond > 0 && (hazard < 1 || length == probabilities.count)
  }

  /// P(n < τ < ∞) for an n that is not listed, or the last that is.
  func tail(beyond length: Int) -> Double {
    switch rest {
    case .geometric(let hazard): beyond * Rest.power(hazard, length + 1 - probabilities.count)
    case .law(let law): law.tail(beyond: length)
    }
  }

  /// P(τ > n) for n = −1, 0, 1, … `longest`, endless sequences included.
  public func survival(upTo longest: Int) -> [Double] {
    // From the far end, so that small numbers keep their digits.
    let count = probabilities.count
    var survival = [Double](repeating: 0, count: max(longest, -1) + 2)
    var sum = endless + beyond
    for length in stride(from: count - 1, through: -1, by: -1) {
      if length <= longest { survival[length + 1] = sum }
      if length >= 0 { sum += probabilities[length] }
    }
    for length in stride(from: count, through: longest, by: 1) {
      survival[length + 1] = endless + tail(beyond: length)
    }
    return survival
  }

  /// P(τ = n | τ ≥ n) for n = 0, 1, … `longest`; `nil` where no sequence is so long.
  public func hazard(upTo longest: Int) -> [Double?] {
    let survival = survival(upTo: longest)
    return (0...max(longest, 0)).map { survival[$0] > 0 ? min(probability($0) / survival[$0], 1) : nil }
  }

  /// The smallest n with P(τ ≤ n) ≥ q; `nil` where endless sequences leave no such n, or it is beyond what is
  /// known or 2^62.
  public func quantile(_ q: Double) -> Int? {
    var sum = 0.0
    for (length, probability) in probabilities.enumerated() {
      sum += probability
      // Sums of many numbers are a rounding short of what they should be.
      if sum >= q - 1e-12 { return length }
    }
    guard beyond > 0, q <= sum + beyond, lastKnown == nil else { return nil }
    // P(n < τ < ∞) falls; what it may be at most is between two lengths.
    let wanted = sum + beyond - q
    var (low, high) = (probabilities.count - 1, max(probabilities.count, 1))
    while tail(beyond: high) > wanted {
      guard high < 1 << 61 else { return nil }
      (low, high) = (high, 2 * high)
    }
    return lowerBound(low + 1, high) { tail(beyond: $0) > wanted }
  }

  /// The standard error of P(τ = n), where it was estimated by draws.
  public func standardError(_ length: Int) -> Double? {
    guard case .draws(let count, _, _) = source, count > 0 else { return nil }
    let p = probability(length)
    return (p * (1 - p) / Double(count)).squareRoot()
  }

  /// The standard error of the mean, where it was estimated by draws.
  public var meanStandardError: Double? {
    guard case .draws(let count, let cut, _) = source, count > cut else { return nil }
    return (variance / Double(count - cut)).squareRoot()
  }
}

extension LengthDistribution {
  /// What is left when a law is complete.
  private static var nothing: Double { 1e-12 }
  /// Steps in which the hazard must not have changed by more than a part in 10^13 for the rest to be called geometric.
  private static var steadySteps: Int { 64 }
  /// Lengths of a known law that are listed at most.
  private static var mostListed: Int { 1 << 20 }

  /// One length of a law that is computed length by length.
  struct Step {
    /// P(τ = n).
    var probability: Double
    /// The mass that has become known to be endless since the last step.
    var endless = 0.0
    /// The mass that goes on.
    var left: Double
  }

  /// Adds up a law until nothing is left, or what is left is geometric.
  /// - Parameters:
  ///   - most: the lengths after which it is broken off.
  ///   - next: of the next length.
  init(most: Int, _ next: (_ length: Int) -> Step) {
    var probabilities: [Double] = []
    var (left, endless) = (1.0, 0.0)
    // The shares of what goes on that end, and that turn out endless, at each step.
    var (hazard, loss, steady) = (0.0, 0.0, 0)
    func isSame(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-13 * a }
    while probabilities.count < most {
      let step = next(probabilities.count)
      let going = step.probability + step.left
      let (nowHazard, nowLoss) = going > 0 ? (step.probability / going, step.endless / (going + step.endless)) : (1, 0)
      // Numbers below the normal ones are too coarse for that.
      let isNormal = nowHazard >= .leastNormalMagnitude || (nowHazard == 0 && nowLoss >= .leastNormalMagnitude)
      let isSteady = isNormal && isSame(nowHazard, hazard) && isSame(nowLoss, loss)
      steady = isSteady ? steady + 1 : 0
      (hazard, loss) = (nowHazard, nowLoss)
      probabilities.append(step.probability)
      endless += step.endless
      left = step.left
      // Mass that grows is not that of a law.
      if left < Self.nothing || left > 2 || steady >= Self.steadySteps { break }
    }
    // Where all but a rounding ended at once, nothing is left.
    if left == 0 || (left < Self.nothing && hazard > 1 - 1e-12) {
      self.init(probabilities, endless: endless, .exact)
      return
    }
    // What is left is taken to go on as it did last; what is never known to end or to be endless ends some time.
    let gone = hazard * (1 - loss) + loss
    let lost = gone > 0 ? left * loss / gone : 0
    self.init(
      probabilities, beyond: left - lost, hazard: max(gone, .leastNormalMagnitude), endless: endless + lost,
      left < Self.nothing || steady >= Self.steadySteps ? .exact : .brokenOff)
  }
}
