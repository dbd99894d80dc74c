import Foundation
import Probability

/// Contexts that list outcomes, each with a next shorter one that answers for the rest: what drawing from a Markov model
/// looks at, wherever its numbers lie. Draws from the same numbers are the same.
protocol BackoffDistribution {
  /// k, or k + 1 with an end symbol.
  var outcomeCount: Int { get }
  /// The next shorter context; `nil` for the empty one, whose rest is uniform.
  func shorter(_ context: Int) -> Int?
  /// How many outcomes a context lists.
  func listed(by context: Int) -> Int
  /// Whether the shorter context has a share in it.
  func hasRest(_ context: Int) -> Bool
  func lists(_ outcome: Int, _ context: Int) -> Bool
  /// The first of the listed outcomes, by rising ones, at which the sum of their probabilities passes a number; `nil` where
  /// it lies beyond.
  func search(_ target: Double, _ context: Int) -> Int?
  /// The last outcome that a context lists with a probability; 0 where there is none.
  func last(_ context: Int) -> Int
  /// P(outcome | context).
  func probability(_ outcome: Int, _ context: Int) -> Double
}

extension BackoffDistribution {
  /// An outcome that a context does not list: drawn from the next shorter one until it is none that this one lists; after
  /// a few vain tries the outcomes that are left are weighed one by one.
  @specialized(where Self == NGramSampler)
  func drawUnlisted(_ context: Int, _ stream: inout RandomStream) -> Int {
    // Nothing is there but the rounding of a sum.
    if !hasRest(context) || listed(by: context) >= outcomeCount { return last(context) }
    let shorter = shorter(context)
    for _ in 0..<16 {
      let outcome: Int
      if let shorter {
        outcome = search(stream.uniform(), shorter) ?? drawUnlisted(shorter, &stream)
      } else {
        outcome = Int(stream.uniform() * Double(outcomeCount))
      }
      if !lists(outcome, context) { return outcome }
    }
    let weights = (0..<outcomeCount).map { outcome in
      let weight = lists(outcome, context) ? 0 : probability(outcome, context)
      return weight.isFinite ? weight : 0
    }
    let outcome = stream.index(weights: weights)
    return weights[outcome] > 0 ? outcome : last(context)
  }
}
