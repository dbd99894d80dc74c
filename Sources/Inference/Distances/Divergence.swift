import Foundation
import ModelCore
import Sequences

/// An estimate or an exact figure in nats, with a 95 % confidence interval.
public struct DistanceFigure: Sendable, Hashable {
  /// In nats; +∞ where a model gives probability 0 to what the other gives more.
  public var nats: Double
  /// The ends of the interval; both are `nats` where it is exact.
  public var low: Double
  /// The upper end.
  public var high: Double

  /// A figure with its interval.
  public init(_ nats: Double, low: Double, high: Double) { (self.nats, self.low, self.high) = (nats, low, high) }

  /// An exact figure.
  public init(exactly nats: Double) { self.init(nats, low: nats, high: nats) }

  /// The same figure in other units, such as an event's.
  func divided(by count: Double) -> DistanceFigure {
    count > 0 ? DistanceFigure(nats / count, low: low / count, high: high / count) : self
  }
}

/// How far one distribution over sequences is from another: their Kullback–Leibler divergence, KL(P ‖ Q) = E log P(y) / Q(y)
/// under P (Kullback and Leibler 1951), in nats.
///
///     let divergence = try names.divergence(to: other)
///     divergence.perSequence.nats
public struct Divergence: Sendable, Hashable {
  /// In nats a sequence.
  public var perSequence: DistanceFigure
  /// In nats an event: divided by the expected number of elements and ends of P.
  public var perEvent: DistanceFigure
  /// Where the figures come from.
  public var source: DistanceSource

  /// A divergence with its source.
  public init(perSequence: DistanceFigure, perEvent: DistanceFigure, source: DistanceSource) {
    (self.perSequence, self.perEvent, self.source) = (perSequence, perEvent, source)
  }
}

/// How a distance was found.
public enum DistanceSource: Sendable, Hashable {
  /// Exactly, but for rounding.
  case exact
  /// By so many samples of the first model, of which so many were cut at a number of elements.
  case samples(Int, cut: Int)

  /// Whether it was computed and not estimated.
  public var isExact: Bool { self == .exact }
}

extension SequenceModel {
  /// The symbols of another model by this one's, by their names; `nil` where the other has none of that name.
  package func symbols(of other: SequenceModel) -> [Symbol?] {
    alphabet.symbols.map { other.alphabet.index(of: $0) }
  }

  /// KL(this model ‖ other), exactly: by a forward pass on the product of both automata, that is for tables, Markov and
  /// variable-order models whose sequences end; also where the length is drawn first. O(steps · pairs of states · symbols).
  /// - Returns: `nil` where states cannot be listed, where it takes more than the limits, where some sequences never end, and
  ///   where steps of the other model alone look at a length that the first does not draw first.
  public func exactDivergence(to other: SequenceModel, _ limits: ExactLimits = ExactLimits()) -> Divergence? {
    guard let first = ListedModel(self), let second = ListedModel(other) else { return nil }
    let beside = FollowingModel(model: second, symbols: symbols(of: other))
    var pass = JointPass(first, beside: beside, limits)
    var (sum, events) = (0.0, 0.0)
    do {
      try pass.run(asksLengths: second.law != nil, readsLength: second.readsLength) { step in
        for way in step.ways where step.visits > 0 {
          guard let other = beside.way(step.companion, way.symbol, step.inputs.companion) else {
            throw JointPass<FollowingModel>.Failure.impossible
          }
          let expected = step.visits * way.probability
          events += expected
          sum += expected * log(way.probability / other.probability)
        }
        events += step.ends
        guard step.ends > 0 else { return }
        if first.law == nil { sum += step.ends * log(step.stop) }
        if second.law == nil {
          let stop = second.process.stopProbability(step.companion, step.inputs.companion)
          guard stop > 0 else { throw JointPass<FollowingModel>.Failure.impossible }
          sum -= step.ends * log(stop)
        }
      }
      if let law = second.law {
        for (length, ended) in pass.ended.enumerated() where ended > 0 { sum -= ended * law.logProbability(length) }
      }
      if let law = first.law { sum += law.meanLogProbability }
    } catch JointPass<FollowingModel>.Failure.impossible {
      return Divergence(
        perSequence: DistanceFigure(exactly: .infinity), perEvent: DistanceFigure(exactly: .infinity), source: .exact)
    } catch {
      return nil
    }
    // A difference of equal sums may be a rounding below zero.
    let nats = DistanceFigure(exactly: max(sum, 0))
    return Divergence(perSequence: nats, perEvent: nats.divided(by: events), source: .exact)
  }

  /// −E log P(y) in nats a sequence and E[elements and ends] of the model's own sequences, exactly; `nil` where that is too much,
  /// as in `exactDivergence`. Their quotient is the entropy rate in nats an event.
  public func exactEntropy(_ limits: ExactLimits = ExactLimits()) -> (natsPerSequence: Double, events: Double)? {
    guard let listed = ListedModel(self) else { return nil }
    var pass = JointPass(listed, beside: NoCompanion(), limits)
    var (sum, events) = (0.0, 0.0)
    do {
      try pass.run(asksLengths: false, readsLength: false) { step in
        for way in step.ways where step.visits > 0 {
          let expected = step.visits * way.probability
          events += expected
          sum -= expected * log(way.probability)
        }
        events += step.ends
        if listed.law == nil, step.ends > 0 { sum -= step.ends * log(step.stop) }
      }
    } catch {
      return nil
    }
    return (sum - (listed.law?.meanLogProbability ?? 0), events)
  }
}

extension LengthLaw {
  /// E log P(τ), by summing until next to nothing is left.
  var meanLogProbability: Double {
    var (sum, length) = (0.0, 0)
    while tail(beyond: length - 1) > 1e-16, length < 1 << 24 {
      let logProbability = logProbability(length)
      if logProbability > -.infinity { sum += exp(logProbability) * logProbability }
      length += 1
    }
    return sum
  }
}
