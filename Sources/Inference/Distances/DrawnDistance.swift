import Foundation
import ModelCore
import Sequences
import Support

/// What a distance between models is computed or estimated with.
public struct DistanceOptions: Sendable {
  /// Samples of each model, where a figure is estimated.
  public var samples = 10_000
  /// Elements after which a sample is cut. Of cut ones the beginnings are compared.
  public var maximumLength = 10_000
  /// What may be computed exactly.
  public var limits = ExactLimits()

  /// The default options.
  public init() {}
}

/// How far two models of the same symbols are from each other.
///
///     let distance = try names.distance(to: other)
///     distance.there.perEvent.nats    // KL(names ‖ other) in nats an event
public struct ModelDistance: Sendable, Hashable {
  /// KL(first ‖ second).
  public var there: Divergence
  /// KL(second ‖ first).
  public var back: Divergence
  /// The Jensen–Shannon divergence of the two distributions over sequences, ½ KL(P ‖ M) + ½ KL(Q ‖ M) with M = (P + Q) / 2, which
  /// is at most log 2 (Lin 1991); by samples of both.
  public var jensenShannon: DistanceFigure
  /// The same divided by the expected number of elements and ends, half of the sequences being the first model's.
  public var jensenShannonPerEvent: DistanceFigure
  /// Symbols that only the first model has.
  public var symbolsOfFirst: [String]
  /// Symbols that only the second model has.
  public var symbolsOfSecond: [String]
  /// Samples of each model.
  public var samples: Int
  /// How many of both models' samples were cut.
  public var cut: Int
}

extension SequenceModel {
  /// Both Kullback–Leibler divergences, exactly where `exactDivergence` can, else as a mean over samples; and the
  /// Jensen–Shannon divergence by samples. Symbols are the same where their names are.
  /// - Throws: `SpecificationError.refused` for models that look at inputs x, whose symbols are of different kinds, or whose samples do
  ///   not end where the length is drawn first.
  public func distance(
    to other: SequenceModel, _ options: DistanceOptions = DistanceOptions(), seed: UInt64 = 1, threads: Int = 1
  ) throws -> ModelDistance {
    guard alphabet.kind == other.alphabet.kind else {
      throw SpecificationError.refused(
        model: other.specification.shortWord,
        reason: "its symbols are \(other.alphabet.kind.rawValue), those of the other model \(alphabet.kind.rawValue): "
          + "compare models of the same kind of symbols")
    }
    let own = try LogRatios(of: self, against: other, options, seed: seed, threads: threads)
    // Other random numbers, so that the two sets are independent.
    let others = try LogRatios(of: other, against: self, options, seed: seed ^ 0x9e37_79b9_7f4a_7c15, threads: threads)
    let shared = [own, others].map { ratios in
      (terms: ratios.values.map { log(2) - softplus(-$0) }, counts: ratios.events)
    }
    return ModelDistance(
      there: exactDivergence(to: other, options.limits) ?? own.divergence,
      back: other.exactDivergence(to: self, options.limits) ?? others.divergence,
      jensenShannon: Self.mean(shared.map { ($0.terms, $0.terms.map { _ in 1 }) }, most: log(2)),
      jensenShannonPerEvent: Self.mean(shared, most: .infinity),
      symbolsOfFirst: alphabet.symbols.filter { other.alphabet.index(of: $0) == nil },
      symbolsOfSecond: other.alphabet.symbols.filter { alphabet.index(of: $0) == nil },
      samples: options.samples, cut: own.cut + others.cut)
  }

  /// (Mean of both sets' terms) / (mean of both sets' counts), with a 95 % interval within [0, most].
  private static func mean(_ sets: [(terms: [Double], counts: [Double])], most: Double) -> DistanceFigure {
    let parts = sets.map { SampleRatio($0.terms, over: $0.counts) }
    let count = parts.reduce(0) { $0 + $1.meanCount }
    guard count > 0 else { return DistanceFigure(exactly: 0) }
    let ratio = parts.reduce(0) { $0 + $1.mean } / count
    let variance = zip(parts, sets).reduce(0) { sum, part in
      let error = part.0.standardError(at: ratio, part.1.terms, part.1.counts) * part.0.meanCount / count
      return sum + error * error
    }
    let margin = normalQuantile * variance.squareRoot()
    return DistanceFigure(ratio, low: max(ratio - margin, 0), high: min(ratio + margin, most))
  }
}

/// The standard normal distribution's 97.5 % quantile.
package let normalQuantile = 1.959964

