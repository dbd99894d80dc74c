import GraphicalModel
import Testing

@Suite struct QuestionTests {
  @Test(arguments: 0..<20) func relativesAreThoseOfTheDefinition(_ seed: Int) throws {
    let random = RandomGraph(count: 7, density: 0.35, seed: UInt64(seed))
    let graph = try random.graph
    for v in 0..<7 {
      #expect(Set(graph.parents(v).map(Int.init)) == random.parents(v))
      #expect(Set(graph.children(v).map(Int.init)) == random.children(v))
      #expect(Set(graph.descendants(of: [v])) == random.descendants(v))
      #expect(Set(graph.ancestors(of: [v])) == Set((0..<7).filter { random.descendants($0).contains(v) }))
      let spouses = random.children(v).flatMap { random.parents($0) }
      #expect(Set(graph.blanket(of: v)) == random.parents(v).union(random.children(v)).union(spouses).subtracting([v]))
      // The blanket separates it from all others.
      let others = (0..<7).filter { $0 != v && !graph.blanket(of: v).contains($0) }
      #expect(graph.isSeparated(.init(x: [v], y: others, given: graph.blanket(of: v))))
      #expect(graph.parents(v).allSatisfy { $0 < v })
    }
  }

  @Test(arguments: 0..<20) func theMoralGraphJoinsParents(_ seed: Int) throws {
    let random = RandomGraph(count: 7, density: 0.35, seed: UInt64(seed))
    let moral = try random.graph.moral()
    for a in 0..<7 {
      for b in 0..<7 where a != b {
        let joined =
          random.edges.contains([a, b]) || random.edges.contains([b, a])
          || !random.children(a).isDisjoint(with: random.children(b))
        #expect(moral.neighbours(a).contains(b) == joined)
      }
    }
  }

  /// Against all orders: the width is that of its order, and on small graphs the best one or one more.
  @Test(arguments: 0..<12) func theWidthIsThatOfItsOrder(_ seed: Int) throws {
    let random = RandomGraph(count: 6, density: 0.4, seed: 50 + UInt64(seed))
    let graph = try random.graph
    let moral = try graph.moral()
    func width(_ order: [Int]) -> Int {
      var neighbours = (0..<6).map { Set(moral.neighbours($0)) }
      return order.reduce(0) { widest, v in
        let around = neighbours[v]
        for one in around { neighbours[one] = neighbours[one].union(around).subtracting([one, v]) }
        return max(widest, around.count)
      }
    }
    let elimination = try graph.elimination()
    #expect(elimination.order.sorted() == Array(0..<6))
    #expect(elimination.width == width(elimination.order))
    #expect(elimination.clique.count == elimination.width + 1)
    let best = permutations(Array(0..<6)).map(width).min() ?? 0
    #expect(elimination.width >= best && elimination.width <= best + 1)
  }

  private func permutations(_ numbers: [Int]) -> [[Int]] {
    numbers.isEmpty
      ? [[]] : numbers.flatMap { first in permutations(numbers.filter { $0 != first }).map { [first] + $0 } }
  }

