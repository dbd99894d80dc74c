import Foundation
import ModelCore
import Patterns
import Sequences

extension ParticlePosterior {
  /// The most probable sequences that agree with the evidence. Where all were enumerated the answer is exact. Else it comes of
  /// a beam search that keeps those beginnings whose probability times lookahead is largest, as many as there are
  /// particles. What it missed has at most the probability of the most probable beginning that it dropped, and at most
  /// what P(evidence) has left beside the sequences that were found (by its estimate and four standard errors): the lesser is
  /// the bound.
  /// - Parameter count: how many.
  public func mostProbable(_ count: Int) -> MostProbableMatches {
    if logProbability == -.infinity || count <= 0 { return MostProbableMatches(sequences: [], missedNats: nil) }
    guard let quality else {
      let population = populations[0]
      let best = population.completions.enumerated()
        .sorted { ($0.element.logWeight, $1.offset) > ($1.element.logWeight, $0.offset) }.prefix(count)
      return MostProbableMatches(
        sequences: best.map { sample(population.tree.sequence($0.element.leaf)) }, missedNats: nil)
    }
    func beam<Walks: SideBySide>(_ walks: Walks) -> (found: [EvidenceBeam<Walks>.Found], dropped: Double) {
      var beam = EvidenceBeam(walks, model.shape, lookahead, automaton, width: width, count: count, options.longest)
      return beam.run()
    }
    func lockstep<C: LockstepConditional>(_ conditional: C) -> MostProbableMatches {
      let (found, dropped) = beam(LockstepLanes(lanes: conditional.lanes(width), shape: model.shape))
      return matches(found.map { ($0.sequence, $0.logProbability) }, dropped, count, quality)
    }
    func copies<C: Conditional>(_ conditional: C) -> MostProbableMatches {
      let (found, dropped) = beam(WalkCopies(conditional, count: width))
      return matches(found.map { ($0.sequence, $0.logProbability) }, dropped, count, quality)
    }
    if let conditional = model.lockstep { return lockstep(conditional) }
    return copies(model.conditional)
  }

  private var width: Int { max(options.particles, 1) }

  private func matches(
    _ found: [(sequence: [Symbol], logProbability: Double)], _ dropped: Double, _ count: Int,
    _ quality: EstimateQuality
  ) -> MostProbableMatches {
    let best = found.prefix(count).map { sample($0.sequence) }
    // No sequence that was dropped is more probable than the last one that is wanted.
    let isExact = found.count >= count ? found[count - 1].logProbability >= dropped : dropped == -.infinity
    if isExact { return MostProbableMatches(sequences: best, missedNats: nil) }
    let sum = logSum(found.map(\.logProbability))
    let most = logProbability + 4 * quality.standardError
    let left = most > sum ? most + log1p(-exp(sum - most)) : -Double.infinity
    return MostProbableMatches(sequences: best, missedNats: -min(dropped, left))
  }
}

/// A beam search over the beginnings of sequences that agree with evidence, guided by a lookahead.
struct EvidenceBeam<Walks: SideBySide> {
  /// A whole sequence.
  struct Found {
    var sequence: [Symbol]
    var logProbability: Double
  }

  private struct Beginning {
    var position: Lookahead.Position
    var length: Int
    var leaf: Int32
    var logValue: Double
    var logProbability: Double
    /// The lane of the beginning before it, and the symbol after that.
    var parent = 0
    var symbol = 0
  }

  private let lookahead: Lookahead
  private let width: Int
  private let count: Int
  private let longest: Int
  private var walks: Walks
  private var prediction: Prediction
  private var tree: CompletionTree
  private var whole: [(leaf: Int32, logProbability: Double)] = []
  private var dropped = -Double.infinity

