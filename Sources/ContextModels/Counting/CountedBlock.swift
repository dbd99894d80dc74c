import ModelCore
import Sequences
import Support

/// The distinct events of a block of a text, with their counts and sorted.
///
/// They are in pieces that follow each other, each counted by one thread, and nothing is added across pieces: so they are the same
/// for any number of threads.
struct CountedBlock: Sendable {
  private let block: NGramBlock
  private var pieces: [[NGramHashTable.Record]]
  /// Where records hold paths in place of positions.
  private let packing: PackedPath?
  /// Where the text begins in which contexts may be read: behind what is repeated of the block before; `nil` for no text.
  private let textStart: Int?

  /// Counts a block: events of a set from a place on, which is moved behind them. O(events · order).
  /// - Parameters:
  ///   - limit: the most events.
  ///   - keepsText: whether contexts may be read in the text.
  init(
    _ set: SequenceSet, from place: inout NGramBlock.Place, atMost limit: Int, _ path: ContextPath,
    _ shape: OutputShape, threads: Int, keepsText: Bool
  ) {
    let isFirst = place.sequence == 0 && place.time == 0
    let block = NGramBlock(set, from: &place, atMost: limit, path, shape)
    (self.block, textStart, pieces, packing) = block.withEvents { events in
      let shards = NGramShards(events, labels: path.startMark + 1, block: limit)
      // Events whose contexts may be read in the text are known by their positions.
      let packing = keepsText ? nil : PackedPath(events, labelBound: block.labelBound)
      var pieces = [[NGramHashTable.Record]](repeating: [], count: shards.count)
      pieces.withUnsafeMutableBufferPointer { pieces in
        nonisolated(unsafe) let pieces = pieces  // each piece writes its own
        nonisolated(unsafe) let events = events
        forEachInParallel(shards.count, threads: threads) { piece in
          var table = NGramHashTable()
          shards.withPlaces(of: piece) { table.count(events, at: $0, packing) }
          pieces[piece] = table.records()
          NGramRadixSort.sort(&pieces[piece], of: events, labelBound: block.labelBound, isPacked: packing != nil)
        }
      }
      // The text of a set without sequences is empty: it would be a start mark too many between two others.
      let start = isFirst && set.count > 0 ? 0 : events.firstEvent
      return (block, keepsText ? start : nil, pieces, packing)
    }
  }

  /// Visits the events in the order of their paths, with their positions in `text`.
  /// - Parameter isLast: whether they are visited for the last time, so that they need not be kept.
  mutating func forEachEvent(
    isLast: Bool, _ body: (_ path: UnsafeBufferPointer<UInt32>, _ count: Int, _ position: Int) -> Void
  ) {
    block.withEvents { events in
      for piece in pieces.indices {
        events.forEachPath(of: pieces[piece], packing) { path, record in
          body(path, Int(record.count), textStart.map { Int(record.place) - $0 } ?? 0)
        }
        if isLast { pieces[piece] = [] }
      }
    }
  }

  /// The block's text, where contexts may be read in it.
  func text(_ scratch: Scratch?) -> TailText? {
    textStart.map { start in block.withEvents { TailText($0, from: start, scratch) } }
  }

  /// The same events as a run.
  consuming func sortedRun(_ scratch: Scratch?) -> SortedRun {
    var run = SortedRun.Builder(scratch: scratch)
    forEachEvent(isLast: true) { run.append($0, count: $1, position: $2) }
    return run.finished(text(scratch))
  }
}
