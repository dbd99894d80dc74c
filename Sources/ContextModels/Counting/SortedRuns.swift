import Sequences

/// Sorted runs: the distinct events of each block of a text, in the order of their paths, on disk where there is scratch.
/// Merging them adds up what is the same in several.
struct SortedRuns {
  /// Records of `width` numbers: how many labels the path has, the labels with zeros behind them, the count, and a position
  /// where the event stands.
  private var runs: [FlatArray<UInt32>] = []
  private let longestPath: Int
  private let scratch: Scratch?

  private var width: Int { longestPath + 3 }

  init(longestPath: Int, scratch: Scratch?) {
    self.longestPath = longestPath
    self.scratch = scratch
  }

  /// A run in the making.
  struct Run: ~Copyable {
    fileprivate var records: FlatBuffer<UInt32>
    fileprivate let longestPath: Int

    mutating func append(_ path: UnsafeBufferPointer<UInt32>, count: UInt32, place: UInt32) {
      records.reserve(longestPath + 3)
      records.append(UInt32(path.count))
      records.append(path)
      for _ in path.count..<longestPath { records.append(0) }
      records.append(count)
      records.append(place)
    }
  }

  func newRun() -> Run { Run(records: FlatBuffer(scratch: scratch), longestPath: longestPath) }

  mutating func add(_ run: consuming Run) { runs.append(run.records.finished()) }

  /// Hands over all distinct events in the order of their paths. O(records · log runs), each run read once from its
  /// beginning to its end.
  func merge(_ body: (_ path: UnsafeBufferPointer<UInt32>, _ count: Int, _ place: Int) -> Void) {
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
      let record = UnsafeBufferPointer(rebasing: runs[top].buffer[place..<place + width])
      // No path is the beginning of another: labels that agree are the same path.
      if count == 0 || (1...longestPath).contains(where: { record[$0] != path[$0] }) {
        handOver()
        path = record
        count = 0
        first = Int(record[width - 1])
      }
      count += Int(record[width - 2])
      first = min(first, Int(record[width - 1]))
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

  @inline(__always) private func precedes(_ a: Int, _ b: Int, _ places: [Int]) -> Bool {
    for label in 1...longestPath {
      let (inA, inB) = (runs[a].buffer[places[a] + label], runs[b].buffer[places[b] + label])
      if inA != inB { return inA < inB }
    }
    return false
  }
}
