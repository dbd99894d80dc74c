import Foundation
import HeapModule
import ModelCore
import Sequences

/// All sequences of a model with finitely many states, the most probable first, one at a time, on demand.
///
///     var stream = try MostProbableStream(of: model)
///     while let sample = stream.next(), sample.score.nats < 20 { … }
///
/// A best-first search over beginnings (A*; Hart, Nilsson and Raphael 1968) whose bounds do not depend on how many sequences
/// are wanted: a sequence comes out as soon as no other one can be more probable. Where each length has a search of its own
/// (lengths drawn first, processes that look at t), they begin one by one, when the probability of their length is as
/// large as that of the sequence to come. All beginnings stay in memory, which grows with the number of sequences.
public struct MostProbableStream: Sequence, IteratorProtocol {
  /// Why the stream is at its end.
  public enum End: Sendable, Hashable {
    /// Every sequence that has a probability above 0 came.
    case all
    /// `isInterrupted` said so.
    case interrupted
    /// What is to be remembered does not fit into memory; no sequence that did not come has fewer nats.
    case tooLarge(missedNats: Double)
  }

  /// Why it is at its end, when `next` has given `nil`.
  public private(set) var end: End?

  private let model: SequenceModel
  private let process: any FiniteStateProcess
  private let prefix: [Symbol]
  private var lengths: RankedLengths?
  private var searches: [BestFirstSearch] = []
  /// The searches by what they may find.
  private var queue = Heap<Queued>()
  /// Sequences found that wait until nothing can come before them.
  private var found: [(search: Int, beginning: Int)] = []
  private var waiting = Heap<Queued>()
  /// The first sequence, which was looked for at once.
  private var first: Sample?

  private let memory: Int
  private var bytes = 0
  private var steps = 0
  private let isInterrupted: () -> Bool
  private let progress: (FittingProgress) -> Void

  /// Looks for the most probable sequence.
  /// - Parameters:
  ///   - length: that of all sequences; any if `nil`.
  ///   - prefix: what all of them begin with.
  ///   - memory: bytes for beginnings and bounds; a third of what the machine has left if `nil`.
  /// - Throws: `SpecificationError.refused` for models that look at inputs x or whose states cannot be listed, such as
  ///   networks, for a length or prefix that no sequence has, and for lengths that would take too long.
  public init(
    of model: SequenceModel, length: Int? = nil, prefix: [Symbol] = [], memory: Int? = nil,
    isInterrupted: @escaping () -> Bool = { false }, progress: @escaping (FittingProgress) -> Void = { _ in }
  ) throws {
    try MostProbable.check(model, length, prefix, longest: .max)
    guard let process = model.finiteStates else {
      throw SpecificationError.refused(
        model: model.specification.shortWord,
        reason: "its states cannot be listed, so that a beam looks for its most probable sequences: say how many")
    }
    try MostProbable.check(model, length, prefix, longest: BestBridges.longest(process))
    self.model = model
    self.process = process
    self.prefix = prefix
    self.memory = memory ?? AvailableMemory.bytes / 3
    self.isInterrupted = isInterrupted
    self.progress = progress
    if length == nil, model.hasOneSearch(process) {
      if let search = BestFirstSearch(model, process, prefix, above: -.infinity) { add(search) }
    } else {
      lengths = try RankedLengths(model, length, least: prefix.count)
    }
    first = following()
    if end == .all, length != nil || !prefix.isEmpty {
      var asked = SamplingOptions()
      (asked.length, asked.prefix) = (length, prefix)
      throw model.impossible(asked)
    }
  }

  /// The most probable of the sequences that have not come yet; `nil` at the end.
  public mutating func next() -> Sample? {
    if let first {
      self.first = nil
      return first
    }
    return end == nil ? following() : nil
  }

