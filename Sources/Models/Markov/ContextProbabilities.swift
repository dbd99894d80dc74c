import Foundation

/// How a context and the next shorter one go together.
public enum Mixing: String, Sendable, CaseIterable {
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
public struct ContextProbabilities: Sendable {
  /// In nats, one for each entry of the counts.
  public internal(set) var logProbability: [Double]
  /// In nats, one for each context; 0 where the context says nothing.
  public internal(set) var logWeight: [Double]

  /// - Precondition: one number for each entry and each context.
  init(logProbability: [Double], logWeight: [Double]) {
    self.logProbability = logProbability
    self.logWeight = logWeight
  }

  /// Makes distributions of a rule, from the empty context outwards. O(entries).
  /// - Parameters:
  ///   - adjusted: the counts as the smoother wants them, one for each entry.
  ///   - parameters: a row an order.
  init(
    _ counts: ContextCounts, adjusted: [Double], _ smoother: any Smoother, _ parameters: [[Double]],
    outcomes: Int, _ mixing: Mixing
  ) {
    let uniform = 1 / Double(outcomes)
    // Counts, then probabilities in their place, and in the end their logarithms.
    var values = adjusted
    var logWeight = [Double](repeating: 0, count: counts.tree.count)
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
      if mixing == .backOff, rest > 1e-6, entries.count < outcomes, values[entries].allSatisfy({ $0 > 0 }) {
        logWeight[node] = log(weight) - log(rest)
        return
      }
      for (entry, lower) in zip(entries, lower) { values[entry] += weight * lower }
      logWeight[node] = log(weight)
    }
    for entry in values.indices { values[entry] = log(values[entry]) }
    self.init(logProbability: values, logWeight: logWeight)
  }
}

/// "Stop" against "go on" in each context, as logarithms in nats.
public struct StopProbabilities: Sendable {
  public internal(set) var logStop: [Double]
  public internal(set) var logGoOn: [Double]

  /// - Precondition: one number for each context, in both.
  init(logStop: [Double], logGoOn: [Double]) {
    self.logStop = logStop
    self.logGoOn = logGoOn
  }

  /// Interpolates from the empty context outwards; the shorter one of the empty context stops half of the time.
  init(interpolating shares: StopShares, _ counts: ContextCounts) {
    let parents = counts.tree.parents
    var stop = shares.mass
    var goOn = shares.mass
    for node in 0..<counts.tree.count {
      let weight = shares.weight[node]
      // Parents stand before their children.
      let parent = Int(parents[node])
      stop[node] += weight * (node == 0 ? 0.5 : stop[parent])
      // 1 − mass − weight is the other outcome's mass; exactly 0 where every decision was to stop.
      let isCertain = counts.stops[node] == counts.decisions[node]
      goOn[node] = (isCertain ? 0 : 1 - shares.mass[node] - weight) + weight * (node == 0 ? 0.5 : goOn[parent])
    }
    self.init(logStop: stop.map { log($0) }, logGoOn: goOn.map { log($0) })
  }
}
