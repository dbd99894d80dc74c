/// A deterministic automaton as a table. State 0 is the start; without states nothing is accepted.
struct StateTable {
  /// The number of classes of symbols.
  var classCount: Int
  /// A row a state: the next state for each class, −1 where nothing is accepted any more.
  var transitions: [Int32]
  /// Whether each state accepts.
  var accepting: [Bool]

  var stateCount: Int { accepting.count }

  /// The minimal automaton, in which every state can be reached and can still accept.
  /// - Throws: `PatternError` where it is too large.
  init(minimising automaton: NondeterministicAutomaton, _ budget: inout ConstructionBudget) throws {
    self = try StateTable(subsetsOf: automaton, &budget).trimmed().minimised()
  }

  init(classCount: Int, transitions: [Int32] = [], accepting: [Bool] = []) {
    self.classCount = classCount
    self.transitions = transitions
    self.accepting = accepting
  }

  /// Makes it accept what it does not. A new last state stands for whatever was rejected for good.
  mutating func complement(_ budget: inout ConstructionBudget) throws {
    try budget.reach(states: stateCount + 1)
    let dead = Int32(stateCount)
    transitions = transitions.map { $0 < 0 ? dead : $0 } + Array(repeating: dead, count: classCount)
    accepting = accepting.map { !$0 } + [true]
  }

  /// The states from which an accepting one can be reached, and the moves between them. O(transitions).
  func trimmed() -> StateTable {
    let sources = Grouping(transitions, groups: stateCount)
    var isAlive = accepting
    var reached = accepting.indices.filter { accepting[$0] }
    while let state = reached.popLast() {
      for position in sources[state] {
        let source = Int(sources.members[position]) / classCount
        if !isAlive[source] {
          isAlive[source] = true
          reached.append(source)
        }
      }
    }
    guard stateCount > 0, isAlive[0] else { return StateTable(classCount: classCount) }
    return keeping(accepting.indices.filter { isAlive[$0] })
  }

  /// The states in breadth-first order from the start, class by class: equal languages have equal tables where their
  /// classes are the same. All states must be reachable. O(transitions).
  func inCanonicalOrder() -> StateTable {
    if stateCount == 0 { return self }
    var order = [0]
    var isFound = [Bool](repeating: false, count: stateCount)
    isFound[0] = true
    var position = 0
    while position < order.count {
      for next in transitions[order[position] * classCount..<(order[position] + 1) * classCount]
      where next >= 0 && !isFound[Int(next)] {
        isFound[Int(next)] = true
        order.append(Int(next))
      }
      position += 1
    }
    return keeping(order)
  }

  /// Some of the states in a new order, and the moves between them.
  private func keeping(_ states: [Int]) -> StateTable {
    var numbers = [Int32](repeating: -1, count: stateCount)
    for (number, state) in states.enumerated() { numbers[state] = Int32(number) }
    var kept = StateTable(classCount: classCount, accepting: states.map { accepting[$0] })
    kept.transitions.reserveCapacity(states.count * classCount)
    for state in states {
      for next in transitions[state * classCount..<(state + 1) * classCount] {
        kept.transitions.append(next < 0 ? -1 : numbers[Int(next)])
      }
    }
    return kept
  }
}

extension StateTable {
  /// A number for each class, the same for classes with the same moves from every state, ascending with the first ones.
  /// O(states · classes).
  func equivalentClasses() -> [Int32] {
    var numbers = [Int32](repeating: 0, count: classCount)
    var count = min(classCount, 1)
    for state in 0..<stateCount where count < classCount {
      var divided: [UInt64: Int32] = [:]
      for symbols in 0..<classCount {
        let next = UInt32(bitPattern: transitions[state * classCount + symbols])
        let key = UInt64(numbers[symbols]) << 32 | UInt64(next)
        let number = divided[key, default: Int32(divided.count)]
        divided[key] = number
        numbers[symbols] = number
      }
      count = divided.count
    }
    return numbers
  }

  /// The table with one class for all those of a number.
  func mergingClasses(_ numbers: [Int32]) -> StateTable {
    var firsts: [Int] = []
    for (symbols, number) in numbers.enumerated() where Int(number) == firsts.count { firsts.append(symbols) }
    var merged = StateTable(classCount: firsts.count, accepting: accepting)
    merged.transitions.reserveCapacity(stateCount * firsts.count)
    for state in 0..<stateCount {
      for symbols in firsts { merged.transitions.append(transitions[state * classCount + symbols]) }
    }
    return merged
  }
}