  private mutating func following() -> Sample? {
    while true {
      let known = Swift.max(queue.max?.priority ?? -.infinity, waiting.max?.priority ?? -.infinity)
      if let bound = lengths?.bound, bound >= known {
        // A table that is too large would be known by its length alone.
        guard let length = lengths?.next(), length <= BestBridges.longest(process) else { return stop(bound) }
        let table = (length - prefix.count + 1) * process.stateCount * MemoryLayout<Double>.stride
        guard bytes + table <= memory else { return stop(bound) }
        if let search = BestFirstSearch(model, process, prefix, length: length, above: -.infinity) {
          bytes += table
          add(search)
        }
        continue
      }
      if let best = waiting.max, best.priority >= queue.max?.priority ?? -.infinity {
        waiting.removeMax()
        let (search, beginning) = found[best.index]
        let sequence = searches[search].sequence(beginning)
        return Sample(sequence: sequence, score: model.score(of: sequence), isComplete: true)
      }
      guard let best = queue.popMax() else {
        end = .all
        return nil
      }
      guard hasRoom, searches[best.index].hasNumbers else { return stop(best.priority) }
      guard end == nil else { return nil }
      step(best.index)
    }
  }

  /// Looks at one beginning.
  private mutating func step(_ search: Int) {
    let before = searches[search].size
    if let beginning = searches[search].next() {
      if let logProbability = searches[search].ending(beginning), logProbability > -.infinity {
        waiting.insert(Queued(priority: logProbability, index: found.count))
        found.append((search, beginning))
        bytes += MemoryLayout<Queued>.stride + MemoryLayout<(Int, Int)>.stride
      }
      searches[search].extend(beginning, above: -.infinity)
    }
    bytes += searches[search].size - before
    if let most = searches[search].mostLeft { queue.insert(Queued(priority: most, index: search)) }
    steps += 1
    if steps % 1024 == 0 {
      if isInterrupted() { end = .interrupted }
      progress(FittingProgress(fraction: 0, text: "\(steps) beginnings"))
    }
  }

  private var hasRoom: Bool { bytes <= memory }

  private mutating func stop(_ bound: Double) -> Sample? {
    end = .tooLarge(missedNats: -bound)
    return nil
  }

  private mutating func add(_ search: BestFirstSearch) {
    guard let most = search.mostLeft else { return }
    queue.insert(Queued(priority: most, index: searches.count))
    searches.append(search)
    bytes += search.size
  }
}

/// The lengths that sequences may have, the most probable first.
private struct RankedLengths {
  /// By falling probability.
  private let listed: [(length: Int, bound: Double)]
  private var position = 0
  /// The distribution beyond those listed; `nil` where one length is asked for.
  private let distribution: LengthDistribution?
  private var unlisted = 0
  /// The logarithm of the probability of all those that are not listed and did not come.
  private var rest = -Double.infinity

  /// - Parameters:
  ///   - length: the only one, if one is asked for.
  ///   - least: shorter ones are left out.
  init(_ model: SequenceModel, _ length: Int?, least: Int) throws {
    if let length {
      listed = [(length, model.lengthLaw()?.logProbability(length) ?? 0)]
      distribution = nil
      return
    }
    let distribution = try model.lengthDistribution(seed: 0)
    listed = distribution.probabilities.enumerated().map { length, probability in
      (length: length, bound: model.lengthLaw()?.logProbability(length) ?? log(probability))
    }.filter { $0.bound > -.infinity && $0.length >= least }
      .sorted { ($0.bound, $1.length) > ($1.bound, $0.length) }
    self.distribution = distribution
    unlisted = distribution.probabilities.count
    rest = log(distribution.beyond)
    while unlisted < least, rest > -.infinity { pass() }
  }

  private var nextListed: Double { position < listed.count ? listed[position].bound : -.infinity }

  /// No sequence of a length that did not come has a larger logarithm of probability; `nil` where there is none.
  var bound: Double? {
    let bound = max(nextListed, rest)
    return bound > -.infinity ? bound : nil
  }

  /// The length whose sequences may be the most probable ones.
  mutating func next() -> Int? {
    guard bound != nil else { return nil }
    if nextListed >= rest {
      position += 1
      return listed[position - 1].length
    }
    pass()
    return unlisted - 1
  }

  private mutating func pass() {
    rest = log(max(distribution?.tail(beyond: unlisted) ?? 0, 0))
    unlisted += 1
  }
}
