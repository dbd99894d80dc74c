extension UnrolledGraph {
  /// The graph over the other variables when these are summed out. Every distribution of the graph, summed over these,
  /// factorises along the one that is returned: separations in it hold.
  ///
  /// The children of a deterministic variable inherit its parents, and nothing is lost: of the other variables the same
  /// is separated as before. A random one is the common cause of its children, which depend on each other afterwards:
  /// edges are turned round one after the other (Shachter 1986), so that each child has as parents the earlier
  /// children and their parents too. A DAG cannot always say all that was independent before. A function of one that is
  /// gone is no function of what it still depends on, and random from then on.
  ///
  /// - Returns: the graph, and the number here of each of its variables.
  /// - Throws: `GraphError`: `tooLarge`, or `malformed` for an input, which has no distribution to be summed over.
  public func marginalised(_ variables: some Sequence<Int>) throws -> (graph: UnrolledGraph, kept: [Int]) {
    let gone = Array(variables)
    if let input = gone.first(where: { kind($0) == .input }) {
      throw GraphError.malformed(
        "\(name(input)) is an input: the model has no distribution of it, over which it could be summed out")
    }
    return try substituted(gone, keeping: [])
  }

  /// The same, with some of them staying as leaves, that nothing depends on.
  func substituted(
    _ variables: some Sequence<Int>, keeping leaves: Set<Int>
  ) throws -> (graph: UnrolledGraph, kept: [Int]) {
    var isGone = [Bool](repeating: false, count: count)
    for variable in variables { isGone[variable] = true }
    var family = try BitMatrix(count: count)
    for variable in 0..<count { for parent in parents(variable) { family[variable, Int(parent)] = true } }
    var kinds = (0..<count).map(kind)
    for gone in 0..<count where isGone[gone] {
      let children = ((gone + 1)..<max(count, gone + 1)).filter { family[$0, gone] }
      let isFunction = kinds[gone] == .deterministic || kinds[gone] == .constant
      var previous: Int?
      for child in children {
        family[child, gone] = false
        family.unite(child, with: gone)
        if isFunction { continue }
        if kinds[child] == .deterministic { kinds[child] = .random }
        // It holds all earlier children and their parents.
        if let previous {
          family.unite(child, with: previous)
          family[child, previous] = true
        }
        previous = child
      }
    }
    let kept = (0..<count).filter { !isGone[$0] || leaves.contains($0) }
    var number = [Int](repeating: 0, count: count)
    for (new, old) in kept.enumerated() { number[old] = new }
    var builder = GraphBuilder(groups: groups)
    for old in kept {
      builder.add(group: Int(groupOf[old]), index: Int(indexOf[old]), step: Int(stepOf[old]))
      if kinds[old] != group(old).kind { builder.makeRandom() }
      for parent in family.elements(old) { builder.connect(number[parent]) }
    }
    return (builder.graph(), kept)
  }
}
