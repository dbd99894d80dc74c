import ModelCore
import Sequences

extension SummarisingFamily where Sums == EventCounts {
  /// Writes the counts as tensors.
  public func write(_ sums: EventCounts, to file: inout TensorFile) { sums.write(to: &file) }
}

extension EventCounts {
  /// Writes all as one run. O(events · log parts).
  func write(to file: inout TensorFile) {
    var counts = self
    var run = SortedRun.Builder(scratch: nil)
    counts.forEachEvent(isLast: false) { run.append($0, count: $1, position: $2) }
    file.set("events.records", run.finished(nil).records)
    file.set("events.size", counts: [size])
    text?.write(to: &file, "events")
  }

  /// Reads and checks what `write` has written: the counts of a table with any parents.
  /// - Parameter isContext: whether labels are those of a whole context; none may be the beginning of another.
  /// - Throws: `ModelFileError`.
  init(
    from file: TensorFile, _ shape: OutputShape, text: TailText? = nil, isContext: (ArraySlice<UInt32>) -> Bool
  ) throws {
    let records: [UInt32] = try file.vector("events.records")
    let size = try file.counts("events.size", count: 1)[0]
    guard size < 1 << 48 else { throw ModelFileError.inconsistent("events.size is absurd") }
    let bound = UInt32(truncatingIfNeeded: shape.alphabetSize + (shape.decidesEnd ? 1 : 0))
    var last: ArraySlice<UInt32> = []
    var start = 0
    while start < records.count {
      let rest = records[(start + 1)...]
      let labels = Int(records[start])
      guard labels > 0, labels <= rest.count - 2 else {
        throw ModelFileError.inconsistent("events.records ends within a record")
      }
      let path = rest.prefix(labels)
      let (count, position) = (Int(rest[start + 1 + labels]), Int(rest[start + 2 + labels]))
      guard path.allSatisfy({ $0 <= Int32.max }), isContext(path.dropLast()), rest[start + labels] < bound else {
        throw ModelFileError.inconsistent("events.records holds what is no event of the model")
      }
      guard count > 0, count <= SortedRun.mostCount, !path.lexicographicallyPrecedes(last) else {
        throw ModelFileError.inconsistent("events.records holds events out of order, or what is no count")
      }
      last = path
      start += labels + 3
      guard let text else { continue }
      guard text.holds(path, at: position, startMark: shape.alphabetSize) else {
        throw ModelFileError.inconsistent("events.records names positions in events.text where other events stand")
      }
    }
    self.init(SortedRun(records: FlatArray(records), text: text), size: size)
  }

  /// The same for contexts of symbols, which may be read in a text.
  /// - Throws: `ModelFileError`.
  init(from file: TensorFile, _ path: ContextPath, _ shape: OutputShape, _ tails: ContextTails.Use) throws {
    let size = try file.counts("events.size", count: 1)[0]
    let hasText = tails.isPossible(order: path.order, events: size)
    let text = try hasText ? TailText(from: file, "events", path) : nil
    try self.init(from: file, shape, text: text, isContext: path.isContext)
  }
}
