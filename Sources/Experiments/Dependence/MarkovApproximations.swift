import Foundation
import Inference
import ModelCore
import Models
import Sequences

/// The Markov model of one order that is nearest to some model, and how near it is.
public struct MarkovApproximation: Sendable, Hashable {
  /// m, the symbols of context.
  public var order: Int
  /// The free parameters of Markov models of that order.
  public var freeParameters: ParameterCount
  /// The contexts that sequences of the model hold with a probability above 0; `nil` where they were not enumerated.
  public var contexts: Int?
  /// KL(model ‖ approximation), in nats.
  public var divergence: Divergence
}

/// How Markov a model is: KL(model ‖ its best Markov approximation) for rising orders. The best approximation of order m has
/// the ratios of the model's expected context counts (`SequenceModel.expectedContextCounts`); the divergence falls with m, and is
/// 0 from the order on that the model has itself.
///
/// Exact for models whose states can be listed. Of others two sets of samples are drawn. A Markov model that is fitted to
/// the first is no better than the best one, so that its divergence, measured on the second, is an upper bound in
/// expectation; relative frequencies of both, measured on the very sequences that were counted, seem better than the best
/// model is, and give a lower bound. The interval goes from the lower bound's 95 % interval to the upper bound's, and
/// what holds of one order is used for all, since the truth falls with the order; the estimate is its middle.
///
/// Where the length is drawn first the approximation has the same P(τ), and elements that do not look at it.
public struct MarkovApproximations: Sendable {
  /// One for each order.
  public let approximations: [MarkovApproximation]
  /// Samples in each of the two sets, where any were drawn, and how many of both were cut. Where some were, ends are left out of the
  /// comparison.
  public let samples: Int?
  /// How many samples of both sets were cut.
  public let cut: Int

  /// - Parameters:
  ///   - orders: those that are asked for.
  ///   - seed: of the samples.
  /// - Throws: `SpecificationError.refused` for models that look at inputs x, `FittingError`.
  public init(
    of model: SequenceModel, orders: ClosedRange<Int>, _ options: DistanceOptions = DistanceOptions(), seed: UInt64 = 1,
    threads: Int = 1, progress: (FittingProgress) -> Void = { _ in }
  ) throws {
    var found: [MarkovApproximation] = []
    var drawn: DrawnApproximations?
    var isMarkov: Divergence?
    for (index, order) in orders.enumerated() {
      progress(
        FittingProgress(fraction: Double(index) / Double(orders.count), text: "order \(order)"))
      let words = try ModelSpecification("markov:\(order)/\(model.prior == nil ? "eos" : "tau:input=none")")
      let shape = OutputShape(alphabetSize: model.alphabet.size, stop: model.prior == nil ? .outcome : .given)
      let free = words.parameterCount(shape, allowing: max(model.facts.longest, order))
      func add(_ divergence: Divergence, contexts: Int? = nil) {
        found.append(
          MarkovApproximation(order: order, freeParameters: free, contexts: contexts, divergence: divergence))
      }
      // A Markov process of order m is one of every higher order.
      if let isMarkov {
        add(isMarkov)
      } else if drawn == nil, let counts = model.expectedContextCounts(order: order, options.limits) {
        let nats = counts.divergence
        let divergence = Divergence(
          perSequence: DistanceFigure(exactly: nats),
          perEvent: DistanceFigure(exactly: counts.events > 0 ? nats / counts.events : 0), source: .exact)
        if nats < 1e-11 { isMarkov = divergence }
        add(divergence, contexts: counts.contexts.count)
      } else {
        let sets = try drawn ?? DrawnApproximations(of: model, options, seed: seed, threads: threads)
        drawn = sets
        add(try sets.divergence(order: order, threads: threads))
      }
    }
    approximations = Self.falling(found)
    samples = drawn.map { _ in options.samples }
    cut = drawn?.cut ?? 0
  }