  /// - Parameters:
  ///   - width: beginnings that are continued.
  ///   - count: sequences that are wanted.
  ///   - longest: elements after which a search without an end is given up.
  init(
    _ walks: Walks, _ shape: OutputShape, _ lookahead: Lookahead, _ automaton: any SymbolAutomaton, width: Int,
    count: Int,
    _ longest: Int
  ) {
    (self.walks, self.lookahead, self.width, self.count) = (walks, lookahead, width, count)
    self.longest = automaton is IncompleteSequence || !shape.decidesEnd ? .max : longest
    prediction = Prediction(shape)
    tree = CompletionTree(automaton)
  }

  /// All whole sequences that were met, as far as they may be wanted, the most probable first; and the largest
  /// log-probability of a beginning that was dropped.
  mutating func run() -> (found: [Found], dropped: Double) {
    var row = cut(
      lookahead.starts.map {
        Beginning(
          position: $0.position, length: $0.length, leaf: CompletionTree.root, logValue: $0.logValue,
          logProbability: $0.logProbability)
      })
    row.removeAll { isWhole($0) }
    for (lane, beginning) in row.enumerated() { walks.start(lane, length: beginning.length) }
    var time = 0
    while !row.isEmpty {
      walks.advance(row.count)
      var next = continuations(row, time)
      time += 1
      next.removeAll { isWhole($0) }
      let least = least()
      if time > longest || next.allSatisfy({ $0.logProbability <= least }) {
        dropped = max(dropped, next.map(\.logProbability).max() ?? -.infinity)
        break
      }
      let lanes = walks.branch(next.map(\.parent))
      row = next
      for (beginning, lane) in zip(next, lanes) {
        row[lane] = beginning
        walks.set(lane, past: beginning.symbol, time: time, length: beginning.length)
      }
    }
    whole.sort { ($0.logProbability, $1.leaf) > ($1.logProbability, $0.leaf) }
    return (whole.map { Found(sequence: tree.sequence($0.leaf), logProbability: $0.logProbability) }, dropped)
  }

  /// The log-probability that is to be exceeded.
  private func least() -> Double {
    guard whole.count >= count else { return -.infinity }
    return whole.map(\.logProbability).sorted(by: >)[count - 1]
  }

  /// Takes a sequence whose given length is reached.
  private mutating func isWhole(_ beginning: Beginning) -> Bool {
    guard lookahead.end(beginning.position) == .given else { return false }
    whole.append((beginning.leaf, beginning.logProbability))
    return true
  }

  private mutating func continuations(_ row: [Beginning], _ time: Int) -> [Beginning] {
    var (next, list, workspace) = ([Beginning](), [Lookahead.Continuation](), Workspace())
    for (lane, beginning) in row.enumerated() {
      walks.predict(lane, into: &prediction)
      if lookahead.end(beginning.position) == .decided, prediction.logStop > -.infinity {
        whole.append((beginning.leaf, beginning.logProbability + prediction.logStop))
      }
      list.removeAll(keepingCapacity: true)
      lookahead.addContinuations(of: beginning.position, to: &list, &workspace)
      for entry in list {
        var child = beginning
        child.logProbability += prediction.logContinuing(with: entry.symbol)
        if child.logProbability == -.infinity { continue }
        child.logValue = entry.position.state < 0 ? beginning.logValue + entry.logValue : entry.logValue
        (child.position, child.parent, child.symbol) = (entry.position, lane, entry.symbol)
        next.append(child)
      }
    }
    next = cut(next)
    for index in next.indices {
      next[index].leaf = tree.add(next[index].symbol, to: next[index].leaf, at: time)
    }
    return next
  }

  /// The most promising ones.
  private mutating func cut(_ beginnings: [Beginning]) -> [Beginning] {
    guard beginnings.count > width else { return beginnings }
    func promise(_ beginning: Beginning) -> Double { beginning.logProbability + beginning.logValue }
    let order = beginnings.indices.sorted {
      (promise(beginnings[$0]), $1) > (promise(beginnings[$1]), $0)
    }
    for index in order[width...] { dropped = max(dropped, beginnings[index].logProbability) }
    return order[..<width].map { beginnings[$0] }
  }
}
