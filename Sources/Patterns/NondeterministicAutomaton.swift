/// A nondeterministic automaton with empty moves, of which one state is the start and one is final, by Thompson's
/// construction (Thompson 1968, "Regular expression search algorithm").
///
/// Each part of the tree becomes paths between two states that are there already, so that hardly any empty moves are
/// needed: those of a repetition, whose state nothing else shares, and those that skip an optional part.
struct NondeterministicAutomaton {
  /// The number of states. State 0 is the start, state 1 is final.
  private(set) var stateCount = 2
  /// Moves along symbols, each with a label.
  private(set) var moves = Edges()
  /// Empty moves.
  private(set) var emptyMoves = Edges()
  /// The classes of symbols of each label.
  let labels: [[Int32]]
  /// The number of classes. The first labels are the single classes.
  let classCount: Int

  static let start = 0
  static let final = 1

  /// The automaton of a syntax tree.
  /// - Throws: `PatternError` where it is too large.
  init(_ syntax: PatternSyntax, _ classes: SymbolClasses, _ budget: inout ConstructionBudget) throws {
    labels = (0..<Int32(classes.count)).map { [$0] } + classes.classesOfSets
    classCount = classes.count
    try add(syntax, from: Self.start, to: Self.final, classes, &budget)
    moves.group(by: stateCount)
    emptyMoves.group(by: stateCount)
  }

  private mutating func newState(_ budget: inout ConstructionBudget) throws -> Int {
    stateCount += 1
    try budget.reach(states: stateCount)
    return stateCount - 1
  }

  private mutating func add(
    _ syntax: PatternSyntax, from first: Int, to last: Int, _ classes: SymbolClasses, _ budget: inout ConstructionBudget
  ) throws {
    switch syntax {
    case .symbol(let set):
      try budget.spend(1)
      moves.append(from: first, label: classCount + set, to: last)
    case .concatenation(let parts):
      if parts.isEmpty { emptyMoves.append(from: first, to: last) }
      var state = first
      for (index, part) in parts.enumerated() {
        let next = try index == parts.count - 1 ? last : newState(&budget)
        try add(part, from: state, to: next, classes, &budget)
        state = next
      }
    case .alternation(let parts):
      for part in parts { try add(part, from: first, to: last, classes, &budget) }
    case .repetition(let part, let least, let most):
      try addRepetition(of: part, least, most, from: first, to: last, classes, &budget)
    case .complement(let part):
      var complement = try StateTable(minimising: NondeterministicAutomaton(part, classes, &budget), &budget)
      try complement.complement(&budget)
      try add(complement, from: first, to: last, &budget)
    }
  }

  private mutating func addRepetition(
    of part: PatternSyntax, _ least: Int, _ most: Int?, from first: Int, to last: Int, _ classes: SymbolClasses,
    _ budget: inout ConstructionBudget
  ) throws {
    var state = first
    for _ in 0..<least {
      let next = try newState(&budget)
      try add(part, from: state, to: next, classes, &budget)
      state = next
    }
    if let most {
      for _ in least..<most {
        emptyMoves.append(from: state, to: last)
        let next = try newState(&budget)
        try add(part, from: state, to: next, classes, &budget)
        state = next
      }
    } else {
      let loop = try newState(&budget)
      try add(part, from: loop, to: loop, classes, &budget)
      emptyMoves.append(from: state, to: loop)
      state = loop
    }
    emptyMoves.append(from: state, to: last)
  }

  /// Adds a deterministic automaton over the same classes.
  private mutating func add(
    _ table: StateTable, from first: Int, to last: Int, _ budget: inout ConstructionBudget
  ) throws {
    let offset = stateCount
    stateCount += table.stateCount
    try budget.reach(states: stateCount)
    try budget.spend(table.transitions.count)
    emptyMoves.append(from: first, to: offset)
    for state in 0..<table.stateCount {
      if table.accepting[state] { emptyMoves.append(from: offset + state, to: last) }
      for label in 0..<classCount {
        let next = table.transitions[state * classCount + label]
        if next >= 0 { moves.append(from: offset + state, label: label, to: offset + Int(next)) }
      }
    }
  }

  /// Edges of a graph, grouped by the states from which they lead.
  struct Edges {
    private var sources: [Int32] = []
    private(set) var labels: [Int32] = []
    private(set) var targets: [Int32] = []
    private var offsets: [Int32] = []

    fileprivate mutating func append(from source: Int, label: Int = 0, to target: Int) {
      sources.append(Int32(source))
      labels.append(Int32(label))
      targets.append(Int32(target))
    }

    fileprivate mutating func group(by stateCount: Int) {
      let grouping = Grouping(sources, groups: stateCount)
      labels = grouping.members.map { labels[Int($0)] }
      targets = grouping.members.map { targets[Int($0)] }
      (offsets, sources) = (grouping.offsets, [])
    }

    /// The edges that lead from a state.
    subscript(state: Int) -> Range<Int> { Int(offsets[state])..<Int(offsets[state + 1]) }
  }
}
