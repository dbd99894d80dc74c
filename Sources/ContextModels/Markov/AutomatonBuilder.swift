import Automata
import Foundation
import ModelCore
import Sequences

/// The states of a conditional over a tree of contexts. A state is as much of the past as any context may still ask
/// about: the tree's contexts, and those that are left of them when their newest symbol is taken away, so that the state
/// after one more symbol depends on the state before alone. Where nothing has been taken out of the tree, these are its
/// contexts themselves. Contexts that look at t or a length stand behind those of their symbols (`refine`).
struct AutomatonBuilder {
  private let tree: LabelledTree
  private let path: ContextPath
  private let parents: FlatArray<Int32>
  /// For each state the context whose distribution it has.
  private let context: [Int32]
  /// Whether it is a context of its own.
  private let isContext: [Bool]
  /// For each state the one without its newest symbol; −1 where there is none, or a start mark stands there.
  private let older: [Int32]
  /// For each state its newest symbol.
  private let newest: [Int32]
  /// Whether it holds all symbols that a context can, so that t or a length comes next.
  private let isWhole: [Bool]

  init(_ contexts: LabelledTree, _ path: ContextPath) {
    // Provisional numbers: those of the contexts, then those of what must be added.
    var builder = LabelledTree.Builder()
    var parent: [Int] = [0]
    var label: [Int] = [0]
    var symbols: [Int] = [0]
    var older: [Int] = [-1]
    func child(of node: Int, along edge: Int) -> Int {
      let child = builder.child(of: node, along: edge)
      if child == parent.count {
        parent.append(node)
        label.append(edge)
        // −1 from the first label on that is no symbol.
        let isSymbol = symbols[node] >= 0 && symbols[node] < path.order
        let isMark = edge == path.startMark
        symbols.append(isSymbol ? (isMark ? path.order : symbols[node] + 1) : -1)
        older.append(-1)
      }
      return child
    }
    for node in 0..<contexts.count {
      for next in contexts.children(of: node) { _ = child(of: node, along: Int(contexts.labels[next])) }
    }
    var node = 1
    while node < parent.count {
      let (above, edge) = (parent[node], label[node])
      if symbols[node] >= 0 {
        if above > 0 {
          if older[above] >= 0 { older[node] = child(of: older[above], along: edge) }
        } else if edge != path.startMark {
          older[node] = 0
        }
      }
      node += 1
    }
    let (tree, number) = builder.finish()
    self.tree = tree
    self.path = path
    parents = tree.parents
    var context = [Int32](repeating: -1, count: tree.count)
    for node in 0..<contexts.count { context[Int(number[node])] = Int32(node) }
    isContext = context.map { $0 >= 0 }
    for state in 0..<tree.count where context[state] < 0 { context[state] = context[Int(parents[state])] }
    self.context = context
    var olderOf = [Int32](repeating: -1, count: tree.count)
    var isWhole = [Bool](repeating: path.order == 0, count: tree.count)
    for node in parent.indices {
      let state = Int(number[node])
      if older[node] >= 0 { olderOf[state] = number[older[node]] }
      isWhole[state] = symbols[node] == path.order
    }
    self.older = olderOf
    self.isWhole = isWhole
    var newest = Array(tree.labels)
    for state in 0..<tree.count where parents[state] != 0 { newest[state] = newest[Int(parents[state])] }
    self.newest = newest
  }

