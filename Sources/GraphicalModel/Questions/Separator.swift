/// Minimal separating sets by two searches in the moral graph of the ancestors (Tian, Paz and Pearl 1998; van der Zander,
/// Liśkiewicz and Textor 2014). O(variables + edges) where nothing is deterministic.
extension UnrolledGraph {
  /// A set that separates x from y and of which nothing can be left out; `nil` where there is none. It holds random
  /// variables and inputs alone, if there is such a set, else deterministic ones as well.
  /// - Parameter given: variables that are given besides, and no part of it.
  /// - Throws: `GraphError.tooLarge`.
  public func separator(_ x: [Int], _ y: [Int], given: [Int] = []) throws -> [Int]? {
    let ends = Set(x + y + given)
    let functions = (0..<count).filter { kind($0) == .deterministic }
    if functions.isEmpty { return plainSeparator(x, y, given) }
    // With what they are functions of in the place of functions, plain separation says the same of all others. Those that
    // are asked about stay as leaves.
    let (rest, kept) = try substituted(functions, keeping: ends)
    let number = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    func here(_ variables: [Int]) -> [Int] { variables.compactMap { number[$0] } }
    if let found = rest.plainSeparator(here(x), here(y), here(given)) {
      return minimised(found.map { kept[$0] }, x, y, given)
    }
    // Among the ancestors more that is given never separates less: where all of them do not do, nothing does.
    let all = ancestors(of: ends)
    guard isSeparated(.init(x: x, y: y, given: all + given)) else { return nil }
    return minimised(plainSeparator(x, y, given) ?? all, x, y, given)
  }

  /// Leaves out, one by one, what the others do without. O(variables + edges) for each.
  private func minimised(_ separator: [Int], _ x: [Int], _ y: [Int], _ given: [Int]) -> [Int] {
    separator.reduce(into: separator) { kept, variable in
      let fewer = kept.filter { $0 != variable }
      if isSeparated(.init(x: x, y: y, given: fewer + given)) { kept = fewer }
    }
  }

  private func plainSeparator(_ x: [Int], _ y: [Int], _ given: [Int]) -> [Int]? {
    let isInside = isAncestor(of: x + y + given)
    var isAllowed = isInside
    for variable in x + y + given { isAllowed[variable] = false }
    func search(from start: [Int]) -> [Bool] {
      var ends = isAllowed
      for variable in given { ends[variable] = true }
      return moralSearch(from: start, inside: isInside, until: ends)
    }
    let fromX = search(from: x)
    if y.contains(where: { fromX[$0] }) { return nil }
    for variable in 0..<count where !fromX[variable] { isAllowed[variable] = false }
    let fromY = search(from: y)
    return (0..<count).filter { isAllowed[$0] && fromY[$0] }
  }

  /// What is reached in the moral graph of the variables inside, going through none of those that end it. Constants are
  /// known, and no part of it.
  private func moralSearch(from start: [Int], inside isInside: [Bool], until ends: [Bool]) -> [Bool] {
    var isReached = [Bool](repeating: false, count: count)
    // Whether the parents of a variable, which are married, were all visited.
    var isMarried = isReached
    var stack: [Int] = []
    func visit(_ variable: Int) {
      guard isInside[variable], !isReached[variable], kind(variable) != .constant else { return }
      isReached[variable] = true
      if !ends[variable] { stack.append(variable) }
    }
    for variable in start { visit(variable) }
    while let variable = stack.popLast() {
      for parent in parents(variable) { visit(Int(parent)) }
      for child in children(variable) where isInside[Int(child)] {
        visit(Int(child))
        if isMarried[Int(child)] { continue }
        isMarried[Int(child)] = true
        for parent in parents(Int(child)) { visit(Int(parent)) }
      }
    }
    return isReached
  }
}
