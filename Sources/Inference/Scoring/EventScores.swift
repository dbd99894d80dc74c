import Foundation
import ModelCore
import Sequences
import Support

/// The score of one event – the length where it is drawn first, an element, or the end – beside the distribution that it was
/// an outcome of.
public struct EventScore: Sendable, Hashable {
  /// −log P of the event in nats, its surprisal, in its two shares.
  public var score: SequenceScore
  /// The entropy of the distribution in nats: the expected surprisal. `nil` of a length that is drawn first where a million
  /// lengths do not hold all but 10^−12 of P(τ).
  public var entropy: Double?
  /// 1 + the number of outcomes that are strictly more probable. `nil` of a length that is drawn first where more than a
  /// million lengths would have to be looked at.
  public var rank: Int?

  /// −log P of the event, in nats.
  public var surprisal: Double { score.nats }
}

/// Scores the events of sequences, each with entropy and rank (Hale 2001 on surprisal, 2006 on entropy).
///
///     let scorer = EventScorer(model)
///     scorer.events(of: [2, 0, 1]).map(\.surprisal)   // four of them with an end symbol
///
/// The outcomes of an event are all symbols and the end; where the length is drawn first they are all lengths, and after that
/// the symbols.
public struct EventScorer: Sendable {
  private let model: SequenceModel
  /// Of P(τ) where it does not depend on inputs x.
  private let lengths: LengthRanking?

  /// Lists P(τ), where the length is drawn first.
  public init(_ model: SequenceModel) {
    self.model = model
    let law = model.prior?.readsInputs == false ? model.lengthLaw() : nil
    lengths = law.map { LengthRanking($0) }
  }

  /// The events of a sequence: its length, if that is drawn first, each element, and the end, if it is decided. O(events ·
  /// outcomes).
  /// - Parameters:
  ///   - x: the sequence's inputs, where the data have any.
  ///   - unseen: the index of an element that is none of the alphabet, whatever stands there: it has probability 0, and is
  ///     the last event.
  public func events(
    of sequence: some RandomAccessCollection<Symbol>, x: SequenceInput? = nil, unseen: Int? = nil
  ) -> [EventScore] {
    var events: [EventScore] = []
    if let law = model.lengthLaw(given: x) {
      let logProbability = law.logProbability(sequence.count)
      let lengths = lengths ?? LengthRanking(law)
      events.append(
        EventScore(
          score: SequenceScore(natsLength: -logProbability), entropy: lengths.entropy,
          rank: lengths.rank(of: logProbability)))
    }
    append(&events, model.conditional, sequence, x, unseen)
    return events
  }

  /// The events of some sequences of a set, in order.
  /// - Parameter unseen: of a sequence by its number.
  public func events(
    of set: SequenceSet, _ indices: Range<Int>, threads: Int = 1, unseen: (Int) -> Int? = { _ in nil }
  ) -> [[EventScore]] {
    parallelMap(indices.count, threads: threads) { offset in
      let index = indices.lowerBound + offset
      return events(of: set[index], x: set.input(index), unseen: unseen(index))
    }
  }

  private func append<C: Conditional>(
    _ events: inout [EventScore], _ conditional: C, _ sequence: some RandomAccessCollection<Symbol>,
    _ x: SequenceInput?, _ unseen: Int?
  ) {
    var prediction = Prediction(conditional.shape)
    conditional.forEachDecision(of: sequence, x: x) { walk, element in
      if let unseen, walk.time > unseen { return }
      walk.predict(into: &prediction)
      var score = walk.score(of: element)
      if walk.time == unseen { score.natsElements = .infinity }
      let (entropy, rank) = prediction.entropyAndRank(
        of: walk.time == unseen ? .unseen : element.map { .symbol($0) } ?? .end)
      events.append(EventScore(score: score, entropy: entropy, rank: rank))
    }
  }
}

/// What can happen at a step.
private enum Outcome {
  case symbol(Symbol), end
  /// Nothing of the alphabet: probability 0.
  case unseen
}

extension Prediction {
  /// The entropy in nats of the next event, and 1 + the number of outcomes that are strictly more probable than one.
  fileprivate func entropyAndRank(of outcome: Outcome) -> (entropy: Double, rank: Int) {
    let own =
      switch outcome {
      case .symbol(let symbol): logContinuing(with: symbol)
      case .end: logStop
      case .unseen: -Double.infinity
      }
    var (entropy, rank) = (0.0, 1)
    func add(_ logProbability: Double) {
      if logProbability > -.infinity { entropy -= exp(logProbability) * logProbability }
      if logProbability > own { rank += 1 }
    }
    for element in elements.indices { add(logContinuing(with: element)) }
    // −∞ where the length is given.
    add(logStop)
    return (max(entropy, 0), rank)
  }
}

/// The lengths of P(τ) by falling probability.
struct LengthRanking {
  /// In nats; `nil` where the lengths listed hold too little of the mass.
  let entropy: Double?
  /// Those listed, by falling probability.
  private let logProbabilities: [Double]
  /// log P of all lengths that are not listed.
  private let rest: Double

  private static let most = 1 << 20

  /// Lists lengths until the others have no mass that a double could hold, a million at most.
  init(_ law: some LengthLaw) {
    var (listed, rest) = ([Double](), 1.0)
    while rest > 0, listed.count < Self.most {
      for length in listed.count..<max(2 * listed.count, 256) { listed.append(law.logProbability(length)) }
      rest = law.tail(beyond: listed.count - 1)
    }
    entropy = rest <= 1e-12 ? listed.reduce(0) { $1 > -.infinity ? $0 - exp($1) * $1 : $0 } : nil
    self.rest = log(rest)
    logProbabilities = listed.sorted(by: >)
  }

  /// 1 + the number of lengths that are strictly more probable.
  func rank(of logProbability: Double) -> Int? {
    // None of the others can be more probable than all of them together.
    guard rest <= logProbability else { return nil }
    return 1 + lowerBound(0, logProbabilities.count) { logProbabilities[$0] > logProbability }
  }
}
