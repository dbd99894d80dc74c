/// Where variables stand in a drawing: steps from left to right, and from bottom to top what has no time index, inputs,
/// functions, and the random variables. What is decided between two steps, e(t), stands between them.
struct GridLayout {
  /// From the bottom.
  private(set) var rows: [Int]
  /// In steps.
  private(set) var columns: [Double]
  private(set) var rowCount: Int
  /// Whether a row has variables between those of the steps.
  private(set) var isDense = false
  /// Whether components of vectors stand above each other, past which lines must find their way.
  private(set) var isStacked = false
  /// Whether lines from the lowest row go through the next one.
  private(set) var isCrossed = false

  init(_ graph: UnrolledGraph) {
    let count = graph.count
    let numbers = Array(0..<count)
    // The names of each row. Names, and not groups: those that differ in kind alone stand side by side.
    func names(_ isWanted: (Int) -> Bool) -> [String] {
      let present = Set(numbers.filter(isWanted).map { graph.group($0).name })
      return graph.groups.map(\.name).filter(present.contains).uniqued
    }
    let untimed = names { !graph.group($0).isTimed }
    let given = names { graph.group($0).isTimed && [.input, .constant].contains(graph.kind($0)) }
    let functions = names { graph.group($0).isTimed && graph.kind($0) == .deterministic }
    let between = names { graph.group($0).isTimed && graph.kind($0) == .random && graph.isBetweenSteps($0) }
    let random = names { graph.group($0).isTimed && graph.kind($0) == .random && !graph.isBetweenSteps($0) }
      .filter { !functions.contains($0) }
    var lines = [untimed, given].filter { !$0.isEmpty } + functions.map { [$0] }
    let hasInnerEdges = numbers.contains { variable in
      random.first == graph.group(variable).name
        && graph.parents(variable).contains { graph.group(Int($0)).name == random.first }
    }
    if let first = random.first, !between.isEmpty, !hasInnerEdges {
      lines += [[first] + between] + random.dropFirst().map { [$0] }
      isDense = true
    } else {
      lines += between.map { [$0] } + random.map { [$0] }
    }

    var place: [String: (row: Int, shift: Double)] = [:]
    for (row, names) in lines.enumerated() {
      // Inputs of a step stand side by side, and aside where lines come from below.
      let distance = names == untimed ? 1 : names == given ? (untimed.isEmpty ? 0.44 : 0.5) : 0
      let first = names == given && names.count == 1 && !untimed.isEmpty ? -0.25 : 0
      for (number, name) in names.enumerated() {
        place[name] = (row, first + (Double(number) - Double(names.count - 1) / 2) * distance)
      }
    }
    rowCount = lines.count
    isStacked = random.count > 1
    rows = numbers.map { place[graph.group($0).name]?.row ?? 0 }
    isCrossed = !given.isEmpty && !untimed.isEmpty
    columns = numbers.map { variable in
      let shift = place[graph.group(variable).name]?.shift ?? 0
      return graph.isBetweenSteps(variable)
        ? Double(graph.stepOf[variable]) - 0.5 : Double(graph.stepOf[variable]) + shift
    }
    // What has no time index stands in the middle of its children.
    for variable in numbers where !graph.group(variable).isTimed {
      let children = graph.children(variable).map { columns[Int($0)] }
      let (first, last) = (children.min() ?? 1, children.max() ?? Double(graph.stepOf.max() ?? 1))
      columns[variable] = (first + last) / 2 + (place[graph.group(variable).name]?.shift ?? 0)
    }
  }
}

extension UnrolledGraph {
  /// Whether it is what is decided before its step, as e(t) is before step t + 1.
  func isBetweenSteps(_ variable: Int) -> Bool { group(variable).isTimed && indexOf[variable] == stepOf[variable] - 1 }
}

extension Array where Element: Hashable {
  /// Each element once, where it comes first.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
