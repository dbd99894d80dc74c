import Foundation
import Models
import Sequences

/// The most probable sequences of a model, the most probable first.
///
///     let found = try MostProbable(of: model, 10)
///     found.sequences[0].score.nats
///
/// Exact where states are finitely many, by a best-first search over beginnings (A*; Hart, Nilsson and Raphael 1968) whose
/// bound is the most that any way from a state on can have. Elsewhere a beam of beginnings is carried on; what it drops
/// has a probability below a bound that is known, so that a search that drops nothing better than what it found is exact
/// too.
public struct MostProbable: Sendable {
  /// As complete draws with their scores.
  public let sequences: [Sample]
  /// Whether no sequence that is not among them has a larger probability than one that is.
  public let isExact: Bool
  /// No sequence that was missed has fewer nats than this; `nil` where the search is exact.
  public let missedNats: Double?

  /// Beginnings that a search looks at before it gives exactness up.
  private static let mostBeginnings = 4_000_000
  /// Numbers in the table of bounds, one a state and time.
  private static let mostBounds = 1 << 27
  /// Lengths that are looked at beyond those that a law lists.
  private static let mostUnlisted = 1000

  /// - Parameters:
  ///   - length: that of all sequences; any if `nil`.
  ///   - beam: beginnings that are carried on, where no bound is known.
  ///   - longest: elements beyond which nothing is looked for, where no bound is known.
  /// - Throws: `SpecificationError.refused` for models that look at inputs x, and for lengths beyond all patience.
  public init(
    of model: SequenceModel, _ count: Int, length: Int? = nil, beam: Int = 1000, longest: Int = 10_000
  ) throws {
    if model.inputWidth > 0 {
      throw SpecificationError.refused(
        model: model.specification.shortWord, reason: "its most probable sequences depend on the inputs x")
    }
    let states = (model.conditional as? any FiniteStateConditional<Symbol>)?.finiteStates()
    if let length, length > (states.map { Self.mostBounds / max($0.count, 1) - 1 } ?? longest) {
      throw SpecificationError.refused(
        model: model.specification.shortWord,
        reason:
          "to look for the most probable sequences of \(length) elements would take too long: give a shorter length")
    }
    if count <= 0 {
      (sequences, isExact, missedNats) = ([], true, nil)
      return
    }
    var best = BestSequences(count)
    if let states, model.prior == nil, length == nil, states.refine == nil {
      let bounds = BestEnds(states)
      BestFirstSearch(states, start: 0, bound: { _, state in bounds.logMost[state] }).run(
        &best, most: Self.mostBeginnings)
    } else if let states {
      try Self.byLength(model, states, length, &best)
    } else {
      try Self.byBeam(model, length, width: max(beam, count), longest: longest, &best)
    }
    sequences = best.found.map { found in
      Sample(sequence: found.sequence, score: model.score(of: found.sequence), isComplete: true)
    }.sorted { $0.score.nats < $1.score.nats }
    // What was missed is below the bound, if that is below the last that was found.
    isExact = best.missed <= (best.isFull ? best.least : -.infinity)
    missedNats = isExact ? nil : -best.missed
  }

  /// A best-first search for each length.
  private static func byLength(
    _ model: SequenceModel, _ states: FiniteStates, _ length: Int?, _ best: inout BestSequences
  ) throws {
    try search(model, length, &best) { length, bound, best in
      let inputs: @Sendable (Int) -> StepInputs = { model.inputs(time: $0, length: length) }
      guard length < mostBounds / max(states.count, 1) else { return best.miss(bound) }
      let bounds = BestBridges(states, length: length, inputs)
      BestFirstSearch(
        states, start: model.lengthLaw()?.logProbability(length) ?? 0, length: length, inputs: inputs,
        bound: { time, state in bounds.logMost[time][state] }
      ).run(&best, most: mostBeginnings)
    }
  }

