import ModelCore
import Support

/// Counts events that are given as paths, in any order: equal ones in a hash table, which is sorted at the end.
struct PathCounter {
  /// The distinct paths behind each other: the labels of the context, then the outcome.
  private var labels: [UInt32] = []
  /// Where each one begins; one more for the end.
  private var starts = [0]
  private var counts: [Int] = []
  private var index = HashIndex(below: Int(Int32.max))

  /// Counts an event. O(labels) on average.
  /// - Throws: `FittingError.tooLarge`.
  mutating func add(_ path: [UInt32], count: Int = 1) throws {
    guard counts.count < Int(Int32.max) else { throw FittingError.tooLarge(contexts: counts.count) }
    var hash = FNV1a()
    for label in path { hash.add(UInt64(label)) }
    let number = index.number(of: hash.value, adding: counts.count) { number in
      labels[starts[number]..<starts[number + 1]].elementsEqual(path)
    }
    if number < counts.count {
      counts[number] += count
    } else {
      labels += path
      starts.append(labels.count)
      counts.append(count)
    }
  }

  /// The counts in the order of the paths. O(distinct · log distinct) comparisons of paths.
  /// - Precondition: no full context is the beginning of another.
  consuming func sorted() -> EventCounts {
    var run = SortedRun.Builder(scratch: nil)
    labels.withUnsafeBufferPointer { labels in
      func path(_ number: Int) -> UnsafeBufferPointer<UInt32> {
        UnsafeBufferPointer(rebasing: labels[starts[number]..<starts[number + 1]])
      }
      let ordered = counts.indices.sorted { path($0).lexicographicallyPrecedes(path($1)) }
      for number in ordered { run.append(path(number), count: counts[number], position: 0) }
    }
    return EventCounts(run.finished(nil))
  }
}
