import Foundation
import ModelCore
import Probability
import Sequences

/// What a smoother's parameters are tuned on: events that the counts do not hold, each with what its contexts say of it.
///
/// The events are those of a held-out set, or the training set's own, each taken out of the counts before it is asked for
/// (leave-one-out), with what it added to shorter contexts. Of more than `limit`, that many are drawn.
struct HeldOutEvents {
  /// What one context says of the event's outcome.
  struct Step {
    var context = ContextStatistics()
    /// The outcome's count there.
    var count = 0.0
  }

  /// How often each event occurs.
  private(set) var times: [Double] = []
  /// For each order that has a say in any event, from the empty context outwards, a step an event; a context of total 0
  /// where it does not exist.
  private(set) var levels: [[Step]] = []

  /// Draws one event out of each `stride` that follow each other; all of them where they are few.
  private struct Draw {
    private let stride: Int
    private var position = 0
    private var next = 0
    private var stream = RandomStream(seed: 1)
    private static let limit = 1 << 16

    init(of events: Int) {
      stride = 1 + events / Self.limit
      next = offset()
    }

    /// How many of the next `count` events are drawn.
    mutating func drawn(of count: Int) -> Int {
      var drawn = 0
      let end = position + count
      while next < end {
        drawn += 1
        next = (next / stride + 1) * stride + offset()
      }
      position = end
      return drawn
    }

    private mutating func offset() -> Int { stride == 1 ? 0 : Int(stream.uniform() * Double(stride)) }
  }

  /// The training events, each left out.
  /// - Parameters:
  ///   - exponent: the smoother's `tableExponent`, with which `adjusted` was made.
  ///   - lowerOrders: whether shorter contexts are counted too.
  init(leavingOutOf counts: ContextCounts, adjusted: FlatArray<Double>, exponent: Double, lowerOrders: Bool) {
    let tree = counts.tree
    let statistics = counts.statistics(adjusted)
    let parents = tree.parents(in: counts.scratch)
    let depths = counts.tails == nil ? [] : tree.levels.enumerated().flatMap { repeatElement($0, count: $1.count) }
    let order = counts.leavesByDepth
    let full = (0..<(order?.count ?? tree.count)).lazy.map { order?[$0] ?? $0 }.filter { tree.isLeaf($0) }
    var draw = Draw(of: full.reduce(0) { $0 + counts.counts[counts.entries(of: $1)].reduce(0, +) })
    var steps: [Step] = []
    for leaf in full {
      for first in counts.entries(of: leaf) {
        let times = draw.drawn(of: counts.counts[first])
        guard times > 0 else { continue }
        steps.removeAll(keepingCapacity: true)
        var node = leaf
        var removed = 1.0
        if counts.counts[first] > 1, let tail = counts.tails?.place(of: leaf).flatMap({ counts.tails?.depth(at: $0) }) {
          let levels = tail - depths[leaf]
          let tailCounts = ContextTails.adjustedCounts(counts.counts[first], atMost: levels, exponent: exponent)
          for missing in 0..<levels {
            let before = tailCounts[min(missing, tailCounts.count - 1)]
            let after = before - removed < 1e-9 ? 0 : before - removed
            steps.append(lowerOrders || missing == 0 ? Step(ofOneOutcome: after, count: after) : Step())
            removed = ContextCounts.tables(before, exponent) - ContextCounts.tables(after, exponent)
          }
        }
        while true {
          let isCounted = node != leaf || lowerOrders || counts.tails?.place(of: leaf) == nil
          if isCounted, let entry = node == leaf ? first : counts.rows.entry(of: node, Int(counts.outcomes[first])) {
            let before = adjusted[entry]
            let after = before - removed < 1e-9 ? 0 : before - removed
            var step = Step(context: statistics[node], count: after)
            step.context.replace(before, with: after)
            if step.context.kinds < 1e-9 { step.context = ContextStatistics() }
            steps.append(step)
            removed = ContextCounts.tables(before, exponent) - ContextCounts.tables(after, exponent)
          } else {
            steps.append(Step())
          }
          if node == 0 { break }
          node = Int(parents[node])
        }
        append(steps.reversed(), times: counts.occurrences(times))
      }
    }
  }

