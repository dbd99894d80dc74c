import Foundation
import GraphicalModel
import Testing

@Suite struct SeparationTests {
  /// Every x, y and z in random DAGs, against all paths; a third of them with deterministic variables.
  @Test(arguments: 0..<45) func agreesWithAllPaths(_ seed: Int) throws {
    let random = RandomGraph(
      count: 4 + seed % 3, density: [0.3, 0.5, 0.7][seed / 3 % 3], functions: seed % 3 == 0 ? 0 : 0.5,
      seed: UInt64(seed))
    let graph = try random.graph
    for x in 0..<random.count {
      for y in 0..<random.count where y != x {
        for z in subsets(of: (0..<random.count).filter { $0 != x && $0 != y }) {
          let query = SeparationQuery(x: [x], y: [y], given: z.sorted())
          let trail = graph.activeTrail(query)
          #expect((trail == nil) == random.isSeparated(x, y, z), "seed \(seed): \(x) \(y) | \(z)")
          guard let trail else { continue }
          #expect(trail.first == x && trail.last == y)
          for (one, next) in zip(trail, trail.dropFirst()) {
            #expect(random.edges.contains([one, next]) || random.edges.contains([next, one]))
          }
        }
      }
    }
  }

  /// Exact mutual information in distributions along the graph. Separated means independent, always; and with random
  /// tables alone, dependent where not separated.
  @Test(arguments: 0..<24) func isIndependenceInNumbers(_ seed: Int) throws {
    let hasFunctions = seed % 2 == 1
    let random = RandomGraph(count: 6, density: 0.45, functions: hasFunctions ? 0.5 : 0, seed: 100 + UInt64(seed))
    let graph = try random.graph
    let joint = BinaryJoint(random, seed: UInt64(seed))
    for x in 0..<6 {
      for y in (x + 1)..<6 {
        for z in subsets(of: (0..<6).filter { $0 != x && $0 != y }) {
          let information = joint.information(x, y, z)
          if graph.isSeparated(.init(x: [x], y: [y], given: z.sorted())) {
            #expect(information < 1e-13, "seed \(seed): \(x) \(y) | \(z)")
          } else if !hasFunctions {
            #expect(information > 1e-13, "seed \(seed): \(x) \(y) | \(z)")
          }
        }
      }
    }
  }

  /// `Tests/Reference/separation.tsv`: 240 answers of networkx, in DAGs whose numbers are in no order.
  @Test func agreesWithNetworkx() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Reference/separation.tsv")
    let lines = try String(contentsOf: path.standardized, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 240)
    for line in lines {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      try #require(fields.count == 6)
      let edges = try fields[1].split(separator: " ").map { edge in
        let ends = edge.split(separator: ">").compactMap { Int($0) }
        try #require(ends.count == 2)
        return (from: ends[0], to: ends[1])
      }
      let graph = try UnrolledGraph(count: try #require(Int(fields[0])), edges: edges)
      let sets = try fields[2...4].map { field in
        try field.split(separator: " ").map { try graph.variable("v\(try #require(Int($0)) + 1)") }
      }
      let query = SeparationQuery(x: sets[0], y: sets[1], given: sets[2])
      #expect(graph.isSeparated(query) == (fields[5] == "true"), "\(line)")
    }
  }

  /// Against trying all sets: found where there is one, separating, and nothing to leave out.
  @Test(arguments: 0..<30) func separatorsAreMinimal(_ seed: Int) throws {
    let random = RandomGraph(
      count: 6, density: [0.3, 0.5][seed % 2], functions: seed % 3 == 0 ? 0 : 0.4, seed: 300 + UInt64(seed))
    let graph = try random.graph
    for x in 0..<6 {
      for y in 0..<6 where y != x {
        let others = (0..<6).filter { $0 != x && $0 != y }
        let found = try graph.separator([x], [y])
        let all = subsets(of: others).filter { random.isSeparated(x, y, $0) }
        guard let found else {
          #expect(all.isEmpty, "seed \(seed): \(x) \(y)")
          continue
        }
        #expect(random.isSeparated(x, y, Set(found)), "seed \(seed): \(x) \(y) | \(found)")
        for variable in found { #expect(!random.isSeparated(x, y, Set(found).subtracting([variable]))) }
        // Functions only where random variables alone do not do.
        if !random.deterministic.contains(x), !random.deterministic.contains(y),
          !random.deterministic.isDisjoint(with: found)
        {
          #expect(!all.contains { $0.isDisjoint(with: random.deterministic) }, "seed \(seed): \(x) \(y) | \(found)")
        }
      }
    }
  }
}

/// A joint distribution of binary variables along a graph: random tables, and for deterministic variables random
/// functions.
struct BinaryJoint {
  private let probabilities: [Double]

  init(_ graph: RandomGraph, seed: UInt64) {
    var random = SplitMix(state: seed)
    var tables: [[Double]] = []
    let parents = (0..<graph.count).map { graph.parents($0).sorted() }
    for variable in 0..<graph.count {
      tables.append(
        (0..<(1 << parents[variable].count)).map { _ in
          graph.deterministic.contains(variable)
            ? Double(Int.random(in: 0...1, using: &random)) : Double.random(in: 0.1...0.9, using: &random)
        })
    }
    probabilities = (0..<(1 << graph.count)).map { state in
      (0..<graph.count).reduce(1.0) { product, variable in
        let row = parents[variable].enumerated().reduce(0) { $0 | (state >> $1.element & 1) << $1.offset }
        let one = tables[variable][row]
        return product * (state >> variable & 1 == 1 ? one : 1 - one)
      }
    }
  }

  /// I(x; y | z) in nats.
  func information(_ x: Int, _ y: Int, _ z: Set<Int>) -> Double {
    func sums(_ variables: [Int]) -> [Int: Double] {
      let mask = variables.reduce(0) { $0 | 1 << $1 }
      return probabilities.enumerated().reduce(into: [:]) { $0[$1.offset & mask, default: 0] += $1.element }
    }
    func entropy(_ variables: [Int]) -> Double { sums(variables).values.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 } }
    return entropy(z + [x]) + entropy(z + [y]) - entropy(Array(z)) - entropy(z + [x, y])
  }
}
