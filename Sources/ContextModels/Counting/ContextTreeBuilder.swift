import ModelCore
import Sequences

/// The tree of contexts while it grows, a level of depth at a time side by side: events come in the order of their paths.
struct ContextTreeBuilder: ~Copyable {
  private struct Level: ~Copyable {
    var labels: FlatBuffer<Int32>
    /// Where the children of each node begin in the next level, and its entries in this one.
    var firstChild: FlatBuffer<Int32>
    var firstEntry: FlatBuffer<Int>
    var outcomes: FlatBuffer<Int32>
    var counts: FlatBuffer<Int>
    /// Of nodes where a unary path begins, a position of their only outcome in the text; −1 of others. As long as its last
    /// such node needs.
    var tails: [Int32] = []

    init(_ scratch: Scratch?) {
      labels = FlatBuffer(scratch: scratch)
      firstChild = FlatBuffer(scratch: scratch)
      firstEntry = FlatBuffer(scratch: scratch)
      outcomes = FlatBuffer(scratch: scratch)
      counts = FlatBuffer(scratch: scratch)
    }

    @inline(__always) mutating func append(_ label: UInt32, firstChild: Int) {
      labels.append(Int32(bitPattern: label))
      self.firstChild.append(Int32(truncatingIfNeeded: firstChild))
      firstEntry.append(outcomes.count)
    }

    func entries(of node: Int) -> Range<Int> {
      firstEntry[node]..<(node + 1 < firstEntry.count ? firstEntry[node + 1] : outcomes.count)
    }
  }

  /// All that there can be, and how many are in use.
  private let levels: UnsafeMutableBufferPointer<Level>
  private var count = 1
  private let scratch: Scratch?
  /// The path of the last event.
  private var last: [UInt32] = []

  /// - Parameter longestPath: the most labels of an event's path, with its outcome.
  init(longestPath: Int, scratch: Scratch?) {
    self.scratch = scratch
    levels = .allocate(capacity: longestPath + 1)
    for depth in levels.indices { levels.initializeElement(at: depth, to: Level(scratch)) }
    levels[0].append(0, firstChild: 0)
  }

  deinit {
    levels.deinitialize()
    levels.deallocate()
  }

  /// Adds an event, which comes behind all those before.
  /// - Parameter tail: a position of the event in the text, if its context is the first of a unary path.
  mutating func append(_ path: UnsafeBufferPointer<UInt32>, count eventCount: Int, tail: Int32? = nil) {
    let depth = path.count - 1
    let shared = UnaryPaths.sharedLabels(last, path)
    for level in shared..<depth {
      levels[level + 1].append(path[level], firstChild: level + 2 < levels.count ? levels[level + 2].labels.count : 0)
    }
    count = max(count, depth + 1)
    levels[depth].outcomes.append(Int32(bitPattern: path[depth]))
    levels[depth].counts.append(eventCount)
    last.removeAll(keepingCapacity: true)
    last.append(contentsOf: path)
    guard let tail else { return }
    let missing = levels[depth].labels.count - 1 - levels[depth].tails.count
    levels[depth].tails += repeatElement(-1, count: missing)
    levels[depth].tails.append(tail)
  }

  /// - Throws: `FittingError.tooLarge` where contexts or outcomes are more than can be numbered.
  func check() throws {
    var (nodes, entries) = (0, 0)
    for depth in 0..<count {
      nodes += levels[depth].labels.count
      entries += levels[depth].outcomes.count
    }
    guard nodes < Int(Int32.max), entries < Int(Int32.max) else { throw FittingError.tooLarge(contexts: nodes) }
  }

  /// Gives each context that is shorter than it could be the events of all those one label longer. O(entries), the
  /// outcomes being added up in a table where there are many and sorted where there are few.
  mutating func addUp(outcomes: Int) {
    var sums = OutcomeSums(outcomes: outcomes)
    for depth in (0..<count - 1).reversed() {
      var newOutcomes = FlatBuffer<Int32>(capacity: levels[depth + 1].outcomes.count, scratch: scratch)
      var newCounts = FlatBuffer<Int>(capacity: levels[depth + 1].counts.count, scratch: scratch)
      for node in levels[depth].labels.indices {
        let own = levels[depth].entries(of: node)
        let first = Int(levels[depth].firstChild[node])
        let end =
          node + 1 < levels[depth].labels.count
          ? Int(levels[depth].firstChild[node + 1]) : levels[depth + 1].labels.count
        let from = newOutcomes.count
        if first == end {
          newOutcomes.append(levels[depth].outcomes.buffer, own)
          newCounts.append(levels[depth].counts.buffer, own)
        } else {
          let entries = levels[depth + 1].firstEntry[first]..<levels[depth + 1].entries(of: end - 1).upperBound
          if end - first == 1 {
            newOutcomes.append(levels[depth + 1].outcomes.buffer, entries)
            newCounts.append(levels[depth + 1].counts.buffer, entries)
          } else {
            sums.add(
              levels[depth + 1].outcomes.buffer, levels[depth + 1].counts.buffer, entries, to: &newOutcomes, &newCounts)
          }
        }
        // Nodes come in order: the old beginnings are not asked for again.
        levels[depth].firstEntry[node] = from
      }
      levels[depth].outcomes = newOutcomes
      levels[depth].counts = newCounts
    }
  }

