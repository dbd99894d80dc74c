import Foundation
import Sequences

/// How a context and the next shorter one go together.
package enum Mixing: String, Sendable, CaseIterable {
  /// The shorter context adds to every outcome.
  case interpolated
  /// It is asked only for outcomes that the context has not seen.
  case backOff = "backoff"
}

/// What a smoother makes of the counts, ready for queries: each context is a distribution over all outcomes,
///
///     log P(w | context) = logProbability[entry]                           where w was seen in the context,
///                          logWeight[context] + log P(w | shorter context) elsewhere,
///
/// down to the empty context, whose shorter one is the uniform distribution. Interpolated and back-off models look alike
/// here, as they do in an ARPA file.
package struct ContextProbabilities: Sendable {
  /// In nats, one for each entry of the counts.
  package let logProbability: FlatArray<Double>
  /// In nats, one for each context; 0 where the context says nothing.
  package let logWeight: FlatArray<Double>
}

extension ContextProbabilities {
  /// Makes distributions of a rule, from the empty context outwards. O(entries).
  /// - Parameters:
  ///   - adjusted: the counts as the smoother wants them, one for each entry.
  ///   - parameters: a row an order.
  init(
    _ counts: ContextCounts, adjusted: FlatArray<Double>, _ smoother: any Smoother, _ parameters: [[Double]],
    outcomes: Int, _ mixing: Mixing
  ) {
    let uniform = 1 / Double(outcomes)
    // Counts, then probabilities in their place, and in the end their logarithms.
    var values = FlatBuffer<Double>(capacity: adjusted.count, scratch: counts.scratch)
    values.append(adjusted.buffer)
    let logWeight = FlatBuffer<Double>(repeating: 0, count: counts.tree.count, scratch: counts.scratch)
    let levels = counts.tree.levels
    var level = 0
    var lower: [Double] = []
    counts.forEachContext { node, above in
      let entries = counts.entries(of: node)
      if entries.isEmpty { return }
      while node >= levels[level].upperBound { level += 1 }
      var context = ContextStatistics()
      for entry in entries { context.add(values[entry]) }
      let rule = smoother.rule(parameters[level], context, outcomes: outcomes)
      let weight = rule.weight(context)
      lower.removeAll(keepingCapacity: true)
      for entry in entries {
        let above = above.entry(counts.outcomes[entry])
        lower.append(above < 0 ? uniform : values[above])
        values[entry] = rule.mass(values[entry], context)
      }
      // What the shorter context leaves for outcomes not seen here. Where that is nothing, or the rounding of it, or where
      // a discount has taken all of a count, only interpolation gives a distribution.
      let rest = 1 - lower.reduce(0, +)
      if mixing == .backOff, rest > 1e-6, entries.count < outcomes, entries.allSatisfy({ values[$0] > 0 }) {
        logWeight[node] = log(weight) - log(rest)
        return
      }
      for (entry, lower) in zip(entries, lower) { values[entry] += weight * lower }
      logWeight[node] = log(weight)
    }
    for entry in values.indices { values[entry] = log(values[entry]) }
    self.init(logProbability: values.finished(), logWeight: logWeight.finished())
  }
}

/// "Stop" against "continue" in each context, as logarithms in nats; empty where no stop variable decides.
package struct StopProbabilities: Sendable {
  package let logStop: FlatArray<Double>
  package let logContinue: FlatArray<Double>

  /// - Precondition: one number for each context, in both, or none.
  init(logStop: FlatArray<Double> = [], logContinue: FlatArray<Double> = []) {
    self.logStop = logStop
    self.logContinue = logContinue
  }

  /// Interpolates from the empty context outwards; the shorter one of the empty context stops half of the time. Without
  /// decisions they are empty.
  /// - Parameter parameters: the smoother's, a row an order.
  init(interpolating smoother: any Smoother, _ parameters: [[Double]], _ counts: ContextCounts) {
    let tree = counts.tree
    guard counts.hasStops else {
      self.init()
      return
    }
    var stop = FlatBuffer<Double>(capacity: tree.count, scratch: counts.scratch)
    var continuing = FlatBuffer<Double>(capacity: tree.count, scratch: counts.scratch)
    /// P(stop) and P(continue) in a context, given those of the next shorter one.
    func interpolated(_ node: Int, _ below: (stop: Double, continuing: Double)) -> (stop: Double, continuing: Double) {
      let (stops, decisions) = (counts.stops(in: node), counts.decisions(in: node))
      let share =
        decisions > 0
        ? smoother.stopShare(counts.occurrences(stops), of: counts.occurrences(decisions), parameters)
        : (mass: 0, weight: 1)
      // 1 − mass − weight is the other outcome's mass; exactly 0 where every decision was to stop.
      let other = stops == decisions ? 0 : 1 - share.mass - share.weight
      return (share.mass + share.weight * below.stop, other + share.weight * below.continuing)
    }
    if tree.count > 0 {
      let root = interpolated(0, (0.5, 0.5))
      stop.append(root.stop)
      continuing.append(root.continuing)
    }
    for parent in 0..<tree.count {
      for node in tree.children(of: parent) {
        let values = interpolated(node, (stop[parent], continuing[parent]))
        stop.append(values.stop)
        continuing.append(values.continuing)
      }
    }
    for node in stop.indices { (stop[node], continuing[node]) = (log(stop[node]), log(continuing[node])) }
    self.init(logStop: stop.finished(), logContinue: continuing.finished())
  }
}
