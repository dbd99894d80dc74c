/// A finite directed graph without cycles over variables: a template unrolled for T steps, or made from a list of edges.
/// Variables are numbered in a topological order. Parents and children stand in flat arrays.
public struct UnrolledGraph: Sendable {
  /// Variables that differ in their index alone.
  public struct Group: Sendable, Hashable {
    /// What they are called, without an index.
    public var name: String
    /// What they are.
    public var kind: DirectedTemplate.Kind
    /// Whether they have an index.
    public var isTimed: Bool

    /// Variables of one name.
    public init(name: String, kind: DirectedTemplate.Kind, isTimed: Bool) {
      self.name = name
      self.kind = kind
      self.isTimed = isTimed
    }
  }

  /// The groups of variables.
  public let groups: [Group]
  /// Variables of a deterministic group that are no functions here: what they are functions of was summed out.
  let madeRandom: Set<Int>
  /// Of each variable.
  let groupOf: [Int32]
  /// Its index; 0 without one.
  let indexOf: [Int32]
  /// The step to which it belongs, for pictures; 0 without one.
  let stepOf: [Int32]
  private let parentOffsets: [Int32]
  private let parentList: [Int32]
  private let childOffsets: [Int32]
  private let childList: [Int32]

  /// - Parameter parentOffsets: where the parents of each variable begin in `parentList`, and the list's end.
  init(
    groups: [Group], groupOf: [Int32], indexOf: [Int32], stepOf: [Int32], parentOffsets: [Int32], parentList: [Int32],
    madeRandom: Set<Int> = []
  ) {
    self.groups = groups
    self.madeRandom = madeRandom
    self.groupOf = groupOf
    self.indexOf = indexOf
    self.stepOf = stepOf
    self.parentOffsets = parentOffsets
    self.parentList = parentList
    let count = groupOf.count
    var offsets = [Int32](repeating: 0, count: count + 1)
    for parent in parentList { offsets[Int(parent) + 1] += 1 }
    for variable in 0..<count { offsets[variable + 1] += offsets[variable] }
    var next = offsets
    var children = [Int32](repeating: 0, count: parentList.count)
    for variable in 0..<count {
      for place in parentOffsets[variable]..<parentOffsets[variable + 1] {
        let parent = Int(parentList[Int(place)])
        children[Int(next[parent])] = Int32(truncatingIfNeeded: variable)
        next[parent] += 1
      }
    }
    childOffsets = offsets
    childList = children
  }

  /// The number of variables.
  public var count: Int { groupOf.count }
  /// The number of edges.
  public var edgeCount: Int { parentList.count }

  /// In rising order.
  public func parents(_ variable: Int) -> ArraySlice<Int32> {
    parentList[Int(parentOffsets[variable])..<Int(parentOffsets[variable + 1])]
  }

  /// In rising order.
  public func children(_ variable: Int) -> ArraySlice<Int32> {
    childList[Int(childOffsets[variable])..<Int(childOffsets[variable + 1])]
  }

  /// The group of a variable.
  public func group(_ variable: Int) -> Group { groups[Int(groupOf[variable])] }

  /// That of its group, unless what it is a function of was summed out: then it is random.
  public func kind(_ variable: Int) -> DirectedTemplate.Kind {
    madeRandom.contains(variable) ? .random : group(variable).kind
  }

  /// `y3`; with parentheses where the name ends in a digit, `h2(4)`; `τ` where there is no index.
  public func name(_ variable: Int) -> String {
    let group = group(variable)
    return group.isTimed ? Self.name(group.name, Int(indexOf[variable])) : group.name
  }

  static func name(_ group: String, _ index: Int) -> String {
    group.last?.isNumber == true ? "\(group)(\(index))" : "\(group)\(index)"
  }

  /// The names of variables, in their order.
  public func names(_ variables: some Sequence<Int>) -> [String] { variables.map(name) }
}

/// A graph in the making: variables in a topological order, each followed by its parents.
struct GraphBuilder {
  let groups: [UnrolledGraph.Group]
  private var groupOf: [Int32] = []
  private var indexOf: [Int32] = []
  private var stepOf: [Int32] = []
  private var madeRandom: Set<Int> = []
  private var offsets: [Int32] = []
  private var parents: [Int32] = []

  init(groups: [UnrolledGraph.Group]) { self.groups = groups }

  mutating func reserve(variables: Int) {
    groupOf.reserveCapacity(variables)
    indexOf.reserveCapacity(variables)
    stepOf.reserveCapacity(variables)
    offsets.reserveCapacity(variables + 1)
  }

  mutating func add(group: Int, index: Int?, step: Int) {
    groupOf.append(Int32(truncatingIfNeeded: group))
    indexOf.append(Int32(truncatingIfNeeded: index ?? 0))
    stepOf.append(Int32(truncatingIfNeeded: step))
    offsets.append(Int32(truncatingIfNeeded: parents.count))
  }

  /// Gives the last variable a parent.
  mutating func connect(_ parent: Int) { parents.append(Int32(truncatingIfNeeded: parent)) }

  /// Makes the last variable random, whatever its group is.
  mutating func makeRandom() { madeRandom.insert(groupOf.count - 1) }

  func graph() -> UnrolledGraph {
    UnrolledGraph(
      groups: groups, groupOf: groupOf, indexOf: indexOf, stepOf: stepOf,
      parentOffsets: offsets + [Int32(truncatingIfNeeded: parents.count)], parentList: parents,
      madeRandom: madeRandom)
  }
}

extension UnrolledGraph {
  /// A graph of variables v1, v2, … from its edges, numbered from 0. Where an edge leads from a higher to a lower number,
  /// variables are numbered anew; their names stay. O(variables + edges).
  /// - Parameter deterministic: the variables that are functions of their parents.
  /// - Throws: `GraphError`.
  public init(count: Int, edges: [(from: Int, to: Int)], deterministic: Set<Int> = []) throws {
    guard count >= 0 else { throw GraphError.malformed("a graph cannot have \(count) variables") }
    var parents = [[Int]](repeating: [], count: count)
    for edge in edges {
      guard parents.indices.contains(edge.from), parents.indices.contains(edge.to) else {
        throw GraphError.malformed("an edge leads from \(edge.from) to \(edge.to), beyond the \(count) variables")
      }
      if !parents[edge.to].contains(edge.from) { parents[edge.to].append(edge.from) }
    }
    let order: [Int]
    if edges.allSatisfy({ $0.from < $0.to }) {
      order = Array(parents.indices)
    } else {
      switch topologicalOrder(parents) {
      case .order(let found): order = found
      case .cycle(let cycle): throw GraphError.cycle(cycle.map { "v\($0 + 1)" })
      }
    }
    var number = [Int](repeating: 0, count: count)
    for (new, old) in order.enumerated() { number[old] = new }
    var builder = GraphBuilder(groups: [
      .init(name: "v", kind: .random, isTimed: true), .init(name: "v", kind: .deterministic, isTimed: true),
    ])
    for old in order {
      builder.add(group: deterministic.contains(old) ? 1 : 0, index: old + 1, step: old + 1)
      for parent in parents[old].map({ number[$0] }).sorted() { builder.connect(parent) }
    }
    self = builder.graph()
  }
}
