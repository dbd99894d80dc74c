import Foundation
import Models
import Probability

/// Ways to draw from less than the whole distribution. They change it, and results say so. An end symbol is tempered
/// and cut like any outcome, a stop variable is tempered.
public struct Truncation: Sendable, Hashable {
  /// Divides the log-probabilities; 1 changes nothing, 0 always takes the most probable outcome.
  public var temperature = 1.0
  /// The most probable outcomes alone, that many.
  public var topK: Int?
  /// The fewest most probable outcomes that together have this probability.
  public var topP: Double?

  public init() {}

  public var changesDistribution: Bool { self != Truncation() }

  /// Draws whether to stop, with the temperature alone: a binary variable is not cut short.
  func drawStop(_ prediction: Prediction, _ stream: inout RandomStream) -> Bool {
    let logOdds = prediction.logStop - prediction.logGoOn
    if temperature == 0 { return logOdds > 0 }
    return stream.uniform() < 1 / (1 + exp(-logOdds / temperature))
  }

  /// Draws an outcome by inversion.
  /// - Parameter logProbabilities: a whole distribution, in nats.
  func draw(_ logProbabilities: [Double], _ stream: inout RandomStream) -> Int {
    let uniform = stream.uniform()
    guard changesDistribution else { return invert(logProbabilities.lazy.map { exp($0) }, uniform) }
    let order = logProbabilities.indices.sorted { logProbabilities[$0] > logProbabilities[$1] }
    guard temperature > 0, let best = order.first else { return order.first ?? 0 }
    var weights = order.map { exp((logProbabilities[$0] - logProbabilities[best]) / temperature) }
    if let topK { weights = Array(weights.prefix(max(topK, 1))) }
    if let topP {
      let total = weights.reduce(0, +)
      var sum = 0.0
      let kept = weights.prefix { weight in
        defer { sum += weight }
        return sum < topP * total
      }
      weights = Array(weights.prefix(max(kept.count, 1)))
    }
    return order[invert(weights, uniform * weights.reduce(0, +))]
  }

  /// The first index at which the running sum passes `target`; the last possible one where rounding leaves it short.
  private func invert(_ weights: some Sequence<Double>, _ target: Double) -> Int {
    var rest = target
    var last = 0
    for (index, weight) in weights.enumerated() where weight > 0 {
      last = index
      rest -= weight
      if rest < 0 { break }
    }
    return last
  }
}
