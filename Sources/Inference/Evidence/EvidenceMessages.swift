import Foundation
import ModelCore
import Sequences

/// The backward messages of evidence, β(n, s): the probability that a sequence in state s of the process at node n of the
/// evidence's graph goes on and ends so that it agrees with the evidence,
///
///     β(n, s) = [n accepts] P(end | s) + Σ_w Σ_s′ P(continue with w, s′ | s) β(n·w, s′),
///
/// as the least solution of these equations. The graph's components are solved one by one, those first that no others
/// follow: without a cycle by one step, with one by the series over the number of steps within it, whose rest is
/// geometric once its direction stands still. Each component has a scale of its own, so that long sequences do not
/// underflow. O(live states · symbols) for what is not repeated.
struct EvidenceMessages: Sendable {
  let process: any FiniteStateProcess
  let graph: EvidenceGraph
  /// Of each node: up to exp(`logScale`).
  private(set) var vectors: [StateVector?]
  private(set) var logScale: [Double]
  /// log P(evidence), in nats.
  private(set) var logProbability = -Double.infinity
  /// log of the shares of it that begin at each start.
  private(set) var logShares: [Double] = []
  /// Whether some series was broken off before it had converged.
  private(set) var isBrokenOff = false

  /// - Throws: `SpecificationError.malformed` where the messages do not fit into memory.
  init(
    _ process: any FiniteStateProcess, _ graph: EvidenceGraph, work: Int = 4_000_000_000,
    _ progress: (FittingProgress) -> Void = { _ in }
  ) throws {
    self.process = process
    self.graph = graph
    vectors = Array(repeating: nil, count: graph.nodeCount)
    logScale = Array(repeating: -.infinity, count: graph.nodeCount)
    let components = graph.components()
    let live = LiveStates(process, graph, components)
    try Self.check(live.size(process.stateCount) * 12)
    var solver = Solver(process, graph, live, work: work)
    for (number, component) in components.enumerated() {
      let isCycle = component.count > 1 || graph.successors(component[0]).contains(component[0])
      let values = isCycle ? solver.series(component, self) : [solver.step(component[0], self)]
      for (node, value) in zip(component, values) {
        (vectors[node], logScale[node]) = (value.vector, value.logScale)
      }
      if number % 1024 == 1023 {
        progress(
          FittingProgress(
            fraction: Double(number) / Double(components.count), text: "\(number) of \(components.count) steps"))
      }
    }
    isBrokenOff = solver.isBrokenOff
    logShares = graph.starts.map { start in
      let sum = process.start(graph.step(start.node)).reduce(0) { sum, state in
        sum + state.probability * (vectors[start.node]?[state.state] ?? 0)
      }
      return start.logWeight + log(sum) + (sum > 0 ? logScale[start.node] : 0)
    }
    let largest = logShares.max() ?? -.infinity
    if largest > -.infinity { logProbability = largest + log(logShares.reduce(0) { $0 + exp($1 - largest) }) }
  }

  /// - Throws: `SpecificationError.malformed` where so many bytes are more than can be had.
  static func check(_ needed: Int) throws {
    // To ask the system takes longer than most evidence.
    if needed > 1 << 26, case let available = AvailableMemory.bytes / 2, needed > available {
      throw SpecificationError.malformed(
        "exact answers to this would take \(needed >> 20) MB of memory, and there are \(available >> 20): a shorter pattern "
          + "or a model of fewer states takes less")
    }
  }

  /// About how many bytes they take.
  var byteCount: Int { vectors.reduce(0) { $0 + ($1?.values.count ?? 0) * 12 + 32 } }

  /// The factor that turns numbers of one node into those of another one's scale.
  func factor(from target: Int, to node: Int) -> Double {
    logScale[target] == logScale[node] ? 1 : exp(logScale[target] - logScale[node])
  }
}

/// Solves one component after the other.
private struct Solver {
  let process: any FiniteStateProcess
  let graph: EvidenceGraph
  let live: LiveStates
  var workspace = Workspace()
  /// Additions that are left.
  var work: Int
  var isBrokenOff = false

  init(_ process: any FiniteStateProcess, _ graph: EvidenceGraph, _ live: LiveStates, work: Int) {
    (self.process, self.graph, self.live, self.work) = (process, graph, live, work)
  }

  typealias Scaled = (vector: StateVector, logScale: Double)

  /// β of a node that is not on a cycle, with the largest number 1.
  mutating func step(_ node: Int, _ known: EvidenceMessages) -> Scaled {
    let scale = graph.successors(node).reduce(graph.end(node) == .never ? -.infinity : 0) {
      max($0, known.logScale[$1])
    }
    var vector = zeros(node)
    guard scale > -.infinity else { return (vector, -.infinity) }
    addEnd(&vector, node, exp(-scale))
    addStep(&vector, node) { target in
      guard let vector = known.vectors[target], known.logScale[target] > -.infinity else { return nil }
      return (vector, exp(known.logScale[target] - scale))
    }
    return Self.scaled(vector, scale)
  }