/// log P(y) / Q(y) of sequences that were drawn from P.
struct LogRatios {
  /// log P(y) / Q(y) of each, in nats; of a cut one that of its beginning.
  let values: [Double]
  /// The decisions of each: its elements and its end.
  let events: [Double]
  let cut: Int

  /// - Throws: `SpecificationError.refused`.
  init(
    of model: SequenceModel, against other: SequenceModel, _ options: DistanceOptions, seed: UInt64, threads: Int
  ) throws {
    let samples = try model.samplesForDistance(options, seed: seed, threads: threads)
    cut = samples.count { !$0.isComplete }
    if cut > 0, let drawn = [model, other].first(where: { $0.prior != nil }) {
      throw SpecificationError.refused(
        model: drawn.specification.shortWord,
        reason:
          "it draws its length first, and \(cut) of \(samples.count) samples were cut at \(options.maximumLength) "
          + "elements: give a larger --max-length")
    }
    let translated = model.symbols(of: other)
    let images = samples.map { sample in sample.sequence.map { translated[$0] ?? -1 } }
    let own = model.logLikelihoods(of: samples, samples.map(\.sequence), threads: threads)
    let others = other.logLikelihoods(of: samples, images, threads: threads)
    values = zip(own, others).map { $0 - $1 }
    events = samples.map { Double($0.sequence.count) + ($0.isComplete ? 1 : 0) }
  }

  /// KL(P ‖ Q) as the mean.
  var divergence: Divergence {
    func figure(_ counts: [Double]) -> DistanceFigure {
      if values.contains(.infinity) { return DistanceFigure(exactly: .infinity) }
      let ratio = SampleRatio(values, over: counts)
      let margin = normalQuantile * ratio.standardError(at: ratio.value, values, counts)
      return DistanceFigure(ratio.value, low: max(ratio.value - margin, 0), high: ratio.value + margin)
    }
    return Divergence(
      perSequence: figure(values.map { _ in 1 }), perEvent: figure(events), source: .samples(values.count, cut: cut))
  }
}

extension SequenceModel {
  /// Samples of the model itself.
  /// - Throws: `SpecificationError.refused` where it looks at inputs x.
  package func samplesForDistance(_ options: DistanceOptions, seed: UInt64, threads: Int) throws -> [Sample] {
    guard inputWidth == 0 else {
      throw SpecificationError.refused(
        model: specification.shortWord,
        reason: "it looks at inputs x: distances are between models of sequences by themselves")
    }
    var sampling = SamplingOptions()
    sampling.maximumLength = options.maximumLength
    return try samples(options.samples, seed: seed, sampling, threads: threads)
  }

  /// log P of each sequence, of cut ones without an end; −∞ where one holds −1, which is no symbol.
  fileprivate func logLikelihoods(of samples: [Sample], _ sequences: [[Symbol]], threads: Int) -> [Double] {
    let whole = samples.indices.filter { samples[$0].isComplete && !sequences[$0].contains(-1) }
    let set = SequenceSet(whole.map { sequences[$0] }, alphabetSize: alphabet.size)
    var values = [Double](repeating: -.infinity, count: samples.count)
    for (index, score) in zip(whole, scores(of: set, threads: threads)) { values[index] = -score.nats }
    let begun = samples.indices.filter { !samples[$0].isComplete && !sequences[$0].contains(-1) }
    let beginnings = parallelMap(begun.count, threads: threads) { index in
      let sequence = sequences[begun[index]]
      return -stepScores(of: sequence).prefix(sequence.count).reduce(0) { $0 + $1.nats }
    }
    for (index, value) in zip(begun, beginnings) { values[index] = value }
    return values
  }
}

/// A ratio of two means over samples, and its standard error (Cochran 1977, section 6.3).
package struct SampleRatio {
  package let mean: Double
  package let meanCount: Double

  package init(_ values: [Double], over counts: [Double]) {
    let n = Double(max(values.count, 1))
    mean = values.reduce(0, +) / n
    meanCount = counts.reduce(0, +) / n
  }

  package var value: Double { meanCount > 0 ? mean / meanCount : 0 }

  package func standardError(at ratio: Double, _ values: [Double], _ counts: [Double]) -> Double {
    guard values.count > 1, meanCount > 0 else { return 0 }
    let deviation = mean - ratio * meanCount
    let squares = zip(values, counts).reduce(0) { sum, pair in
      let rest = pair.0 - ratio * pair.1 - deviation
      return sum + rest * rest
    }
    let n = Double(values.count)
    return (squares / (n * (n - 1))).squareRoot() / meanCount
  }
}
