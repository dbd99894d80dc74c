import Foundation
import ModelCore
import Patterns
import Probability
import Sequences
import Support

/// Monte Carlo expectation–maximisation over elements that are not known (Wei and Tanner 1990; with one draw stochastic EM,
/// Celeux and Diebolt 1985): in each round every incomplete sequence is filled with draws from P(missing | known) under the model
/// of the round before, and the model is fitted to all sequences again. Counts are the mean over the draws, which comes
/// to the expected counts of EM; where a family has no counts, such as networks, there is one draw.
///
///     let filling = GapFilling(of: set, alphabet)
///     let filled = try filling.fill(with: [.init(specification, rounds: 10)], context)
///     let model = try filling.fit(specification, to: filled, context)
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
  /// Draws in each gap.
  private let draws: Int
  /// The incomplete sequences, and their numbers.
  private let incomplete: [(number: Int, sequence: IncompleteSequence)]

  /// A set with missing elements.
  /// - Parameter draws: how many draws of each incomplete sequence counts are the mean of.
  public init(of set: SequenceSet, _ alphabet: Alphabet, draws: Int = 16) {
    (self.set, self.alphabet, self.draws) = (set, alphabet, max(draws, 1))
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
  /// - Returns: the sets with the draws of the last round in the gaps.
  /// - Throws: `FittingError`, `SpecificationError`.
  public func fill(
    with stages: [Stage], _ context: FittingContext,
    report: (_ round: Int, _ logProbability: Double) -> Void = { _, _ in }
  ) throws -> [SequenceSet] {
    var filled = [guessing(context.seed)]
    let all = stages.reduce(0) { $0 + $1.rounds }
    var round = 0
    for stage in stages {
      for _ in 0..<stage.rounds {
        var context = context
        context.checkpoints = nil
        // First what is known alone, where that is a good part of all.
        let known = round == 0 ? complete.flatMap { $0.symbolCount * 10 >= set.symbolCount ? $0 : nil } : nil
        let model = try SequenceModel.fit(
          stage.specification, toMeanOf: known.map { [$0] } ?? filled, alphabet, context)
        let (next, logProbability) = try drawing(from: model, round, of: all, context)
        filled = next
        round += 1
        report(round, logProbability)
      }
    }
    return filled
  }

  /// Fits a model to sets whose gaps are filled: to the mean of their counts, or to the first of them.
  public func fit(
    _ specification: ModelSpecification, to filled: [SequenceSet], valid: SequenceSet? = nil, _ context: FittingContext
  ) throws -> SequenceModel {
    try SequenceModel.fit(specification, toMeanOf: filled, valid: valid, alphabet, context)
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

  /// The sets with draws of the model in the gaps, and log P of what is known.
  private func drawing(
    from model: SequenceModel, _ round: Int, of rounds: Int, _ context: FittingContext
  ) throws -> ([SequenceSet], Double) {
    let isExact = model.finiteStates != nil
    let draws = isExact ? draws : 1
    var particles = ParticleOptions()
    if !isExact {
      (particles.particles, particles.repetitions, particles.enumerationLimit) = (100, 1, 20_000)
      (particles.seed, particles.twist) = (context.seed, Twist(approximating: model, seed: context.seed))
    }
    var drawn: [(samples: [Sample], logProbability: Double)] = []
    let piece = 256
    for first in stride(from: 0, to: incomplete.count, by: piece) {
      if context.isInterrupted() { throw FittingError.interrupted }
      let numbers = first..<min(first + piece, incomplete.count)
      drawn += try parallelMap(numbers.count, threads: context.threads) { [particles] index in
        Result {
          // Each round and each sequence has draws of its own.
          var particles = particles
          particles.seed = context.seed &+ UInt64(round * incomplete.count + first + index)
          let posterior = try model.posterior(given: incomplete[first + index].sequence, particles: particles)
          let number = (round * incomplete.count + first + index) * draws
          let samples = posterior.samples(number..<number + draws, seed: context.seed, threads: 1)
          return (samples, posterior.logProbability)
        }
      }.map { try $0.get() }
      context.progress(
        FittingProgress(
          fraction: (Double(round) + Double(numbers.upperBound) / Double(incomplete.count)) / Double(rounds),
          text: "round \(round + 1), \(numbers.upperBound) of \(incomplete.count) sequences filled"))
    }
    let guess = guessing(context.seed &+ UInt64(round))
    let known = complete.map { -model.scores(of: $0, threads: context.threads).reduce(0) { $0 + $1.nats } } ?? 0
    let filled = (0..<draws).map { draw in
      replacing { index, _ in
        drawn[index].samples.isEmpty ? Array(guess[incomplete[index].number]) : drawn[index].samples[draw].sequence
      }
    }
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
