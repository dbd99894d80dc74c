import ModelCore
import Sequences

/// The counts of a full-history table, stored sparsely: a tree of the histories that occur, where each node knows how
/// many sequences pass through it and how many end there. Where the length is an input, it is the first edge.
package struct PrefixTable: Summary, Hashable {
  let tree: LabelledTree
  /// How many sequences begin with the node's history.
  let visits: [Int]
  /// How many are over there.
  let ends: [Int]
}

extension PrefixTable {
  /// Counts a set. O(symbols).
  init(_ set: SequenceSet, _ shape: OutputShape) {
    var builder = LabelledTree.Builder()
    var visits = [0]
    var ends = [0]
    func visit(_ node: Int) {
      if node == visits.count {
        visits.append(0)
        ends.append(0)
      }
      visits[node] += 1
    }
    for index in 0..<set.count {
      let sequence = set[index]
      var node = 0
      visits[0] += 1
      if let length = shape.lengthLabel(time: 0, length: sequence.count) {
        node = builder.child(of: 0, along: length)
        visit(node)
      }
      for symbol in sequence {
        node = builder.child(of: node, along: symbol)
        visit(node)
      }
      ends[node] += 1
    }
    let (tree, number) = builder.finish()
    var orderedVisits = visits
    var orderedEnds = ends
    for (node, new) in number.enumerated() {
      orderedVisits[Int(new)] = visits[node]
      orderedEnds[Int(new)] = ends[node]
    }
    self.init(tree: tree, visits: orderedVisits, ends: orderedEnds)
  }

  /// Adds the counts of the part that follows, in any order: they are integers. O(nodes of both).
  /// - Throws: `FittingError.tooLarge`.
  package mutating func add(_ next: PrefixTable) throws {
    guard tree.count + next.tree.count < Int32.max else {
      throw FittingError.tooLarge(contexts: tree.count + next.tree.count)
    }
    let (merged, nodes) = tree.merged(with: next.tree)
    func sums(_ counts: [Int], _ others: [Int]) -> [Int] {
      nodes.map { ($0.own.map { counts[$0] } ?? 0) + ($0.other.map { others[$0] } ?? 0) }
    }
    self = PrefixTable(tree: merged, visits: sums(visits, next.visits), ends: sums(ends, next.ends))
  }
}
