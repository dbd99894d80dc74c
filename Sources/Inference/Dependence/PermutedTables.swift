import Foundation
import Models
import Probability
import Sequences

/// What a test's statistic is where independence holds, by trying: in each context, which elements come next is kept, and so is
/// which stood before, but who goes with whom is drawn anew. It holds for tables of any sparsity, where the chi-square law
/// does not.
struct PermutedTables {
  /// Next elements, context by context, in each in the order of the earlier elements.
  private var next: [UInt32] = []
  /// Where contexts end in `next`, and where in `runs`.
  private var contexts: [(end: Int, runs: Int)] = []
  /// Where the stretches with one earlier element end in `next`.
  private var runs: [Int] = []
  private let alphabetSize: Int

  /// - Parameters:
  ///   - cells: of whole stretches: the earlier element in the bits of lag `order` + 1, the next in those of lag 0.
  ///   - context: the bits between them.
  init(_ cells: [(key: UInt64, count: Int)], _ counts: WindowCounts, context: UInt64, alphabetSize: Int) {
    self.alphabetSize = alphabetSize
    let earlier = counts.mask([counts.width - 1])
    let symbol = counts.mask([0])
    let order = cells.sorted { ($0.key & context, $0.key) < ($1.key & context, $1.key) }
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, order[end].key & context == order[start].key & context { end += 1 }
      let group = order[start..<end]
      start = end
      // Where there is but one of either, nothing can be otherwise.
      guard group.contains(where: { $0.key & earlier != group[group.startIndex].key & earlier }),
        group.contains(where: { $0.key & symbol != group[group.startIndex].key & symbol })
      else { continue }
      for (place, cell) in zip(group.indices, group) {
        if place > group.startIndex, cell.key & earlier != group[place - 1].key & earlier { runs.append(next.count) }
        next += repeatElement(UInt32(truncatingIfNeeded: cell.key & symbol), count: cell.count)
      }
      runs.append(next.count)
      contexts.append((next.count, runs.count))
    }
  }

  /// Σ n log n over the cells that can be otherwise, of the tables as they are and of `count` drawn anew.
  /// O(count · stretches).
  func sums(_ count: Int, seed: UInt64, threads: Int) -> (own: Double, drawn: [Double]) {
    let logarithms = (0...(longestRun + 1)).map { $0 > 0 ? Double($0) * log(Double($0)) : 0 }
    var drawn = [Double](repeating: 0, count: count)
    drawn.withUnsafeMutableBufferPointer { drawn in
      nonisolated(unsafe) let drawn = drawn  // each writes its own element
      forEachInParallel(count, threads: threads) { number in
        var stream = RandomStream(seed: seed, purpose: "permutation", index: UInt64(number))
        var mixed = next
        var start = 0
        for context in contexts {
          for place in (start..<context.end).dropFirst().reversed() {
            let below = UInt64(place - start + 1)
            mixed.swapAt(place, start + Int(truncatingIfNeeded: stream.next().multipliedFullWidth(by: below).high))
          }
          start = context.end
        }
        drawn[number] = sum(mixed, logarithms)
      }
    }
    return (sum(next, logarithms), drawn)
  }

  private var longestRun: Int {
    zip(runs, [0] + runs).reduce(0) { max($0, $1.0 - $1.1) }
  }

  private func sum(_ next: [UInt32], _ logarithms: [Double]) -> Double {
    var counts = [Int32](repeating: 0, count: alphabetSize)
    var sum = 0.0
    var start = 0
    for end in runs {
      for place in start..<end { counts[Int(next[place])] += 1 }
      for place in start..<end {
        let symbol = Int(next[place])
        sum += logarithms[Int(counts[symbol])]
        counts[symbol] = 0
      }
      start = end
    }
    return sum
  }
}
