import Support

extension StateTable {
  /// The subset construction (Rabin and Scott 1959): a state is the set of those that a nondeterministic automaton may
  /// be in. Time and memory are as many steps as the budget counts, which in the worst case is exponential.
  /// - Throws: `PatternError` where it is too large.
  init(subsetsOf automaton: NondeterministicAutomaton, _ budget: inout ConstructionBudget) throws {
    self.init(classCount: automaton.classCount)
    var subsets = Subsets(automaton, limit: budget.states)
    try subsets.add([Int32(NondeterministicAutomaton.start)], &budget)
    var targets = [[Int32]](repeating: [], count: classCount)
    var state = 0
    while state < subsets.count {
      accepting.append(subsets.isFinal(state))
      for position in subsets.members(state) {
        for edge in automaton.moves[Int(subsets.elements[position])] {
          let label = Int(automaton.moves.labels[edge])
          try budget.spend(automaton.labels[label].count)
          for symbols in automaton.labels[label] { targets[Int(symbols)].append(automaton.moves.targets[edge]) }
        }
      }
      try budget.spend(classCount)
      for symbols in 0..<classCount {
        let next = targets[symbols].isEmpty ? -1 : try subsets.add(targets[symbols], &budget)
        transitions.append(Int32(next))
        targets[symbols].removeAll(keepingCapacity: true)
      }
      state += 1
    }
  }
}

/// Sets of states of a nondeterministic automaton, closed under its empty moves, each stored once. States from which no
/// symbol leads are left out, but for the final one.
private struct Subsets {
  /// The members of the sets, set by set, ascending.
  private(set) var elements: [Int32] = []
  private let automaton: NondeterministicAutomaton
  private var offsets = [0]
  private var index: HashIndex
  /// Whether a state is in the set that is being made.
  private var isIn: [Bool]
  private var found: [Int32] = []

  init(_ automaton: NondeterministicAutomaton, limit: Int) {
    self.automaton = automaton
    index = HashIndex(below: limit + 1)
    isIn = [Bool](repeating: false, count: automaton.stateCount)
  }

  /// How many sets there are.
  var count: Int { offsets.count - 1 }

  func members(_ set: Int) -> Range<Int> { offsets[set]..<offsets[set + 1] }

  /// Whether the final state is in a set. Only the start comes before it.
  func isFinal(_ set: Int) -> Bool { elements[members(set)].prefix(2).contains(Int32(NondeterministicAutomaton.final)) }

  /// The number of the closure of these states.
  @discardableResult
  mutating func add(_ states: [Int32], _ budget: inout ConstructionBudget) throws -> Int {
    close(states)
    try budget.spend(found.count)
    let begin = elements.count
    for state in found {
      isIn[Int(state)] = false
      try budget.spend(automaton.emptyMoves[Int(state)].count)
      if state == NondeterministicAutomaton.final || !automaton.moves[Int(state)].isEmpty { elements.append(state) }
    }
    elements[begin...].sort()
    var hash = FNV1a()
    for position in begin..<elements.count { hash.add(Int(elements[position])) }
    let known = index.number(of: hash.value) { elements[members($0)].elementsEqual(elements[begin...]) }
    if let known {
      elements.removeSubrange(begin...)
      return known
    }
    let set = index.number(of: hash.value, adding: count) { _ in false }
    offsets.append(elements.count)
    try budget.reach(states: count)
    return set
  }

  /// Finds all states that empty moves lead to.
  private mutating func close(_ states: [Int32]) {
    found.removeAll(keepingCapacity: true)
    for state in states where !isIn[Int(state)] {
      isIn[Int(state)] = true
      found.append(state)
    }
    var position = 0
    while position < found.count {
      for edge in automaton.emptyMoves[Int(found[position])] {
        let next = automaton.emptyMoves.targets[edge]
        if !isIn[Int(next)] {
          isIn[Int(next)] = true
          found.append(next)
        }
      }
      position += 1
    }
  }
}
