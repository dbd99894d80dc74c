import Foundation

/// A Markov model's flat arrays as they lie in memory or in a mapped file, for queries that allocate nothing and chase few
/// pointers: one search in the longest context that occurred, and one more in each shorter one as long as it fails.
///
/// The arrays' sizes agree. What stands in them may be anything: every number is held against the sizes before it is
/// used as a place, so that a hostile file gives wrong figures at worst.
struct ContextIndex {
  let shape: OutputShape
  let labels: UnsafeBufferPointer<Int32>
  let firstChild: UnsafeBufferPointer<Int32>
  let firstEntry: UnsafeBufferPointer<Int>
  let outcomes: UnsafeBufferPointer<Int32>
  let logProbability: UnsafeBufferPointer<Double>
  let logWeight: UnsafeBufferPointer<Double>
  let next: UnsafeBufferPointer<Int32>
  let shorter: UnsafeBufferPointer<Int32>
  /// Empty where the end is not decided.
  let logGoOn: UnsafeBufferPointer<Double>
  /// Empty without a stop variable.
  let logStop: UnsafeBufferPointer<Double>

  private var logUniform: Double { -log(Double(shape.outcomes)) }

  /// Finds an outcome; what is found is −1 where no context has seen it.
  @inline(__always)
  func find(_ outcome: Int, from context: Int) -> (logProbability: Double, entry: Int) {
    var node = context
    var weight = 0.0
    while true {
      let entry = entry(of: node, Int32(truncatingIfNeeded: outcome))
      if entry >= 0 { return (weight + logProbability[entry], entry) }
      weight += logWeight[node]
      let above = Int(shorter[node])
      // Shorter contexts stand before longer ones.
      if above >= node || above < 0 { return (weight + logUniform, -1) }
      node = above
    }
  }

  @inline(__always)
  private func entry(of node: Int, _ outcome: Int32) -> Int {
    var low = firstEntry[node]
    let end = firstEntry[node &+ 1]
    if low < 0 || end > outcomes.count { return -1 }
    var high = end
    while low < high {
      let middle = (low &+ high) >> 1
      if outcomes[middle] < outcome { low = middle &+ 1 } else { high = middle }
    }
    return low < end && outcomes[low] == outcome ? low : -1
  }

  /// The context after an entry, or after an outcome that no context has seen.
  @inline(__always) func context(after entry: Int) -> Int {
    if entry < 0 { return 0 }
    let node = Int(next[entry])
    return node >= 0 && node < labels.count ? node : 0
  }

  /// The context before the first element: the start mark alone.
  func start(order: Int) -> Int {
    order == 0 ? 0 : child(of: 0, along: shape.alphabetSize) ?? 0
  }

  func child(of node: Int, along label: Int) -> Int? {
    var low = Int(firstChild[node])
    let end = Int(firstChild[node + 1])
    if low <= node || end > labels.count { return nil }
    var high = end
    while low < high {
      let middle = (low + high) / 2
      if Int(labels[middle]) < label { low = middle + 1 } else { high = middle }
    }
    return low < end && Int(labels[low]) == label ? low : nil
  }

  /// The two shares of a sequence's negative log-likelihood. O(symbols · log entries).
  func score(_ sequence: some Sequence<Int>, order: Int) -> SequenceScore {
    var score = SequenceScore()
    var node = start(order: order)
    for symbol in sequence {
      let (logProbability, entry) = find(symbol, from: node)
      score.add(
        shape.stop, outcome: logProbability, stop: 0, goOn: shape.stop == .given ? 0 : logGoOn[node])
      node = context(after: entry)
    }
    switch shape.stop {
    case .given: break
    case .outcome: score.add(.outcome, outcome: nil, stop: find(shape.alphabetSize, from: node).logProbability, goOn: 0)
    case .variable: score.add(.variable, outcome: nil, stop: logStop[node], goOn: 0)
    }
    return score
  }
}
