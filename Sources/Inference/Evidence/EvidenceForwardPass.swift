import Foundation
import ModelCore
import Sequences

/// Sequences with the evidence that have not ended yet, carried from step to step: P(node, state, not ended | evidence) after
/// t elements.
struct EvidenceForwardPass {
  private let messages: EvidenceMessages
  /// P(s and n after t elements, evidence) / P(evidence), by nodes: α · β.
  private var mass: [Int: [Double]] = [:]
  /// P(τ ≥ t | evidence) after t steps.
  private(set) var left = 1.0

  /// About how many additions a step takes.
  var stepCost: Int { messages.vectors.reduce(0) { $0 + ($1?.values.count ?? 0) } * 4 }

  /// Before the first element.
  init(_ messages: EvidenceMessages) {
    self.messages = messages
    let start = messages.graph.starts[0].node
    guard let vector = messages.vectors[start] else { return }
    var first = [Double](repeating: 0, count: vector.values.count)
    for state in messages.process.start(messages.graph.step(start)) {
      if let index = vector.index(state.state) { first[index] += state.probability * vector.values[index] }
    }
    let sum = first.reduce(0, +)
    mass[start] = first.map { $0 / sum }
  }

  /// Takes one step, and returns P(τ = t | evidence).
  /// - Parameter symbols: P(the sequence continues with w | evidence) is added to it for each symbol w, where it is given.
  mutating func advance(_ symbols: UnsafeMutableBufferPointer<Double>? = nil) -> Double {
    let (graph, process) = (messages.graph, messages.process)
    var next: [Int: [Double]] = [:]
    var ended = 0.0
    for (node, here) in mass.sorted(by: { $0.key < $1.key }) {
      guard let vector = messages.vectors[node] else { continue }
      let step = graph.step(node)
      if graph.end(node) == .decided {
        let scale = exp(-messages.logScale[node])
        for index in here.indices where here[index] > 0 {
          ended += here[index] * scale * process.stopProbability(vector.state(index), step) / vector.values[index]
        }
      }
      follow(node, here, vector, &next, symbols)
    }
    mass = next
    left = mass.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value.reduce(0, +) }
    return ended
  }

  /// Adds what goes on from a node.
  private func follow(
    _ node: Int, _ here: [Double], _ vector: StateVector, _ next: inout [Int: [Double]],
    _ symbols: UnsafeMutableBufferPointer<Double>?
  ) {
    let (graph, process) = (messages.graph, messages.process)
    guard let (moves, base) = graph.moves(node) else { return }
    // What P · β is to be divided by.
    var mass = here
    for index in mass.indices where mass[index] > 0 { mass[index] /= vector.values[index] }
    let targets = moves.targets.filter { (messages.vectors[$0 + base]?.values.isEmpty ?? true) == false }
    var sums = targets.map { target in
      next.removeValue(forKey: target + base)
        ?? [Double](repeating: 0, count: messages.vectors[target + base]?.values.count ?? 0)
    }
    let (count, k) = (process.stateCount, process.shape.alphabetSize)
    let numbers = Dictionary(uniqueKeysWithValues: targets.enumerated().map { ($1, $0) })
    let live = mass.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    if symbols == nil, live * moves.breadth(k) > process.stepCost, moves.few == nil {
      var dense = StateVector(vector.states, stateCount: count)
      dense.values = mass
      var out = targets.map { _ in [Double](repeating: 0, count: count) }
      let numbered = (0..<k).map { symbol in
        moves(symbol) < 0 ? -1 : numbers[moves(symbol)].map { Int32($0) } ?? -1
      }
      process.forward(dense.dense(count, times: 1), numbered, graph.step(node), into: &out)
      for (number, target) in targets.enumerated() {
        guard let after = messages.vectors[target + base] else { continue }
        let factor = messages.factor(from: target + base, to: node)
        for index in after.values.indices {
          sums[number][index] += out[number][after.state(index)] * after.values[index] * factor
        }
      }
    } else {
      let step = graph.step(node)
      var workspace = Workspace()
      for index in mass.indices where mass[index] > 0 {
        process.forEachWay(from: vector.state(index), by: moves.few, step, &workspace) { symbol, state, probability in
          let target = moves(symbol)
          guard target >= 0, let number = numbers[target], let after = messages.vectors[target + base],
            let place = after.index(state)
          else { return }
          let share =
            mass[index] * probability * after.values[place] * messages.factor(from: target + base, to: node)
          sums[number][place] += share
          symbols?[symbol] += share
        }
      }
    }
    for (number, target) in targets.enumerated() { next[target + base] = sums[number] }
  }
}
