import Foundation
import Models
import Sequences

/// The most probable sequences of a model, the most probable first.
///
///     let found = try MostProbable(of: model, 10)
///     found.sequences[0].score.nats
///
/// Exact where states are finitely many, by a best-first search over beginnings (A*; Hart, Nilsson and Raphael 1968) whose
/// bound is the most that any way from a state on can have. Elsewhere a beam of beginnings is carried on; what it drops
/// has a probability below a bound that is known, so that a search that drops nothing better than what it found is exact
/// too.
public struct MostProbable: Sendable {
  /// As complete draws with their scores.
  public let sequences: [Sample]
  /// Whether no sequence that is not among them has a larger probability than one that is.
  public let isExact: Bool
  /// No sequence that was missed has fewer nats than this; `nil` where the search is exact.
  public let missedNats: Double?

  /// Beginnings that a search looks at before it gives exactness up.
  private static let mostBeginnings = 4_000_000

  /// - Parameters:
  ///   - length: that of all sequences; any if `nil`.
  ///   - beam: beginnings that are carried on, where no bound is known.
  ///   - longest: elements beyond which nothing is looked for, where no bound is known.
  /// - Throws: `SpecificationError.refused` for models that look at inputs x.
  public init(
    of model: SequenceModel, _ count: Int, length: Int? = nil, beam: Int = 1000, longest: Int = 10_000
  ) throws {
    if model.specification.family.readsInputs, model.conditional.shape.inputWidth > 0 {
      throw SpecificationError.refused(
        model: model.specification.shortWord, reason: "its most probable sequences depend on the inputs x")
    }
    if count <= 0 {
      (sequences, isExact, missedNats) = ([], true, nil)
      return
    }
    let states = (model.conditional as? any FiniteStateConditional<Symbol>)?.finiteStates()
    var best = BestSequences(count)
    if let states, model.prior == nil, length == nil, states.refine == nil {
      let bounds = BestEnds(states)
      Search(states, start: 0, bound: { _, state in bounds.logMost[state] }).run(&best, most: Self.mostBeginnings)
    } else if let states {
      try Self.byLength(model, states, length, &best)
    } else {
      try Self.byBeam(model, length, width: max(beam, count), longest: longest, &best)
    }
    sequences = best.found.map { found in
      Sample(sequence: found.sequence, score: model.score(of: found.sequence), isComplete: true)
    }.sorted { $0.score.nats < $1.score.nats }
    // What was missed is below the bound, if that is below the last that was found.
    isExact = best.missed <= (best.isFull ? best.least : -.infinity)
    missedNats = isExact ? nil : -best.missed
  }

  /// One length after the other, the most probable first: a sequence is at most as probable as its length.
  private static func byLength(
    _ model: SequenceModel, _ states: FiniteStates, _ length: Int?, _ best: inout BestSequences
  ) throws {
    var lengths: [(length: Int, bound: Double)]
    if let length {
      lengths = [(length, model.prior?.logProbability(length) ?? 0)]
    } else {
      let law = try model.lengthDistribution(seed: 0)
      lengths = law.probabilities.enumerated().map { ($0.offset, log($0.element)) }
      lengths.sort { ($0.bound, $1.length) > ($1.bound, $0.length) }
      // Those that are not listed are all together as rare as this.
      best.miss(log(law.beyond))
    }
    for (length, bound) in lengths where bound > -.infinity {
      if best.isFull, bound <= best.least { break }
      let prior = model.prior?.logProbability(length) ?? 0
      let inputs: @Sendable (Int) -> StepInputs = { model.inputs(time: $0, length: length) }
      // The table of bounds takes a number a state and time.
      guard states.count * (length + 1) <= 1 << 27 else {
        best.miss(bound)
        continue
      }
      let bounds = BestBridges(states, length: length, inputs)
      Search(
        states, start: prior, length: length, inputs: inputs, bound: { time, state in bounds.logMost[time][state] }
      ).run(&best, most: mostBeginnings)
    }
  }

  /// Beginnings side by side, all of one length; the most probable go on.
  private static func byBeam(
    _ model: SequenceModel, _ length: Int?, width: Int, longest: Int, _ best: inout BestSequences
  ) throws {
    guard let prior = model.prior else {
      beam(model.conditional, model, length: length, start: 0, width: width, longest: length ?? longest, &best)
      return
    }
    var lengths = length.map { [$0] } ?? []
    if length == nil {
      let law = try model.lengthDistribution(seed: 0)
      lengths = law.probabilities.indices.sorted { (law.probabilities[$0], $1) > (law.probabilities[$1], $0) }
      best.miss(log(law.beyond))
    }
    for length in lengths {
      let bound = prior.logProbability(length)
      if best.isFull, bound <= best.least { break }
      if length > longest {
        best.miss(bound)
      } else {
        beam(model.conditional, model, length: length, start: bound, width: width, longest: length, &best)
      }
    }
  }

