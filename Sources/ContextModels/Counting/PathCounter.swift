import ModelCore
import Support

/// Counts events that are given as paths, in any order: equal ones in a hash table, then the tree of their contexts from the
/// distinct ones in the order of their paths.
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

  /// The counts. O(distinct · log distinct) comparisons of paths, and what the contexts need.
  /// - Parameter lowerOrders: whether contexts on the way are counted too, or only the full ones.
  /// - Precondition: no full context is the beginning of another.
  /// - Throws: `FittingError.tooLarge`.
  func finished(_ shape: OutputShape, lowerOrders: Bool) throws -> ContextCounts {
    guard counts.count < Int(Int32.max) else { throw FittingError.tooLarge(contexts: counts.count) }
    let longest = counts.indices.reduce(1) { max($0, starts[$1 + 1] - starts[$1]) }
    var levels = ContextTreeBuilder(longestPath: longest, scratch: nil)
    labels.withUnsafeBufferPointer { labels in
      func path(_ number: Int) -> UnsafeBufferPointer<UInt32> {
        UnsafeBufferPointer(rebasing: labels[starts[number]..<starts[number + 1]])
      }
      let ordered = counts.indices.sorted { path($0).lexicographicallyPrecedes(path($1)) }
      for number in ordered { levels.append(path(number), count: counts[number]) }
    }
    if lowerOrders { levels.addUp(outcomes: shape.alphabetSize + 1) }
    return try levels.finished(shape)
  }
}
