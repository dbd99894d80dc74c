/// The tree of contexts while it grows, a level of depth at a time side by side: events come in the order of their paths.
struct ContextLevels {
  private struct Level {
    var labels: [Int32] = []
    /// Where the children of each node begin in the next level, and its entries in this one.
    var firstChild: [Int32] = []
    var firstEntry: [Int] = []
    var outcomes: [Int32] = []
    var counts: [Int] = []

    mutating func append(_ label: UInt32, firstChild: Int) {
      labels.append(Int32(bitPattern: label))
      self.firstChild.append(Int32(firstChild))
      firstEntry.append(outcomes.count)
    }

    func entries(of node: Int) -> Range<Int> {
      firstEntry[node]..<(node + 1 < firstEntry.count ? firstEntry[node + 1] : outcomes.count)
    }
  }

  private var levels = [Level()]
  /// The path of the last event.
  private var last: [UInt32] = []

  init() { levels[0].append(0, firstChild: 0) }

  /// Adds events that come in order, behind all those before.
  mutating func append(_ records: [EventTable.Record], of events: EventText.Events, _ packing: PackedPath?) {
    // The paths of some events are gathered at a time, so that memory answers for many places at once.
    let batch = 32
    let room = events.order + 2
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: batch * room) { paths in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: batch) { lengths in
        for from in stride(from: 0, to: records.count, by: batch) {
          let count = min(batch, records.count - from)
          for index in 0..<count {
            if let packing, let base = paths.baseAddress {
              lengths[index] = packing.unpack(records[from + index], to: base + index * room)
              continue
            }
            let place = Int(records[from + index].place)
            var cursor = EventText.Cursor()
            var length = 0
            while let label = cursor.next(place, events) {
              paths[index * room + length] = label
              length += 1
            }
            lengths[index] = length
          }
          for index in 0..<count {
            let path = UnsafeBufferPointer(rebasing: paths[index * room..<index * room + lengths[index]])
            append(path, count: Int(records[from + index].count))
          }
        }
      }
    }
  }

  private mutating func append(_ path: UnsafeBufferPointer<UInt32>, count: Int) {
    let depth = path.count - 1
    var shared = 0
    while shared < depth, shared < last.count - 1, path[shared] == last[shared] { shared += 1 }
    for level in shared..<depth {
      if level + 1 == levels.count { levels.append(Level()) }
      let below = level + 2 < levels.count ? levels[level + 2].labels.count : 0
      levels[level + 1].append(path[level], firstChild: below)
    }
    levels[depth].outcomes.append(Int32(bitPattern: path[depth]))
    levels[depth].counts.append(count)
    last.removeAll(keepingCapacity: true)
    last.append(contentsOf: path)
  }

  /// Gives each context that is shorter than it could be the events of all those one label longer. O(entries), the
  /// outcomes being added up in a table where there are many and sorted where there are few.
  mutating func addUp(outcomes: Int) {
    var sums = OutcomeSums(outcomes: outcomes)
    for depth in levels.indices.dropLast().reversed() {
      var level = levels[depth]
      (level.outcomes, level.counts) = ([], [])
      let below = levels[depth + 1]
      level.outcomes.reserveCapacity(below.outcomes.count)
      level.counts.reserveCapacity(below.outcomes.count)
      for node in level.labels.indices {
        level.firstEntry[node] = level.outcomes.count
        let first = Int(level.firstChild[node])
        let end = node + 1 < level.labels.count ? Int(level.firstChild[node + 1]) : below.labels.count
        if first == end {
          let own = levels[depth].entries(of: node)
          level.outcomes += levels[depth].outcomes[own]
          level.counts += levels[depth].counts[own]
        } else {
          let entries = below.firstEntry[first]..<below.entries(of: end - 1).upperBound
          if end - first == 1 {
            level.outcomes += below.outcomes[entries]
            level.counts += below.counts[entries]
          } else {
            sums.add(below.outcomes, below.counts, entries, to: &level.outcomes, &level.counts)
          }
        }
      }
      levels[depth] = level
    }
  }

  /// The levels behind each other, breadth first.
  consuming func finished(_ shape: OutputShape) -> ContextCounts {
    let nodes = levels.reduce(0) { $0 + $1.labels.count }
    let entries = levels.reduce(0) { $0 + $1.outcomes.count }
    precondition(nodes < Int(Int32.max), "more contexts than can be numbered")
    var labels: [Int32] = []
    var firstChild: [Int32] = []
    var firstEntry: [Int] = []
    var outcomes: [Int32] = []
    var counts: [Int] = []
    labels.reserveCapacity(nodes)
    firstChild.reserveCapacity(nodes + 1)
    firstEntry.reserveCapacity(nodes + 1)
    outcomes.reserveCapacity(entries)
    counts.reserveCapacity(entries)
    for depth in levels.indices {
      let next = Int32(labels.count + levels[depth].labels.count)
      labels += levels[depth].labels
      let first = levels[depth].firstChild
      firstChild += first.lazy.map { $0 + next }
      firstEntry += levels[depth].firstEntry.lazy.map { $0 + outcomes.count }
      outcomes += levels[depth].outcomes
      counts += levels[depth].counts
      levels[depth] = Level()
    }
    firstChild.append(Int32(labels.count))
    firstEntry.append(outcomes.count)
    return ContextCounts(
      tree: LabelledTree(unchecked: labels, firstChild), firstEntry: firstEntry, outcomes: outcomes, counts: counts,
      stops: [], decisions: []
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
    _ outcomes: [Int32], _ counts: [Int], _ entries: Range<Int>, to sumOutcomes: inout [Int32], _ sumCounts: inout [Int]
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
