import Foundation
import HeapModule
import ModelCore
import Sequences
import Support

/// A search for the most probable sequences over their beginnings, the most promising first. Where a symbol leads to several
/// states, a beginning has a distribution over them.
struct BestFirstSearch {
  private let process: any FiniteStateProcess
  private let prefix: [Symbol]
  private let length: Int?
  private let inputs: (Int) -> StepInputs
  /// An upper bound on log P of a continuation from a state.
  private let bound: (_ time: Int, _ state: Int) -> Double

  private var beginnings: [Beginning] = []
  private var states: [StateProbability] = []
  private var queue = Heap<Queued>()
  private var workspace = Workspace()

  /// A beginning: its last element, where it comes from, and its logarithm of probability.
  private struct Beginning {
    var parent: Int32
    var element: Int32
    var time: Int32
    /// Where its states begin; they end where those of the next one begin.
    var firstState: Int
    var logProbability: Double
  }

  /// - Parameters:
  ///   - start: the logarithm of what the whole begins with: P(τ) times that of the prefix.
  ///   - prefix: what all sequences begin with.
  ///   - states: the distribution of the state after it.
  ///   - least: no sequences are looked for that have no more.
  init(
    process: any FiniteStateProcess, start: Double, prefix: [Symbol], states: [StateProbability], length: Int? = nil,
    above least: Double, inputs: @escaping (Int) -> StepInputs = { StepInputs(time: $0) },
    bound: @escaping (_ time: Int, _ state: Int) -> Double
  ) {
    self.process = process
    self.prefix = prefix
    self.length = length
    self.inputs = inputs
    self.bound = bound
    add(-1, -1, prefix.count, start, states, above: least)
  }

  /// No sequence that is still to be found has a larger logarithm of probability; `nil` where there is none.
  var mostLeft: Double? { queue.max?.priority }

  /// About how many bytes it holds.
  var size: Int {
    beginnings.count * MemoryLayout<Beginning>.stride + states.count * MemoryLayout<StateProbability>.stride
      + queue.count * MemoryLayout<Queued>.stride
  }

  /// Whether there are numbers left for the continuations of one more beginning.
  var hasNumbers: Bool { beginnings.count < Int(Int32.max) - process.shape.alphabetSize }

  /// - Parameter most: beginnings after which the search is given up: what is left is missed.
  mutating func run(_ best: inout BestSequences, most: Int) {
    while let mostLeft, mostLeft > best.floor {
      guard beginnings.count <= most, states.count <= 8 * most, let index = next() else { return best.miss(mostLeft) }
      if let logProbability = ending(index) { best.add(sequence(index), logProbability) }
      extend(index, above: best.floor)
    }
  }

  /// Takes the most promising beginning: its number.
  mutating func next() -> Int? { queue.popMax()?.index }

  /// The logarithm of probability of a beginning as a whole sequence; `nil` where it is none.
  func ending(_ index: Int) -> Double? { ending(index, process) }

  /// Adds the continuations of a beginning by one element that may lead to sequences with more than `least`.
  mutating func extend(_ index: Int, above least: Double) { extend(index, above: least, process) }

  private func ending(_ index: Int, _ process: some FiniteStateProcess) -> Double? {
    let time = Int(beginnings[index].time)
    guard length == nil || time == length else { return nil }
    guard process.shape.decidesEnd else { return beginnings[index].logProbability }
    let step = inputs(time)
    let stop = sources(index).reduce(0) { $0 + $1.probability * process.stopProbability($1.state, step) }
    return beginnings[index].logProbability + log(stop)
  }

  private mutating func extend(_ index: Int, above least: Double, _ process: some FiniteStateProcess) {
    let (time, logProbability) = (Int(beginnings[index].time), beginnings[index].logProbability)
    if time == length { return }
    for (symbol, ways) in ways(from: Array(sources(index)), process, inputs(time), &workspace) {
      let sum = ways.reduce(0) { $0 + $1.probability }
      let next = ways.map { StateProbability(state: $0.state, probability: $0.probability / sum) }
      add(index, symbol, time + 1, logProbability + log(sum), next, above: least)
    }
  }

  private func sources(_ index: Int) -> ArraySlice<StateProbability> {
    let end = index + 1 < beginnings.count ? beginnings[index + 1].firstState : states.count
    return states[beginnings[index].firstState..<end]
  }

  /// Adds a beginning, unless what comes of it is too improbable.
  private mutating func add(
    _ parent: Int, _ element: Symbol, _ time: Int, _ logProbability: Double, _ next: [StateProbability],
    above least: Double
  ) {
    let priority = logProbability + logMean(next) { bound(time, $0) }
    guard priority > least, priority > -.infinity else { return }
    queue.insert(Queued(priority: priority, index: beginnings.count))
    beginnings.append(
      Beginning(
        parent: Int32(parent), element: Int32(element), time: Int32(truncatingIfNeeded: time),
        firstState: states.count, logProbability: logProbability))
    states += next
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

  /// The elements of a beginning.
  func sequence(_ index: Int) -> [Symbol] {
    var sequence: [Symbol] = []
    var index = index
    while index >= 0, beginnings[index].parent >= 0 {
      sequence.append(Int(beginnings[index].element))
      index = Int(beginnings[index].parent)
    }
    return prefix + sequence.reversed()
  }
}

/// What waits by its number: the most probable first; of equals the one that came first.
struct Queued: Comparable {
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
  /// What has no more is not among them.
  var floor: Double { isFull ? least : -.infinity }

  mutating func add(_ sequence: @autoclosure () -> [Symbol], _ logProbability: Double) {
    guard logProbability > -.infinity, !isFull || logProbability > least else { return }
    // Behind those that are as good.
    let index = lowerBound(0, found.count) { found[$0].logProbability >= logProbability }
    found.insert((sequence(), logProbability), at: index)
    if found.count > count { found.removeLast() }
  }

  mutating func miss(_ logProbability: Double) { missed = max(missed, logProbability) }
}
