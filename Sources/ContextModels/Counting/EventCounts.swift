import ModelCore
import Sequences

/// How often each event of a part of the data occurred, an outcome after its whole context: the sufficient statistics of every
/// table over contexts. Shorter contexts, their counts and all that smoothers ask for are made of them (`ContextCounts`).
///
/// The events of several parts are merged in the order of their paths, and their counts are integers: the sum does not depend on
/// how the data were cut, nor on how parts were grouped. Only where contexts may be read in a text does the order of the
/// parts matter, since their texts follow each other in it.
public struct EventCounts: Summary {
  /// The only block of a part, as it was counted; a sorted run once another part is added.
  private var block: CountedBlock?
  private var runs: [SortedRun] = []
  /// The elements and sequences of the part, Σ (τ + 1).
  private(set) var size: Int
  /// What one occurrence counts: more than 1 where counts are means over several sets, and so fractions.
  private(set) var unit = 1
  private let scratch: Scratch?

  /// Counts a set, a block at a time. O(symbols · order) with a few loads for each symbol, and O(distinct · order) to sort.
  ///
  /// With `scratch` a block is as large as memory allows, and all that grows with the data lies on disk.
  /// - Parameters:
  ///   - tails: whether contexts may be read in the text.
  ///   - block: the events that are counted at a time; settled by `scratch` where left out.
  /// - Throws: `Scratch.Failure`, `FittingError.interrupted`.
  package init(
    _ set: SequenceSet, _ path: ContextPath, _ shape: OutputShape, threads: Int = 1, tails: ContextTails.Use = .none,
    block limit: Int? = nil, scratch: Scratch? = nil, isInterrupted: () -> Bool = { false }
  ) throws {
    let limit = limit ?? scratch.map { min($0.limit / Self.bytesOfEvent, 1 << 31) } ?? 1 << 27
    (size, self.scratch) = (set.symbolCount + set.count, scratch)
    let keepsText = tails.isPossible(order: path.order, events: size)
    var place = NGramBlock.Place()
    repeat {
      let next = CountedBlock(set, from: &place, atMost: limit, path, shape, threads: threads, keepsText: keepsText)
      if runs.isEmpty, place.sequence >= set.count {
        block = next
      } else {
        runs.append((consume next).sortedRun(scratch))
      }
      try scratch?.check()
      if isInterrupted() { throw FittingError.interrupted }
    } while place.sequence < set.count
  }

  /// Takes a run.
  init(_ run: SortedRun, size: Int = 0) { (runs, self.size, scratch) = ([run], size, nil) }

  /// The same counts, of which so many are one occurrence.
  func counting(in unit: Int) -> EventCounts {
    var counts = self
    (counts.unit, counts.size) = (unit, size / unit)
    return counts
  }

  /// Memory that counting a block takes at most, for each event: its place in the text, its record, and a share of the
  /// tables of the pieces that are counted at the same time.
  private static var bytesOfEvent: Int { 128 }

  /// Adds the counts of the next part. O(parts), and once O(their events).
  /// - Precondition: an occurrence counts the same in both.
  public mutating func add(_ next: EventCounts) {
    var next = next
    for block in [block.take(), next.block.take()] {
      if let block { runs.append(block.sortedRun(scratch)) }
    }
    runs += next.runs
    size += next.size
  }

  /// Visits distinct events in the order of their paths, with their first positions in `text`. O(events · log parts).
  /// - Parameter isLast: whether they are visited for the last time, so that they need not be kept.
  mutating func forEachEvent(
    isLast: Bool, _ body: (_ path: UnsafeBufferPointer<UInt32>, _ count: Int, _ position: Int) -> Void
  ) {
    if block == nil { SortedRuns(runs).merge(body) } else { block?.forEachEvent(isLast: isLast, body) }
  }

  /// The texts of the parts behind each other, where contexts may be read in them.
  var text: TailText? {
    let texts = block.map { [$0.text(scratch)] } ?? runs.map(\.text)
    return texts.contains { $0 == nil } ? nil : TailText(joining: texts.compactMap { $0 }, scratch)
  }
}