  private static func beam<C: Conditional<Symbol>>(
    _ conditional: C, _ model: SequenceModel, length: Int?, start: Double, width: Int, longest: Int,
    _ best: inout BestSequences
  ) {
    let shape = conditional.shape
    var prediction = Prediction(shape)
    var row = [
      WalkedBeginning(
        state: conditional.start(model.inputs(time: 0, length: length ?? 0)), sequence: [], logProbability: start)
    ]
    for time in 0...longest {
      let inputs = model.inputs(time: time, length: length ?? 0)
      var following: [(from: Int, element: Symbol, logProbability: Double)] = []
      for (index, beginning) in row.enumerated() {
        conditional.predict(beginning.state, inputs, into: &prediction)
        let stop = shape.stop == .given ? (time == length ? 0 : -.infinity) : prediction.logStop
        if length == nil || time == length { best.add(beginning.sequence, beginning.logProbability + stop) }
        if time == length { continue }
        let goOn = shape.stop == .variable ? prediction.logGoOn : 0
        for element in 0..<shape.alphabetSize {
          let logProbability = beginning.logProbability + goOn + prediction.logProbabilities[element]
          // What cannot be among the best is not carried on, and is not missed either.
          if logProbability > -.infinity, !best.isFull || logProbability > best.least {
            following.append((index, element, logProbability))
          }
        }
      }
      if following.isEmpty { return }
      following.sort { ($0.logProbability, $1.from, $1.element) > ($1.logProbability, $0.from, $0.element) }
      if time == longest {
        best.miss(following[0].logProbability)
        return
      }
      if following.count > width { best.miss(following[width].logProbability) }
      let next = model.inputs(time: time + 1, length: length ?? 0)
      row = following.prefix(width).map { follower in
        var beginning = row[follower.from]
        conditional.advance(&beginning.state, past: follower.element, next)
        beginning.sequence.append(follower.element)
        beginning.logProbability = follower.logProbability
        return beginning
      }
    }
  }
}

/// A beginning in a beam.
private struct WalkedBeginning<State> {
  var state: State
  var sequence: [Symbol]
  var logProbability: Double
}

/// The best so far, at most some number of them, the best first.
private struct BestSequences {
  private let count: Int
  private(set) var found: [(sequence: [Symbol], logProbability: Double)] = []
  /// The largest probability that anything missed may have.
  private(set) var missed = -Double.infinity

  init(_ count: Int) { self.count = count }

  var isFull: Bool { found.count == count }
  var least: Double { found.last?.logProbability ?? -.infinity }

  mutating func add(_ sequence: @autoclosure () -> [Symbol], _ logProbability: Double) {
    guard logProbability > -.infinity, !isFull || logProbability > least else { return }
    let place = found.firstIndex { $0.logProbability < logProbability } ?? found.count
    found.insert((sequence(), logProbability), at: place)
    if found.count > count { found.removeLast() }
  }

  mutating func miss(_ logProbability: Double) { missed = max(missed, logProbability) }
}

/// The most that any way on from a state can have, the end included: for a homogeneous chain of any length.
private struct BestEnds {
  let logMost: [Double]

  /// max(P(stop), max_w P(w) most(next)), by iteration until nothing changes. What a state does not list is bounded by the
  /// shorter state's best, whatever that lists. O(longest best way · entries).
  init(_ states: FiniteStates) {
    let count = states.count
    let isVariable = states.shape.stop == .variable
    var most = (0..<count).map { states.stopProbability($0) }
    let stop = most
    let rests = states.rests
    var isSettled = false
    for _ in 0..<100_000 where !isSettled {
      isSettled = true
      let ways = Ways(states, rests: rests, most)
      for state in 0..<count {
        let best = ways.best(state) * (isVariable ? states.goOn[state] : 1)
        // Roundings must not go round for ever.
        if best > max(most[state], stop[state]) * (1 + 1e-14) {
          most[state] = best
          isSettled = false
        }
      }
    }
    logMost = isSettled ? most.map { log($0) + 1e-11 } : Array(repeating: 0, count: count)
  }
}

/// The same for a given length: for each time.
private struct BestBridges {
  let logMost: [[Double]]

  init(_ states: FiniteStates, length: Int, _ inputs: (Int) -> StepInputs) {
    let count = states.count
    func places(_ time: Int) -> [Int] { (0..<count).map { states.refine?($0, inputs(time)) ?? $0 } }
    let isGiven = states.shape.stop == .given
    let rests = states.rests
    var last = places(length).map { isGiven ? 1 : states.stopProbability($0) }
    // Each row divided by its largest number, whose logarithms are added up.
    var shift = 0.0
    var rows: [[Double]] = [last.map { log($0) + 1e-11 }]
    for time in stride(from: length - 1, through: 0, by: -1) {
      let ways = Ways(states, rests: rests, last)
      last = places(time).map { ways.best($0) * (states.shape.stop == .variable ? states.goOn[$0] : 1) }
      let largest = last.max() ?? 0
      if largest > 0 {
        shift += log(largest)
        for state in last.indices { last[state] /= largest }
      }
      rows.append(last.map { log($0) + shift + 1e-11 })
    }
    logMost = rows.reversed()
  }
}

