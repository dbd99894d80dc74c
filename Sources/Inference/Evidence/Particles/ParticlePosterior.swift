import Foundation
import ModelCore
import Patterns
import Probability
import Sequences
import Support

/// A model of any kind given evidence, by weighted sequences that agree with it: all of them where they are few, which is
/// exact, else by sequential Monte Carlo with a lookahead (`ParticleSampler`), repeated independently.
///
///     var options = ParticleOptions()
///     options.twist = Twist(approximating: network, seed: 1)
///     let posterior = try ParticlePosterior(of: network, given: try Pattern("a.*n", network.alphabet), options)
///     posterior.logProbability          // an estimate of log P(a sequence matches), in nats
///     posterior.quality?.standardError  // and its standard error
public struct ParticlePosterior: EvidencePosterior {
  /// The model.
  public let model: SequenceModel
  /// The evidence.
  public let automaton: any SymbolAutomaton
  /// log P(evidence), in nats: of the mean of the repetitions' unbiased estimates of P(evidence). −∞ where no sequence agrees with
  /// it, or no particle could meet it.
  public let logProbability: Double
  /// How good the estimate is; `nil` where all sequences were enumerated, or none can agree with the evidence.
  public let quality: EstimateQuality?
  let options: ParticleOptions
  let lookahead: Lookahead
  let populations: [Population]
  /// Each repetition's estimate of P(evidence), over their sum.
  let shares: [Double]
  /// Cumulative shares of all completions of all repetitions.
  private let cumulative: [Double]

  /// Estimates what is known of the model's sequences. O(repetitions · elements · particles · step of the model) at most.
  /// - Parameter threads: the repetitions are spread over them; the result does not depend on their number.
  /// - Throws: `SpecificationError.refused` for models that look at inputs x, and for a twist that does not fit.
  public init(
    of model: SequenceModel, given automaton: some SymbolAutomaton, _ options: ParticleOptions = ParticleOptions(),
    threads: Int = 1, progress: (FittingProgress) -> Void = { _ in }
  ) throws {
    if model.inputWidth > 0 {
      throw SpecificationError.refused(
        model: model.specification.shortWord,
        reason: "it looks at inputs x, and sequences with gaps and patterns have none: give a model without inputs")
    }
    (self.model, self.automaton, self.options) = (model, automaton, options)
    let plain = try Lookahead(model, given: automaton, twist: nil)
    let isEnumerated = plain.beginnings(atMost: options.enumerationLimit) != nil
    if isEnumerated {
      lookahead = plain
      var enumeration = Enumeration(plain, automaton)
      populations = [enumeration.run(model.conditional)]
    } else {
      lookahead = options.twist == nil ? plain : try Lookahead(model, given: automaton, twist: options.twist)
      populations = Self.repetitions(model, lookahead, automaton, options, threads, progress)
    }
    let logEstimates = populations.map(\.logEstimate)
    let total = logSum(logEstimates)
    logProbability = total - log(Double(populations.count))
    shares = logEstimates.map { total > -.infinity ? exp($0 - total) : 0 }
    quality = isEnumerated ? nil : Self.quality(populations, shares, options)
    var sum = 0.0
    var cumulative: [Double] = []
    for (population, share) in zip(populations, shares) {
      for part in population.shares {
        sum += share * part
        cumulative.append(sum)
      }
    }
    self.cumulative = cumulative
  }

  /// The most particles that are sampled together.
  private static let mostLanes = 1 << 14

  private static func repetitions(
    _ model: SequenceModel, _ lookahead: Lookahead, _ automaton: any SymbolAutomaton, _ options: ParticleOptions,
    _ threads: Int, _ progress: (FittingProgress) -> Void
  ) -> [Population] {
    let all = Array(0..<max(options.repetitions, 1))
    let particles = max(options.particles, 1)
    // In gaps many particles of all repetitions have the same past, and share the model's steps; of patterns few do.
    let together = automaton is IncompleteSequence ? min(max(mostLanes / particles, 1), all.count) : 1
    let parts = stride(from: 0, to: all.count, by: together).map { all[$0..<min($0 + together, all.count)] }
    func sampled<Walks: SideBySide>(_ walks: Walks, _ part: ArraySlice<Int>) -> [Population] {
      let streams = part.map { RandomStream(seed: options.seed, purpose: "particles", index: UInt64($0)) }
      var sampler = ParticleSampler(walks, model.shape, lookahead, automaton, options, streams)
      return sampler.run()
    }
    func lockstep<C: LockstepConditional>(_ conditional: C, _ part: ArraySlice<Int>) -> [Population] {
      sampled(LockstepLanes(lanes: conditional.lanes(part.count * particles), shape: model.shape), part)
    }
    func copies<C: Conditional>(_ conditional: C, _ part: ArraySlice<Int>) -> [Population] {
      sampled(WalkCopies(conditional, count: part.count * particles), part)
    }
    var populations: [Population] = []
    for first in stride(from: 0, to: parts.count, by: max(threads, 1)) {
      let next = parts[first..<min(first + max(threads, 1), parts.count)]
      populations += parallelMap(next.count, threads: threads) { number in
        if let conditional = model.lockstep { return lockstep(conditional, parts[first + number]) }
        return copies(model.conditional, parts[first + number])
      }.flatMap { $0 }
      progress(
        FittingProgress(
          fraction: Double(populations.count) / Double(all.count),
          text: "\(populations.count) of \(all.count) repetitions"))
    }
    return populations
  }

