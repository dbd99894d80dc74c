/// The rows of a regression of one column's level, those with the same regressors as one: with how often each level was
/// observed there. Of categories and bits alone they are few, so that an iteration costs as much as there are contexts.
struct GroupedRows: Sendable {
  /// Where the regressors of each group begin, and the end.
  private(set) var starts = [0]
  private(set) var indices: [Int32] = []
  private(set) var values: [Double] = []
  /// The rows of each group.
  private(set) var counts: [Double] = []
  /// Where the levels that were observed in each group begin, and the end.
  private(set) var levelStarts = [0]
  private(set) var levels: [Int] = []
  private(set) var levelCounts: [Double] = []

  /// - Parameters:
  ///   - targets: the level in each row; NaN where the row is left out.
  ///   - lower: how many regressors the lower columns of the same step are, behind the others.
  init(_ rows: RegressionRows, targets: [Double], lower: Int) {
    var groups: [[UInt64]: Int] = [:]
    // The group and the level of each row.
    var observed: [(group: Int, level: Int)] = []
    var key: [UInt64] = []
    for (row, y) in targets.enumerated() where !y.isNaN {
      key.removeAll(keepingCapacity: true)
      for entry in rows.starts[row]..<rows.starts[row + 1] {
        key.append(UInt64(rows.indices[entry]))
        key.append(rows.values[entry].bitPattern)
      }
      for entry in rows.lowerStarts[row]..<rows.lowerStarts[row + 1] where Int(rows.lower[entry]) < lower {
        key.append(UInt64(rows.features) + UInt64(rows.lower[entry]))
        key.append(1.0.bitPattern)
      }
      let group = groups[key] ?? counts.count
      if group == counts.count {
        groups[key] = group
        for entry in stride(from: 0, to: key.count, by: 2) {
          indices.append(Int32(truncatingIfNeeded: key[entry]))
          values.append(Double(bitPattern: key[entry + 1]))
        }
        starts.append(indices.count)
        counts.append(0)
      }
      counts[group] += 1
      observed.append((group, Int(y)))
    }
    observed.sort { ($0.group, $0.level) < ($1.group, $1.level) }
    for (row, one) in observed.enumerated() {
      let isSame = row > 0 && observed[row - 1] == one
      if isSame {
        levelCounts[levelCounts.count - 1] += 1
      } else {
        while levelStarts.count <= one.group { levelStarts.append(levels.count) }
        levels.append(one.level)
        levelCounts.append(1)
      }
    }
    while levelStarts.count <= counts.count { levelStarts.append(levels.count) }
  }
}
