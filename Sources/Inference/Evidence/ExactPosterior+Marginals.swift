import Foundation
import ModelCore
import Patterns
import Sequences

extension ExactPosterior {
  /// P(y(t) = w | evidence) of each position t that is not known, of an incomplete sequence, by rising positions; empty where
  /// the evidence is impossible, and for patterns. O(live states · symbols) a position.
  public func marginals() -> [GapMarginal] {
    guard let sequence = automaton as? IncompleteSequence, logProbability > -.infinity else { return [] }
    let isGap = sequence.elements.map { if case .symbol = $0 { false } else { true } }
    guard let last = isGap.lastIndex(of: true) else { return [] }
    var pass = EvidenceForwardPass(parts[0].messages)
    var marginals: [GapMarginal] = []
    for position in 0...last {
      guard isGap[position] else {
        _ = pass.advance()
        continue
      }
      var probabilities = [Double](repeating: 0, count: model.alphabet.size)
      _ = probabilities.withUnsafeMutableBufferPointer { pass.advance($0) }
      let sum = probabilities.reduce(0, +)
      if sum > 0 { for symbol in probabilities.indices { probabilities[symbol] /= sum } }
      marginals.append(GapMarginal(position: position, probabilities: probabilities))
    }
    return marginals
  }
}