  /// What the smaller graph separates, the larger one does; the other way round too, where functions alone went.
  @Test(arguments: 0..<40) func marginalsSeparateNothingNew(_ seed: Int) throws {
    let functions = seed % 2 == 0
    let random = RandomGraph(count: 6, density: 0.45, functions: functions ? 0.5 : 0, seed: 500 + UInt64(seed))
    let graph = try random.graph
    let gone = functions ? random.deterministic.sorted() : [seed / 2 % 6, (seed / 2 + 3) % 6]
    let (rest, kept) = try graph.marginalised(gone)
    #expect(kept == (0..<6).filter { !gone.contains($0) })
    for x in kept.indices {
      for y in kept.indices where y > x {
        for z in subsets(of: kept.indices.filter { $0 != x && $0 != y }) {
          let here = rest.isSeparated(.init(x: [x], y: [y], given: z.sorted()))
          let there = random.isSeparated(kept[x], kept[y], Set(z.map { kept[$0] }))
          if functions { #expect(here == there) } else { #expect(!here || there) }
        }
      }
    }
  }

  /// Neither do they where functions stay whose parents went.
  @Test(arguments: 0..<60) func marginalsOfMixedGraphsSeparateNothingNew(_ seed: Int) throws {
    let random = RandomGraph(count: 6, density: 0.5, functions: 0.4, seed: 900 + UInt64(seed))
    let gone = Set([seed % 6, (seed * 5 / 2 + 1) % 6])
    let (rest, kept) = try random.graph.marginalised(gone)
    for x in kept.indices {
      for y in kept.indices where y > x {
        for z in subsets(of: kept.indices.filter { $0 != x && $0 != y }) {
          guard rest.isSeparated(.init(x: [x], y: [y], given: z.sorted())) else { continue }
          let there = random.isSeparated(kept[x], kept[y], Set(z.map { kept[$0] }))
          #expect(there, "\(random) without \(gone): \(kept[x]) ; \(kept[y]) | \(z.map { kept[$0] })")
        }
      }
    }
  }

  /// With and without functions, against all sets.
  @Test(arguments: 0..<40) func separatorsBesideWhatIsGiven(_ seed: Int) throws {
    let random = RandomGraph(count: 6, density: 0.4, functions: seed % 2 == 0 ? 0.4 : 0, seed: 1300 + UInt64(seed))
    let graph = try random.graph
    for x in 0..<6 {
      for y in 0..<6 where y > x {
        for given in subsets(of: (0..<6).filter { $0 != x && $0 != y }) where given.count < 3 {
          let others = (0..<6).filter { $0 != x && $0 != y && !given.contains($0) }
          let exists = subsets(of: others).contains { random.isSeparated(x, y, $0.union(given)) }
          let found = try graph.separator([x], [y], given: given.sorted())
          #expect((found != nil) == exists, "\(random): \(x) ; \(y) | \(given)")
          guard let found else { continue }
          #expect(Set(found).isSubset(of: others))
          #expect(random.isSeparated(x, y, given.union(found)))
          for one in found { #expect(!random.isSeparated(x, y, given.union(found).subtracting([one]))) }
        }
      }
    }
  }

  /// Whose numbers stand in another order than their names.
  @Test func rangesFollowNames() throws {
    let graph = try UnrolledGraph(count: 4, edges: [(3, 0), (2, 1)], deterministic: [1])
    #expect(try graph.names(graph.variables("v1..v3")) == ["v1", "v2", "v3"])
    #expect(throws: GraphError.self) { try graph.variables("v3..v1") }
    #expect(throws: GraphError.self) { try UnrolledGraph(count: -1, edges: []) }
    let long = String(repeating: "z", count: 100_000)
    let error = #expect(throws: GraphError.self) { try graph.variables(long) }
    #expect(error.map { "\($0)".count < 200 } == true)
  }

  /// A hidden Markov model: without its states nothing is independent.
  @Test func aCommonCauseLeavesItsChildrenDependent() throws {
    // z1 y1 z2 y2 z3 y3
    let graph = try UnrolledGraph(count: 6, edges: [(0, 1), (0, 2), (2, 3), (2, 4), (4, 5)])
    let (rest, _) = try graph.marginalised([0, 2, 4])
    #expect((0..<3).map { rest.parents($0).map { Int($0) } } == [[], [0], [0, 1]])
  }

  @Test func cyclesAreNamed() throws {
    #expect(throws: GraphError.cycle(["v1", "v2", "v3", "v1"])) {
      try UnrolledGraph(count: 3, edges: [(0, 1), (1, 2), (2, 0)])
    }
    #expect(throws: GraphError.self) { try UnrolledGraph(count: 2, edges: [(0, 2)]) }
    let one = Size(2)
    var template = DirectedTemplate([
      .init("a", .random, domain: .values(one), parents: [.init("b", lags: [0, 1])]),
      .init("b", .random, domain: .values(one), parents: [.init("c", lags: [0])]),
      .init("c", .random, domain: .values(one), parents: [.init("a", lags: [0])]),
    ])
    let error = #expect(throws: GraphError.self) { try template.validate() }
    #expect(error.map { "\($0)".contains("a(t) → c(t) → b(t) → a(t)") } == true, "\(String(describing: error))")
    // Through an earlier step it is none.
    template.nodes[2].parents = [.init("a", lags: [1])]
    #expect(throws: Never.self) { try template.unrolled(steps: 3) }
    template.nodes[0].parents = [.init("a", lags: [0])]
    #expect(throws: GraphError.cycle(["a(t)", "a(t)"])) { try template.validate() }
    template.nodes[0].parents = [.init("d", lags: [1])]
    #expect(throws: GraphError.unknownParent(of: "a", name: "d", nearest: ["a", "b", "c"])) { try template.validate() }
    for twice in [
      [.init("a", lags: [1, 2]), .init("a", lags: [2])], [.init("a", .everyEarlier), .init("a", lags: [1])],
    ]
      as [[DirectedTemplate.Parent]]
    {
      template.nodes[0].parents = twice
      #expect(throws: GraphError.malformed("a: the same a is a parent twice")) { try template.validate() }
    }
    template.nodes[0].parents = [.init("a", lags: [1]), .init("a", lags: [2])]
    #expect(throws: Never.self) { try template.validate() }
    for steps in [-1, .max, .max / 2] { #expect(throws: GraphError.self) { try template.unrolled(steps: steps) } }
    template.nodes[0].parents = [.init("b", .untimed)]
    #expect(throws: GraphError.self) { try template.validate() }
    template.nodes[0].parents = [.init("b", lags: [-1])]
    #expect(throws: GraphError.self) { try template.validate() }
  }
}