  /// Each order with all that is known: an upper bound holds for higher orders too, and a lower one for lower orders.
  private static func falling(_ found: [MarkovApproximation]) -> [MarkovApproximation] {
    var rows = found
    func merge(_ figure: WritableKeyPath<Divergence, DistanceFigure>) {
      for index in rows.indices where !rows[index].divergence.source.isExact {
        let high = found[...index].map { $0.divergence[keyPath: figure].high }.min() ?? .infinity
        let low = found[index...].map { $0.divergence[keyPath: figure].low }.max() ?? 0
        // Chance may put the bounds in the wrong order.
        let (least, most) = (min(low, high), max(low, high))
        rows[index].divergence[keyPath: figure] = DistanceFigure((least + most) / 2, low: least, high: most)
      }
    }
    merge(\.perSequence)
    merge(\.perEvent)
    return rows
  }
}

/// Two sets of a model's samples, and the bounds that Markov models fitted to them give.
private struct DrawnApproximations {
  let cut: Int
  private let model: SequenceModel
  /// To fit to, and to measure on.
  private let sets: (fit: SequenceSet, measure: SequenceSet, both: SequenceSet)
  /// log P of the sequences that are measured, and of both sets: of the elements alone where ends are left out.
  private let own: (measure: [Double], both: [Double])
  /// The decisions of each.
  private let events: (measure: [Double], both: [Double])
  /// Whether the elements alone are compared, given that sequences continue.
  private let leavesOutEnds: Bool
  private let seed: UInt64

  init(of model: SequenceModel, _ options: DistanceOptions, seed: UInt64, threads: Int) throws {
    self.model = model
    self.seed = seed
    var twice = options
    twice.samples = 2 * options.samples
    let drawn = try model.samplesForDistance(twice, seed: seed, threads: threads)
    cut = drawn.count { !$0.isComplete }
    leavesOutEnds = model.prior != nil || cut > 0
    let isCut = leavesOutEnds
    func set(_ samples: ArraySlice<Sample>) -> SequenceSet {
      SequenceSet(samples.map(\.sequence), alphabetSize: model.alphabet.size)
    }
    sets = (set(drawn.prefix(options.samples)), set(drawn.suffix(options.samples)), set(drawn[...]))
    let all = model.scores(of: sets.both, threads: threads).map { isCut ? -$0.natsElements : -$0.nats }
    own = (Array(all.suffix(options.samples)), all)
    // Ends of sequences whose length is drawn first are events, as everywhere.
    let counts = drawn.map { Double($0.sequence.count) + ($0.isComplete ? 1 : 0) }
    events = (Array(counts.suffix(options.samples)), counts)
  }

  func divergence(order: Int, threads: Int) throws -> Divergence {
    let length = leavesOutEnds ? "tau:input=none,prior=table:ml" : "eos"
    func ratios(_ word: String, to set: SequenceSet, on measured: SequenceSet, _ own: [Double]) throws -> [Double] {
      let fitted = try SequenceModel.fit(
        ModelSpecification("\(word)/\(length)"), to: set, model.alphabet, FittingContext(seed: seed, threads: threads))
      return zip(own, fitted.scores(of: measured, threads: threads)).map {
        $0 + (leavesOutEnds ? $1.natsElements : $1.nats)
      }
    }
    let above = try ratios("markov:\(order)", to: sets.fit, on: sets.measure, own.measure)
    let below = try ratios("markov:\(order),smoothing=ml", to: sets.both, on: sets.both, own.both)
    func figure(_ counts: (measure: [Double], both: [Double])) -> DistanceFigure {
      let (high, low) = (SampleRatio(above, over: counts.measure), SampleRatio(below, over: counts.both))
      let margin = (
        low: normalQuantile * low.standardError(at: low.value, below, counts.both),
        high: normalQuantile * high.standardError(at: high.value, above, counts.measure)
      )
      // No divergence is below 0.
      let (least, most) = (max(low.value - margin.low, 0), max(high.value + margin.high, 0))
      return DistanceFigure((least + most) / 2, low: least, high: most)
    }
    return Divergence(
      perSequence: figure((above.map { _ in 1 }, below.map { _ in 1 })), perEvent: figure(events),
      source: .samples(sets.measure.count, cut: cut))
  }
}