  /// The levels behind each other, breadth first.
  /// - Parameters:
  ///   - unit: what one occurrence counts.
  ///   - text: where contexts continue.
  ///   - order: k, the most symbols of a context in the text.
  consuming func finished(
    _ shape: OutputShape, unit: Int = 1, text: TailText? = nil, order: Int = 0
  ) throws -> ContextCounts {
    try check()
    var nodes = 0
    var entries = 0
    for depth in 0..<count {
      nodes += levels[depth].labels.count
      entries += levels[depth].outcomes.count
    }
    var labels = FlatBuffer<Int32>(capacity: nodes, scratch: scratch)
    var firstChild = FlatBuffer<Int32>(capacity: nodes + 1, scratch: scratch)
    var firstEntry = FlatBuffer<Int>(capacity: nodes + 1, scratch: scratch)
    var outcomes = FlatBuffer<Int32>(capacity: entries, scratch: scratch)
    var counts = FlatBuffer<Int>(capacity: entries, scratch: scratch)
    var places: [Int32] = []
    for depth in 0..<count {
      if text != nil {
        let missing = levels[depth].labels.count - levels[depth].tails.count
        places += levels[depth].tails + repeatElement(-1, count: missing)
      }
      let next = Int32(labels.count + levels[depth].labels.count)
      let before = outcomes.count
      labels.append(levels[depth].labels.buffer)
      for child in levels[depth].firstChild.buffer { firstChild.append(child + next) }
      for entry in levels[depth].firstEntry.buffer { firstEntry.append(entry + before) }
      outcomes.append(levels[depth].outcomes.buffer)
      counts.append(levels[depth].counts.buffer)
      levels[depth] = Level(nil)
    }
    firstChild.append(Int32(labels.count))
    firstEntry.append(outcomes.count)
    return ContextCounts(
      tree: LabelledTree(unchecked: labels.finished(), firstChild.finished()),
      rows: SparseRows(firstEntry: firstEntry.finished(), outcomes: outcomes.finished()), unit: unit,
      counts: counts.finished(),
      scratch: scratch,
      tails: text.map { ContextTails($0, places, order: order, startMark: shape.alphabetSize, scratch: scratch) }
    ).splittingStops(shape)
  }
}

/// Adds up the counts of equal outcomes.
struct OutcomeSums {
  private var sums: [Int]
  /// A bit for each outcome that has a sum.
  private var seen: [UInt64]

  init(outcomes: Int) {
    sums = Array(repeating: 0, count: outcomes)
    seen = Array(repeating: 0, count: outcomes / 64 + 1)
  }

  /// Appends the sums of some entries by rising outcome.
  mutating func add(
    _ outcomes: UnsafeBufferPointer<Int32>, _ counts: UnsafeBufferPointer<Int>, _ entries: Range<Int>,
    to sumOutcomes: inout FlatBuffer<Int32>, _ sumCounts: inout FlatBuffer<Int>
  ) {
    // Walking over the bits costs their number, whatever is in them.
    if entries.count * 2 < seen.count {
      let start = sumOutcomes.count
      let few = entries.sorted { outcomes[$0] < outcomes[$1] }
      for entry in few {
        if sumOutcomes.count > start, sumOutcomes[sumOutcomes.count - 1] == outcomes[entry] {
          sumCounts[sumCounts.count - 1] += counts[entry]
        } else {
          sumOutcomes.append(outcomes[entry])
          sumCounts.append(counts[entry])
        }
      }
      return
    }
    for entry in entries {
      let outcome = Int(outcomes[entry])
      sums[outcome] += counts[entry]
      seen[outcome / 64] |= 1 << UInt64(outcome % 64)
    }
    for word in seen.indices where seen[word] != 0 {
      var bits = seen[word]
      seen[word] = 0
      while bits != 0 {
        let outcome = word * 64 + bits.trailingZeroBitCount
        sumOutcomes.append(Int32(outcome))
        sumCounts.append(sums[outcome])
        sums[outcome] = 0
        bits &= bits - 1
      }
    }
  }
}
