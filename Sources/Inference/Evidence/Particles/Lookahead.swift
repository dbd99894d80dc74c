import Foundation
import ModelCore
import Patterns
import Sequences

/// The lookahead ψ of sequential Monte Carlo: an estimate of the probability that a sequence goes on and ends so that it
/// agrees with the evidence. It is the backward message β of a finite-state model, the twist, for the same evidence
/// (Guarniero, Johansen and Lee 2017 call such functions twisting); without a twist 1 where the evidence can still be met.
/// ψ is positive wherever the evidence can be met: particles stay unbiased whatever the twist rules out.
struct Lookahead: Sendable {
  /// Where a sequence stands: at a node of the evidence's graph, in a state of the twist; −1 where that is not known.
  struct Position: Hashable, Sendable {
    var part: Int32
    var node: Int32
    var state: Int32
  }

  /// Where sequences begin.
  struct Start: Sendable {
    /// τ, where it is known first.
    var length: Int
    /// log P(τ), where it is drawn first.
    var logProbability: Double
    var position: Position
    var logValue: Double
  }

  /// A way to continue from a position.
  struct Continuation: Sendable {
    var symbol: Symbol
    var position: Position
    /// log ψ; where the state of the twist is not known it is added to log ψ of the position before.
    var logValue: Double
  }

  private struct Part: Sendable {
    var graph: EvidenceGraph
    var logWeight: Double
    /// Those of the twist.
    var messages: EvidenceMessages?
    /// Whether the evidence can still be met, of each node.
    var isAlive: [Bool]
  }

  /// log of the factor of ψ for what the twist alone rules out.
  private static let ruledOut = log(1e-9)

  private let alphabetSize: Int
  private let parts: [Part]
  /// Those from which the evidence can be met.
  let starts: [Start]

  /// - Throws: `SpecificationError.refused` for a twist of another alphabet or another way to end;
  ///   `SpecificationError.malformed` where its messages do not fit into memory.
  init(_ model: SequenceModel, given automaton: any SymbolAutomaton, twist: Twist?) throws {
    try twist?.check(for: model)
    let process = twist?.process
    alphabetSize = model.alphabet.size
    let shape = process?.shape ?? OutputShape(alphabetSize: model.alphabet.size, stop: model.shape.stop)
    parts = try ExactPosterior.clocks(model.lengthLaw(), process, automaton).map { clock, starts, logWeight in
      let graph = EvidenceGraph(automaton, shape, clock, starts)
      let messages = try process.map { try EvidenceMessages($0, graph) }
      return Part(graph: graph, logWeight: logWeight, messages: messages, isAlive: Self.alive(graph))
    }
    starts = Self.starts(parts)
  }

  private static func alive(_ graph: EvidenceGraph) -> [Bool] {
    var alive = [Bool](repeating: false, count: graph.nodeCount)
    for component in graph.components() {
      let isAlive = component.contains { node in
        graph.end(node) != .never || graph.successors(node).contains { alive[$0] }
      }
      if isAlive { for node in component { alive[node] = true } }
    }
    return alive
  }

  private static func starts(_ parts: [Part]) -> [Start] {
    var starts: [Start] = []
    for (number, part) in parts.enumerated() {
      for start in part.graph.starts where part.isAlive[start.node] {
        let logProbability = part.logWeight + start.logWeight
        if logProbability == -.infinity { continue }
        var position = Position(part: Int32(number), node: Int32(start.node), state: -1)
        var logValue = -Double.infinity
        if let messages = part.messages, messages.logScale[start.node] > -.infinity,
          let first = messages.process.start(part.graph.step(start.node)).max(by: { $0.probability < $1.probability })
        {
          let value = messages.vectors[start.node]?[first.state] ?? 0
          if value > 0 {
            position.state = Int32(first.state)
            logValue = messages.logScale[start.node] + log(value)
          }
        }
        starts.append(
          Start(
            length: part.graph.length(of: start.node), logProbability: logProbability, position: position,
            logValue: logValue))
      }
    }
    // Lengths that the twist rules out.
    let largest = starts.map(\.logValue).max() ?? 0
    for index in starts.indices where starts[index].position.state < 0 {
      starts[index].logValue = largest > -.infinity ? largest + ruledOut : 0
    }
    return starts
  }

  /// When a sequence may end at a position.
  func end(_ position: Position) -> EvidenceGraph.End { parts[Int(position.part)].graph.end(Int(position.node)) }

  /// Adds the ways to continue from a position with which the evidence can be met, by rising symbols. O(symbols).
  func addContinuations(of position: Position, to list: inout [Continuation], _ workspace: inout Workspace) {
    let (part, node) = (parts[Int(position.part)], Int(position.node))
    guard let (moves, base) = part.graph.moves(node), !moves.targets.isEmpty else { return }
    let first = list.count
    func at(_ target: Int, _ state: Int) -> Position {
      Position(part: position.part, node: Int32(target + base), state: Int32(state))
    }
    if position.state >= 0, let messages = part.messages {
      let process = messages.process
      process.forEachWay(
        from: Int(position.state), by: moves.few, part.graph.step(node), &workspace
      ) { symbol, next, _ in
        let target = moves(symbol)
        guard target >= 0, let vector = messages.vectors[target + base] else { return }
        let value = vector[next]
        guard value > 0 else { return }
        let logValue = messages.logScale[target + base] + log(value)
        if list.count > first, list[list.count - 1].symbol == symbol {
          // Of several next states the most promising one: any positive ψ is right.
          if list[list.count - 1].logValue >= logValue { return }
          list.removeLast()
        }
        list.append(Continuation(symbol: symbol, position: at(target, next), logValue: logValue))
      }
    }
    // What the twist leaves out.
    let known = list[first...]
    var (next, missing) = (known.startIndex, [Continuation]())
    let relative = position.state >= 0 ? Self.ruledOut : 0
    for index in 0..<(moves.few?.count ?? alphabetSize) {
      let symbol = moves.few?[index] ?? index
      if next < known.endIndex, known[next].symbol == symbol {
        next += 1
        continue
      }
      let target = moves(symbol)
      guard target >= 0, part.isAlive[target + base] else { continue }
      missing.append(Continuation(symbol: symbol, position: at(target, -1), logValue: relative))
    }
    if missing.isEmpty { return }
    list.append(contentsOf: missing)
    list[first...].sort { $0.symbol < $1.symbol }
  }

  /// The number of beginnings of sequences that agree with the evidence, those whose next step a model is asked about;
  /// `nil` where it is above a limit.
  func beginnings(atMost limit: Int) -> Int? {
    var total = 0.0
    for (number, part) in parts.enumerated() {
      var counts: [Int: Double] = [:]
      for start in starts where Int(start.position.part) == number { counts[Int(start.position.node), default: 0] += 1 }
      var steps = 0
      while !counts.isEmpty {
        var next: [Int: Double] = [:]
        for (node, count) in counts where part.graph.end(node) != .given {
          total += count
          guard let (moves, base) = part.graph.moves(node) else { continue }
          for index in 0..<(moves.few?.count ?? alphabetSize) {
            let target = moves(moves.few?[index] ?? index)
            if target >= 0, part.isAlive[target + base] { next[target + base, default: 0] += count }
          }
        }
        steps += 1
        // More steps than nodes: a cycle, and sequences of any length.
        if total > Double(limit) || steps > part.graph.nodeCount { return nil }
        counts = next
      }
    }
    return Int(total)
  }
}
