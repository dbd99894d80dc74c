import ModelCore
import Sequences
import Support

extension ContextCounts {
  /// Counts a set: distinct events with their counts first, then the tree of their contexts, and its shorter contexts by
  /// adding up the longer ones. O(symbols · order) with a few loads for each symbol, and O(distinct · order) to sort.
  ///
  /// Events are counted a block at a time; where there are several, their distinct events are sorted runs that are merged
  /// (Knuth, The Art of Computer Programming, 5.4.1). With `scratch` a block is as large as memory allows, and all that
  /// grows with the data lies on disk.
  /// - Parameters:
  ///   - lowerOrders: whether contexts on the way are counted too, or only the full ones.
  ///   - tails: whether unary paths may be read in a text in place of the tree.
  ///   - block: the events that are counted at a time; settled by `scratch` where left out.
  /// - Throws: `Scratch.Failure`, `FittingError.interrupted`, `FittingError.tooLarge`.
  package init(
    _ set: SequenceSet, _ path: ContextPath, _ shape: OutputShape, lowerOrders: Bool, threads: Int = 1,
    tails: ContextTails.Use = .none, block: Int? = nil, scratch: Scratch? = nil, isInterrupted: () -> Bool = { false }
  ) throws {
    let block = block ?? scratch.map { min($0.limit / Self.bytesOfEvent, 1 << 31) } ?? 1 << 27
    let mayHaveTails = tails.isPossible(path, events: set.symbolCount + set.count)
    var place = NGramBlock.Place()
    var text = NGramBlock(set, from: &place, atMost: block, path, shape)
    var levels = ContextTreeBuilder(longestPath: path.longest + 1, scratch: scratch)
    var tailText = TailTextBuilder(scratch: scratch)
    var hasTails = false
    if place.sequence >= set.count {
      text.count(path, block, threads, mayPack: !mayHaveTails) { events, pieces, packing in
        if mayHaveTails { _ = tailText.append(events) }
        hasTails = levels.append(mayHaveTails ? tails : .none) { body in
          for piece in pieces.indices {
            events.forEachPath(of: pieces[piece], packing) { body($0, Int($1.count), Int($1.place)) }
            if !mayHaveTails { pieces[piece] = [] }
          }
        }
      }
    } else {
      var runs = SortedRuns(longestPath: path.longest + 1, scratch: scratch)
      while true {
        var run = runs.newRun()
        text.count(path, block, threads, mayPack: !mayHaveTails) { events, pieces, packing in
          let offset = mayHaveTails ? tailText.append(events) : 0
          for piece in pieces.indices {
            events.forEachPath(of: pieces[piece], packing) { path, record in
              let place = UInt32(truncatingIfNeeded: Int(record.place) + offset)
              run.append(path, count: record.count, place: place)
            }
            pieces[piece] = []
          }
        }
        runs.add(run)
        try scratch?.check()
        if isInterrupted() { throw FittingError.interrupted }
        if place.sequence >= set.count { break }
        text = NGramBlock(set, from: &place, atMost: block, path, shape)
      }
      hasTails = levels.append(mayHaveTails ? tails : .none) { runs.merge($0) }
    }
    try scratch?.check()
    if isInterrupted() { throw FittingError.interrupted }
    try levels.check()
    if lowerOrders { levels.addUp(outcomes: shape.alphabetSize + 1) }
    try scratch?.check()
    self = try levels.finished(shape, text: hasTails ? tailText.finished(path, scratch: scratch) : nil)
    try scratch?.check()
  }

  /// Memory that counting a block takes at most, for each event: its place in the text, its record, and a share of the
  /// tables of the pieces that are counted at the same time.
  private static var bytesOfEvent: Int { 128 }
}

extension ContextTreeBuilder {
  /// Adds distinct events in the order of their paths.
  /// - Parameter forEach: gives them, the second time from the beginning again.
  /// - Returns: whether unary paths are read in the text.
  fileprivate mutating func append(
    _ tails: ContextTails.Use,
    _ forEach: (_ body: (UnsafeBufferPointer<UInt32>, _ count: Int, _ place: Int) -> Void) -> Void
  ) -> Bool {
    if tails != .none {
      var whole = WholeTreeSize()
      forEach { path, _, _ in whole.add(path) }
      if tails.suits(whole) {
        var paths = UnaryPaths()
        forEach { paths.add($0, count: $1, place: $2) { append($0, count: $1, tail: $2) } }
        paths.finish { append($0, count: $1, tail: $2) }
        return true
      }
    }
    forEach { path, count, _ in append(path, count: count) }
    return false
  }
}

extension NGramBlock {
  /// The distinct events of a text, sorted, in pieces that follow each other.
  /// - Parameter mayPack: whether records may hold short paths in place of positions.
  fileprivate func count(
    _ path: ContextPath, _ block: Int, _ threads: Int, mayPack: Bool,
    _ body: (_ events: Events, _ pieces: inout [[NGramHashTable.Record]], _ packing: PackedPath?) -> Void
  ) {
    withEvents { events in
      let pieces = NGramShards(events, labels: path.startMark + 1, block: block)
      let packing = mayPack ? PackedPath(events, labelBound: labelBound) : nil
      var records = [[NGramHashTable.Record]](repeating: [], count: pieces.count)
      records.withUnsafeMutableBufferPointer { records in
        nonisolated(unsafe) let records = records  // each piece writes its own
        nonisolated(unsafe) let events = events
        forEachInParallel(pieces.count, threads: threads) { piece in
          var table = NGramHashTable()
          pieces.withPlaces(of: piece) { table.count(events, at: $0, packing) }
          records[piece] = table.records()
          NGramRadixSort.sort(&records[piece], of: events, labelBound: labelBound, isPacked: packing != nil)
        }
      }
      body(events, &records, packing)
    }
  }
}
