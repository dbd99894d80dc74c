import Foundation
import ModelCore
import Sequences

/// How often each window of `width` successive elements occurs within sequences: y(t) with those before it. A key holds
/// y(t − lag) in its bits from `lag · bits` on. Counts are kept apart for contiguous blocks of the data.
struct WindowCounts {
  private struct Record {
    var key: UInt64
    var block: Int
    var count: Int
  }

  let width: Int
  private let bits: Int
  private let records: [Record]
  /// Windows in each block.
  let blockTotals: [Int]

  /// All windows, and the distinct ones.
  let total: Int
  let distinct: Int

  /// O(symbols · log symbols).
  /// - Parameter blocks: of equal size, in the data's order; fewer where there are fewer windows.
  /// - Throws: `SpecificationError.malformed` for a window that takes more than 64 bits.
  init(_ set: SequenceSet, width: Int, blocks: Int = 1) throws {
    bits = max(Int.bitWidth - (set.alphabetSize - 1).leadingZeroBitCount, 1)
    guard width >= 1, width <= 64 / bits else {
      throw SpecificationError.malformed(
        "a window of \(width - 1) earlier elements is too wide to count over \(set.alphabetSize) symbols: "
          + "at most \(64 / bits - 1)")
    }
    self.width = width
    total = set.windowCount(width)
    let blocks = max(min(blocks, total), 1)
    var totals = [Int](repeating: 0, count: blocks)
    var records: [Record] = []
    var keys: [UInt64] = []
    var block = 0
    func close() {
      keys.sort()
      var start = 0
      for place in keys.indices where place + 1 == keys.count || keys[place + 1] != keys[place] {
        records.append(Record(key: keys[place], block: block, count: place + 1 - start))
        start = place + 1
      }
      totals[block] = keys.count
      keys.removeAll(keepingCapacity: true)
    }
    let mask = width * bits == 64 ? UInt64.max : (1 << UInt64(width * bits)) - 1
    var number = 0
    for index in 0..<set.count where set.length(index) >= width {
      var key: UInt64 = 0
      for (time, symbol) in set[index].enumerated() {
        key = (key << UInt64(bits) | UInt64(symbol)) & mask
        if time + 1 < width { continue }
        // Block b ends before window (b + 1) · total / blocks.
        while number >= (block + 1) * total / blocks {
          close()
          block += 1
        }
        keys.append(key)
        number += 1
      }
    }
    close()
    self.records = records
    blockTotals = totals
    distinct = Set(records.lazy.map(\.key)).count
  }

  /// The bits of some lags.
  func mask(_ lags: some Sequence<Int>) -> UInt64 {
    let one = bits == 64 ? UInt64.max : (1 << UInt64(bits)) - 1
    return lags.reduce(0) { $0 | one << UInt64($1 * bits) }
  }

  /// The distinct values of some of a window's elements, in order, and how often each occurs. O(records · log records).
  func cells(_ mask: UInt64) -> [(key: UInt64, count: Int)] {
    var cells: [(key: UInt64, count: Int)] = []
    for (key, count) in records.map({ ($0.key & mask, $0.count) }).sorted(by: { $0.0 < $1.0 }) {
      if let last = cells.last, last.key == key {
        cells[cells.count - 1].count += count
      } else {
        cells.append((key, count))
      }
    }
    return cells
  }

  // MARK: Logarithms of counts

  /// Σ log n over the windows of each block, n being how often the window's masked elements occur in all windows: −(1/N) of
  /// it, and log N, is the entropy by relative frequencies. O(records · log records).
  func logCounts(_ mask: UInt64) -> [Double] {
    let order = records.map { (key: $0.key & mask, block: $0.block, count: $0.count) }.sorted { $0.key < $1.key }
    var sums = [Double](repeating: 0, count: blockTotals.count)
    var start = 0
    while start < order.count {
      var end = start
      var count = 0
      while end < order.count, order[end].key == order[start].key {
        count += order[end].count
        end += 1
      }
      for record in order[start..<end] { sums[record.block] += Double(record.count) * log(Double(count)) }
      start = end
    }
    return sums
  }
}
