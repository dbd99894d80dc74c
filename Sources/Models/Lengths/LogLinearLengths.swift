import Foundation
import Probability

/// A law whose log P(τ) is a straight line between knots, up to a constant, and is geometric from the last knot on:
///
///     P(τ) = exp(s(τ)) / Z,   s(τ) = Σ_j φ_j(τ) θ_j,   s(n + 1) − s(n) = log(1 − q) from the last knot on
///
/// with φ_j(τ) the share of knot j in τ's place between its two neighbours (a logspline density of degree one on whole
/// numbers; Kooperberg and Stone 1991). Every length has mass, and the number of parameters does not grow with the length.
public struct LogLinearLengths: LengthLaw, Hashable {
  /// 0 … 8, from there four an octave.
  package static let knots = Array(0...8) + (3...9).flatMap { octave in (5...8).map { $0 << (octave - 2) } }

  /// θ, a number for each knot.
  private let values: [Double]
  /// q, the hazard of the tail.
  private let stop: Double
  private let logNormaliser: Double

  /// - Precondition: `values` are finite, one for each knot, and 0 < `stop` < 1.
  package init(_ values: [Double], stop: Double) {
    // In parts of the largest one, and none below e^−100,000 of it: with numbers of any size Z would be lost in rounding.
    let most = values.max() ?? 0
    self.values = values.map { max($0 - most, -1e5) }
    self.stop = stop
    logNormaliser = Self.logNormaliser(self.values, stop: stop)
  }

  /// The last knot, where the tail begins.
  static var last: Int { knots[knots.count - 1] }

  /// The knot not above a length, and the share of the next one; a length in the tail is all the last one's.
  static func place(of length: Int) -> (knot: Int, shareOfNext: Double) {
    guard length < last else { return (knots.count - 1, 0) }
    var knot = 0
    while knots[knot + 1] <= length { knot += 1 }
    return (knot, Double(length - knots[knot]) / Double(knots[knot + 1] - knots[knot]))
  }

  /// log Z.
  /// - Parameter visit: is shown the weight of each length below the tail that counts at all, and that of the whole tail,
  ///   in parts of the largest θ's, with its knot and the share of the next one. Z is their sum.
  static func logNormaliser(
    _ values: [Double], stop: Double,
    _ visit: (_ knot: Int, _ shareOfNext: Double, _ weight: Double) -> Void = { _, _, _ in }
  ) -> Double {
    let most = values.max() ?? 0
    var sum = 0.0
    for knot in 0..<knots.count - 1 where max(values[knot], values[knot + 1]) > most - nothing {
      let width = knots[knot + 1] - knots[knot]
      for step in 0..<width {
        let share = Double(step) / Double(width)
        let weight = exp(line(values[knot], values[knot + 1], share) - most)
        sum += weight
        visit(knot, share, weight)
      }
    }
    let tail = exp(values[knots.count - 1] - most) / stop
    visit(knots.count - 1, 0, tail)
    return most + log(sum + tail)
  }

  /// Weights e^−60 of the largest are nothing beside it, however many lengths have them.
  private static let nothing = 60.0

  private static func line(_ from: Double, _ to: Double, _ share: Double) -> Double { (1 - share) * from + share * to }

  public func logProbability(_ length: Int) -> Double {
    if length >= Self.last {
      return values[values.count - 1] + Double(length - Self.last) * log1p(-stop) - logNormaliser
    }
    let (knot, share) = Self.place(of: length)
    return Self.line(values[knot], values[knot + 1], share) - logNormaliser
  }

  /// P(τ ≥ the last knot).
  private var tailMass: Double { exp(values[values.count - 1] - logNormaliser) / stop }

  public func tail(beyond length: Int) -> Double {
    if length < 0 { return 1 }
    if length >= Self.last { return tailMass * exp(Double(length + 1 - Self.last) * log1p(-stop)) }
    return stride(from: Self.last - 1, to: length, by: -1).reduce(tailMass) { $0 + exp(logProbability($1)) }
  }

  public var mean: Double {
    (0..<Self.last).reduce(tailMass * tailMean) { $0 + Double($1) * exp(logProbability($1)) }
  }

  public var variance: Double {
    let mean = mean
    let tail = tailMass * ((1 - stop) / (stop * stop) + (tailMean - mean) * (tailMean - mean))
    return (0..<Self.last).reduce(tail) { $0 + (Double($1) - mean) * (Double($1) - mean) * exp(logProbability($1)) }
  }

  /// E[τ | τ ≥ the last knot].
  private var tailMean: Double { Double(Self.last) + (1 - stop) / stop }

  public func sample(_ stream: inout RandomStream) -> Int {
    var rest = stream.uniform()
    for length in 0..<Self.last {
      rest -= exp(logProbability(length))
      if rest < 0 { return length }
    }
    // A draw of 2^62 at most, and a knot.
    return Self.last + min(stream.geometric(stop), 1 << 61)
  }
}
