import Foundation
import ModelCore
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
  /// Lengths that are looked at beyond those that a law lists.
  private static let mostUnlisted = 1000

  /// Finds the most probable sequences.
  /// - Parameters:
  ///   - length: that of all sequences; any if `nil`.
  ///   - prefix: what all of them begin with.
  ///   - beam: beginnings that are carried on, where no bound is known.
  ///   - longest: elements beyond which nothing is looked for, where no bound is known.
  /// - Throws: `SpecificationError.refused` for models that look at inputs x, for a length or prefix that no sequence has, and
  ///   for lengths that would take too long.
  public init(
    of model: SequenceModel, _ count: Int, length: Int? = nil, prefix: [Symbol] = [], beam: Int = 1000,
    longest: Int = 10_000, threads: Int = 1, progress: (FittingProgress) -> Void = { _ in }
  ) throws {
    var asked = SamplingOptions()
    (asked.length, asked.prefix) = (length, prefix)
    let process = model.finiteStates
    try Self.check(model, length, prefix, longest: process.map { BestBridges.longest($0) } ?? longest)
    if count <= 0 {
      (sequences, isExact, missedNats) = ([], true, nil)
      return
    }
    var best = BestSequences(count)
    if let process, length == nil, model.hasOneSearch(process) {
      var search = BestFirstSearch(model, process, prefix, above: -.infinity)
      search?.run(&best, most: Self.mostBeginnings)
    } else if let process {
      try Self.byLength(model, process, length, prefix, progress, &best)
    } else {
      try Self.byBeam(
        model, length, prefix, width: max(beam, count), longest: longest, threads: threads, progress, &best)
    }
    if best.found.isEmpty, best.missed == -.infinity, length != nil || !prefix.isEmpty { throw model.impossible(asked) }
    sequences = best.found.map { found in
      Sample(sequence: found.sequence, score: model.score(of: found.sequence), isComplete: true)
    }.sorted { $0.score.nats < $1.score.nats }
    // What was missed is below the bound, if that is below the last that was found.
    isExact = best.missed <= (best.isFull ? best.least : -.infinity)
    missedNats = isExact ? nil : -best.missed
  }

  /// - Throws: `SpecificationError.refused` where there is nothing to look for, or no end of it.
  static func check(_ model: SequenceModel, _ length: Int?, _ prefix: [Symbol], longest: Int) throws {
    func refused(_ reason: String) -> SpecificationError {
      .refused(model: model.specification.shortWord, reason: reason)
    }
    if model.inputWidth > 0 { throw refused("its most probable sequences depend on the inputs x") }
    guard let length else { return }
    if length < prefix.count { throw refused("the prefix is longer than the length that is asked for") }
    if length > longest {
      throw refused(
        "to look for the most probable sequences of \(length) elements would take too long: give a shorter length")
    }
  }

  /// A best-first search for each length.
  private static func byLength(
    _ model: SequenceModel, _ process: any FiniteStateProcess, _ length: Int?, _ prefix: [Symbol],
    _ progress: (FittingProgress) -> Void, _ best: inout BestSequences
  ) throws {
    try search(model, length, prefix, progress, &best) { length, bound, best in
      guard length <= BestBridges.longest(process) else { return best.miss(bound) }
      var search = BestFirstSearch(model, process, prefix, length: length, above: best.floor)
      search?.run(&best, most: mostBeginnings)
    }
  }

  /// Beginnings side by side, all of one length; the most probable are continued.
  private static func byBeam(
    _ model: SequenceModel, _ length: Int?, _ prefix: [Symbol], width: Int, longest: Int, threads: Int,
    _ progress: (FittingProgress) -> Void, _ best: inout BestSequences
  ) throws {
    func beam(_ length: Int?, _ start: Double, _ best: inout BestSequences) {
      let beam = Beam(model, length: length, prefix, width: width, longest: length ?? longest, threads: threads)
      beam.run(start, &best, progress)
    }
    guard let law = model.lengthLaw() else { return beam(length, 0, &best) }
    try search(model, length, prefix, { _ in }, &best) { length, bound, best in
      if length > longest { return best.miss(bound) }
      beam(length, law.logProbability(length), &best)
    }
  }

  /// One length after the other, the most probable first: a sequence is at most as probable as its length.
  /// - Parameter look: for sequences of a length that have at most this logarithm of probability.
  private static func search(
    _ model: SequenceModel, _ length: Int?, _ prefix: [Symbol], _ progress: (FittingProgress) -> Void,
    _ best: inout BestSequences, _ look: (_ length: Int, _ bound: Double, inout BestSequences) -> Void
  ) throws {
    func visit(_ length: Int, _ bound: Double, _ best: inout BestSequences) {
      progress(FittingProgress(fraction: 0, text: "sequences of \(length) elements"))
      if length >= prefix.count { look(length, bound, &best) }
    }
    if let length { return visit(length, model.lengthLaw()?.logProbability(length) ?? 0, &best) }
    let law = try model.lengthDistribution(seed: 0)
    var lengths = law.probabilities.enumerated().map { length, probability in
      (length: length, bound: model.lengthLaw()?.logProbability(length) ?? log(probability))
    }
    lengths.sort { ($0.bound, $1.length) > ($1.bound, $0.length) }
    for (length, bound) in lengths where bound > -.infinity {
      if best.isFull, bound <= best.least { break }
      visit(length, bound, &best)
    }
    // Those that are not listed are all together as rare as this. Where so probable a sequence may have been missed before,
    // they are left out: to look at them would make nothing exact.
    var next = law.probabilities.count
    var rest = log(law.beyond)
    while rest > (best.isFull ? max(best.least, best.missed) : -.infinity),
      next < law.probabilities.count + mostUnlisted
    {
      visit(next, rest, &best)
      rest = log(max(law.tail(beyond: next), 0))
      next += 1
    }
    best.miss(rest)
  }
}
