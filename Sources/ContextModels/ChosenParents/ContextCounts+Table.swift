import ModelCore
import Sequences

/// The counts of a table: how often each outcome followed each context of chosen parents, and contexts that lack the last
/// parents. The leaves of their tree are the full contexts.
extension ContextCounts {
  /// The counts of a table from those of its events. O(distinct events · parents).
  /// - Parameter lowerOrders: whether contexts that lack the last parents are counted too.
  /// - Throws: `FittingError.tooLarge`.
  package init(
    _ events: consuming EventCounts, _ parents: TableParents, _ shape: OutputShape, lowerOrders: Bool
  ) throws {
    // A label for each parent, the length and the outcome.
    try self.init(events, shape, longestPath: parents.list.count + 2, lowerOrders: lowerOrders)
  }

  var leaves: [Int] { (0..<tree.count).filter(tree.isLeaf) }

  /// Writes the leaves' counts: the others are their sums.
  func writeTable(to file: inout TensorFile) {
    let leaves = leaves
    file.set("table.labels", tree.labels)
    file.set("table.children", tree.firstChild)
    file.set("table.entries", counts: leaves.map { entries(of: $0).count })
    file.set("table.outcomes", leaves.flatMap { outcomes[entries(of: $0)] })
    file.set("table.counts", counts: leaves.flatMap { counts[entries(of: $0)] })
    file.set("table.stops", counts: leaves.map(stops(in:)))
    file.set("table.decisions", counts: leaves.map(decisions(in:)))
  }

  /// Reads and checks what `writeTable` has written.
  /// - Throws: `ModelFileError`, `FittingError.tooLarge`.
  init(tableFrom file: TensorFile, _ parents: TableParents, _ shape: OutputShape, lowerOrders: Bool) throws {
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
    /// Each leaf's outcomes with their counts, a stop among them.
    var events = [[(outcome: Int32, count: Int)]](repeating: [], count: tree.count)
    var next = 0
    for (number, leaf) in leaves.enumerated() {
      guard sizes[number] <= outcomes.count - next else {
        throw ModelFileError.inconsistent("table.entries says more than table.outcomes holds")
      }
      let range = next..<(next + sizes[number])
      for entry in range {
        guard outcomes[entry] > events[leaf].last?.outcome ?? -1, Int(outcomes[entry]) < shape.outcomes,
          counts[entry] > 0
        else { throw ModelFileError.inconsistent("table.outcomes holds what cannot be after a context") }
        events[leaf].append((outcomes[entry], counts[entry]))
      }
      next = range.upperBound
      guard stops[number] <= decisions[number], shape.stop == .variable || decisions[number] == 0 else {
        throw ModelFileError.inconsistent("table.stops contradicts table.decisions")
      }
      guard shape.stop != .variable || counts[range].reduce(0, +) == decisions[number] - stops[number] else {
        throw ModelFileError.inconsistent("a context of table was gone on from more or less often than it has elements")
      }
      if stops[number] > 0 { events[leaf].append((Int32(truncatingIfNeeded: shape.alphabetSize), stops[number])) }
    }
    guard next == outcomes.count else {
      throw ModelFileError.inconsistent("table.outcomes holds more than table.entries says")
    }
    var levels = ContextTreeBuilder(longestPath: tree.levels.count, scratch: nil)
    tree.forEachLeaf { leaf, labels in
      for (outcome, count) in events[leaf] {
        (labels + [UInt32(bitPattern: outcome)]).withUnsafeBufferPointer { levels.append($0, count: count) }
      }
    }
    if lowerOrders { levels.addUp(outcomes: shape.alphabetSize + 1) }
    self = try levels.finished(shape)
  }
}