  /// - Parameters:
  ///   - outcomes: of the contexts' entries.
  ///   - value: P(outcome | context) of an entry.
  ///   - weight: of the next shorter context, for what a context has not seen.
  ///   - extra: what each context adds to all outcomes; empty where that is nothing.
  func states(
    _ shape: OutputShape, _ entries: (Int) -> Range<Int>, _ outcomes: FlatArray<Int32>, value: (Int) -> Double,
    weight: (Int) -> Double, extra: [Double] = [], stop: [Double], continuing: [Double]
  ) -> BackoffAutomaton {
    // The states that follow a state directly: those that are it without their newest symbol.
    var firstAfter = [Int](repeating: 0, count: tree.count + 1)
    for state in 0..<tree.count where older[state] >= 0 { firstAfter[Int(older[state]) + 1] += 1 }
    for state in 0..<tree.count { firstAfter[state + 1] += firstAfter[state] }
    var after = [Int32](repeating: 0, count: firstAfter[tree.count])
    var place = firstAfter
    // By rising newest symbol: states are numbered level by level, and siblings by their labels.
    for state in 0..<tree.count where older[state] >= 0 {
      after[place[Int(older[state])]] = Int32(state)
      place[Int(older[state])] += 1
    }
    var firstEntry = [0]
    var (listed, next): ([Int32], [Int32]) = ([], [])
    var values: [Double?] = []
    for state in 0..<tree.count {
      let own = isContext[state] ? entries(Int(context[state])) : 0..<0
      let following = after[firstAfter[state]..<firstAfter[state + 1]]
      var (entry, successor) = (own.lowerBound, following.startIndex)
      while entry < own.upperBound || successor < following.endIndex {
        let seen = entry < own.upperBound ? outcomes[entry] : .max
        let reached = successor < following.endIndex ? newest[Int(following[successor])] : .max
        listed.append(min(seen, reached))
        values.append(seen <= reached ? value(entry) : nil)
        next.append(reached <= seen ? following[successor] : -2)
        if seen <= reached { entry += 1 }
        if reached <= seen { successor += 1 }
      }
      firstEntry.append(listed.count)
    }
    let shape = shape
    let (tree, path, isWhole) = (tree, path, isWhole)
    let first = path.order > 0 ? tree.child(of: 0, along: path.startMark) ?? 0 : 0
    let refine: @Sendable (Int, StepInputs) -> Int = { state, inputs in
      guard isWhole[state] else { return state }
      var state = state
      if path.time != .none {
        guard let next = tree.child(of: state, along: path.time.label(inputs.time)) else { return state }
        state = next
      }
      if path.hasLengthInput { state = tree.child(of: state, along: inputs.length ?? 0) ?? state }
      return state
    }
    return BackoffAutomaton(
      shape: shape, shorter: Array(parents), firstEntry: firstEntry, outcomes: listed, values: values, next: next,
      weight: (0..<tree.count).map { isContext[$0] ? weight(Int(context[$0])) : 1 },
      extra: extra.isEmpty ? [] : context.map { extra[Int($0)] },
      stop: stop.isEmpty ? [] : context.map { stop[Int($0)] },
      continuing: continuing.isEmpty ? [] : context.map { continuing[Int($0)] },
      homogeneousFrom: homogeneousFrom, start: { _ in first }, refine: path.others > 0 ? refine : nil)
  }

  /// The t from which on contexts look at it in the same way.
  private var homogeneousFrom: Int {
    if path.time == .none { return 0 }
    if let last = path.time.starts?.last { return last }
    // Behind the last one that is a label of its own.
    return (0..<tree.count).reduce(0) { latest, state in
      isWhole[Int(parents[state])] && state > 0 ? max(latest, Int(tree.labels[state]) + 1) : latest
    }
  }
}

extension MarkovConditional: FiniteStateConditional {
  package func finiteStates() -> (any FiniteStateProcess)? {
    let isVariable = shape.stop == .variable
    return AutomatonBuilder(counts.tree, path).states(
      shape, counts.entries, counts.outcomes, value: { exp(elements.logProbability[$0]) },
      weight: { exp(elements.logWeight[$0]) }, stop: isVariable ? stops.logStop.map { exp($0) } : [],
      continuing: isVariable ? stops.logContinue.map { exp($0) } : [])
  }
}

extension ArpaConditional: FiniteStateConditional {
  package func finiteStates() -> (any FiniteStateProcess)? { markov.finiteStates() }
}
