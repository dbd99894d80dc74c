import GraphicalModel

/// Reproducible random numbers (SplitMix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A random DAG with the plain definitions of everything that is asked of it.
struct RandomGraph {
  let count: Int
  var edges: Set<[Int]> = []
  var deterministic: Set<Int> = []

  /// - Parameter functions: the chance of a variable to be deterministic.
  init(count: Int, density: Double, functions: Double = 0, seed: UInt64) {
    self.count = count
    var random = SplitMix(state: seed)
    for to in 0..<count {
      for from in 0..<to where Double.random(in: 0..<1, using: &random) < density { edges.insert([from, to]) }
      if Double.random(in: 0..<1, using: &random) < functions { deterministic.insert(to) }
    }
  }

  var graph: UnrolledGraph {
    get throws {
      try UnrolledGraph(
        count: count, edges: edges.sorted { $0.lexicographicallyPrecedes($1) }.map { ($0[0], $0[1]) },
        deterministic: deterministic)
    }
  }

  func parents(_ v: Int) -> Set<Int> { Set(edges.filter { $0[1] == v }.map { $0[0] }) }
  func children(_ v: Int) -> Set<Int> { Set(edges.filter { $0[0] == v }.map { $0[1] }) }

  func descendants(_ v: Int) -> Set<Int> {
    children(v).reduce(children(v)) { $0.union(descendants($1)) }
  }

  /// What is known where z is, applied until nothing changes.
  func known(_ z: Set<Int>) -> Set<Int> {
    var known = z
    var before = -1
    while known.count != before {
      before = known.count
      for v in deterministic where parents(v).isSubset(of: known) { known.insert(v) }
    }
    return known
  }

  /// Geiger, Verma and Pearl's definition: no path whose colliders are given or have a given descendant, and of whose
  /// other variables none is known.
  func isSeparated(_ x: Int, _ y: Int, _ z: Set<Int>) -> Bool {
    let known = known(z)
    if known.contains(x) || known.contains(y) { return true }
    func search(_ path: [Int]) -> Bool {
      guard let last = path.last, last != y else { return true }
      for next in parents(last).union(children(last)) where !path.contains(next) {
        if path.count > 1 {
          let previous = path[path.count - 2]
          let isCollider = edges.contains([previous, last]) && edges.contains([next, last])
          let isOpen = isCollider ? !descendants(last).union([last]).isDisjoint(with: z) : !known.contains(last)
          if !isOpen { continue }
        }
        if search(path + [next]) { return true }
      }
      return false
    }
    return !search([x])
  }
}

/// All subsets of a few numbers.
func subsets(of numbers: [Int]) -> [Set<Int>] {
  (0..<(1 << numbers.count)).map { mask in Set(numbers.indices.filter { mask >> $0 & 1 == 1 }.map { numbers[$0] }) }
}
