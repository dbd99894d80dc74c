import Foundation
import ModelCore
import Patterns
import Probability
import Sequences

/// Sequential Monte Carlo for the sequences of a model that agree with evidence (Doucet, de Freitas and Gordon 2001), with a
/// lookahead ψ (Guarniero, Johansen and Lee 2017; of language models Zhao et al. 2024), in several independent repetitions.
///
/// At each step a particle of past y and weight w draws from
///
///     q(w) ∝ P(continue with w | y) ψ(y w)     q(end) ∝ P(end | y) [the evidence is met]
///
/// and its weight is multiplied by the normaliser of q over ψ(y), so that the mean weight of the particles that have ended is
/// an unbiased estimate of P(evidence), and each has P(sequence | evidence) for its target. Were ψ the probability of the
/// evidence given the past, all weights would be the same. Since the normaliser does not depend on what is drawn,
/// particles are resampled before they draw (`ParticleRepetition`).
///
/// Particles with the same past, of all repetitions, share a lane, so that the model is asked once. Those of one repetition
/// are a group and draw together by systematic allocation. What a repetition draws does not depend on the others.
struct ParticleSampler<Walks: SideBySide> {
  /// A past that particles share.
  private struct Lane {
    var position: Lookahead.Position
    var length: Int
    var leaf: Int32
    /// log ψ of the past.
    var logValue: Double
  }

  private let lookahead: Lookahead
  private let options: ParticleOptions
  private let longest: Int
  private var walks: Walks
  private var prediction: Prediction
  private var workspace = Workspace()
  private var lanes: [Lane] = []
  private var repetitions: [ParticleRepetition]
  private var tree: CompletionTree
  private var time = 0
  // Of one step: the continuations from each position, and each lane's distribution over them, the end last.
  private var rows: [Lookahead.Position: Range<Int>] = [:]
  private var continuations: [Lookahead.Continuation] = []
  private var ranges: [Range<Int>] = []
  private var proposals: [Double] = []
  private var offsets: [Int] = []

  /// - Parameters:
  ///   - walks: as many lanes as there are particles.
  ///   - streams: one for each repetition.
  init(
    _ walks: Walks, _ shape: OutputShape, _ lookahead: Lookahead, _ automaton: any SymbolAutomaton,
    _ options: ParticleOptions, _ streams: [RandomStream]
  ) {
    (self.walks, self.lookahead, self.options) = (walks, lookahead, options)
    repetitions = streams.map { ParticleRepetition(max(options.particles, 1), $0) }
    // Other evidence bounds the length itself.
    longest = automaton is IncompleteSequence || !shape.decidesEnd ? .max : options.longest
    prediction = Prediction(shape)
    tree = CompletionTree(automaton)
  }

  /// Runs until all particles have ended. O(elements · lanes · step of the model).
  /// - Returns: a population for each repetition.
  mutating func run() -> [Population] {
    start()
    while !lanes.isEmpty, time <= longest {
      walks.advance(lanes.count)
      let logFactors = weigh()
      for number in repetitions.indices {
        repetitions[number].multiply(by: logFactors)
        if options.isResampling { repetitions[number].resample() }
      }
      branch()
    }
    return repetitions.map { $0.population(tree) }
  }

  private mutating func start() {
    let logWeights = lookahead.starts.map { $0.logProbability + $0.logValue }
    let total = logSum(logWeights)
    guard total > -.infinity else { return }
    let shares = logWeights.map { exp($0 - total) }
    var lane = [Int](repeating: -1, count: shares.count)
    var parts: [(index: Int, group: ParticleRepetition.Group)] = []
    for number in repetitions.indices {
      let all = ParticleRepetition.Group(lane: -1, count: repetitions[number].count, logWeight: total)
      repetitions[number].allocate(all, shares[...], to: &parts)
      for (index, group) in parts {
        let start = lookahead.starts[index]
        if lookahead.end(start.position) == .given {
          repetitions[number].end(group, CompletionTree.root, 0, logWeight: total - start.logValue)
          continue
        }
        if lane[index] < 0 {
          lane[index] = lanes.count
          walks.start(lanes.count, length: start.length)
          lanes.append(
            Lane(position: start.position, length: start.length, leaf: CompletionTree.root, logValue: start.logValue))
        }
        repetitions[number].groups.append(.init(lane: lane[index], count: group.count, logWeight: total))
      }
    }
  }