  private static func quality(
    _ populations: [Population], _ shares: [Double], _ options: ParticleOptions
  ) -> EstimateQuality {
    let count = Double(populations.count)
    // (Σ Z)² / Σ Z² / ESS: as of all particles together.
    let loss = zip(populations, shares).reduce(0) { sum, next in
      next.1 > 0 ? sum + next.1 * next.1 / next.0.effectiveSampleSize : sum
    }
    let deviation = shares.reduce(0) { $0 + ($1 * count - 1) * ($1 * count - 1) }
    // What was given up for its length is an error to one side.
    let lost = zip(populations, shares).reduce(0) { $0 + $1.0.lostShare * max($1.1, 1 / count) }
    return EstimateQuality(
      effectiveSampleSize: loss > 0 ? 1 / loss : 0, particles: max(options.particles, 1) * populations.count,
      standardError: loss > 0 && count > 1
        ? (deviation / count / (count - 1)).squareRoot() - log1p(-min(lost, 1)) : .infinity,
      repetitions: populations.count)
  }
}

extension ParticlePosterior {
  /// Draws of sequences that agree with the evidence, from the weighted ones, by their numbers: draw i depends on the seed and on
  /// i alone. Of an estimate they are drawn with replacement, so that many more draws than its effective sample size repeat
  /// each other. None where the evidence is impossible. O(length · step of the model) a draw.
  public func samples(_ indices: Range<Int>, seed: UInt64, threads: Int = 1) -> [Sample] {
    guard let last = cumulative.last else { return [] }
    let ends = populations.reduce(into: [Int]()) { $0.append(($0.last ?? 0) + $1.completions.count) }
    return parallelMap(indices.count, threads: threads, chunk: 64) { number in
      var stream = RandomStream(seed: seed, purpose: "evidence", index: UInt64(indices.lowerBound + number))
      let drawn = stream.uniform() * last
      let index = min(lowerBound(0, cumulative.count) { cumulative[$0] <= drawn }, cumulative.count - 1)
      let number = lowerBound(0, ends.count) { ends[$0] <= index }
      let population = populations[number]
      let completion = population.completions[index - ends[number] + population.completions.count]
      return sample(population.tree.sequence(completion.leaf))
    }
  }

  func sample(_ sequence: [Symbol]) -> Sample {
    Sample(sequence: sequence, score: model.score(of: sequence), isComplete: true)
  }

  /// P(y(t) = w | evidence) of each position t of an incomplete sequence that is not known, by rising positions; empty where the
  /// evidence is impossible, and for patterns. Weighted means over the repetitions; their standard errors have the
  /// resolution of the particles, 1 / effective sample size, added to what the repetitions differ by, since a symbol that no
  /// particle has differs in none. O(stored elements).
  public func marginals() -> [GapMarginal] {
    guard let sequence = automaton as? IncompleteSequence, logProbability > -.infinity else { return [] }
    let k = model.alphabet.size
    let parts = populations.map { population in
      population.tree.gapWeights(
        zip(population.completions, population.shares).map { ($0.leaf, $1) }, alphabetSize: k)
    }
    let count = Double(populations.count)
    let resolution = quality.map { 1 / $0.effectiveSampleSize } ?? 0
    return sequence.gaps.enumerated().map { index, position in
      var marginal = GapMarginal(position: position, probabilities: Array(repeating: 0, count: k))
      for (part, share) in zip(parts, shares) where share > 0 {
        for symbol in 0..<k { marginal.probabilities[symbol] += share * part[index][symbol] }
      }
      guard quality != nil else { return marginal }
      marginal.standardErrors = (0..<k).map { symbol in
        // Of a ratio of means, by its linear part.
        let squares = zip(parts, shares).reduce(0.0) { sum, next in
          let error = next.1 > 0 ? next.1 * (next.0[index][symbol] - marginal.probabilities[symbol]) : 0
          return sum + error * error
        }
        let variance = count > 1 ? squares * count / (count - 1) : .infinity
        return (variance + resolution * resolution).squareRoot()
      }
      return marginal
    }
  }

  /// The distribution of the length given the evidence: exact where the sequences were enumerated, else that of as many draws
  /// as the effective sample size.
  public func lengthDistribution(
    longest: Int? = nil, progress: (FittingProgress) -> Void = { _ in }
  ) -> LengthDistribution {
    var probabilities: [Double] = []
    for (population, share) in zip(populations, shares) where share > 0 {
      for (completion, part) in zip(population.completions, population.shares) {
        let length = Int(completion.length)
        if probabilities.count <= length {
          probabilities += Array(repeating: 0, count: length + 1 - probabilities.count)
        }
        probabilities[length] += share * part
      }
    }
    guard let quality else { return LengthDistribution(probabilities: probabilities) }
    return LengthDistribution(
      probabilities, .draws(max(Int(quality.effectiveSampleSize), 1), cut: 0, limit: options.longest))
  }
}
