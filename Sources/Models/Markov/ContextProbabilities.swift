import Foundation

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
  /// What a person should know, such as discounts that had to be replaced.
  public internal(set) var notes: [String] = []
  /// The discounts or other parameters that were estimated, for the file: a row an order.
  public internal(set) var parameters: [[Double]] = []

  /// - Precondition: one number for each entry and each context.
  init(logProbability: [Double], logWeight: [Double]) {
    self.logProbability = logProbability
    self.logWeight = logWeight
  }

  /// Interpolates from the empty context outwards: P(w | context) = mass + weight · P(w | shorter context). O(entries).
  init(interpolating shares: ContextShares, _ counts: ContextCounts, outcomes: Int) {
    let uniform = 1 / Double(outcomes)
    let parents = counts.tree.parents
    var probability = shares.mass
    for entry in counts.entries(of: 0) { probability[entry] += shares.weight[0] * uniform }
    counts.forEachEntryBelowRoot { node, entry, above in
      var weight = shares.weight[node]
      if let above {
        probability[entry] += weight * probability[above]
        return
      }
      // Where shorter contexts are not counted, they leave everything to those shorter still.
      var shorter = node
      while shorter > 0 {
        shorter = Int(parents[shorter])
        weight *= shares.weight[shorter]
      }
      probability[entry] += weight * uniform
    }
    self.init(logProbability: probability.map { log($0) }, logWeight: shares.weight.map { log($0) })
    notes = shares.notes
    parameters = shares.parameters
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

extension ContextCounts {
  /// Visits the entries of all contexts but the empty one, shorter contexts first, each with the entry of the same
  /// outcome in the next shorter context, if there is one. O(entries).
  @inline(__always)
  func forEachEntryBelowRoot(_ body: (_ node: Int, _ entry: Int, _ above: Int?) -> Void) {
    // Where the outcomes stand among those of the context at hand; what is left over of others is recognised by its place.
    var place = [Int](repeating: -1, count: Int(outcomes.max() ?? -1) + 1)
    for parent in 0..<tree.count where !tree.isLeaf(parent) {
      let entriesAbove = entries(of: parent)
      for entry in entriesAbove { place[Int(outcomes[entry])] = entry }
      for node in tree.children(of: parent) {
        for entry in entries(of: node) {
          let above = place[Int(outcomes[entry])]
          body(node, entry, entriesAbove.contains(above) ? above : nil)
        }
      }
    }
  }
}
