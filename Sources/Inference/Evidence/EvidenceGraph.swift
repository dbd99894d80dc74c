import Foundation
import ModelCore
import Patterns
import Sequences
import Support

/// The automaton of some evidence beside a clock, as far as steps of a process depend on time or length: a node is a state of
/// the automaton at a tick of the clock, and knows what its step looks at. Sequences begin at one of the starts, each with
/// the probability of its length where that is drawn first.
struct EvidenceGraph: Sendable {
  /// When a sequence may end at a node.
  enum End { case never, decided, given }

  /// What of time and length steps depend on.
  enum Clock: Sendable {
    /// Nothing: a node is a state.
    case still
    /// t, which the automaton's state tells: it is that of an incomplete sequence, of this length.
    case position(length: Int)
    /// t up to a last one, from which on steps are the same.
    case time(last: Int)
    /// τ − t, up to a largest τ.
    case remaining(longest: Int)
    /// t in a sequence of this length.
    case timeOf(length: Int)

    /// The number of its ticks.
    var ticks: Int {
      switch self {
      case .still, .position: 1
      case .time(let last): last + 1
      case .remaining(let longest): longest + 1
      case .timeOf(let length): length + 1
      }
    }
  }

  /// The automaton.
  let automaton: any SymbolAutomaton
  private let shape: OutputShape
  private let clock: Clock
  /// The nodes where sequences begin, with log P(τ) where lengths are drawn first.
  let starts: [(node: Int, logWeight: Double)]
  /// Of each state of the automaton: where symbols lead.
  private let moves: [SymbolMoves]

  /// The graph of sequences of any length.
  init(
    _ automaton: any SymbolAutomaton, _ shape: OutputShape, _ clock: Clock, _ starts: [(length: Int, logWeight: Double)]
  ) {
    self.automaton = automaton
    self.shape = shape
    self.clock = clock
    moves = (0..<automaton.stateCount).map { SymbolMoves(automaton, from: $0, alphabetSize: shape.alphabetSize) }
    let width = automaton.stateCount
    self.starts =
      automaton.start.map { state in
        starts.map { start in
          if case .remaining = clock { return (start.length * width + state, start.logWeight) }
          return (state, start.logWeight)
        }
      } ?? []
  }

  /// The number of nodes.
  var nodeCount: Int { clock.ticks * automaton.stateCount }

  /// - Throws: `SpecificationError.malformed` where there would be too many nodes.
  static func checkSize(_ automaton: any SymbolAutomaton, _ clock: Clock) throws {
    let (nodes, isTooLarge) = clock.ticks.multipliedReportingOverflow(by: automaton.stateCount)
    guard !isTooLarge, nodes < Int(Int32.max) else {
      throw SpecificationError.malformed(
        "exact answers to this would look at \(isTooLarge ? "far too many" : "\(nodes)") pairs of a pattern's state and a "
          + "length: a pattern with fewer repetitions has fewer")
    }
    try EvidenceMessages.check(nodes * 60)
  }

  /// The state of the automaton at a node.
  func state(_ node: Int) -> Int { node % automaton.stateCount }

  private func tick(_ node: Int) -> Int { node / automaton.stateCount }

  /// The length of sequences that begin at a node, where it is given.
  func length(of node: Int) -> Int {
    switch clock {
    case .position(let length), .timeOf(let length): length
    case .remaining: tick(node)
    case .still, .time: 0
    }
  }

  /// What a node's step looks at.
  func step(_ node: Int) -> StepInputs {
    switch clock {
    case .still: StepInputs(time: 0)
    case .position(let length): shape.inputs(time: node, length: length)
    case .time: StepInputs(time: tick(node))
    case .remaining: shape.inputs(time: 0, length: tick(node))
    case .timeOf(let length): shape.inputs(time: tick(node), length: length)
    }
  }

  /// Whether sequences may end at a node, and who says so.
  func end(_ node: Int) -> End {
    guard automaton.isAccepting(state(node)) else { return .never }
    if shape.decidesEnd { return .decided }
    return switch clock {
    case .remaining: tick(node) == 0 ? .given : .never
    case .timeOf(let length): tick(node) == length ? .given : .never
    case .still, .position, .time: .given
    }
  }

  /// Where symbols lead from a node, and what to add to a target to have its node; `nil` where the length is reached.
  func moves(_ node: Int) -> (moves: SymbolMoves, base: Int)? {
    let (tick, width) = (tick(node), automaton.stateCount)
    let next: Int? =
      switch clock {
      case .still, .position: 0
      case .time(let last): min(tick + 1, last)
      case .remaining: tick == 0 ? nil : tick - 1
      case .timeOf(let length): tick == length ? nil : tick + 1
      }
    return next.map { (moves[state(node)], $0 * width) }
  }

