import ModelCore
import Sequences

extension TabularFamily: DirichletFamily {
  package func posteriorRows(of conditional: any Conditional, on set: SequenceSet) -> [DirichletRow]? {
    guard added > 0, let fitted = conditional as? TabularConditional else { return nil }
    let (shape, train) = (fitted.shape, fitted.table)
    let asked = PrefixTable(set, conditional.shape)
    /// The same histories in training, where they occurred.
    var places = [Int?](repeating: 0, count: asked.tree.count)
    var rows: [DirichletRow] = []
    for node in 0..<asked.tree.count {
      let place = places[node]
      let visits = place.map { train.visits[$0] } ?? 0
      let ends = place.map { train.ends[$0] } ?? 0
      let hasEnd = shape.stop == .outcome
      var row = DirichletRow(total: hasEnd ? visits : visits - ends, kinds: shape.outcomes, added: added)
      for child in asked.tree.children(of: node) {
        places[child] = place.flatMap { train.tree.child(of: $0, along: Int(asked.tree.labels[child])) }
        let count = places[child].map { train.visits[$0] } ?? 0
        row.add(events: asked.visits[child], count: count, added: added, kinds: shape.outcomes)
      }
      // The edges at the root are lengths where those are inputs: nothing is decided there.
      if shape.hasLengthInput, node == 0 { continue }
      if hasEnd, asked.ends[node] > 0 {
        row.add(events: asked.ends[node], count: ends, added: added, kinds: shape.outcomes)
      }
      if !row.outcomes.isEmpty { rows.append(row) }
      if shape.stop == .variable {
        var stop = DirichletRow(total: visits, kinds: 2, added: added)
        stop.add(events: asked.ends[node], count: ends, added: added, kinds: 2)
        stop.add(events: asked.visits[node] - asked.ends[node], count: visits - ends, added: added, kinds: 2)
        rows.append(stop)
      }
    }
    return rows
  }
}
