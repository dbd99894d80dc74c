extension ContextCounts {
  /// The counts of no sequence.
  init(empty shape: OutputShape) { self = ContextLevels().finished(shape) }

  /// The counts of two sets together, of the same order and shape: what the set of both would give. O(both).
  package static func + (a: ContextCounts, b: ContextCounts) -> ContextCounts {
    /// The same context in both, or in one alone (−1).
    struct Pair {
      var a: Int32
      var b: Int32
    }
    let size = max(a.tree.count, b.tree.count)
    var labels: [Int32] = []
    var firstChild: [Int32] = []
    var firstEntry: [Int] = [0]
    var outcomes: [Int32] = []
    var counts: [Int] = []
    var stops: [Int] = []
    var decisions: [Int] = []
    labels.reserveCapacity(size)
    firstChild.reserveCapacity(size + 1)
    firstEntry.reserveCapacity(size + 1)
    outcomes.reserveCapacity(max(a.outcomes.count, b.outcomes.count))
    counts.reserveCapacity(max(a.outcomes.count, b.outcomes.count))
    stops.reserveCapacity(size)
    decisions.reserveCapacity(size)

    labels.append(0)
    var level = [Pair(a: 0, b: 0)]
    while !level.isEmpty {
      var next: [Pair] = []
      let nextStart = labels.count
      for pair in level {
        let (inA, inB) = (Int(pair.a), Int(pair.b))
        firstChild.append(Int32(nextStart + next.count))
        stops.append((inA < 0 ? 0 : a.stops[inA]) + (inB < 0 ? 0 : b.stops[inB]))
        decisions.append((inA < 0 ? 0 : a.decisions[inA]) + (inB < 0 ? 0 : b.decisions[inB]))
        merge(inA < 0 ? 0..<0 : a.entries(of: inA), a.outcomes, inB < 0 ? 0..<0 : b.entries(of: inB), b.outcomes) {
          outcomes.append($0 >= 0 ? a.outcomes[$0] : b.outcomes[$1])
          counts.append(($0 < 0 ? 0 : a.counts[$0]) + ($1 < 0 ? 0 : b.counts[$1]))
        }
        firstEntry.append(outcomes.count)
        merge(
          inA < 0 ? 0..<0 : a.tree.children(of: inA), a.tree.labels,
          inB < 0 ? 0..<0 : b.tree.children(of: inB), b.tree.labels
        ) {
          labels.append($0 >= 0 ? a.tree.labels[$0] : b.tree.labels[$1])
          next.append(Pair(a: Int32($0), b: Int32($1)))
        }
      }
      precondition(labels.count < Int(Int32.max), "more contexts than can be numbered")
      level = next
    }
    firstChild.append(Int32(labels.count))
    return ContextCounts(
      tree: LabelledTree(unchecked: labels, firstChild), firstEntry: firstEntry, outcomes: outcomes, counts: counts,
      stops: stops, decisions: decisions)
  }

  /// Walks over two rising lists; says where each value stands in them, −1 where it does not.
  @inline(__always)
  private static func merge(
    _ a: Range<Int>, _ aValues: [Int32], _ b: Range<Int>, _ bValues: [Int32], _ body: (_ a: Int, _ b: Int) -> Void
  ) {
    var (inA, inB) = (a.lowerBound, b.lowerBound)
    while inA < a.upperBound || inB < b.upperBound {
      let takesA = inA < a.upperBound && (inB == b.upperBound || aValues[inA] <= bValues[inB])
      let takesB = inB < b.upperBound && (inA == a.upperBound || bValues[inB] <= aValues[inA])
      body(takesA ? inA : -1, takesB ? inB : -1)
      if takesA { inA += 1 }
      if takesB { inB += 1 }
    }
  }
}
