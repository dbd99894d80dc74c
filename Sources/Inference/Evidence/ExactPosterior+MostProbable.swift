import Foundation
import HeapModule
import ModelCore
import Patterns
import Sequences

/// The most probable sequences that agree with some evidence.
public struct MostProbableMatches: Sendable {
  /// The most probable first; fewer than were asked for where there are no more.
  public var sequences: [Sample]
  /// Whether no other one is more probable; else a sequence that was missed may have so few nats.
  public var isExact: Bool { missedNats == nil }
  /// No sequence that was missed has fewer nats than this; `nil` where none was.
  public var missedNats: Double?
}

extension ExactPosterior {
  /// Beginnings that a search looks at before it is given up.
  private static let mostBeginnings = 4_000_000

  /// The most probable sequences that agree with the evidence, each with its end: a best-first search over beginnings
  /// (A*; Hart, Nilsson and Raphael 1968), bounded by the max-product messages where the evidence repeats nothing, and by the
  /// probability of all continuations elsewhere.
  /// - Parameter count: how many.
  public func mostProbable(_ count: Int) -> MostProbableMatches {
    if logProbability == -.infinity || count <= 0 { return MostProbableMatches(sequences: [], missedNats: nil) }
    let bounds = parts.map { BestEvidenceEnds($0.messages) }
    var search = EvidenceSearch(parts, bounds)
    var (found, missed) = ([Sample](), nil as Double?)
    while found.count < count {
      guard let best = search.next() else { break }
      if search.size > Self.mostBeginnings {
        missed = -best.priority
        break
      }
      if best.isWhole {
        let sequence = search.sequence(best.index)
        found.append(Sample(sequence: sequence, score: model.score(of: sequence), isComplete: true))
      } else {
        search.extend(best.index)
      }
    }
    return MostProbableMatches(sequences: found, missedNats: missed)
  }
}

/// Upper bounds on log P of the best way to continue and end from each node and state.
private struct BestEvidenceEnds {
  private let vectors: [StateVector?]
  private let logScale: [Double]

  /// Of nodes on no cycle max(P(end | s), max_w Σ_s′ P(w, s′ | s) bound(s′)); of others β.
  init(_ messages: EvidenceMessages) {
    let (graph, process) = (messages.graph, messages.process)
    var (vectors, logScale) = (messages.vectors, messages.logScale)
    var workspace = Workspace()
    for component in graph.components() {
      let node = component[0]
      guard component.count == 1, !graph.successors(node).contains(node), var vector = vectors[node] else { continue }
      let scale = graph.successors(node).reduce(graph.end(node) == .never ? -.infinity : 0) { max($0, logScale[$1]) }
      guard scale > -.infinity, logScale[node] > -.infinity else { continue }
      let step = graph.step(node)
      for index in vector.values.indices {
        let state = vector.state(index)
        var best =
          switch graph.end(node) {
          case .never: 0.0
          case .decided: exp(-scale) * process.stopProbability(state, step)
          case .given: exp(-scale)
          }
        if let (moves, base) = graph.moves(node) {
          var (last, worth) = (-1, 0.0)
          process.forEachWay(from: state, by: moves.few, step, &workspace) { symbol, next, probability in
            let target = moves(symbol)
            guard target >= 0, let after = vectors[target + base], logScale[target + base] > -.infinity else { return }
            if symbol != last { (last, worth) = (symbol, 0) }
            worth += probability * after[next] * exp(logScale[target + base] - scale)
            best = max(best, worth)
          }
        }
        vector.values[index] = best
      }
      let largest = vector.values.max() ?? 0
      if largest > 0 { for index in vector.values.indices { vector.values[index] /= largest } }
      vectors[node] = vector
      logScale[node] = largest > 0 ? scale + log(largest) : -.infinity
    }
    (self.vectors, self.logScale) = (vectors, logScale)
  }

  /// The logarithm of the bound of some states with their probabilities.
  func logBound(_ node: Int, _ states: [StateProbability]) -> Double {
    guard let vector = vectors[node], logScale[node] > -.infinity else { return -.infinity }
    return logScale[node] + log(states.reduce(0) { $0 + $1.probability * vector[$1.state] }) + 1e-11
  }
}

