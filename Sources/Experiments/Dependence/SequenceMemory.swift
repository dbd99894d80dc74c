import Foundation
import Inference
import ModelCore
import Sequences

/// An entropy rate in nats an event, an event being a symbol or an end, with a 95 % confidence interval.
public struct EntropyRate: Sendable, Hashable {
  /// How a rate was found.
  public enum Source: String, Sendable, Hashable {
    /// Of a model whose states can be listed: exactly, but for rounding.
    case exact
    /// Of a model: −log P of its own samples.
    case samples
    /// Of data: by the lengths of repetitions, without a model (`MatchLengthEntropy`).
    case matchLengths = "match lengths"
  }

  /// In nats an event.
  public var nats: Double
  /// The ends of the interval, which is for chance alone.
  public var low: Double
  /// The upper end.
  public var high: Double
  /// Where it comes from.
  public var source: Source
}

/// What is asked of a memory.
public struct SequenceMemoryOptions: Sendable {
  /// The largest distance d.
  public var longest = 20
  /// Samples of a model; `nil` for as many as have `symbols` symbols together, 100,000 at most.
  public var samples: Int?
  /// Symbols of a model's samples, where their number is not asked for.
  public var symbols = 200_000
  /// Elements after which a sample is cut.
  public var maximumLength = 10_000

  /// The default options.
  public init() {}
}

/// How much symbols tell of later ones, in data or in a model's samples, and the entropy rate beside it.
public struct SequenceMemory: Sendable {
  /// Mutual information against distance.
  public let curve: MemoryCurve
  /// `nil` for data with too few events.
  public let entropyRate: EntropyRate?
  /// The number of sequences, and of their symbols.
  public let sequences: Int
  /// The number of symbols.
  public let symbols: Int
  /// How many samples were cut.
  public let cut: Int

  /// Of data.
  public init(
    of set: SequenceSet, _ options: SequenceMemoryOptions = SequenceMemoryOptions(), seed: UInt64 = 1, threads: Int = 1
  ) {
    curve = MemoryCurve(set, longest: options.longest, seed: seed, threads: threads)
    entropyRate = MatchLengthEntropy(set, seed: seed).map {
      EntropyRate(nats: $0.rate, low: $0.low, high: $0.high, source: .matchLengths)
    }
    (sequences, symbols, cut) = (set.count, set.symbolCount, 0)
  }

  /// Of a model, by its samples.
  /// - Throws: `SpecificationError.refused` for models that look at inputs x.
  public init(
    of model: SequenceModel, _ options: SequenceMemoryOptions = SequenceMemoryOptions(), seed: UInt64 = 1,
    threads: Int = 1
  ) throws {
    guard model.inputWidth == 0 else {
      throw SpecificationError.refused(
        model: model.specification.shortWord,
        reason: "it looks at inputs x: memory is of models of sequences by themselves")
    }
    let samples = try Self.samples(of: model, options, seed: seed, threads: threads)
    let set = SequenceSet(samples.map(\.sequence), alphabetSize: model.alphabet.size)
    curve = MemoryCurve(set, longest: options.longest, seed: seed, threads: threads)
    (sequences, symbols, cut) = (set.count, set.symbolCount, samples.count { !$0.isComplete })
    if let entropy = model.exactEntropy() {
      let rate = entropy.natsPerSequence / entropy.events
      entropyRate = EntropyRate(nats: rate, low: rate, high: rate, source: .exact)
    } else {
      let nats = samples.map(\.score.nats)
      let events = samples.map { Double($0.sequence.count) + ($0.isComplete ? 1 : 0) }
      let ratio = SampleRatio(nats, over: events)
      let margin = normalQuantile * ratio.standardError(at: ratio.value, nats, events)
      entropyRate = EntropyRate(
        nats: ratio.value, low: max(ratio.value - margin, 0), high: ratio.value + margin, source: .samples)
    }
  }

  /// In pieces, until there are symbols enough.
  private static func samples(
    of model: SequenceModel, _ options: SequenceMemoryOptions, seed: UInt64, threads: Int
  ) throws -> [Sample] {
    var sampling = SamplingOptions()
    sampling.maximumLength = options.maximumLength
    let sampler = try Sampler(model, seed: seed, sampling)
    if let count = options.samples { return try sampler.samples(0..<count, threads: threads) }
    var (samples, symbols): ([Sample], Int) = ([], 0)
    // The first ones tell how many are needed.
    var piece = 20
    while symbols < options.symbols, samples.count < 100_000 {
      let more = try sampler.samples(samples.count..<min(samples.count + piece, 100_000), threads: threads)
      samples += more
      symbols += more.reduce(0) { $0 + $1.sequence.count }
      let mean = Double(symbols) / Double(samples.count)
      piece = min(max(Int(Double(options.symbols - symbols) / max(mean, 0.1)) + 1, 1), 10_000)
    }
    return samples
  }
}
