/// The graph without directions in which parents of a common child are joined ("married").
public struct MoralGraph: Sendable {
  var neighbours: BitMatrix

  /// In rising order.
  public func neighbours(_ variable: Int) -> [Int] { neighbours.elements(variable) }

  /// The number of variables.
  public var count: Int { neighbours.count }

  /// The number of edges. O(variables²).
  public var edgeCount: Int { (0..<count).reduce(0) { $0 + neighbours.count($1) } / 2 }

  /// Each edge once, the lower number first.
  public var edges: [(Int, Int)] {
    (0..<count).flatMap { one in neighbours(one).filter { $0 > one }.map { (one, $0) } }
  }
}

/// An order in which variables can be summed out, and what it costs.
public struct Elimination: Sendable, Hashable {
  /// The variables, the first to be summed out first.
  public var order: [Int]
  /// The most neighbours that a variable had when its turn came: a bound of the graph's treewidth from above. Exact
  /// inference over variables of k values takes tables of k^(width + 1) numbers.
  public var width: Int
  /// The variables of such a table.
  public var clique: [Int]
}

extension UnrolledGraph {
  /// - Throws: `GraphError.tooLarge`.
  public func moral() throws -> MoralGraph {
    var neighbours = try BitMatrix(count: count)
    var families = neighbours
    for variable in 0..<count {
      for parent in parents(variable) { families[variable, Int(parent)] = true }
      families[variable, variable] = true
    }
    for variable in 0..<count {
      for member in families.elements(variable) { neighbours.unite(member, with: variable, of: families) }
    }
    for variable in 0..<count { neighbours[variable, variable] = false }
    return MoralGraph(neighbours: neighbours)
  }

  /// An elimination order of the moral graph, always of a variable with the fewest neighbours (minimum degree; the last
  /// of several, so that a chain is taken from its end). O(variables² + fill · variables / 64).
  /// - Parameter given: variables that are known, and left out.
  /// - Throws: `GraphError.tooLarge`.
  public func elimination(given: [Int] = []) throws -> Elimination {
    var neighbours = try moral().neighbours
    let isKnown = known(given: given)
    var isLeft = isKnown.map { !$0 }
    for variable in 0..<count where isKnown[variable] {
      for other in neighbours.elements(variable) { neighbours[other, variable] = false }
    }
    var degrees = (0..<count).map { neighbours.count($0) }
    var result = Elimination(order: [], width: 0, clique: [])
    while let next = (0..<count).filter({ isLeft[$0] }).min(by: { (degrees[$0], $1) < (degrees[$1], $0) }) {
      let around = neighbours.elements(next)
      if around.count > result.width || result.clique.isEmpty {
        result.width = around.count
        result.clique = (around + [next]).sorted()
      }
      isLeft[next] = false
      result.order.append(next)
      for one in around {
        neighbours.unite(one, with: next)
        neighbours[one, one] = false
        neighbours[one, next] = false
        degrees[one] = neighbours.count(one)
      }
    }
    return result
  }
}
