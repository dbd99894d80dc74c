import ModelCore
import Sequences

/// The states of a process that sequences with some evidence can come to at each node: lists where those are few; `nil`
/// (all states) elsewhere.
struct LiveStates: Sendable {
  /// For each node of the graph; empty where no sequence comes to it.
  private(set) var lists: [[Int32]?]

  /// Follows the graph from its starts. What would be more ways than there are states is taken for all states.
  /// - Parameter components: of the graph, those that lead to others behind them.
  init(_ process: any FiniteStateProcess, _ graph: EvidenceGraph, _ components: [[Int]]) {
    self.init(of: process, graph, components)
  }

  private init<P: FiniteStateProcess>(of process: P, _ graph: EvidenceGraph, _ components: [[Int]]) {
    lists = Array(repeating: [], count: graph.nodeCount)
    let (count, k) = (process.stateCount, process.shape.alphabetSize)
    var workspace = Workspace()
    for start in graph.starts {
      for state in process.start(graph.step(start.node)) { lists[start.node]?.append(Int32(state.state)) }
    }
    for component in components.reversed() {
      let isCycle = component.count > 1 || graph.successors(component[0]).contains(component[0])
      if isCycle {
        // As far as anything comes there at all.
        let isReached = component.contains { lists[$0]?.isEmpty != true }
        if isReached { for node in component { lists[node] = nil } }
      }
      for node in component {
        if let list = lists[node], list.count > 1 { lists[node] = Self.distinct(list) }
        follow(node)
      }
    }

    func follow(_ node: Int) {
      guard let (moves, base) = graph.moves(node) else { return }
      let list = lists[node]
      let ways = (list?.count ?? count) * moves.breadth(k)
      let isMany = ways > (list == nil ? 2 * count : count)
      if list?.isEmpty == true { return }
      if isMany {
        for target in moves.targets { lists[target + base] = nil }
        return
      }
      let step = graph.step(node)
      func add(_ state: Int) {
        process.forEachWay(from: state, by: moves.few, step, &workspace) { symbol, next, _ in
          let target = moves(symbol)
          if target >= 0 { lists[target + base]?.append(Int32(next)) }
        }
      }
      if let list { for state in list { add(Int(state)) } } else { for state in 0..<count { add(state) } }
    }
  }

  private static func distinct(_ states: [Int32]) -> [Int32] {
    var distinct = states.sorted()
    var kept = 1
    for index in 1..<distinct.count where distinct[index] != distinct[kept - 1] {
      distinct[kept] = distinct[index]
      kept += 1
    }
    distinct.removeLast(distinct.count - kept)
    return distinct
  }

  /// The numbers that a message for each of them takes.
  func size(_ stateCount: Int) -> Int { lists.reduce(0) { $0 + ($1?.count ?? stateCount) } }
}
