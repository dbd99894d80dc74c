import ModelCore
import Sequences

extension MarkovFamily: DirichletFamily {
  package func posteriorRows(of conditional: any Conditional, on set: SequenceSet) throws -> [DirichletRow]? {
    guard let added = (smoother as? Additive)?.added else { return nil }
    guard let fitted = conditional.markovWithAllContexts else {
      guard conditional is DeepMarkovConditional else { return nil }
      throw SpecificationError.refused(
        model: word(complete: false),
        reason: "its posterior needs all contexts, of which there are millions at this order: take a lower order")
    }
    let (shape, train) = (fitted.shape, fitted.counts)
    guard train.unit == 1 else {
      throw SpecificationError.refused(
        model: word(complete: false), reason: "its counts are fractions, means over fillings of missing elements")
    }
    let asked = try ContextCounts(set, fitted.path, shape, lowerOrders: false)
    /// The same contexts in training, where they occurred.
    var places = [Int?](repeating: 0, count: asked.tree.count)
    var rows: [DirichletRow] = []
    for node in 0..<asked.tree.count {
      let place = places[node]
      for child in asked.tree.children(of: node) {
        places[child] = place.flatMap { train.tree.child(of: $0, along: Int(asked.tree.labels[child])) }
      }
      let entries = asked.entries(of: node)
      if !entries.isEmpty {
        let total = place.map { train.counts[train.entries(of: $0)].reduce(0, +) } ?? 0
        var row = DirichletRow(total: total, kinds: shape.outcomes, added: added)
        for entry in entries {
          let count =
            place.flatMap { train.rows.entry(of: $0, Int(asked.outcomes[entry])) }.map { train.counts[$0] } ?? 0
          row.add(events: asked.counts[entry], count: count, added: added, kinds: shape.outcomes)
        }
        rows.append(row)
      }
      if asked.decisions(in: node) > 0 {
        let (stops, decisions) = place.map { (train.stops(in: $0), train.decisions(in: $0)) } ?? (0, 0)
        var row = DirichletRow(total: decisions, kinds: 2, added: added)
        row.add(events: asked.stops(in: node), count: stops, added: added, kinds: 2)
        row.add(
          events: asked.decisions(in: node) - asked.stops(in: node), count: decisions - stops, added: added, kinds: 2)
        rows.append(row)
      }
    }
    return rows
  }
}