  // MARK: One step

  /// Keeps each lane's proposal.
  /// - Returns: of each lane, the logarithm of the proposal's normaliser over ψ.
  private mutating func weigh() -> [Double] {
    rows.removeAll(keepingCapacity: true)
    continuations.removeAll(keepingCapacity: true)
    ranges.removeAll(keepingCapacity: true)
    proposals.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    var logFactors = [Double](repeating: -.infinity, count: lanes.count)
    for index in lanes.indices {
      walks.predict(index, into: &prediction)
      let row = row(lanes[index].position)
      ranges.append(row)
      offsets.append(proposals.count)
      let here = lanes[index].logValue
      var largest = -Double.infinity
      for entry in row {
        let next = continuations[entry]
        let logTerm =
          prediction.logContinuing(with: next.symbol) + logValue(next, after: here)
        proposals.append(logTerm)
        largest = max(largest, logTerm)
      }
      let logEnd = lookahead.end(lanes[index].position) == .decided ? prediction.logStop : -.infinity
      proposals.append(logEnd)
      largest = max(largest, logEnd)
      if largest == -.infinity { continue }
      var sum = 0.0
      for term in offsets[index]..<proposals.count {
        proposals[term] = exp(proposals[term] - largest)
        sum += proposals[term]
      }
      for term in offsets[index]..<proposals.count { proposals[term] /= sum }
      logFactors[index] = largest + log(sum) - here
    }
    return logFactors
  }

  /// log ψ after a continuation.
  private func logValue(_ next: Lookahead.Continuation, after here: Double) -> Double {
    next.position.state < 0 ? here + next.logValue : next.logValue
  }

  private mutating func row(_ position: Lookahead.Position) -> Range<Int> {
    if let row = rows[position] { return row }
    let first = continuations.count
    lookahead.addContinuations(of: position, to: &continuations, &workspace)
    rows[position] = first..<continuations.count
    return first..<continuations.count
  }

  /// Draws each particle's end or next symbol.
  private mutating func branch() {
    var (children, parents, symbols) = ([Lane](), [Int](), [Symbol]())
    /// The child of each term of the proposals, once a particle has drawn it.
    var child = [Int](repeating: -1, count: proposals.count)
    var parts: [(index: Int, group: ParticleRepetition.Group)] = []
    for number in repetitions.indices {
      for group in repetitions[number].takeGroups() {
        let (row, offset, lane) = (ranges[group.lane], offsets[group.lane], lanes[group.lane])
        repetitions[number].allocate(group, proposals[offset...(offset + row.count)], to: &parts)
        for (term, group) in parts {
          if term == offset + row.count {
            repetitions[number].end(group, lane.leaf, time)
            continue
          }
          if child[term] < 0 {
            let next = continuations[row.lowerBound + term - offset]
            child[term] = children.count
            children.append(
              Lane(
                position: next.position, length: lane.length, leaf: tree.add(next.symbol, to: lane.leaf, at: time),
                logValue: logValue(next, after: lane.logValue)))
            parents.append(group.lane)
            symbols.append(next.symbol)
          }
          repetitions[number].groups.append(
            .init(lane: child[term], count: group.count, logWeight: group.logWeight))
        }
      }
    }
    proceed(children, parents, symbols)
  }

  /// Lets the children take the place of the lanes, but for those that end because their length is reached.
  private mutating func proceed(_ children: [Lane], _ parents: [Int], _ symbols: [Symbol]) {
    time += 1
    let going = children.indices.filter { lookahead.end(children[$0].position) != .given }
    let places = walks.branch(going.map { parents[$0] })
    var place = [Int](repeating: -1, count: children.count)
    lanes = going.map { children[$0] }
    for (child, lane) in zip(going, places) {
      place[child] = lane
      walks.set(lane, past: symbols[child], time: time, length: children[child].length)
      lanes[lane] = children[child]
    }
    for number in repetitions.indices {
      for group in repetitions[number].takeGroups() {
        let child = children[group.lane]
        if place[group.lane] < 0 {
          // P of an end that is given, and its ψ, are 1.
          repetitions[number].end(group, child.leaf, time, logWeight: group.logWeight - child.logValue)
        } else {
          repetitions[number].groups.append(
            .init(lane: place[group.lane], count: group.count, logWeight: group.logWeight))
        }
      }
    }
  }
}
