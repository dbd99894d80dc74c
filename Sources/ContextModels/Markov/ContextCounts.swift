import ModelCore
import Sequences

/// What a Markov model counts: for each context, how often each outcome follows and how often the sequence stops.
///
/// Contexts are nodes of a tree whose edges lead from the nearest parent outwards, so that the shorter contexts a
/// smoother falls back on are the nodes on the way. A node's outcomes are its row's.
package struct ContextCounts: Sendable, Hashable {
  package let tree: LabelledTree
  package let rows: SparseRows
  /// What one occurrence counts: more than 1 where counts are means over several fillings of gaps, and so fractions.
  let unit: Int
  /// One for each entry, in units.
  package let counts: FlatArray<Int>
  /// How often the sequence was over in each context, and the number of stop decisions there; empty but for shapes with a stop
  /// variable. In units.
  let stops: FlatArray<Int>
  let decisions: FlatArray<Int>
  /// Scratch space, also for arrays that are derived from the counts.
  let scratch: Scratch?
  /// Where unary paths are read in the text; `nil` where all contexts are in the tree.
  let tails: ContextTails?

  package var outcomes: FlatArray<Int32> { rows.outcomes }

  package func entries(of node: Int) -> Range<Int> { rows.entries(of: node) }

  /// A number in units as one of occurrences.
  @inline(__always) func occurrences(_ number: Int) -> Double { Double(number) / Double(unit) }

  /// How often the sequence was over in a context, in units; 0 for shapes without a stop variable.
  package func stops(in node: Int) -> Int { stops.isEmpty ? 0 : stops[node] }

  /// Whether a stop variable decides.
  var hasStops: Bool { !decisions.isEmpty }

  /// The number of stop decisions in a context, in units.
  package func decisions(in node: Int) -> Int { decisions.isEmpty ? 0 : decisions[node] }

  init(
    tree: LabelledTree, rows: SparseRows, unit: Int = 1, counts: FlatArray<Int>, stops: FlatArray<Int> = [],
    decisions: FlatArray<Int> = [], scratch: Scratch? = nil, tails: ContextTails? = nil
  ) {
    self.tree = tree
    self.rows = rows
    self.unit = unit
    self.counts = counts
    self.stops = stops
    self.decisions = decisions
    self.scratch = scratch
    self.tails = tails
  }

  package static func == (a: ContextCounts, b: ContextCounts) -> Bool {
    a.tree == b.tree && a.rows == b.rows && a.unit == b.unit && a.counts == b.counts && a.stops == b.stops
      && a.decisions == b.decisions
      && a.tails == b.tails
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(tree)
    hasher.combine(outcomes)
    hasher.combine(counts)
  }

  /// The same with the end no longer among the outcomes, where the shape has a stop variable for it.
  func splittingStops(_ shape: OutputShape) -> ContextCounts {
    guard shape.stop == .variable else { return self }
    var stops = FlatBuffer<Int>(capacity: tree.count, scratch: scratch)
    var decisions = FlatBuffer<Int>(capacity: tree.count, scratch: scratch)
    var first = FlatBuffer<Int>(capacity: tree.count + 1, scratch: scratch)
    var elements = FlatBuffer<Int32>(capacity: outcomes.count, scratch: scratch)
    var elementCounts = FlatBuffer<Int>(capacity: outcomes.count, scratch: scratch)
    first.append(0)
    for node in 0..<tree.count {
      var range = entries(of: node)
      decisions.append(counts[range].reduce(0, +))
      if let last = range.last, Int(outcomes[last]) == shape.alphabetSize {
        stops.append(counts[last])
        range = range.dropLast()
      } else {
        stops.append(0)
      }
      elements.append(outcomes.buffer, range)
      elementCounts.append(counts.buffer, range)
      first.append(elements.count)
    }
    return ContextCounts(
      tree: tree, rows: SparseRows(firstEntry: first.finished(), outcomes: elements.finished()), unit: unit,
      counts: elementCounts.finished(), stops: stops.finished(), decisions: decisions.finished(), scratch: scratch,
      tails: tails)
  }
}
