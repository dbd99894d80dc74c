import Foundation
import ModelCore
import Probability
import Sequences

/// Lengths from `first` on, by weight: P(τ | prefix).
struct LengthWeights {
  private let first: Int
  private let weights: [Double]

  init(first: Int, logWeights: [Double]) {
    self.first = first
    let largest = logWeights.max() ?? 0
    weights = logWeights.map { largest > -.infinity ? exp($0 - largest) : 0 }
  }

  var isPossible: Bool { weights.contains { $0 > 0 } }

  func sample(_ stream: inout RandomStream) -> Int { first + stream.index(weights: weights) }
}

extension SequenceModel {
  /// P(τ | prefix, τ ≥ first) ∝ P(τ) P(prefix | τ) for τ from `first` up, until P(τ) has next to nothing left.
  /// - Parameter first: at least the prefix's length.
  /// - Throws: `SpecificationError.refused` where that does not come soon.
  func lengthWeights(
    _ prefix: [Symbol], from first: Int, _ law: any LengthLaw, _ x: SequenceInput?
  ) throws -> LengthWeights {
    var logWeights: [Double] = []
    let all = law.tail(beyond: first - 1)
    var left = all
    // Lengths are weighed until those beyond, were they as likely as the likeliest so far, had a share of 1e−12.
    var largest = -Double.infinity
    var largestLikelihood = -Double.infinity
    while true {
      let length = first + logWeights.count
      // Now and then afresh, since differences lose digits.
      if left < 1e-3 * all || logWeights.count % 1024 == 1023 { left = law.tail(beyond: length - 1) }
      let tail = log(left)
      if tail == -.infinity || tail + largestLikelihood < largest + log(1e-12) { break }
      guard logWeights.count < 100_000 else {
        throw SpecificationError.refused(
          model: specification.shortWord, reason: "there are too many lengths to weigh after a prefix; give a length")
      }
      let likelihood = logLikelihood(ofPrefix: prefix, length: length, x)
      let logProbability = law.logProbability(length)
      left -= exp(logProbability)
      logWeights.append(logProbability + likelihood)
      largest = max(largest, logProbability + likelihood)
      largestLikelihood = max(largestLikelihood, likelihood)
    }
    return LengthWeights(first: first, logWeights: logWeights)
  }

  /// log P(y begins with the prefix, x), given τ where it is drawn first.
  func logLikelihood(ofPrefix prefix: [Symbol], length: Int, _ x: SequenceInput?) -> Double {
    logLikelihood(conditional, prefix, length, x)
  }

  private func logLikelihood<C: Conditional>(
    _ conditional: C, _ prefix: [Symbol], _ length: Int, _ x: SequenceInput?
  ) -> Double {
    var walk = conditional.walk(length: length, x: x)
    var sum = 0.0
    for element in prefix {
      sum += walk.logContinuing(with: element)
      walk.advance(past: element)
    }
    return sum
  }
}