  /// Beginnings side by side, all of one length; the most probable go on.
  private static func byBeam(
    _ model: SequenceModel, _ length: Int?, width: Int, longest: Int, _ best: inout BestSequences
  ) throws {
    guard let law = model.lengthLaw() else {
      beam(model.conditional, model, length: length, start: 0, width: width, longest: length ?? longest, &best)
      return
    }
    try search(model, length, &best) { length, bound, best in
      if length > longest { return best.miss(bound) }
      let start = law.logProbability(length)
      beam(model.conditional, model, length: length, start: start, width: width, longest: length, &best)
    }
  }

  /// One length after the other, the most probable first: a sequence is at most as probable as its length.
  /// - Parameter look: for sequences of a length that have at most this logarithm of probability.
  private static func search(
    _ model: SequenceModel, _ length: Int?, _ best: inout BestSequences,
    _ look: (_ length: Int, _ bound: Double, inout BestSequences) -> Void
  ) throws {
    if let length { return look(length, model.lengthLaw()?.logProbability(length) ?? 0, &best) }
    let law = try model.lengthDistribution(seed: 0)
    var lengths = law.probabilities.enumerated().map { length, probability in
      (length: length, bound: model.lengthLaw()?.logProbability(length) ?? log(probability))
    }
    lengths.sort { ($0.bound, $1.length) > ($1.bound, $0.length) }
    for (length, bound) in lengths where bound > -.infinity {
      if best.isFull, bound <= best.least { break }
      look(length, bound, &best)
    }
    // Those that are not listed are all together as rare as this. Where so probable a sequence may have been missed before,
    // they are left out: to look at them would make nothing exact.
    var next = law.probabilities.count
    var rest = log(law.beyond)
    while rest > (best.isFull ? max(best.least, best.missed) : -.infinity),
      next < law.probabilities.count + mostUnlisted
    {
      look(next, rest, &best)
      rest = log(max(law.tail(beyond: next), 0))
      next += 1
    }
    best.miss(rest)
  }

  private static func beam<C: Conditional<Symbol>>(
    _ conditional: C, _ model: SequenceModel, length: Int?, start: Double, width: Int, longest: Int,
    _ best: inout BestSequences
  ) {
    let shape = conditional.shape
    var prediction = Prediction(shape)
    var row = [
      WalkedBeginning(
        state: conditional.start(model.inputs(time: 0, length: length ?? 0)), sequence: [], logProbability: start)
    ]
    for time in 0...longest {
      let inputs = model.inputs(time: time, length: length ?? 0)
      var following: [(from: Int, element: Symbol, logProbability: Double)] = []
      for (index, beginning) in row.enumerated() {
        conditional.predict(beginning.state, inputs, into: &prediction)
        let stop = shape.stop == .given ? (time == length ? 0 : -.infinity) : prediction.logStop
        if length == nil || time == length { best.add(beginning.sequence, beginning.logProbability + stop) }
        if time == length { continue }
        let goOn = shape.stop == .variable ? prediction.logGoOn : 0
        for element in 0..<shape.alphabetSize {
          let logProbability = beginning.logProbability + goOn + prediction.logProbabilities[element]
          // What cannot be among the best is not carried on, and is not missed either.
          if logProbability > -.infinity, !best.isFull || logProbability > best.least {
            following.append((index, element, logProbability))
          }
        }
      }
      if following.isEmpty { return }
      following.sort { ($0.logProbability, $1.from, $1.element) > ($1.logProbability, $0.from, $0.element) }
      if time == longest {
        best.miss(following[0].logProbability)
        return
      }
      if following.count > width { best.miss(following[width].logProbability) }
      let next = model.inputs(time: time + 1, length: length ?? 0)
      row = following.prefix(width).map { follower in
        var beginning = row[follower.from]
        conditional.advance(&beginning.state, past: follower.element, next)
        beginning.sequence.append(follower.element)
        beginning.logProbability = follower.logProbability
        return beginning
      }
    }
  }
}

/// A beginning in a beam.
private struct WalkedBeginning<State> {
  var state: State
  var sequence: [Symbol]
  var logProbability: Double
}
