extension NGramBlock.Events {
  /// The most labels of an event's path: the symbols of its context, t, the length and the outcome.
  var longestPath: Int { order + (times.isEmpty ? 0 : 1) + (lengths.isEmpty ? 0 : 1) + 1 }

  /// Gives distinct events one after the other: their paths, and their records.
  func forEachPath(
    of records: [NGramHashTable.Record], _ packing: PackedPath?,
    _ body: (_ path: UnsafeBufferPointer<UInt32>, _ record: NGramHashTable.Record) -> Void
  ) {
    // The paths of some events are gathered at a time, so that memory answers for many places at once.
    let batch = 32
    let room = longestPath
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: batch * room) { paths in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: batch) { lengths in
        for from in stride(from: 0, to: records.count, by: batch) {
          let count = min(batch, records.count - from)
          for index in 0..<count {
            if let packing, let base = paths.baseAddress {
              lengths[index] = packing.unpack(records[from + index], to: base + index * room)
              continue
            }
            let place = Int(records[from + index].place)
            var cursor = NGramBlock.Cursor()
            var length = 0
            while let label = cursor.next(place, self) {
              paths[index * room + length] = label
              length += 1
            }
            lengths[index] = length
          }
          for index in 0..<count {
            let path = UnsafeBufferPointer(rebasing: paths[index * room..<index * room + lengths[index]])
            body(path, records[from + index])
          }
        }
      }
    }
  }
}
