import Sequences

extension ContextCounts {
  /// Counts a set: distinct events with their counts first, then the tree of their contexts, and its shorter contexts by
  /// adding up the longer ones. O(symbols · order) with a few loads for each symbol, and O(distinct · order) to sort.
  /// - Parameters:
  ///   - lowerOrders: whether contexts on the way are counted too, or only the full ones.
  ///   - block: the events that are counted at a time; the counts of blocks are added.
  package init(
    _ set: SequenceSet, _ path: ContextPath, _ shape: OutputShape, lowerOrders: Bool, threads: Int = 1,
    block: Int = 1 << 27, lengthInput: (_ time: Int, _ length: Int) -> Int?
  ) {
    var place = EventText.Place()
    var counts: ContextCounts?
    repeat {
      let text = EventText(set, from: &place, atMost: block, path, shape, lengthInput: lengthInput)
      let next = ContextCounts(text, path, shape, lowerOrders: lowerOrders, threads: threads)
      counts = counts.map { $0 + next } ?? next
    } while place.sequence < set.count
    self = counts ?? ContextCounts(empty: shape)
  }

  private init(_ text: EventText, _ path: ContextPath, _ shape: OutputShape, lowerOrders: Bool, threads: Int) {
    self = text.withEvents { events in
      let pieces = path.order == 0 ? [0..<UInt32.max] : events.pieces(labels: path.startMark + 1)
      let packing = PackedPath(events, labelBound: text.labelBound)
      var records = [[EventTable.Record]](repeating: [], count: pieces.count)
      records.withUnsafeMutableBufferPointer { records in
        nonisolated(unsafe) let records = records  // each piece writes its own
        nonisolated(unsafe) let events = events
        forEachInParallel(pieces.count, threads: threads) { piece in
          var table = EventTable()
          table.count(events, nearest: pieces[piece], packing)
          records[piece] = table.records()
          EventSort.sort(&records[piece], of: events, labelBound: text.labelBound, isPacked: packing != nil)
        }
      }
      var levels = ContextLevels()
      for piece in records.indices {
        levels.append(records[piece], of: events, packing)
        records[piece] = []
      }
      if lowerOrders { levels.addUp(outcomes: shape.alphabetSize + 1) }
      return levels.finished(shape)
    }
  }
}

extension EventText.Events {
  /// Ranges of the nearest label that divide the events into like parts: parts can be counted at the same time, and their
  /// tables stay small. They depend on the events alone.
  fileprivate func pieces(labels: Int) -> [Range<UInt32>] {
    var following = [Int](repeating: 0, count: labels + 1)
    for place in firstEvent..<max(symbols.count, firstEvent) where symbols[place] != startMark {
      following[Int(symbols[place - 1])] += 1
    }
    var pieces: [Range<UInt32>] = []
    var from = 0
    var events = 0
    for label in following.indices {
      events += following[label]
      guard events > Self.eventsOfPiece || label == labels else { continue }
      pieces.append(UInt32(from)..<UInt32(label + 1))
      (from, events) = (label + 1, 0)
    }
    return pieces
  }

  private static var eventsOfPiece: Int { 1 << 22 }
}
