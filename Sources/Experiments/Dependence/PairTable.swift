import Foundation
import ModelCore
import Probability
import Sequences

/// The pairs (y(t), y(t + d)) within sequences for one distance d, in contiguous blocks of the data, and their mutual
/// information.
struct PairTable {
  private let alphabetSize: Int
  /// The earlier and the later symbol of each pair, in the data's order.
  private let earlier: [UInt32]
  private var later: [UInt32]
  /// Where each block begins in the pairs, and the number of all pairs.
  private let bounds: [Int]

  var count: Int { earlier.count }
  var blocks: Int { bounds.count - 1 }

  /// What a table says of the dependence of its pairs, in nats.
  struct Information {
    /// By relative frequencies.
    let plugIn: Double
    /// By the delete-one-block jackknife (Quenouille 1956; Künsch 1989 for blocks), and its standard error.
    let jackknife: Double
    let standardError: Double
    /// Distinct pairs.
    let distinct: Int
  }

  private static let mostBlocks = 30
  /// Pairs in a block, at least.
  private static let leastPairs = 4

  /// Blocks hold whole sequences where these are many; where they are few, stretches of about as many pairs.
  init(_ set: SequenceSet, distance: Int) {
    alphabetSize = set.alphabetSize
    let total = (0..<set.count).reduce(0) { $0 + max(set.length($1) - distance, 0) }
    let blocks = max(min(Self.mostBlocks, total / Self.leastPairs), 1)
    let used = (0..<set.count).count { set.length($0) > distance }
    let keepsSequences = used >= 10 * blocks
    var (earlier, later): ([UInt32], [UInt32]) = ([], [])
    earlier.reserveCapacity(total)
    later.reserveCapacity(total)
    var bounds = [0]
    func close() {
      // The next block begins at the pair whose share of all is the block's, or with the sequence behind it.
      while bounds.count < blocks, earlier.count >= bounds.count * total / blocks,
        earlier.count > bounds[bounds.count - 1]
      { bounds.append(earlier.count) }
    }
    for index in 0..<set.count where set.length(index) > distance {
      let sequence = set[index]
      var past = sequence.makeIterator()
      for symbol in sequence.dropFirst(distance) {
        guard let before = past.next() else { break }
        if !keepsSequences { close() }
        earlier.append(UInt32(truncatingIfNeeded: before))
        later.append(UInt32(truncatingIfNeeded: symbol))
      }
      if keepsSequences { close() }
    }
    if let last = bounds.last, last < total || bounds.count == 1 { bounds.append(total) }
    (self.earlier, self.later, self.bounds) = (earlier, later, bounds)
  }

  /// The same pairs with the later symbols shuffled, so that no dependence is left. O(pairs).
  func shuffled(_ stream: inout RandomStream) -> PairTable {
    var table = self
    for index in stride(from: later.count - 1, to: 0, by: -1) {
      table.later.swapAt(index, Int(stream.uniform() * Double(index + 1)))
    }
    return table
  }

  /// The entropies of both symbols by relative frequencies: no mutual information is larger.
  var largestInformation: Double {
    func entropy(_ symbols: [UInt32]) -> Double {
      var counts = [Int](repeating: 0, count: alphabetSize)
      for symbol in symbols { counts[Int(symbol)] += 1 }
      let sum = counts.reduce(0.0) { $1 > 0 ? $0 + Double($1) * log(Double($1)) : $0 }
      return log(Double(max(count, 1))) - sum / Double(max(count, 1))
    }
    return min(entropy(earlier), entropy(later))
  }

  /// The mutual information with its jackknife: N I = Σ f(n(a, b)) − Σ f(n(a)) − Σ f(n(b)) + f(N) with f(n) = n log n, of all
  /// pairs and of all but each block. O(pairs · log pairs + blocks · alphabet).
  func information() -> Information {
    let k = alphabetSize
    var keys: [UInt64] = []
    keys.reserveCapacity(count)
    // A key holds the pair, and in its last bits the block.
    let width = UInt64(blocks)
    for block in 0..<blocks {
      for index in bounds[block]..<bounds[block + 1] {
        keys.append((UInt64(earlier[index]) * UInt64(k) + UInt64(later[index])) * width + UInt64(block))
      }
    }
    keys.sort()
    var sums = BlockSums(blocks)
    var inBlock = [Int](repeating: 0, count: blocks)
    var touched: [Int] = []
    var (start, distinct) = (0, 0)
    while start < keys.count {
      let cell = keys[start] / width
      var end = start
      touched.removeAll(keepingCapacity: true)
      while end < keys.count, keys[end] / width == cell {
        let block = Int(keys[end] % width)
        if inBlock[block] == 0 { touched.append(block) }
        inBlock[block] += 1
        end += 1
      }
      sums.add(1, end - start, touched, &inBlock)
      distinct += 1
      start = end
    }
    addMargin(earlier, to: &sums)
    addMargin(later, to: &sums)
    let sizes = (0..<blocks).map { bounds[$0 + 1] - bounds[$0] }
    let n = Double(max(count, 1))
    let plugIn = (sums.all + BlockSums.f(count)) / n
    guard blocks > 1 else {
      return Information(plugIn: plugIn, jackknife: plugIn, standardError: .infinity, distinct: distinct)
    }
    // Blocks of unequal size: Busing, Meijer and van der Leeden 1999.
    let left = sizes.indices.map { block in
      let rest = count - sizes[block]
      return (sums.all + sums.change[block] + BlockSums.f(rest)) / Double(max(rest, 1))
    }
    let b = Double(blocks)
    let jackknife = b * plugIn - zip(left, sizes).reduce(0) { $0 + (1 - Double($1.1) / n) * $1.0 }
    let variance =
      zip(left, sizes).reduce(0.0) { sum, block in
        let h = n / Double(max(block.1, 1))
        let pseudo = h * plugIn - (h - 1) * block.0
        return sum + (pseudo - jackknife) * (pseudo - jackknife) / max(h - 1, 1e-12)
      } / b
    return Information(
      plugIn: plugIn, jackknife: jackknife, standardError: variance.squareRoot(), distinct: distinct)
  }

  private func addMargin(_ symbols: [UInt32], to sums: inout BlockSums) {
    var counts = [Int](repeating: 0, count: alphabetSize * blocks)
    for block in 0..<blocks {
      for index in bounds[block]..<bounds[block + 1] { counts[Int(symbols[index]) * blocks + block] += 1 }
    }
    for symbol in 0..<alphabetSize {
      var inBlock = Array(counts[symbol * blocks..<(symbol + 1) * blocks])
      let total = inBlock.reduce(0, +)
      if total > 0 { sums.add(-1, total, inBlock.indices.filter { inBlock[$0] > 0 }, &inBlock) }
    }
  }
}

/// Σ ± f(n) over cells, and how much it changes where a block is left out.
private struct BlockSums {
  var all = 0.0
  var change: [Double]

  init(_ blocks: Int) { change = Array(repeating: 0, count: blocks) }

  /// n log n.
  static func f(_ n: Int) -> Double { n > 1 ? Double(n) * log(Double(n)) : 0 }

  /// Adds a cell, and leaves zeros in the blocks that hold some of it.
  mutating func add(_ sign: Double, _ total: Int, _ touched: [Int], _ inBlock: inout [Int]) {
    let whole = Self.f(total)
    all += sign * whole
    for block in touched {
      change[block] += sign * (Self.f(total - inBlock[block]) - whole)
      inBlock[block] = 0
    }
  }
}
