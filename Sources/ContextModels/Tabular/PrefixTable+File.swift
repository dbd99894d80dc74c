import ModelCore
import Sequences

extension TabularConditional {
  func write(to file: inout TensorFile) { table.write(to: &file) }

  /// Whether the counts are those of the set: parameters are counted by its longest length, to its power. O(nodes).
  package func agrees(with facts: TrainingFacts) -> Bool {
    let edges = table.visits.dropFirst().reduce(0.0) { $0 + Double($1) }
    let lengths = shape.hasLengthInput ? Double(facts.sequences) : 0
    return table.visits[0] == facts.sequences && edges == Double(facts.symbols) + lengths && longest == facts.longest
  }
}

extension PrefixTable {
  func write(to file: inout TensorFile) {
    file.set("table.labels", tree.labels)
    file.set("table.children", tree.firstChild)
    file.set("table.visits", counts: visits)
    file.set("table.ends", counts: ends)
  }

  /// Reads and checks a table: visits must be those of the children and the ends.
  /// - Throws: `ModelFileError`.
  init(from file: TensorFile, _ shape: OutputShape) throws {
    guard
      let tree = LabelledTree(
        labels: FlatArray(try file.int32s("table.labels")),
        firstChild: FlatArray(try file.int32s("table.children")))
    else { throw ModelFileError.inconsistent("table.children is not a tree") }
    let visits = try file.counts("table.visits", count: tree.count)
    let ends = try file.counts("table.ends", count: tree.count)
    for node in 0..<tree.count {
      let children = tree.children(of: node)
      let isLengthEdge = shape.hasLengthInput && node == 0
      let limit = isLengthEdge ? Int(Int32.max) : shape.alphabetSize - 1
      guard children.allSatisfy({ Int(tree.labels[$0]) <= limit }) else {
        throw ModelFileError.inconsistent("table.labels holds a symbol outside the alphabet")
      }
      var sum = ends[node]
      for child in children {
        let (next, overflow) = sum.addingReportingOverflow(visits[child])
        if overflow { throw ModelFileError.inconsistent("table.visits is too large") }
        sum = next
      }
      guard sum == visits[node] else {
        throw ModelFileError.inconsistent("table.visits of node \(node) is not the sum of what follows it")
      }
    }
    self.init(tree: tree, visits: visits, ends: ends)
  }
}
