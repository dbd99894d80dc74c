import Foundation
import HeapModule
import ModelCore
import Sequences
import Support

/// A search for the most probable sequences over their beginnings, the most promising first. Where a symbol leads to several
/// states, a beginning has a distribution over them.
struct BestFirstSearch {
  let process: any FiniteStateProcess
  /// The logarithm of what the whole begins with: P(τ) times that of the prefix.
  let start: Double
  /// What all sequences begin with, and the distribution of the state after it.
  let prefix: [Symbol]
  let states: [StateProbability]
  var length: Int?
  var inputs: (Int) -> StepInputs = { StepInputs(time: $0) }
  /// An upper bound on log P of a continuation from a state.
  let bound: (_ time: Int, _ state: Int) -> Double

  /// A beginning: its last element, where it comes from, and its logarithm of probability.
  private struct Beginning {
    var parent: Int32
    var element: Int32
    var time: Int32
    /// Where its states begin; they end where those of the next one begin.
    var firstState: Int
    var logProbability: Double
  }

  /// - Parameter most: beginnings after which the search is given up: what is left is missed.
  func run(_ best: inout BestSequences, most: Int) { run(process, &best, most: most) }

  private func run(_ process: some FiniteStateProcess, _ best: inout BestSequences, most: Int) {
    var beginnings: [Beginning] = []
    var states: [StateProbability] = []
    var queue = Heap<Queued>()
    /// Adds a beginning, unless what comes of it is too improbable.
    func add(_ parent: Int, _ element: Symbol, _ time: Int, _ logProbability: Double, _ next: [StateProbability]) {
      let priority = logProbability + logMean(next) { bound(time, $0) }
      guard priority > -.infinity, !best.isFull || priority > best.least else { return }
      queue.insert(Queued(priority: priority, index: beginnings.count))
      beginnings.append(
        Beginning(
          parent: Int32(parent), element: Int32(element), time: Int32(truncatingIfNeeded: time),
          firstState: states.count, logProbability: logProbability))
      states += next
    }
    add(-1, -1, prefix.count, start, self.states)
    var workspace = Workspace()
    while let next = queue.popMax() {
      let (priority, index) = (next.priority, next.index)
      if best.isFull, priority <= best.least { return }
      if beginnings.count > most || states.count > 8 * most {
        best.miss(priority)
        return
      }
      let here = beginnings[index]
      let end = index + 1 < beginnings.count ? beginnings[index + 1].firstState : states.count
      let (time, sources) = (Int(here.time), Array(states[here.firstState..<end]))
      let step = inputs(time)
      if length == nil || time == length {
        let stop =
          process.shape.decidesEnd
          ? sources.reduce(0) { $0 + $1.probability * process.stopProbability($1.state, step) } : 1
        best.add(sequence(index, beginnings), here.logProbability + log(stop))
        if time == length { continue }
      }
      for (symbol, ways) in ways(from: sources, process, step, &workspace) {
        let sum = ways.reduce(0) { $0 + $1.probability }
        let next = ways.map { StateProbability(state: $0.state, probability: $0.probability / sum) }
        add(index, symbol, time + 1, here.logProbability + log(sum), next)
      }
    }
  }

  /// What each symbol leads to from some states, those above 0.
  private func ways(
    from sources: [StateProbability], _ process: some FiniteStateProcess, _ step: StepInputs,
    _ workspace: inout Workspace
  ) -> [(symbol: Symbol, ways: [StateProbability])] {
    var all: [Symbol: [Int: Double]] = [:]
    if sources.count == 1, case let ways = process.ways(from: sources[0].state, step, &workspace),
      zip(ways, ways.dropFirst()).allSatisfy({ $0.symbol < $1.symbol })
    {
      return ways.map { ($0.symbol, [StateProbability(state: $0.state, probability: $0.probability)]) }
    }
    for source in sources {
      for way in process.ways(from: source.state, step, &workspace) {
        all[way.symbol, default: [:]][way.state, default: 0] += source.probability * way.probability
      }
    }
    return all.sorted { $0.key < $1.key }.map { symbol, states in
      (symbol, states.sorted { $0.key < $1.key }.map { StateProbability(state: $0.key, probability: $0.value) })
    }
  }

  /// log Σ P(state) e^(value(state)).
  private func logMean(_ states: [StateProbability], _ value: (Int) -> Double) -> Double {
    if states.count == 1 { return value(states[0].state) }
    let values = states.map { log($0.probability) + value($0.state) }
    let largest = values.max() ?? -.infinity
    return largest == -.infinity ? largest : largest + log(values.reduce(0) { $0 + exp($1 - largest) })
  }

  private func sequence(_ index: Int, _ beginnings: [Beginning]) -> [Symbol] {
    var sequence: [Symbol] = []
    var index = index
    while index >= 0, beginnings[index].parent >= 0 {
      sequence.append(Int(beginnings[index].element))
      index = Int(beginnings[index].parent)
    }
    return prefix + sequence.reversed()
  }
}

/// A beginning in the queue: the most probable first; of equals the one that came first.
private struct Queued: Comparable {
  let priority: Double
  let index: Int

  static func < (a: Queued, b: Queued) -> Bool { (a.priority, b.index) < (b.priority, a.index) }
}

/// The best so far, at most some number of them, the best first.
struct BestSequences {
  private let count: Int
  private(set) var found: [(sequence: [Symbol], logProbability: Double)] = []
  /// The largest probability that anything missed may have.
  private(set) var missed = -Double.infinity

  init(_ count: Int) { self.count = count }

  var isFull: Bool { found.count == count }
  var least: Double { found.last?.logProbability ?? -.infinity }

  mutating func add(_ sequence: @autoclosure () -> [Symbol], _ logProbability: Double) {
    guard logProbability > -.infinity, !isFull || logProbability > least else { return }
    // Behind those that are as good.
    let index = lowerBound(0, found.count) { found[$0].logProbability >= logProbability }
    found.insert((sequence(), logProbability), at: index)
    if found.count > count { found.removeLast() }
  }

  mutating func miss(_ logProbability: Double) { missed = max(missed, logProbability) }
}
