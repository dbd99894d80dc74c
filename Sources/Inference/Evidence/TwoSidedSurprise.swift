import Foundation
import ModelCore
import Patterns
import Sequences
import Support

/// How surprising each element of a sequence is, given the elements before it and given all others.
///
///     let surprise = try model.twoSidedSurprise(of: set)
///     surprise[0].twoSided[3]     // −log P(y(4) | all other elements, τ) of the first sequence, in nats
public struct TwoSidedSurprise: Sendable, Hashable {
  /// −log P(y(t) | y(1) … y(t − 1), the sequence continues) of each element, in nats.
  public var oneSided: [Double]
  /// −log P(y(t) | all other elements, τ) of each element, in nats.
  public var twoSided: [Double]
  /// The symbol that is most probable given all others, of each position.
  public var best: [Symbol]
  /// Its probability.
  public var bestProbability: [Double]
}

extension SequenceModel {
  /// Decisions that are looked at, at most, where states cannot be listed.
  private static let mostSteps = 2_000_000_000.0

  /// The surprise of each element given those before it, and given all others. Exact: for finitely many states by messages
  /// along each sequence, O(elements · symbols · order); elsewhere every symbol is tried at every position,
  /// O(τ² · symbols) steps a sequence.
  /// - Throws: `SpecificationError.refused` where that would take too many steps.
  public func twoSidedSurprise(
    of set: SequenceSet, threads: Int = 1, progress: (FittingProgress) -> Void = { _ in }
  ) throws -> [TwoSidedSurprise] {
    let process = finiteStates
    if process == nil { try checkSteps(set) }
    var surprises: [TwoSidedSurprise] = []
    let piece = process == nil ? 1 : 256
    for first in stride(from: 0, to: set.count, by: piece) {
      let numbers = first..<min(first + piece, set.count)
      if let process {
        surprises += parallelMap(numbers.count, threads: threads) { index in
          let sequence = Array(set[first + index])
          let probabilities =
            TwoSidedMessages(self, process, sequence)?.probabilities ?? leavingOut(process, sequence)
          return surprise(sequence, set.input(first + index), probabilities)
        }
      } else {
        let sequence = Array(set[first])
        surprises.append(
          surprise(sequence, set.input(first), substituting(set, first, sequence, threads: threads)))
      }
      progress(
        FittingProgress(
          fraction: Double(surprises.count) / Double(max(set.count, 1)),
          text: "\(surprises.count) of \(set.count) sequences"))
    }
    return surprises
  }

  private func checkSteps(_ set: SequenceSet) throws {
    let steps = (0..<set.count).reduce(0.0) { $0 + pow(Double(set.length($1)), 2) } * Double(alphabet.size)
    if steps > Self.mostSteps {
      throw SpecificationError.refused(
        model: specification.shortWord,
        reason: String(
          format: "to try every symbol at every position would take %.2g steps, and at most %.2g are taken: "
            + "give fewer or shorter sequences", steps, Self.mostSteps))
    }
  }

  /// P(y(t) = w | all others) of each position, of a sequence that is impossible itself: by the evidence of all others.
  private func leavingOut(_ process: any FiniteStateProcess, _ sequence: [Symbol]) -> [[Double]] {
    sequence.indices.map { time in
      var known = sequence.map { IncompleteSequence.Element.symbol($0) }
      known[time] = .anything
      let posterior = try? ExactPosterior(of: self, process, given: IncompleteSequence(known))
      return posterior?.marginals().first?.probabilities ?? Array(repeating: 0, count: alphabet.size)
    }
  }

  /// P(y(t) = w | all others) of each position, by scoring the sequence with every symbol at every position.
  private func substituting(_ set: SequenceSet, _ number: Int, _ sequence: [Symbol], threads: Int) -> [[Double]] {
    let k = alphabet.size
    return sequence.indices.map { time in
      let variants = (0..<k).map { symbol in
        var variant = sequence
        variant[time] = symbol
        return variant
      }
      let inputs = set.inputs?.selecting(Array(repeating: number, count: k))
      let tried = SequenceSet(variants, alphabetSize: k, inputs: inputs)
      let nats = scores(of: tried, threads: threads).map(\.nats)
      guard let least = nats.min(), least < .infinity else { return Array(repeating: 0, count: k) }
      let weights = nats.map { exp(least - $0) }
      let sum = weights.reduce(0, +)
      return weights.map { $0 / sum }
    }
  }

  /// - Parameter probabilities: P(y(t) = w | all others); zeros where all others are impossible.
  private func surprise(
    _ sequence: [Symbol], _ x: SequenceInput?, _ probabilities: [[Double]]
  ) -> TwoSidedSurprise {
    let steps = stepScores(of: sequence, x: x).dropFirst(prior == nil ? 0 : 1).prefix(sequence.count)
    let best = probabilities.map { row in row.indices.max { (row[$0], $1) < (row[$1], $0) } ?? 0 }
    return TwoSidedSurprise(
      oneSided: steps.map(\.natsElements), twoSided: zip(sequence, probabilities).map { abs(log($1[$0])) }, best: best,
      bestProbability: zip(best, probabilities).map { $1[$0] })
  }
}