/// An upper bound on the most probable step from each state on, given what each next state is worth. What a state does
/// not list has at most the rest of its probability, and at most what the shorter state's best has by the weight.
private struct Ways {
  private let states: FiniteStates
  private var most: [Double]
  /// The largest worth of any next state.
  private var largest: [Double]

  /// - Parameter rests: `states.rests`.
  init(_ states: FiniteStates, rests: [Double], _ worth: [Double]) {
    self.states = states
    most = Array(repeating: 0, count: states.count)
    largest = most
    for state in most.indices {
      let shorter = Int(states.shorter[state])
      var (best, far) = (states.unlisted * worth[0], worth[0])
      if state > 0 {
        (best, far) = (min(states.weight[state] * most[shorter], rests[state] * largest[shorter]), largest[shorter])
      }
      for entry in states.entries(of: state) where states.next[entry] >= 0 {
        let next = worth[Int(states.next[entry])]
        best = max(best, states.values[entry] * next)
        far = max(far, next)
      }
      (most[state], largest[state]) = (best, far)
    }
  }

  func best(_ state: Int) -> Double {
    most[state] + (states.extra.isEmpty ? 0 : states.extra[state] * largest[state])
  }
}

extension FiniteStates {
  /// For each state at most what it leaves for outcomes that it does not list.
  fileprivate var rests: [Double] {
    (0..<count).map { state in max(1 - values[entries(of: state)].reduce(0, +), 0) + 1e-12 }
  }
}

/// The best-first search.
private struct Search {
  private let states: FiniteStates
  /// The logarithm of what the whole begins with: that of P(τ).
  private let start: Double
  private let length: Int?
  private let inputs: (Int) -> StepInputs
  private let bound: (_ time: Int, _ state: Int) -> Double

  init(
    _ states: FiniteStates, start: Double, length: Int? = nil,
    inputs: @escaping (Int) -> StepInputs = { StepInputs(time: $0) },
    bound: @escaping (_ time: Int, _ state: Int) -> Double
  ) {
    self.states = states
    self.start = start
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
    var queue = PriorityQueue()
    let first = inputs(0)
    beginnings.append(
      Beginning(parent: -1, element: -1, state: Int32(states.start(first)), time: 0, logProbability: start))
    queue.push(beginnings[0].logProbability + bound(0, Int(beginnings[0].state)), 0)
    var probabilities = [Double](repeating: 0, count: shape.outcomes)
    var successors = [Int32](repeating: 0, count: shape.outcomes)
    while let (priority, index) = queue.pop() {
      if priority == -.infinity || (best.isFull && priority <= best.least) { return }
      if beginnings.count > most {
        best.miss(priority)
        return
      }
      let here = beginnings[index]
      let time = Int(here.time)
      let place = states.refine?(Int(here.state), inputs(time)) ?? Int(here.state)
      if length == nil || time == length {
        let stop = shape.stop == .given ? 1 : states.stopProbability(place)
        best.add(sequence(index, beginnings), here.logProbability + log(stop))
        if time == length { continue }
      }
      states.expand(place, into: &probabilities, &successors)
      let goOn = shape.stop == .variable ? log(states.goOn[place]) : 0
      for element in 0..<shape.alphabetSize where probabilities[element] > 0 {
        let logProbability = here.logProbability + goOn + log(probabilities[element])
        let next = Int(successors[element])
        let priority = logProbability + bound(time + 1, next)
        guard priority > -.infinity, !best.isFull || priority > best.least else { continue }
        queue.push(priority, beginnings.count)
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
    return sequence.reversed()
  }
}

/// A binary heap, the largest first; of equals the one that came first.
private struct PriorityQueue {
  private var items: [(priority: Double, index: Int)] = []

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    (items[a].priority, items[b].index) > (items[b].priority, items[a].index)
  }

  mutating func push(_ priority: Double, _ index: Int) {
    items.append((priority, index))
    var child = items.count - 1
    while child > 0, case let parent = (child - 1) / 2, precedes(child, parent) {
      items.swapAt(child, parent)
      child = parent
    }
  }

  mutating func pop() -> (priority: Double, index: Int)? {
    guard let top = items.first, let last = items.popLast() else { return nil }
    if items.isEmpty { return top }
    items[0] = last
    var parent = 0
    while true {
      var largest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < items.count && precedes(child, largest) {
        largest = child
      }
      if largest == parent { return top }
      items.swapAt(parent, largest)
      parent = largest
    }
  }
}
