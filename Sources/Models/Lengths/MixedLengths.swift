import Foundation
import Probability

/// The mean of several laws: that of sequences of which each has one of them, as of a set with inputs x.
public struct MixedLengths: LengthLaw {
  private let laws: [any LengthLaw]
  /// P(τ = n) for n = 0, 1, …, and P(τ ≥ n) for these and the next one.
  private let masses: [Double]
  private let survival: [Double]

  /// Lengths whose masses are kept.
  private static let kept = 1024

  /// O(laws · 1024).
  /// - Precondition: there is a law.
  public init(_ laws: [any LengthLaw]) {
    precondition(!laws.isEmpty)
    self.laws = laws
    var masses = [Double](repeating: 0, count: Self.kept)
    for law in laws { for length in masses.indices { masses[length] += exp(law.logProbability(length)) } }
    let count = Double(laws.count)
    for length in masses.indices { masses[length] /= count }
    var survival = [laws.reduce(0) { $0 + $1.tail(beyond: Self.kept - 1) } / count]
    for mass in masses.reversed() { survival.append(survival[survival.count - 1] + mass) }
    self.masses = masses
    self.survival = survival.reversed()
  }

  public var mean: Double { laws.reduce(0) { $0 + $1.mean } / Double(laws.count) }

  /// The mean of the variances, and the variance of the means.
  public var variance: Double {
    let mean = mean
    return laws.reduce(0) { $0 + $1.variance + ($1.mean - mean) * ($1.mean - mean) } / Double(laws.count)
  }

  public func logProbability(_ length: Int) -> Double {
    if length < masses.count { return log(masses[length]) }
    let logs = laws.map { $0.logProbability(length) }
    let most = logs.max() ?? -.infinity
    guard most > -.infinity else { return most }
    return most + log(logs.reduce(0) { $0 + exp($1 - most) } / Double(logs.count))
  }

  public func tail(beyond length: Int) -> Double {
    if length < masses.count { return length < 0 ? 1 : survival[length + 1] }
    return laws.reduce(0) { $0 + $1.tail(beyond: length) } / Double(laws.count)
  }

  public func sample(_ stream: inout RandomStream) -> Int {
    laws[min(Int(stream.uniform() * Double(laws.count)), laws.count - 1)].sample(&stream)
  }
}
