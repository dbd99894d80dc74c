import Support

/// Which outcomes each row lists, as compressed sparse rows: the entries of row i are `firstEntry[i] ..< firstEntry[i + 1]`,
/// by rising outcome. Counts, probabilities or successors of the entries stand in arrays of as many values.
@frozen package struct SparseRows: Sendable, Hashable {
  package let firstEntry: FlatArray<Int>
  package let outcomes: FlatArray<Int32>

  package init(firstEntry: FlatArray<Int>, outcomes: FlatArray<Int32>) {
    self.firstEntry = firstEntry
    self.outcomes = outcomes
  }

  /// The number of rows.
  package var count: Int { firstEntry.count - 1 }

  @inlinable @inline(__always)
  package func entries(of row: Int) -> Range<Int> { firstEntry[row]..<firstEntry[row + 1] }

  /// The entries of successive rows.
  package func entries(of rows: Range<Int>) -> Range<Int> { firstEntry[rows.lowerBound]..<firstEntry[rows.upperBound] }

  /// The entry of an outcome, by binary search; `nil` where the row does not list it.
  @inline(__always)
  package func entry(of row: Int, _ outcome: Int) -> Int? {
    let range = entries(of: row)
    let entry = lowerBound(range.lowerBound, range.upperBound) { Int(outcomes[$0]) < outcome }
    return entry < range.upperBound && Int(outcomes[entry]) == outcome ? entry : nil
  }

  /// Some of the rows, and the entries that they had here.
  package func keeping(_ rows: [Int]) -> (rows: SparseRows, entries: [Int]) {
    let firstEntry = rows.reduce(into: [0]) { $0.append(($0.last ?? 0) + entries(of: $1).count) }
    let kept = rows.flatMap { entries(of: $0) }
    return (SparseRows(firstEntry: FlatArray(firstEntry), outcomes: FlatArray(kept.map { outcomes[$0] })), kept)
  }

  /// Checks that all entries are divided among `count` rows, and that each row's outcomes rise from 0 to below `bound`.
  /// - Returns: what is wrong; `nil` where nothing is. O(entries).
  package func checkInvariants(count: Int, below bound: Int) -> String? {
    guard firstEntry.count == count + 1, firstEntry[0] == 0, firstEntry[count] == outcomes.count,
      zip(firstEntry, firstEntry.dropFirst()).allSatisfy({ $0 <= $1 })
    else { return "the entries are not divided among the contexts" }
    for row in 0..<count {
      var previous: Int32 = -1
      for entry in entries(of: row) {
        guard outcomes[entry] > previous, Int(outcomes[entry]) < bound else {
          return "the outcomes of context \(row) do not rise within the alphabet"
        }
        previous = outcomes[entry]
      }
    }
    return nil
  }
}
