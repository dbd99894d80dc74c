import Sequences

extension Pattern {
  /// The strongly connected components of the states (Tarjan 1972), each ascending, in reverse topological order: a
  /// component comes before those that lead to it. O(states · classes).
  public var components: [[Int]] {
    var search = ComponentSearch(count: stateCount)
    for state in 0..<stateCount { search.visit(state, transitions, classCount) }
    return search.components
  }

  /// The lengths of the shortest and the longest accepted sequences, the longest nil where there is none; nil where no
  /// sequence is accepted. O(states · classes).
  public var lengths: (shortest: Int, longest: Int?)? {
    guard let start else { return nil }
    // Since every state leads to an accepting one, any cycle makes lengths unbounded.
    var (shortest, longest) = ([Int](repeating: .max, count: stateCount), [Int?](repeating: nil, count: stateCount))
    shortest = distancesToAccepting()
    for component in components {
      guard component.count == 1, let state = component.first else { return (shortest[start], nil) }
      var most = 0
      for next in transitions[state * classCount..<(state + 1) * classCount] where next >= 0 {
        guard Int(next) != state, let rest = longest[Int(next)] else { return (shortest[start], nil) }
        most = max(most, rest + 1)
      }
      longest[state] = most
    }
    return (shortest[start], longest[start])
  }

  /// The elements' sets, where all accepted sequences have one length and each element is any of a set, whatever the
  /// others are; nil where it is otherwise. O(states · classes + size of the alphabet · length).
  public var incomplete: IncompleteSequence? {
    // The minimal automaton of such a language is a chain.
    guard stateCount > 0, accepting.firstIndex(of: true) == stateCount - 1 else { return nil }
    for (position, next) in transitions.enumerated() where next >= 0 && Int(next) != position / classCount + 1 {
      return nil
    }
    var members = [[Symbol]](repeating: [], count: classCount)
    for (symbol, number) in classOf.enumerated() { members[Int(number)].append(symbol) }
    return IncompleteSequence(
      (0..<stateCount - 1).map { state in
        let symbols = (0..<classCount).filter { transitions[state * classCount + $0] >= 0 }.flatMap { members[$0] }
        if symbols.count == 1 { return .symbol(symbols[0]) }
        return symbols.count == classOf.count ? .anything : .oneOf(symbols)
      })
  }

  /// The fewest symbols after which each state accepts, by a search in breadth backwards.
  private func distancesToAccepting() -> [Int] {
    let sources = Grouping(transitions, groups: stateCount)
    var distances = accepting.map { $0 ? 0 : Int.max }
    var reached = accepting.indices.filter { accepting[$0] }
    var position = 0
    while position < reached.count {
      for move in sources[reached[position]] {
        let source = Int(sources.members[move]) / classCount
        if distances[source] == .max {
          distances[source] = distances[reached[position]] + 1
          reached.append(source)
        }
      }
      position += 1
    }
    return distances
  }
}

/// Tarjan's search in depth for strongly connected components, without recursion.
private struct ComponentSearch {
  private(set) var components: [[Int]] = []
  /// When each state was found, from 1; 0 before that, and the largest number once its component is complete.
  private var found: [Int]
  /// The earliest state on the stack that each one leads to, as far as is known.
  private var lowest: [Int]
  private var stack: [Int] = []
  private var time = 0

  init(count: Int) {
    found = [Int](repeating: 0, count: count)
    lowest = found
  }

  mutating func visit(_ root: Int, _ transitions: [Int32], _ classCount: Int) {
    if found[root] > 0 { return }
    var path = [(state: root, symbols: 0)]
    open(root)
    while let (state, symbols) = path.last {
      if symbols < classCount {
        path[path.count - 1].symbols += 1
        let next = Int(transitions[state * classCount + symbols])
        if next < 0 { continue }
        if found[next] == 0 {
          open(next)
          path.append((next, 0))
        } else if found[next] < .max {
          lowest[state] = min(lowest[state], found[next])
        }
      } else {
        path.removeLast()
        if let parent = path.last?.state { lowest[parent] = min(lowest[parent], lowest[state]) }
        if lowest[state] == found[state] { close(state) }
      }
    }
  }

  private mutating func open(_ state: Int) {
    time += 1
    (found[state], lowest[state]) = (time, time)
    stack.append(state)
  }

  private mutating func close(_ state: Int) {
    var component: [Int] = []
    while let member = stack.popLast() {
      found[member] = .max
      component.append(member)
      if member == state { break }
    }
    components.append(component.sorted())
  }
}