/// Beginnings of sequences that agree with evidence, the most promising first.
private struct EvidenceSearch {
  private struct Beginning {
    var parent: Int32
    var symbol: Int32
    var part: Int32
    var node: Int32
    /// The distribution of the state after it.
    var states: [StateProbability]
    var logProbability: Double
  }

  private struct Waiting: Comparable {
    var priority: Double
    var isWhole: Bool
    var index: Int
    static func < (a: Self, b: Self) -> Bool {
      if a.priority != b.priority { return a.priority < b.priority }
      return a.isWhole != b.isWhole ? b.isWhole : a.index > b.index
    }
  }

  private let parts: [ExactPosterior.Part]
  private let bounds: [BestEvidenceEnds]
  private var beginnings: [Beginning] = []
  private var queue = Heap<Waiting>()
  private var workspace = Workspace()

  init(_ parts: [ExactPosterior.Part], _ bounds: [BestEvidenceEnds]) {
    (self.parts, self.bounds) = (parts, bounds)
    for (number, part) in parts.enumerated() where part.logProbability > -.infinity {
      let (graph, process) = (part.messages.graph, part.messages.process)
      for start in graph.starts {
        add(
          -1, -1, number, start.node, process.start(graph.step(start.node)), part.logWeight + start.logWeight)
      }
    }
  }

  var size: Int { beginnings.count }

  mutating func next() -> (index: Int, isWhole: Bool, priority: Double)? {
    queue.popMax().map { ($0.index, $0.isWhole, $0.priority) }
  }

  private mutating func add(
    _ parent: Int, _ symbol: Symbol, _ part: Int, _ node: Int, _ states: [StateProbability], _ logProbability: Double
  ) {
    let priority = logProbability + bounds[part].logBound(node, states)
    guard priority > -.infinity else { return }
    queue.insert(Waiting(priority: priority, isWhole: false, index: beginnings.count))
    beginnings.append(
      Beginning(
        parent: Int32(parent), symbol: Int32(symbol), part: Int32(part), node: Int32(node), states: states,
        logProbability: logProbability))
  }

  /// Adds what may follow a beginning: its end, and its continuations by one symbol.
  mutating func extend(_ index: Int) {
    let beginning = beginnings[index]
    let (part, node) = (Int(beginning.part), Int(beginning.node))
    let (graph, process) = (parts[part].messages.graph, parts[part].messages.process)
    let step = graph.step(node)
    var stop = 0.0
    switch graph.end(node) {
    case .never: break
    case .decided:
      stop = beginning.states.reduce(0) { $0 + $1.probability * process.stopProbability($1.state, step) }
    case .given: stop = 1
    }
    if stop > 0 {
      queue.insert(Waiting(priority: beginning.logProbability + log(stop), isWhole: true, index: index))
    }
    guard let (moves, base) = graph.moves(node) else { return }
    var found: [Symbol: [Int: Double]] = [:]
    for state in beginning.states {
      process.forEachWay(from: state.state, by: moves.few, step, &workspace) { symbol, next, probability in
        if moves(symbol) >= 0 { found[symbol, default: [:]][next, default: 0] += state.probability * probability }
      }
    }
    for (symbol, ways) in found.sorted(by: { $0.key < $1.key }) {
      let rising = ways.sorted { $0.key < $1.key }
      let sum = rising.reduce(0) { $0 + $1.value }
      let states = rising.map { StateProbability(state: $0.key, probability: $0.value / sum) }
      add(index, symbol, part, moves(symbol) + base, states, beginning.logProbability + log(sum))
    }
  }

  /// The symbols of a beginning.
  func sequence(_ index: Int) -> [Symbol] {
    var (symbols, index) = ([Symbol](), index)
    while index >= 0, beginnings[index].parent >= 0 {
      symbols.append(Int(beginnings[index].symbol))
      index = Int(beginnings[index].parent)
    }
    return symbols.reversed()
  }
}
