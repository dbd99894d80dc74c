/// d-separation in linear time by reachability (Koller and Friedman 2009, algorithm 3.1), and with deterministic variables
/// D-separation (Geiger, Verma and Pearl 1990): what is a function of known variables is known, and blocks like them.
extension UnrolledGraph {
  /// Whether x and y are independent given z in every distribution that the graph allows. O(variables + edges).
  public func isSeparated(_ query: SeparationQuery) -> Bool { activeTrail(query) == nil }

  /// The same for a question in words, `y1 ; y4 | y2, y3`.
  /// - Throws: `GraphError`.
  public func isSeparated(_ text: String) throws -> Bool { isSeparated(try query(text)) }

  /// The variables that are known where these are: themselves, constants, and deterministic ones all of whose parents are
  /// known.
  public func known(given: some Sequence<Int>) -> [Bool] {
    var known = [Bool](repeating: false, count: count)
    for variable in given { known[variable] = true }
    // Parents come first.
    for variable in 0..<count where !known[variable] {
      switch kind(variable) {
      case .constant: known[variable] = true
      case .deterministic: known[variable] = parents(variable).allSatisfy { known[Int($0)] }
      case .random, .input: break
      }
    }
    return known
  }

  /// A shortest trail from x to y along which they may depend on each other given z; `nil` where they are separated.
  /// A variable that is known is independent of everything.
  public func activeTrail(_ query: SeparationQuery) -> [Int]? {
    let known = known(given: query.given)
    // Colliders are open where something below them was observed, not merely determined.
    let hasGivenBelow = isAncestor(of: query.given)
    var isTarget = [Bool](repeating: false, count: count)
    for variable in query.y where !known[variable] { isTarget[variable] = true }

    // A state is a variable and whether it was reached from a child (even) or from a parent (odd).
    var previous = [Int32](repeating: -1, count: 2 * count)
    var isSeen = [Bool](repeating: false, count: 2 * count)
    var queue: [Int32] = []
    func visit(_ variable: Int, fromParent: Bool, after state: Int32) {
      let next = 2 * variable + (fromParent ? 1 : 0)
      guard !isSeen[next] else { return }
      isSeen[next] = true
      previous[next] = state
      queue.append(Int32(truncatingIfNeeded: next))
    }
    for variable in query.x where !known[variable] { visit(variable, fromParent: false, after: -1) }
    var head = 0
    while head < queue.count {
      let state = queue[head]
      head += 1
      let variable = Int(state) / 2
      if isTarget[variable] { return trail(to: state, previous) }
      let fromParent = state % 2 == 1
      if !known[variable] {
        for child in children(variable) { visit(Int(child), fromParent: true, after: state) }
      }
      if fromParent ? hasGivenBelow[variable] : !known[variable] {
        for parent in parents(variable) { visit(Int(parent), fromParent: false, after: state) }
      }
    }
    return nil
  }

  private func trail(to last: Int32, _ previous: [Int32]) -> [Int] {
    var trail: [Int] = []
    var state = last
    while state >= 0 {
      trail.append(Int(state) / 2)
      state = previous[Int(state)]
    }
    return trail.reversed()
  }

  /// `y1 → h2 → y2`: a trail with its edges' directions.
  public func text(ofTrail trail: [Int]) -> String {
    var text = trail.first.map(name) ?? ""
    for (one, next) in zip(trail, trail.dropFirst()) {
      text += (parents(next).contains(Int32(truncatingIfNeeded: one)) ? " → " : " ← ") + name(next)
    }
    return text
  }
}