  /// The events of a set that was not counted.
  /// - Parameter lowerOrders: whether shorter contexts are counted too.
  init(
    _ set: SequenceSet, _ path: ContextPath, _ shape: OutputShape, _ counts: ContextCounts, adjusted: FlatArray<Double>,
    exponent: Double, lowerOrders: Bool
  ) {
    let statistics = counts.statistics(adjusted)
    var draw = Draw(of: set.symbolCount + set.count)
    for index in 0..<set.count {
      let sequence = set[index]
      // A stop variable is not smoothed with these parameters.
      let steps = shape.stop == .variable ? sequence.count : shape.steps(length: sequence.count)
      for time in 0..<steps {
        guard draw.drawn(of: 1) > 0 else { continue }
        let outcome = time == sequence.count ? shape.alphabetSize : sequence[time]
        let length = shape.lengthLabel(time: time, length: sequence.count) ?? 0
        var steps: [Step] = []
        var node = 0
        // A position of the node's only outcome and its count, once the context is one that is read in the text.
        var tail: (place: Int, count: Int, full: Int)?
        var tailCounts: [Double] = []
        let depth = path.depth(time: time)
        for level in 0...depth {
          if level > 0 {
            let label = path.label(level - 1, time: time, length: length) { sequence[time - $0] }
            if tail == nil, let next = counts.tree.child(of: node, along: label) {
              node = next
            } else {
              if tail == nil {
                tail = counts.tail(of: node)
                tailCounts =
                  tail.map {
                    ContextTails.adjustedCounts($0.count, atMost: $0.full, exponent: exponent)
                  } ?? []
              }
              guard let tail, counts.tails?.label(level - 1, at: tail.place) == label else { break }
            }
          }
          if let tail {
            let isCounted = tail.count > 0 && (lowerOrders || level == depth)
            let total = tailCounts[min(tail.full - level, tailCounts.count - 1)]
            let isOutcome = counts.rows.entry(of: node, outcome) != nil
            steps.append(isCounted ? Step(ofOneOutcome: total, count: isOutcome ? total : 0) : Step())
          } else {
            let isCounted = lowerOrders || level == depth || counts.tails?.place(of: node) == nil
            let count = counts.rows.entry(of: node, outcome).map { adjusted[$0] } ?? 0
            steps.append(isCounted ? Step(context: statistics[node], count: count) : Step())
          }
        }
        append(steps, times: 1)
      }
    }
  }

  private mutating func append(_ steps: some BidirectionalCollection<Step>, times: Double) {
    if let last = steps.lastIndex(where: { $0.context.total > 0 }) {
      // Events so far do not have such long contexts.
      let used = steps.distance(from: steps.startIndex, to: last) + 1
      while levels.count < used { levels.append(Array(repeating: Step(), count: self.times.count)) }
    }
    self.times.append(times)
    var rest = steps.makeIterator()
    for level in levels.indices { levels[level].append(rest.next() ?? Step()) }
  }
}

extension ContextCounts {
  /// The leaves as the whole tree would number them, where contexts continue in a text; `nil` where the tree is whole.
  fileprivate var leavesByDepth: [Int]? {
    guard let tails else { return nil }
    var leaves: [(node: Int, depth: Int)] = []
    var waiting = [(node: 0, depth: 0)]
    while let (node, depth) = waiting.popLast() {
      if tree.isLeaf(node) { leaves.append((node, tails.place(of: node).map { tails.depth(at: $0) } ?? depth)) }
      for child in tree.children(of: node).reversed() { waiting.append((child, depth + 1)) }
    }
    return leaves.enumerated().sorted { ($0.element.depth, $0.offset) < ($1.element.depth, $1.offset) }.map(
      \.element.node)
  }

  /// Of a node at which a unary path begins: a position of its only outcome, how often that occurred (0 for the end that a
  /// stop variable decides), and the labels of the full context.
  fileprivate func tail(of node: Int) -> (place: Int, count: Int, full: Int)? {
    guard let tails, let place = tails.place(of: node) else { return nil }
    return (place, entries(of: node).first.map { counts[$0] } ?? 0, tails.depth(at: place))
  }

  /// What smoothers look at, of each context.
  fileprivate func statistics(_ adjusted: FlatArray<Double>) -> FlatArray<ContextStatistics> {
    var all = FlatBuffer<ContextStatistics>(capacity: tree.count, scratch: scratch)
    for node in 0..<tree.count {
      var statistics = ContextStatistics()
      for entry in entries(of: node) { statistics.add(adjusted[entry]) }
      all.append(statistics)
    }
    return all.finished()
  }
}

extension HeldOutEvents.Step {
  /// Of a context that has one outcome, which is counted so often there.
  init(ofOneOutcome total: Double, count: Double) {
    self.init(count: count)
    if total > 0 { context.add(total) }
  }
}
