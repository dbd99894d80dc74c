import Sequences

/// A sorted run: the distinct events of a part of the data in the order of their paths, on disk where there is scratch.
struct SortedRun: Sendable {
  /// Of each event the number of its path's labels, the labels, the count, and a position where it stands in the text. An event
  /// that occurs more often than a count can say stands there several times.
  let records: FlatArray<UInt32>
  /// The text of the part, where contexts may be read in one.
  let text: TailText?

  /// The largest count of a record.
  static let mostCount = Int(Int32.max)

  /// A run in the making: events come in the order of their paths.
  struct Builder: ~Copyable {
    private var records: FlatBuffer<UInt32>

    init(scratch: Scratch?) { records = FlatBuffer(scratch: scratch) }

    mutating func append(_ path: UnsafeBufferPointer<UInt32>, count: Int, position: Int) {
      var rest = count
      while rest > 0 {
        let part = min(rest, mostCount)
        records.append(UInt32(truncatingIfNeeded: path.count))
        records.append(path)
        records.append(UInt32(truncatingIfNeeded: part))
        records.append(UInt32(truncatingIfNeeded: position))
        rest -= part
      }
    }

    consuming func finished(_ text: TailText?) -> SortedRun { SortedRun(records: records.finished(), text: text) }
  }
}

/// Merges sorted runs, adding up the counts of what is the same in several (Knuth, The Art of Computer Programming, 5.4.1).
struct SortedRuns {
  private let runs: [FlatArray<UInt32>]
  /// Where the text of each begins in the joined one.
  private let offsets: [Int]

  init(_ runs: [SortedRun]) {
    self.runs = runs.map(\.records)
    offsets = runs.reduce(into: [0]) { $0.append(($0.last ?? 0) + ($1.text?.symbols.count ?? 0)) }
  }

  /// Hands over all distinct events in the order of their paths, each with its first position in the joined text.
  /// O(records · log runs), each run read once from its beginning to its end.
  func merge(_ body: (_ path: UnsafeBufferPointer<UInt32>, _ count: Int, _ position: Int) -> Void) {
    var places = [Int](repeating: 0, count: runs.count)
    // Runs that are not at their end: a heap, the one with the first path on top.
    var heap = runs.indices.filter { !runs[$0].isEmpty }
    for index in heap.indices.reversed() { sift(&heap, index, places) }
    // The record whose count is being added up: its run is held, so it stays where it is.
    var path = UnsafeBufferPointer<UInt32>(start: nil, count: 0)
    var count = 0
    var first = 0
    func handOver() {
      if count > 0 { body(UnsafeBufferPointer(rebasing: path[1...Int(path[0])]), count, first) }
    }
    while let top = heap.first {
      let place = places[top]
      let width = Int(runs[top].buffer[place]) + 3
      let record = UnsafeBufferPointer(rebasing: runs[top].buffer[place..<place + width])
      let position = Int(record[width - 1]) + offsets[top]
      // The number of labels is compared first.
      if count == 0 || (0...Int(record[0])).contains(where: { record[$0] != path[$0] }) {
        handOver()
        path = record
        count = 0
        first = position
      }
      count += Int(record[width - 2])
      first = min(first, position)
      places[top] = place + width
      if places[top] == runs[top].count {
        heap[0] = heap[heap.count - 1]
        heap.removeLast()
      }
      if !heap.isEmpty { sift(&heap, 0, places) }
    }
    handOver()
  }

  /// Lets a run sink to where it belongs.
  private func sift(_ heap: inout [Int], _ start: Int, _ places: [Int]) {
    var index = start
    while true {
      var first = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
        if precedes(heap[child], heap[first], places) { first = child }
      }
      if first == index { return }
      heap.swapAt(index, first)
      index = first
    }
  }

  /// Paths are compared label by label: none is the beginning of another, so that they differ before either ends.
  @inline(__always) private func precedes(_ a: Int, _ b: Int, _ places: [Int]) -> Bool {
    let (placeA, placeB) = (places[a], places[b])
    for label in 1...Int(min(runs[a].buffer[placeA], runs[b].buffer[placeB])) {
      let (inA, inB) = (runs[a].buffer[placeA + label], runs[b].buffer[placeB + label])
      if inA != inB { return inA < inB }
    }
    return false
  }
}
