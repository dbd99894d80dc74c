import Foundation
import ModelCore
import Patterns
import Probability
import Sequences
import Support

/// Monte Carlo expectation–maximisation over elements that are not known (Wei and Tanner 1990; with one sample stochastic EM,
/// Celeux and Diebolt 1985): in each round every incomplete sequence is filled with samples of P(missing | known) under the model
/// of the round before, and the model is fitted to all sequences again. Counts are the mean over the samples, the expected
/// counts of EM, as fractions; where a family has no counts, such as networks, there is one sample.
///
/// A smoothed model that was fitted to its own fillings finds them likely and fills the same again, more so in each round. So
/// its incomplete sequences are divided into folds, and each is filled by a model of all others (cross-fitting; compare
/// Wuebker, Mauser and Ney 2010). The rounds end once log P(known) under those models rises no further.
///
///     let filling = GapFilling(of: set, alphabet)
///     let filled = try filling.fill(with: [.init(specification, rounds: 10)], context)
///     let model = try filling.fit(specification, to: filled, context)
public struct GapFilling: Sendable {
  /// Rounds with one kind of model.
  public struct Stage: Sendable {
    /// What is fitted.
    public var specification: ModelSpecification
    /// How many times at most.
    public var rounds: Int

    /// Rounds with a model.
    public init(_ specification: ModelSpecification, rounds: Int) {
      (self.specification, self.rounds) = (specification, rounds)
    }
  }

  private let set: SequenceSet
  private let alphabet: Alphabet
  /// Samples of each incomplete sequence.
  private let draws: Int
  private let folds: Int
  /// A round that raises log P(known) by less than this, in nats an event, is the last.
  private static let leastGain = 0.01
  /// The incomplete sequences, and their numbers.
  private let incomplete: [(number: Int, sequence: IncompleteSequence)]

  /// A set with missing elements.
  /// - Parameters:
  ///   - draws: how many samples of each incomplete sequence counts are the mean of.
  ///   - folds: the parts of the incomplete sequences, each filled by a model of the others; with 1 by a model of all, as EM is
  ///     defined, and all rounds are taken.
  public init(of set: SequenceSet, _ alphabet: Alphabet, draws: Int = 16, folds: Int = 10) {
    (self.set, self.alphabet, self.draws, self.folds) = (set, alphabet, max(draws, 1), max(folds, 1))
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

  /// The elements that are known in incomplete sequences, and their ends.
  public var knownEvents: Int {
    incomplete.reduce(0) { $0 + set[$1.number].count + 1 } - set.missing.count
  }

  /// The sequences of which all is known; `nil` where there are none.
  public var complete: SequenceSet? {
    let isIncomplete = Set(incomplete.map(\.number))
    let numbers = (0..<set.count).filter { !isIncomplete.contains($0) }
    return numbers.isEmpty ? nil : set.selecting(numbers)
  }

  /// Fills the gaps.
  /// - Parameter report: is told log P(what is known) of the incomplete sequences in each round, in nats.
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
      var best = -Double.infinity
      for _ in 0..<stage.rounds {
        let models = try models(stage.specification, filled, isFirst: round == 0, context)
        let (next, logProbability) = try drawing(from: models, round, of: all, context)
        if folds > 1, logProbability < best { break }
        filled = next
        round += 1
        report(round, logProbability)
        if folds > 1, logProbability - best < Self.leastGain * Double(knownEvents) { break }
        best = logProbability
      }
    }
    return filled
  }

  /// The models that fill: the number of an incomplete sequence, modulo theirs, is that of the model which has not seen it.
  private func models(
    _ specification: ModelSpecification, _ filled: [SequenceSet], isFirst: Bool, _ context: FittingContext
  ) throws -> [SequenceModel] {
    var context = context
    context.checkpoints = nil
    // First what is known alone, where that is a good part of all.
    if isFirst, let complete, complete.symbolCount * 10 >= set.symbolCount {
      return [try .fit(specification, to: complete, alphabet, context)]
    }
    // Unsmoothed models, which find what they have not seen impossible, and those that take long are fitted to all.
    let isCounted = specification.family is any SummarisingFamily && !specification.family.isUnsmoothed
    let folds = isCounted ? min(folds, incomplete.count) : 1
    if folds == 1 { return [try .fit(specification, toMeanOf: filled, alphabet, context)] }
    return try (0..<folds).map { fold in
      var isOther = [Bool](repeating: true, count: set.count)
      for index in stride(from: fold, to: incomplete.count, by: folds) { isOther[incomplete[index].number] = false }
      let others = (0..<set.count).filter { isOther[$0] }
      return try .fit(specification, toMeanOf: filled.map { $0.selecting(others) }, alphabet, context)
    }
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

  /// The sets with samples of the models in the gaps, and log P of what is known in incomplete sequences.
  private func drawing(
    from models: [SequenceModel], _ round: Int, of rounds: Int, _ context: FittingContext
  ) throws -> ([SequenceSet], Double) {
    let isExact = models.allSatisfy { $0.finiteStates != nil }
    let draws = isExact ? draws : 1
    var particles = ParticleOptions()
    if !isExact {
      (particles.particles, particles.repetitions, particles.enumerationLimit) = (100, 1, 20_000)
      (particles.seed, particles.twist) = (context.seed, Twist(approximating: models[0], seed: context.seed))
    }
    var drawn: [(samples: [Sample], logProbability: Double)] = []
    let piece = 256
    for first in stride(from: 0, to: incomplete.count, by: piece) {
      if context.isInterrupted() { throw FittingError.interrupted }
      let numbers = first..<min(first + piece, incomplete.count)
      drawn += try parallelMap(numbers.count, threads: context.threads) { [particles] index in
        Result {
          // Each sequence has draws of its own.
          var particles = particles
          particles.seed = context.seed &+ UInt64(round * incomplete.count + first + index)
          let posterior = try models[(first + index) % models.count].posterior(
            given: incomplete[first + index].sequence, particles: particles)
          // The mean of several draws uses the same random numbers in each round, so that rounds differ by their models alone.
          let number = ((isExact ? 0 : round * incomplete.count) + first + index) * draws
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
    let filled = (0..<draws).map { draw in
      replacing { index, _ in
        drawn[index].samples.isEmpty ? Array(guess[incomplete[index].number]) : drawn[index].samples[draw].sequence
      }
    }
    return (filled, drawn.reduce(0) { $0 + $1.logProbability })
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
