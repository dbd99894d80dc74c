import ModelCore
import Sequences
import Support

/// The counts of a table: how often each outcome followed each context, and contexts that lack the last parents. A tree
/// whose paths are contexts; the leaves are the full ones.
struct TableCounts: Sendable {
  let tree: LabelledTree
  /// The entries of node i are `firstEntry[i] ..< firstEntry[i + 1]`, by rising outcome.
  let firstEntry: [Int]
  let outcomes: [Int32]
  let counts: [Int]
  /// Where the end is a variable of its own: how often it was decided after each context, and how often to stop.
  let stops: [Int]
  let decisions: [Int]

  /// What was counted after one context.
  struct Row {
    var counts: [Int32: Int] = [:]
    var stops = 0
    var decisions = 0
  }

  /// Counts a set. O(symbols · parents).
  init(_ set: SequenceSet, _ parents: TableParents, _ shape: OutputShape) {
    var builder = LabelledTree.Builder()
    var rows = [Row()]
    for index in 0..<set.count {
      let sequence = set[index]
      let x = set.input(index)
      func inputs(_ time: Int) -> StepInputs {
        StepInputs(time: time, length: shape.lengthLabel(time: time, length: sequence.count), x: x?.at(time) ?? [])
      }
      var history = parents.start(inputs(0), shape)
      for time in 0..<shape.steps(length: sequence.count) {
        let step = inputs(time)
        var node = 0
        for label in parents.labels(history, step, shape) {
          node = builder.child(of: node, along: label)
          if node == rows.count { rows.append(Row()) }
        }
        let isEnd = time == sequence.count
        if shape.stop == .variable {
          rows[node].decisions += 1
          rows[node].stops += isEnd ? 1 : 0
        }
        if !isEnd || shape.stop == .outcome {
          let outcome = isEnd ? shape.alphabetSize : sequence[sequence.startIndex + time]
          rows[node].counts[Int32(truncatingIfNeeded: outcome), default: 0] += 1
        }
        if !isEnd {
          parents.advance(&history, past: sequence[sequence.startIndex + time], inputs(time + 1), shape)
        }
      }
    }
    let (tree, number) = builder.finish()
    var ordered = rows
    for (node, new) in number.enumerated() { ordered[Int(new)] = rows[node] }
    self.init(tree, leaves: ordered)
  }

  /// Adds the leaves' rows up to the root.
  /// - Precondition: the sum of all counts is an `Int`.
  init(_ tree: LabelledTree, leaves: [Row]) {
    var rows = leaves
    for node in (0..<tree.count).reversed() {
      for child in tree.children(of: node) {
        rows[node].counts.merge(rows[child].counts, uniquingKeysWith: +)
        rows[node].stops += rows[child].stops
        rows[node].decisions += rows[child].decisions
      }
    }
    var firstEntry = [0]
    var entries: [(outcome: Int32, count: Int)] = []
    for row in rows {
      entries += row.counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
      firstEntry.append(entries.count)
    }
    self.tree = tree
    self.firstEntry = firstEntry
    outcomes = entries.map(\.outcome)
    counts = entries.map(\.count)
    stops = rows.map(\.stops)
    decisions = rows.map(\.decisions)
  }

  func entries(of node: Int) -> Range<Int> { firstEntry[node]..<firstEntry[node + 1] }

  /// The entry of an outcome, by binary search.
  func entry(of outcome: Int, in node: Int) -> Int? {
    let end = firstEntry[node + 1]
    let entry = lowerBound(firstEntry[node], end) { Int(outcomes[$0]) < outcome }
    return entry < end && Int(outcomes[entry]) == outcome ? entry : nil
  }

  var leaves: [Int] { (0..<tree.count).filter(tree.isLeaf) }
}

extension TableCounts {
  /// The leaves' counts: the others are their sums.
  func write(to file: inout TensorFile) {
    let leaves = leaves
    file.set("table.labels", tree.labels)
    file.set("table.children", tree.firstChild)
    file.set("table.entries", counts: leaves.map { entries(of: $0).count })
    file.set("table.outcomes", leaves.flatMap { outcomes[entries(of: $0)] })
    file.set("table.counts", counts: leaves.flatMap { counts[entries(of: $0)] })
    file.set("table.stops", counts: leaves.map { stops[$0] })
    file.set("table.decisions", counts: leaves.map { decisions[$0] })
  }

  /// - Throws: `ModelFileError`.
  init(from file: TensorFile, _ parents: TableParents, _ shape: OutputShape) throws {
    guard
      let tree = LabelledTree(
        labels: FlatArray(try file.int32s("table.labels")), firstChild: FlatArray(try file.int32s("table.children"))),
      tree.levels.count <= parents.list.count + 2
    else { throw ModelFileError.inconsistent("table.children is not a tree of contexts") }
    let leaves = (0..<tree.count).filter(tree.isLeaf)
    let sizes = try file.counts("table.entries", count: leaves.count)
    let outcomes = try file.int32s("table.outcomes")
    let counts = try file.counts("table.counts", count: outcomes.count)
    let stops = try file.counts("table.stops", count: leaves.count)
    let decisions = try file.counts("table.decisions", count: leaves.count)
    var total = 0
    for count in counts + decisions {
      let (sum, overflow) = total.addingReportingOverflow(count)
      if overflow { throw ModelFileError.inconsistent("the counts of the table are too large") }
      total = sum
    }
    var rows = [Row](repeating: Row(), count: tree.count)
    var next = 0
    for (number, leaf) in leaves.enumerated() {
      guard sizes[number] <= outcomes.count - next else {
        throw ModelFileError.inconsistent("table.entries says more than table.outcomes holds")
      }
      for entry in next..<(next + sizes[number]) {
        guard outcomes[entry] >= 0, Int(outcomes[entry]) < shape.outcomes, counts[entry] > 0,
          rows[leaf].counts.updateValue(counts[entry], forKey: outcomes[entry]) == nil
        else { throw ModelFileError.inconsistent("table.outcomes holds what cannot be after a context") }
      }
      next += sizes[number]
      guard stops[number] <= decisions[number], shape.stop == .variable || decisions[number] == 0 else {
        throw ModelFileError.inconsistent("table.stops contradicts table.decisions")
      }
      guard
        shape.stop != .variable || rows[leaf].counts.values.reduce(0, +) == decisions[number] - stops[number]
      else {
        throw ModelFileError.inconsistent("a context of table was gone on from more or less often than it has elements")
      }
      rows[leaf].stops = stops[number]
      rows[leaf].decisions = decisions[number]
    }
    guard next == outcomes.count else {
      throw ModelFileError.inconsistent("table.outcomes holds more than table.entries says")
    }
    self.init(tree, leaves: rows)
  }
}
