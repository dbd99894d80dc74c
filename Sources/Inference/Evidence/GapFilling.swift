import Foundation
import ModelCore
import Patterns
import Probability
import Sequences
import Support

/// Stochastic expectation–maximisation over elements that are not known (Celeux and Diebolt 1985): in each round every
/// incomplete sequence is filled with one draw from P(missing | known) under the model of the round before, and the model is
/// fitted to all sequences again. The counts of what is drawn add like those of what is known, whatever the smoothing.
///
///     let filling = GapFilling(of: set, alphabet)
///     let filled = try filling.fill(with: [.init(specification, rounds: 10)], context)
///     let model = try SequenceModel.fit(specification, to: filled.set, alphabet, context)
public struct GapFilling: Sendable {
  /// Rounds with one kind of model.
  public struct Stage: Sendable {
    /// What is fitted.
    public var specification: ModelSpecification
    /// How many times.
    public var rounds: Int

    /// Rounds with a model.
    public init(_ specification: ModelSpecification, rounds: Int) {
      (self.specification, self.rounds) = (specification, rounds)
    }
  }

  private let set: SequenceSet
  private let alphabet: Alphabet
  /// The incomplete sequences, and their numbers.
  private let incomplete: [(number: Int, sequence: IncompleteSequence)]

  /// A set with missing elements.
  public init(of set: SequenceSet, _ alphabet: Alphabet) {
    (self.set, self.alphabet) = (set, alphabet)
    var incomplete: [(number: Int, sequence: IncompleteSequence)] = []
    var position = 0
    for number in 0..<set.count {
      let first = set.firstRow(number)
      var elements = set[number].map { IncompleteSequence.Element.symbol($0) }
      let before = position
      while position < set.missing.count, set.missing[position] < first + elements.count {
        elements[set.missing[position] - first] = .anything
        position += 1
      }
      if position > before { incomplete.append((number, IncompleteSequence(elements))) }
    }
    self.incomplete = incomplete
  }

  /// The number of incomplete sequences.
  public var incompleteCount: Int { incomplete.count }

  /// The sequences of which all is known; `nil` where there are none.
  public var complete: SequenceSet? {
    let isIncomplete = Set(incomplete.map(\.number))
    let numbers = (0..<set.count).filter { !isIncomplete.contains($0) }
    return numbers.isEmpty ? nil : set.selecting(numbers)
  }

  /// Fills the gaps.
  /// - Parameter report: is told log P(what is known) of the whole set under the model of each round, in nats.
  /// - Returns: the set with the draws of the last round in its gaps.
  /// - Throws: `FittingError`, `SpecificationError`.
  public func fill(
    with stages: [Stage], _ context: FittingContext,
    report: (_ round: Int, _ logProbability: Double) -> Void = { _, _ in }
  ) throws -> SequenceSet {
    var filled = guessing(context.seed)
    var round = 0
    for stage in stages {
      for _ in 0..<stage.rounds {
        var context = context
        context.checkpoints = nil
        // First what is known alone, where that is a good part of all.
        let known = round == 0 ? complete.flatMap { $0.symbolCount * 10 >= set.symbolCount ? $0 : nil } : nil
        let train = known ?? filled
        let model = try SequenceModel.fit(stage.specification, to: train, valid: nil, alphabet, context)
        let (next, logProbability) = try drawing(from: model, round, context)
        filled = next
        round += 1
        report(round, logProbability)
      }
    }
    return filled
  }

  /// The set with symbols drawn as often as they are known in its gaps.
  private func guessing(_ seed: UInt64) -> SequenceSet {
    var counts = [Double](repeating: 1, count: alphabet.size)
    for sequence in 0..<set.count { for symbol in set[sequence] { counts[symbol] += 1 } }
    var stream = RandomStream(seed: seed, purpose: "gaps")
    return replacing { _, sequence in
      sequence.elements.map { element in
        if case .symbol(let symbol) = element { symbol } else { stream.index(weights: counts) }
      }
    }
  }

  /// The set with a draw of the model in each gap, and log P of what is known.
  private func drawing(
    from model: SequenceModel, _ round: Int, _ context: FittingContext
  ) throws -> (SequenceSet, Double) {
    let isExact = model.finiteStates != nil
    var drawn: [(sequence: [Symbol]?, logProbability: Double)] = []
    let piece = 256
    for first in stride(from: 0, to: incomplete.count, by: piece) {
      if context.isInterrupted() { throw FittingError.interrupted }
      let numbers = first..<min(first + piece, incomplete.count)
      drawn += try parallelMap(numbers.count, threads: isExact ? context.threads : 1) { index in
        Result {
          let posterior = try model.posterior(given: incomplete[first + index].sequence)
          // Each round and each sequence has a draw of its own.
          let number = round * incomplete.count + first + index
          let sample = posterior.samples(number..<number + 1, seed: context.seed, threads: 1).first
          return (sample?.sequence, posterior.logProbability)
        }
      }.map { try $0.get() }
      context.progress(
        FittingProgress(
          fraction: Double(numbers.upperBound) / Double(incomplete.count),
          text: "round \(round + 1), \(numbers.upperBound) of \(incomplete.count) sequences filled"))
    }
    let guess = guessing(context.seed &+ UInt64(round))
    let known = complete.map { -model.scores(of: $0, threads: context.threads).reduce(0) { $0 + $1.nats } } ?? 0
    let filled = replacing { index, _ in drawn[index].sequence ?? Array(guess[incomplete[index].number]) }
    return (filled, known + drawn.reduce(0) { $0 + $1.logProbability })
  }

  /// The set with other sequences in the place of the incomplete ones.
  private func replacing(_ sequence: (_ index: Int, IncompleteSequence) -> [Symbol]) -> SequenceSet {
    var sequences = (0..<set.count).map { Array(set[$0]) }
    for (index, incomplete) in incomplete.enumerated() {
      sequences[incomplete.number] = sequence(index, incomplete.sequence)
    }
    return SequenceSet(sequences, alphabetSize: alphabet.size, inputs: set.inputs)
  }
}
