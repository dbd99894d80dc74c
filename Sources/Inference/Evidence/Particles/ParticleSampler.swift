import Foundation
import ModelCore
import Patterns
import Probability
import Sequences

/// One run of sequential Monte Carlo for the sequences of a model that agree with evidence (Doucet, de Freitas and Gordon
/// 2001), with a lookahead ψ (Guarniero, Johansen and Lee 2017; of language models Zhao et al. 2024).
///
/// At each step a particle of past y and weight w draws from
///
///     q(w) ∝ P(continue with w | y) ψ(y w)     q(end) ∝ P(end | y) [the evidence is met]
///
/// and its weight is multiplied by the normaliser of q over ψ(y), so that the mean weight of the particles that have ended is
/// an unbiased estimate of P(evidence), and each has P(sequence | evidence) for its target. Were ψ the probability of the
/// evidence given the past, all weights would be the same. Since the normaliser does not depend on what is drawn,
/// particles are resampled before they draw, where their effective sample size is below half of their number; those that
/// have ended take part. Particles with the same past are one lane with a count, so that the model is asked once, and they
/// draw together by systematic allocation.
struct ParticleSampler<Walks: SideBySide> {
  /// Particles with the same past.
  private struct Lane {
    var position: Lookahead.Position
    var length: Int
    var leaf: Int32
    var count: Int
    /// log ψ of the past.
    var logValue: Double
    /// Of each of the particles, with ψ.
    var logWeight: Double
  }

  private let lookahead: Lookahead
  private let options: ParticleOptions
  private let longest: Int
  private var walks: Walks
  private var stream: RandomStream
  private var prediction: Prediction
  private var workspace = Workspace()
  private var lanes: [Lane] = []
  private var ended: [Lane] = []
  private var population: Population
  /// The loss of all resampling so far: Σ 1/ESS − 1/N.
  private var loss = 0.0
  private var time = 0
  // Of one step: the continuations from each position, and each lane's distribution over them, the end last.
  private var rows: [Lookahead.Position: Range<Int>] = [:]
  private var continuations: [Lookahead.Continuation] = []
  private var ranges: [Range<Int>] = []
  private var proposals: [Double] = []
  private var offsets: [Int] = []

  init(
    _ walks: Walks, _ shape: OutputShape, _ lookahead: Lookahead, _ automaton: any SymbolAutomaton,
    _ options: ParticleOptions, _ stream: RandomStream
  ) {
    (self.walks, self.lookahead, self.options, self.stream) = (walks, lookahead, options, stream)
    // Other evidence bounds the length itself.
    longest = automaton is IncompleteSequence || !shape.decidesEnd ? .max : options.longest
    prediction = Prediction(shape)
    population = Population(automaton)
  }

  private var count: Int { max(options.particles, 1) }

  /// Runs until all particles have ended. O(elements · lanes · step of the model).
  mutating func run() -> Population {
    start()
    while !lanes.isEmpty, time <= longest {
      walks.advance(lanes.count)
      weigh()
      if options.isResampling { resample() }
      branch()
    }
    finish()
    return population
  }

  private mutating func start() {
    let logWeights = lookahead.starts.map { $0.logProbability + $0.logValue }
    let total = logSum(logWeights)
    guard total > -.infinity else { return }
    var allocation = SystematicAllocation(count, offset: stream.uniform())
    let last = logWeights.lastIndex { $0 > -.infinity }
    for (index, start) in lookahead.starts.enumerated() {
      let share = allocation.next(exp(logWeights[index] - total), isLast: index == last)
      if share == 0 { continue }
      let lane = Lane(
        position: start.position, length: start.length, leaf: CompletionTree.root, count: share,
        logValue: start.logValue, logWeight: total)
      if lookahead.end(start.position) == .given {
        end(lane)
      } else {
        walks.start(lanes.count, length: start.length)
        lanes.append(lane)
      }
    }
  }

  /// A lane's sequence ends where its length is given: its probability and ψ are 1.
  private mutating func end(_ lane: Lane) {
    var lane = lane
    lane.logWeight -= lane.logValue
    lane.logValue = 0
    lane.length = time
    ended.append(lane)
  }

  // MARK: One step

  /// Multiplies each weight by the normaliser of the lane's proposal over ψ, and keeps the proposal.
  private mutating func weigh() {
    rows.removeAll(keepingCapacity: true)
    continuations.removeAll(keepingCapacity: true)
    ranges.removeAll(keepingCapacity: true)
    proposals.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    for index in lanes.indices {
      walks.predict(index, into: &prediction)
      let row = row(lanes[index].position)
      ranges.append(row)
      offsets.append(proposals.count)
      let here = lanes[index].logValue
      var largest = -Double.infinity
      for entry in row {
        let next = continuations[entry]
        let logValue = next.position.state < 0 ? here + next.logValue : next.logValue
        let logTerm = prediction.logContinuing(with: next.symbol) + logValue
        proposals.append(logTerm)
        largest = max(largest, logTerm)
      }
      let logEnd = lookahead.end(lanes[index].position) == .decided ? prediction.logStop : -.infinity
      proposals.append(logEnd)
      largest = max(largest, logEnd)
      guard largest > -.infinity else {
        lanes[index].logWeight = -.infinity
        continue
      }
      var sum = 0.0
      for term in offsets[index]..<proposals.count {
        proposals[term] = exp(proposals[term] - largest)
        sum += proposals[term]
      }
      for term in offsets[index]..<proposals.count { proposals[term] /= sum }
      lanes[index].logWeight += largest + log(sum) - here
    }
  }