  /// β of the nodes of a cycle: Σ_i A^i b, where b is what leaves the component and A a step within it.
  mutating func series(_ component: [Int], _ known: EvidenceMessages) -> [Scaled] {
    let positions = Dictionary(uniqueKeysWithValues: component.enumerated().map { ($1, $0) })
    var scale = -Double.infinity
    for node in component {
      if graph.end(node) != .never { scale = max(scale, 0) }
      for target in graph.successors(node) where positions[target] == nil { scale = max(scale, known.logScale[target]) }
    }
    guard scale > -.infinity else { return component.map { (zeros($0), -.infinity) } }
    var term = component.map { node in
      var vector = zeros(node)
      addEnd(&vector, node, exp(-scale))
      addStep(&vector, node) { target in
        guard positions[target] == nil, let vector = known.vectors[target], known.logScale[target] > -.infinity else {
          return nil
        }
        return (vector, exp(known.logScale[target] - scale))
      }
      return vector
    }
    var sum = term
    var steady = 0
    // The terms of one period of the component.
    let period = graph.period(of: component, positions)
    var recent = [term]
    while true {
      let next = component.map { node in
        var vector = zeros(node)
        addStep(&vector, node) { target in positions[target].map { (term[$0], 1) } }
        return vector
      }
      let (isNothing, ratio) = Self.compare(next, recent[0], sum)
      for index in sum.indices { Self.add(next[index], to: &sum[index], times: 1) }
      term = next
      if isNothing { break }
      steady = ratio == nil || recent.count < period ? 0 : steady + 1
      if recent.count == period { recent.removeFirst() }
      recent.append(term)
      if steady >= 4 * period, let ratio {
        for index in sum.indices {
          for term in recent { Self.add(term[index], to: &sum[index], times: ratio / (1 - ratio)) }
        }
        break
      }
      work -= 1000 * component.count
      if work <= 0 {
        isBrokenOff = true
        break
      }
    }
    return sum.map { Self.scaled($0, scale) }
  }

  /// Whether a term adds nothing more to a sum, and its ratio to the one a period before, where it is the same for all their numbers.
  private static func compare(
    _ next: [StateVector], _ last: [StateVector], _ sum: [StateVector]
  ) -> (isNothing: Bool, ratio: Double?) {
    var (low, high, isNothing) = (Double.infinity, 0.0, true)
    for ((next, last), sum) in zip(zip(next, last), sum) {
      for index in next.values.indices where next.values[index] > 0 || last.values[index] > 0 {
        if next.values[index] > 1e-17 * sum.values[index] { isNothing = false }
        // What is next to nothing beside its sum may go its own way.
        if max(next.values[index], last.values[index]) <= 1e-14 * sum.values[index] { continue }
        let ratio = last.values[index] > 0 ? next.values[index] / last.values[index] : .infinity
        (low, high) = (min(low, ratio), max(high, ratio))
      }
    }
    // An error of the ratio counts 1 / (1 − ratio) times in the sum of the rest.
    return (isNothing, high > 0 && high < 1 && high - low <= max(1e-10 * (1 - high), 4e-16) ? high : nil)
  }

  private static func add(_ other: StateVector, to vector: inout StateVector, times factor: Double) {
    for index in vector.values.indices { vector.values[index] += factor * other.values[index] }
  }

  private static func scaled(_ vector: StateVector, _ scale: Double) -> Scaled {
    var vector = vector
    let largest = vector.values.max() ?? 0
    guard largest > 0 else { return (vector, -.infinity) }
    for index in vector.values.indices { vector.values[index] /= largest }
    return (vector, scale + log(largest))
  }

  private func zeros(_ node: Int) -> StateVector { StateVector(live.lists[node], stateCount: process.stateCount) }

  /// Adds what ends at a node.
  private func addEnd(_ vector: inout StateVector, _ node: Int, _ factor: Double) {
    let step = graph.step(node)
    switch graph.end(node) {
    case .never: break
    case .given: for index in vector.values.indices { vector.values[index] += factor }
    case .decided:
      for index in vector.values.indices {
        vector.values[index] += factor * process.stopProbability(vector.state(index), step)
      }
    }
  }

  /// Adds what goes on from a node to targets whose numbers are known.
  private mutating func addStep(
    _ vector: inout StateVector, _ node: Int, _ value: (_ target: Int) -> (vector: StateVector, factor: Double)?
  ) {
    guard let (moves, base) = graph.moves(node), !vector.values.isEmpty else { return }
    var after: [(vector: StateVector, factor: Double)] = []
    // Of each target its number among those that are known.
    var numbers: [Int: Int] = [:]
    for target in moves.targets {
      guard let known = value(target + base) else { continue }
      numbers[target] = after.count
      after.append(known)
    }
    if after.isEmpty { return }
    let (count, k) = (process.stateCount, process.shape.alphabetSize)
    let step = graph.step(node)
    let ways = vector.values.count * moves.breadth(k)
    if ways > process.stepCost, moves.few == nil {
      let targets = (0..<k).map { symbol in
        let target = moves(symbol)
        return target < 0 ? -1 : numbers[target].map { Int32($0) } ?? -1
      }
      let sums = process.backward(after.map { $0.vector.dense(count, times: $0.factor) }, targets, step)
      for index in vector.values.indices { vector.values[index] += sums[vector.state(index)] }
      work -= process.stepCost
      return
    }
    work -= ways
    if after.count == 1, moves.targets.count == 1 {
      let (known, factor) = after[0]
      for index in vector.values.indices {
        var sum = 0.0
        process.forEachWay(from: vector.state(index), by: moves.few, step, &workspace) { symbol, next, probability in
          if moves(symbol) >= 0 { sum += probability * known[next] }
        }
        vector.values[index] += factor * sum
      }
      return
    }
    for index in vector.values.indices {
      var sum = 0.0
      process.forEachWay(from: vector.state(index), by: moves.few, step, &workspace) { symbol, next, probability in
        if let number = numbers[moves(symbol)] {
          sum += probability * after[number].factor * after[number].vector[next]
        }
      }
      vector.values[index] += sum
    }
  }
}
