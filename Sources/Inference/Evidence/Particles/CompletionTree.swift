import Foundation
import Patterns
import Sequences

/// Sequences that agree with evidence, as a tree of their elements: what begins alike is stored once. The elements of an
/// incomplete sequence that are known are not stored.
struct CompletionTree: Sendable {
  /// The incomplete sequence, if the evidence is one.
  private let incomplete: IncompleteSequence?
  private(set) var parents: [Int32] = []
  private(set) var symbols: [Int32] = []

  init(_ automaton: any SymbolAutomaton) { incomplete = automaton as? IncompleteSequence }

  /// The node of a beginning without stored elements.
  static let root: Int32 = -1

  /// The node of a beginning that is longer by a symbol, at a position from 0.
  mutating func add(_ symbol: Symbol, to parent: Int32, at position: Int) -> Int32 {
    if let incomplete, case .symbol = incomplete.elements[position] { return parent }
    parents.append(parent)
    symbols.append(Int32(symbol))
    return Int32(parents.count - 1)
  }

  /// The elements of the sequence that ends at a node.
  func sequence(_ node: Int32) -> [Symbol] {
    var (stored, node) = ([Symbol](), node)
    while node != Self.root {
      stored.append(Int(symbols[Int(node)]))
      node = parents[Int(node)]
    }
    guard let incomplete else { return stored.reversed() }
    return incomplete.elements.map { element in
      if case .symbol(let symbol) = element { symbol } else { stored.removeLast() }
    }
  }

  /// Of each gap of an incomplete sequence, for each symbol: the sum of the weights of the sequences that have it there.
  /// O(nodes + leaves).
  func gapWeights(_ leaves: [(node: Int32, weight: Double)], alphabetSize k: Int) -> [[Double]] {
    guard let incomplete else { return [] }
    var mass = [Double](repeating: 0, count: parents.count)
    var depth = [Int](repeating: 0, count: parents.count)
    for leaf in leaves where leaf.node != Self.root { mass[Int(leaf.node)] += leaf.weight }
    for node in parents.indices where parents[node] != Self.root { depth[node] = depth[Int(parents[node])] + 1 }
    var sums = incomplete.gaps.map { _ in [Double](repeating: 0, count: k) }
    // A node stands behind its parent.
    for node in parents.indices.reversed() {
      sums[depth[node]][Int(symbols[node])] += mass[node]
      if parents[node] != Self.root { mass[Int(parents[node])] += mass[node] }
    }
    return sums
  }
}

/// Weighted sequences that agree with evidence.
struct Population: Sendable {
  /// Some particles that are the same sequence.
  struct Completion: Sendable {
    /// The node of the tree where it ends.
    var leaf: Int32
    /// The number of its elements.
    var length: Int32
    /// log of the sum of the particles' weights; where completions are enumerated log P(sequence).
    var logWeight: Double
  }

  var tree: CompletionTree
  var completions: [Completion] = []
  /// log of the estimate of P(evidence).
  var logEstimate = -Double.infinity
  /// Of its particles; what resampling has lost is taken off.
  var effectiveSampleSize = 0.0
  /// The share of the weight of particles that were given up for their length.
  var lostShare = 0.0

  init(_ tree: CompletionTree) { self.tree = tree }

  /// Each completion's weight, over the sum of all.
  var shares: [Double] {
    let total = logSum(completions.map(\.logWeight))
    return completions.map { exp($0.logWeight - total) }
  }
}
