extension StateTable {
  /// The automaton with the fewest states for the language (Hopcroft 1971, "An n log n algorithm for minimizing states
  /// in a finite automaton"): the coarsest partition of the states that agrees with acceptance and with every class.
  /// The table must be trimmed. Since moves may be missing, the search begins with both blocks and not with the smaller
  /// one. O(classes · states · log states).
  func minimised() -> StateTable {
    let sources = sourcesByTarget()
    var partition = StatePartition(accepting)
    var waiting = Array(0..<partition.count)
    var isWaiting = [Bool](repeating: true, count: partition.count)
    var members: [Int32] = []
    while let splitter = waiting.popLast() {
      isWaiting[splitter] = false
      members.removeAll(keepingCapacity: true)
      members.append(contentsOf: partition.states(splitter))
      for symbols in 0..<classCount {
        for member in members {
          for position in sources[Int(member) * classCount + symbols] {
            partition.mark(sources.members[position] / Int32(classCount))
          }
        }
        for (block, new) in partition.splitMarked() {
          isWaiting.append(false)
          let added = isWaiting[block] || partition.size(new) <= partition.size(block) ? new : block
          isWaiting[added] = true
          waiting.append(added)
        }
      }
    }
    return quotient(partition)
  }

  /// The moves, as positions in `transitions`, grouped by target and class.
  private func sourcesByTarget() -> Grouping {
    var keys = transitions
    for position in keys.indices where keys[position] >= 0 {
      keys[position] = keys[position] * Int32(classCount) + Int32(position % classCount)
    }
    return Grouping(keys, groups: transitions.count)
  }

  /// The automaton whose states are the blocks, that of state 0 first.
  private func quotient(_ partition: StatePartition) -> StateTable {
    if stateCount == 0 { return self }
    let first = partition.block(0)
    // Block 0 and the start's change numbers.
    func number(_ block: Int) -> Int { block == first ? 0 : block == 0 ? first : block }
    var quotient = StateTable(
      classCount: classCount, transitions: Array(repeating: -1, count: partition.count * classCount),
      accepting: Array(repeating: false, count: partition.count))
    for block in 0..<partition.count {
      guard let state = partition.states(block).first.map(Int.init) else { continue }
      quotient.accepting[number(block)] = accepting[state]
      for symbols in 0..<classCount {
        let next = transitions[state * classCount + symbols]
        if next >= 0 {
          quotient.transitions[number(block) * classCount + symbols] = Int32(number(partition.block(Int(next))))
        }
      }
    }
    return quotient
  }
}

/// A partition of states into blocks that can be refined: each block is a segment of one array, marked states first.
private struct StatePartition {
  private var states: [Int32]
  private var positions: [Int32]
  private var blocks: [Int32]
  private var starts: [Int] = []
  private var ends: [Int] = []
  private var marks: [Int] = []
  private var marked: [Int] = []

  /// The accepting states and the others.
  init(_ accepting: [Bool]) {
    let grouping = Grouping(accepting.map { $0 ? 0 : 1 }, groups: 2)
    states = grouping.members
    positions = [Int32](repeating: 0, count: states.count)
    blocks = positions
    for group in 0..<2 where !grouping[group].isEmpty { addBlock(grouping[group]) }
    for (position, state) in states.enumerated() { positions[Int(state)] = Int32(position) }
  }

  var count: Int { starts.count }
  func states(_ block: Int) -> ArraySlice<Int32> { states[starts[block]..<ends[block]] }
  func size(_ block: Int) -> Int { ends[block] - starts[block] }
  func block(_ state: Int) -> Int { Int(blocks[state]) }

  /// Marks a state that is not marked yet.
  mutating func mark(_ state: Int32) {
    let block = block(Int(state))
    if marks[block] == 0 { marked.append(block) }
    let (from, to) = (Int(positions[Int(state)]), starts[block] + marks[block])
    let other = states[to]
    (states[from], states[to]) = (other, state)
    (positions[Int(other)], positions[Int(state)]) = (Int32(from), Int32(to))
    marks[block] += 1
  }

  /// Makes the marked states of each block that has others too a new block, and removes all marks.
  mutating func splitMarked() -> [(block: Int, new: Int)] {
    var splits: [(block: Int, new: Int)] = []
    for block in marked {
      let split = starts[block] + marks[block]
      marks[block] = 0
      if split == ends[block] { continue }
      let new = starts[block]..<split
      starts[block] = split
      addBlock(new)
      splits.append((block, count - 1))
    }
    marked.removeAll(keepingCapacity: true)
    return splits
  }

  private mutating func addBlock(_ segment: Range<Int>) {
    for position in segment { blocks[Int(states[position])] = Int32(count) }
    starts.append(segment.lowerBound)
    ends.append(segment.upperBound)
    marks.append(0)
  }
}
