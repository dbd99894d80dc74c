import Automata
import Foundation
import HeapModule
import ModelCore
import Sequences
import Support

/// A search for the most probable sequences of a chain over their beginnings, the most promising first.
struct BestFirstSearch {
  private let states: BackoffAutomaton
  /// The logarithm of what the whole begins with: P(τ) times that of the prefix.
  private let start: Double
  /// What all sequences begin with, and the state after it.
  private let prefix: [Symbol]
  private let first: Int
  private let length: Int?
  private let inputs: (Int) -> StepInputs
  private let bound: (_ time: Int, _ state: Int) -> Double

  /// - Parameter start: with the probability of the prefix.
  init(
    _ states: BackoffAutomaton, start: Double, _ prefix: [Symbol], _ first: Int, length: Int? = nil,
    inputs: @escaping (Int) -> StepInputs = { StepInputs(time: $0) },
    bound: @escaping (_ time: Int, _ state: Int) -> Double
  ) {
    self.states = states
    self.start = start
    self.prefix = prefix
    self.first = first
    self.length = length
    self.inputs = inputs
    self.bound = bound
  }

  /// A beginning: its last element, where it comes from, and its logarithm of probability.
  private struct Beginning {
    var parent: Int32
    var element: Int32
    var state: Int32
    var time: Int32
    var logProbability: Double
  }

  /// - Parameter most: beginnings after which the search is given up: what is left is missed.
  func run(_ best: inout BestSequences, most: Int) {
    let shape = states.shape
    var beginnings: [Beginning] = []
    var queue = Heap<Queued>()
    beginnings.append(
      Beginning(
        parent: -1, element: -1, state: Int32(first), time: Int32(truncatingIfNeeded: prefix.count),
        logProbability: start))
    queue.insert(Queued(priority: start + bound(prefix.count, first), index: 0))
    var probabilities = [Double](repeating: 0, count: shape.outcomes)
    var successors = [Int32](repeating: 0, count: shape.outcomes)
    while let next = queue.popMax() {
      let (priority, index) = (next.priority, next.index)
      if priority == -.infinity || (best.isFull && priority <= best.least) { return }
      if beginnings.count > most {
        best.miss(priority)
        return
      }
      let here = beginnings[index]
      let time = Int(here.time)
      let place = states.row(Int(here.state), inputs(time))
      if length == nil || time == length {
        let stop = shape.decidesEnd ? states.stopProbability(place) : 1
        best.add(sequence(index, beginnings), here.logProbability + log(stop))
        if time == length { continue }
      }
      states.elements(of: place, into: &probabilities, &successors)
      for element in 0..<shape.alphabetSize where probabilities[element] > 0 {
        let logProbability = here.logProbability + log(probabilities[element])
        let next = Int(successors[element])
        let priority = logProbability + bound(time + 1, next)
        guard priority > -.infinity, !best.isFull || priority > best.least else { continue }
        queue.insert(Queued(priority: priority, index: beginnings.count))
        beginnings.append(
          Beginning(
            parent: Int32(index), element: Int32(element), state: Int32(next), time: here.time + 1,
            logProbability: logProbability))
      }
    }
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