  /// The nodes that a node leads to.
  func successors(_ node: Int) -> [Int] {
    guard let (moves, base) = moves(node) else { return [] }
    return moves.targets.map { $0 + base }
  }

  /// The nodes that sequences come to, in strongly connected components: a component stands before those that lead to it
  /// (Tarjan 1972). O(nodes + edges).
  func components() -> [[Int]] {
    if case .position = clock { return stride(from: nodeCount - 1, through: 0, by: -1).map { [$0] } }
    var (index, low) = ([Int](repeating: -1, count: nodeCount), [Int](repeating: -1, count: nodeCount))
    var isOnStack = [Bool](repeating: false, count: nodeCount)
    var (stack, entered) = ([Int](), 0)
    var components: [[Int]] = []
    for start in starts.map(\.node) where index[start] < 0 {
      var calls: [(node: Int, successors: [Int], position: Int)] = []
      func enter(_ node: Int) {
        (index[node], low[node]) = (entered, entered)
        entered += 1
        stack.append(node)
        isOnStack[node] = true
        calls.append((node, successors(node), 0))
      }
      enter(start)
      while let call = calls.last {
        if call.position < call.successors.count {
          calls[calls.count - 1].position += 1
          let next = call.successors[call.position]
          if index[next] < 0 {
            enter(next)
          } else if isOnStack[next] {
            low[call.node] = min(low[call.node], index[next])
          }
          continue
        }
        calls.removeLast()
        if let above = calls.last { low[above.node] = min(low[above.node], low[call.node]) }
        if low[call.node] == index[call.node] {
          var component: [Int] = []
          while let node = stack.popLast() {
            isOnStack[node] = false
            component.append(node)
            if node == call.node { break }
          }
          components.append(component.sorted())
        }
      }
    }
    return components
  }

  /// The greatest common divisor of the lengths of all cycles of a component; 1 where it is above 64.
  func period(of component: [Int], _ positions: [Int: Int]) -> Int {
    var level = [Int](repeating: -1, count: component.count)
    level[0] = 0
    var (waiting, period) = ([0], 0)
    func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
    while let position = waiting.popLast() {
      for next in successors(component[position]) {
        guard let target = positions[next] else { continue }
        if level[target] < 0 {
          level[target] = level[position] + 1
          waiting.append(target)
        } else {
          period = divisor(period, abs(level[position] + 1 - level[target]))
        }
      }
    }
    return (1...64).contains(period) ? period : 1
  }
}

/// Where each symbol leads from a state of an automaton.
struct SymbolMoves: Sendable {
  /// Of each symbol, −1 where it is ruled out; empty where all lead to the same.
  let table: [Int32]
  /// The symbols that are not ruled out, where those are few; `nil` for many.
  let few: [Symbol]?
  /// The different targets, rising.
  let targets: [Int]

  /// So many symbols are few: each is looked up by itself.
  private static let mostFew = 4

  init(_ automaton: any SymbolAutomaton, from state: Int, alphabetSize k: Int) {
    if let sequence = automaton as? IncompleteSequence {
      self = Self.moves(sequence, state, k)
    } else {
      self.init(table: (0..<k).map { Int32(automaton.next(state, $0) ?? -1) })
    }
  }

  private init(table: [Int32]) {
    let allowed = table.indices.filter { table[$0] >= 0 }
    let targets = Set(allowed.map { Int(table[$0]) }).sorted()
    self.init(
      table: targets.count == 1 && allowed.count == table.count ? [] : table,
      few: allowed.count <= Self.mostFew ? allowed : nil, targets: targets)
  }

  private init(table: [Int32], few: [Symbol]?, targets: [Int]) {
    (self.table, self.few, self.targets) = (table, few, targets)
  }

  private static func moves(_ sequence: IncompleteSequence, _ position: Int, _ k: Int) -> Self {
    guard position < sequence.elements.count else { return Self(table: [], few: [], targets: []) }
    switch sequence.elements[position] {
    case .symbol(let symbol): return Self(table: [], few: [symbol], targets: [position + 1])
    case .anything: return Self(table: [], few: nil, targets: [position + 1])
    case .oneOf(let symbols):
      if symbols.count <= mostFew {
        return Self(table: [], few: symbols, targets: symbols.isEmpty ? [] : [position + 1])
      }
      var table = [Int32](repeating: -1, count: k)
      for symbol in symbols { table[symbol] = Int32(position + 1) }
      return Self(table: table)
    }
  }

  /// The target of a symbol; −1 where it is ruled out.
  func callAsFunction(_ symbol: Symbol) -> Int { table.isEmpty ? targets[0] : Int(table[symbol]) }

  /// About how many symbols are looked at.
  func breadth(_ k: Int) -> Int { few?.count ?? k }
}
