import Foundation
import ModelCore
import Probability
import Sequences
import Support

/// The contingency tables of an earlier element against the next one, one table for each context (the elements that are
/// conditioned on), and permutations of them: within each context the next elements are shuffled, so that the margins stay
/// and any dependence given the context is gone. That gives the distribution of a statistic under conditional independence
/// for tables of any sparsity, where the chi-square approximation fails.
struct PermutedTables {
  /// The next elements, context by context, within each in the order of the earlier elements.
  private(set) var next: [UInt32] = []
  /// Where each context ends in `next`, and in `runs`.
  private var contexts: [(end: Int, runs: Int)] = []
  /// Where the windows with one context and one earlier element end in `next`.
  private var runs: [Int] = []
  private let alphabetSize: Int

  /// O(cells · log cells + windows).
  /// - Parameters:
  ///   - cells: the distinct windows with their counts.
  ///   - lag: of the earlier element; all other elements but the next one are the context.
  init(_ cells: [(key: UInt64, count: Int)], _ counts: WindowCounts, lag: Int, alphabetSize: Int) {
    self.alphabetSize = alphabetSize
    let earlier = counts.mask([lag])
    let symbol = counts.mask([0])
    let context = ~(earlier | symbol)
    let order = cells.sorted { ($0.key & context, $0.key) < ($1.key & context, $1.key) }
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, order[end].key & context == order[start].key & context { end += 1 }
      let group = order[start..<end]
      start = end
      // With a single value of either element a shuffle changes nothing.
      guard group.contains(where: { $0.key & earlier != group[group.startIndex].key & earlier }),
        group.contains(where: { $0.key & symbol != group[group.startIndex].key & symbol })
      else { continue }
      for (index, cell) in zip(group.indices, group) {
        if index > group.startIndex, cell.key & earlier != group[index - 1].key & earlier { runs.append(next.count) }
        next += repeatElement(UInt32(truncatingIfNeeded: cell.key & symbol), count: cell.count)
      }
      runs.append(next.count)
      contexts.append((next.count, runs.count))
    }
  }

  /// The largest count that a cell of the tables, shuffled or not, can have.
  var largestCount: Int { zip(runs, [0] + runs).reduce(0) { max($0, $1.0 - $1.1) } }

  /// What `statistic` is of `count` seeded shuffles. O(count · windows).
  func shuffles<Statistic: Sendable>(
    _ count: Int, seed: UInt64, threads: Int, _ statistic: (_ number: Int, _ next: [UInt32]) -> Statistic
  ) -> [Statistic] {
    parallelMap(count, threads: threads) { number in
      var stream = RandomStream(seed: seed, purpose: "permutation", index: UInt64(number))
      var shuffled = next
      var start = 0
      for context in contexts {
        for index in (start..<context.end).dropFirst().reversed() {
          let bound = UInt64(index - start + 1)
          shuffled.swapAt(index, start + Int(truncatingIfNeeded: stream.next().multipliedFullWidth(by: bound).high))
        }
        start = context.end
      }
      return statistic(number, shuffled)
    }
  }

  /// Σ f(n) over the counts n of the cells.
  /// - Parameter f: its values of 0 … `largestCount`.
  func sum(_ next: [UInt32], _ f: [Double]) -> Double {
    var counts = [Int32](repeating: 0, count: alphabetSize)
    var sum = 0.0
    var start = 0
    for end in runs {
      for index in start..<end { counts[Int(next[index])] += 1 }
      for index in start..<end {
        let symbol = Int(next[index])
        sum += f[Int(counts[symbol])]
        counts[symbol] = 0
      }
      start = end
    }
    return sum
  }

  /// Σ φ and Σ φ² over the windows, φ being log p(x, y | z) / p(x | z) p(y | z) by relative frequencies; it is 0 in windows
  /// that no shuffle changes.
  func logRatios(_ next: [UInt32]) -> (sum: Double, squares: Double) {
    var ofContext = [Int32](repeating: 0, count: alphabetSize)
    var ofRun = ofContext
    var (sum, squares) = (0.0, 0.0)
    var (start, run) = (0, 0)
    for context in contexts {
      for index in start..<context.end { ofContext[Int(next[index])] += 1 }
      let size = Double(context.end - start)
      var first = start
      while run < context.runs {
        let end = runs[run]
        for index in first..<end { ofRun[Int(next[index])] += 1 }
        for index in first..<end {
          let symbol = Int(next[index])
          let count = Double(ofRun[symbol])
          guard count > 0 else { continue }
          let ratio = log(count * size / (Double(end - first) * Double(ofContext[symbol])))
          sum += count * ratio
          squares += count * ratio * ratio
          ofRun[symbol] = 0
        }
        first = end
        run += 1
      }
      for index in start..<context.end { ofContext[Int(next[index])] = 0 }
      start = context.end
    }
    return (sum, squares)
  }
}
