extension UnrolledGraph {
  /// All variables from which a directed path leads to one of these, themselves left out; rising. O(variables + edges).
  public func ancestors(of variables: some Sequence<Int>) -> [Int] { closure(of: variables, through: parents).others }

  /// All variables to which a directed path leads from one of these, themselves left out; rising. O(variables + edges).
  public func descendants(of variables: some Sequence<Int>) -> [Int] {
    closure(of: variables, through: children).others
  }

  /// Parents, children and the children's other parents: given these, a variable is independent of all others (Pearl
  /// 1988); rising.
  public func blanket(of variable: Int) -> [Int] {
    var blanket = Set(parents(variable).map(Int.init))
    for child in children(variable) {
      blanket.insert(Int(child))
      blanket.formUnion(parents(Int(child)).map(Int.init))
    }
    blanket.remove(variable)
    return blanket.sorted()
  }

  /// Which variables are ancestors of these, or these themselves.
  func isAncestor(of variables: some Sequence<Int>) -> [Bool] { closure(of: variables, through: parents).marks }

  private func closure(
    of variables: some Sequence<Int>, through neighbours: (Int) -> ArraySlice<Int32>
  ) -> (marks: [Bool], others: [Int]) {
    var marks = [Bool](repeating: false, count: count)
    let own = Set(variables)
    var stack = Array(own)
    for variable in own { marks[variable] = true }
    while let variable = stack.popLast() {
      for next in neighbours(variable) where !marks[Int(next)] {
        marks[Int(next)] = true
        stack.append(Int(next))
      }
    }
    // One of them may be an ancestor of another.
    return (marks, marks.indices.filter { marks[$0] && !own.contains($0) })
  }
}
