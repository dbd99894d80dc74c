import Foundation
import ModelCore
import Sequences

extension ExactPosterior {
  /// The distribution of the length of sequences that agree with the evidence, P(τ | evidence): by forward steps over the
  /// live states of all nodes, until next to nothing is left; where lengths are drawn first by the messages of each.
  public func lengthDistribution(
    longest: Int? = nil, progress: (FittingProgress) -> Void = { _ in }
  ) -> LengthDistribution {
    let work = 4_000_000_000
    if logProbability == -.infinity { return LengthDistribution(probabilities: []) }
    if model.prior != nil {
      var probabilities: [Double] = []
      for part in parts {
        for (start, share) in zip(part.messages.lengths, part.messages.logShares) {
          if probabilities.count <= start {
            probabilities += Array(repeating: 0, count: start + 1 - probabilities.count)
          }
          probabilities[start] += exp(part.logWeight + share - logProbability)
        }
      }
      return LengthDistribution(probabilities: probabilities)
    }
    var pass = EvidenceForwardPass(parts[0].messages)
    let most = max(work / max(pass.stepCost, 1), 1000)
    let wanted = longest.map { max($0 + 1, 0) } ?? most
    return LengthDistribution(most: min(most, max(wanted, 1000))) { length in
      let ended = pass.advance()
      if length % 256 == 255 {
        progress(FittingProgress(fraction: 1 - pass.left, text: "\(length) elements"))
      }
      return LengthDistribution.Step(probability: ended, left: pass.left)
    }
  }
}

extension EvidenceMessages {
  /// Of each start the length of the sequences that begin there, where it is known.
  fileprivate var lengths: [Int] { graph.starts.map { graph.length(of: $0.node) } }
}