  private mutating func row(_ position: Lookahead.Position) -> Range<Int> {
    if let row = rows[position] { return row }
    let first = continuations.count
    lookahead.addContinuations(of: position, to: &continuations, &workspace)
    rows[position] = first..<continuations.count
    return first..<continuations.count
  }

  /// Σ w and Σ w² over all particles, with the largest weight 1, and its logarithm.
  private func sums() -> (first: Double, second: Double, largest: Double) {
    let largest = max(
      lanes.reduce(-.infinity) { $1.count > 0 ? max($0, $1.logWeight) : $0 },
      ended.reduce(-.infinity) { max($0, $1.logWeight) })
    var (first, second) = (0.0, 0.0)
    guard largest > -.infinity else { return (0, 0, largest) }
    for group in [lanes, ended] {
      for lane in group where lane.count > 0 {
        let weight = exp(lane.logWeight - largest)
        first += Double(lane.count) * weight
        second += Double(lane.count) * weight * weight
      }
    }
    return (first, second, largest)
  }

  /// Gives all particles the same weight, where their effective sample size is below half of their number.
  private mutating func resample() {
    let (first, second, largest) = sums()
    guard second > 0, first * first / second < Double(count) / 2 else { return }
    loss += second / (first * first) - 1 / Double(count)
    let mean = largest + log(first / Double(count))
    var allocation = SystematicAllocation(count, offset: stream.uniform())
    func isAlive(_ lane: Lane) -> Bool { lane.count > 0 && lane.logWeight > -.infinity }
    let (lastEnded, lastLane) = (ended.lastIndex(where: isAlive), lanes.lastIndex(where: isAlive))
    for index in ended.indices {
      let share = Double(ended[index].count) * exp(ended[index].logWeight - largest) / first
      ended[index].count = allocation.next(share, isLast: lastLane == nil && index == lastEnded)
      ended[index].logWeight = mean
    }
    for index in lanes.indices {
      let share = isAlive(lanes[index]) ? Double(lanes[index].count) * exp(lanes[index].logWeight - largest) / first : 0
      lanes[index].count = allocation.next(share, isLast: index == lastLane)
      lanes[index].logWeight = mean
    }
    ended.removeAll { $0.count == 0 }
  }

  /// Draws each particle's end or next symbol.
  private mutating func branch() {
    var (children, parents, symbols) = ([Lane](), [Int](), [Symbol]())
    for (index, lane) in lanes.enumerated() where lane.count > 0 && lane.logWeight > -.infinity {
      let (row, offset) = (ranges[index], offsets[index])
      let shares = proposals[offset...(offset + row.count)]
      let last = shares.lastIndex { $0 > 0 } ?? shares.startIndex
      var allocation = SystematicAllocation(lane.count, offset: stream.uniform())
      for (entry, term) in zip(row, offset...) {
        let share = allocation.next(proposals[term], isLast: term == last)
        if share == 0 { continue }
        let next = continuations[entry]
        var child = lane
        child.logValue = next.position.state < 0 ? lane.logValue + next.logValue : next.logValue
        (child.position, child.count) = (next.position, share)
        child.leaf = population.tree.add(next.symbol, to: lane.leaf, at: time)
        children.append(child)
        parents.append(index)
        symbols.append(next.symbol)
      }
      let share = allocation.next(proposals[offset + row.count], isLast: offset + row.count == last)
      if share > 0 {
        var lane = lane
        (lane.count, lane.length, lane.logValue) = (share, time, 0)
        ended.append(lane)
      }
    }
    proceed(children, parents, symbols)
  }

  /// Lets the children take the place of the lanes, but for those that end because their length is reached.
  private mutating func proceed(_ children: [Lane], _ parents: [Int], _ symbols: [Symbol]) {
    time += 1
    let going = children.indices.filter { lookahead.end(children[$0].position) != .given }
    if going.count < children.count {
      for child in children where lookahead.end(child.position) == .given { end(child) }
    }
    let places = walks.branch(going.map { parents[$0] })
    lanes.removeAll(keepingCapacity: true)
    // In the order of their lanes.
    var order = [Int](repeating: 0, count: going.count)
    for (child, lane) in zip(going, places) { order[lane] = child }
    for (lane, child) in order.enumerated() {
      walks.set(lane, past: symbols[child], time: time, length: children[child].length)
      lanes.append(children[child])
    }
  }

  private mutating func finish() {
    let (first, second, largest) = sums()
    if second == 0 { return }
    let lost = lanes.reduce(0) { $0 + ($1.count > 0 ? Double($1.count) * exp($1.logWeight - largest) : 0) }
    population.lostShare = lost / first
    lanes = []
    let kept = sums()
    population.logEstimate = kept.largest + log(kept.first / Double(count))
    if kept.second > 0 {
      population.effectiveSampleSize = 1 / (kept.second / (kept.first * kept.first) + loss)
    }
    population.completions = ended.filter { $0.logWeight > -.infinity }.map {
      Population.Completion(leaf: $0.leaf, length: Int32($0.length), logWeight: $0.logWeight + log(Double($0.count)))
    }
  }
}
