import Foundation
import ModelCore
import Support

/// A Markov model's flat arrays as they lie in memory or in a mapped file, for queries that allocate nothing and chase few
/// pointers: one search in the longest context that occurred, and one more in each shorter one as long as it fails.
///
/// The arrays' sizes agree. What stands in them may be anything: every number is held against the sizes before it is
/// used as a place, so that a hostile file gives wrong figures at worst.
struct NGramView {
  let shape: OutputShape
  let path: ContextPath
  let labels: UnsafeBufferPointer<Int32>
  let firstChild: UnsafeBufferPointer<Int32>
  let firstEntry: UnsafeBufferPointer<Int>
  let outcomes: UnsafeBufferPointer<Int32>
  let logProbability: UnsafeBufferPointer<Double>
  let logWeight: UnsafeBufferPointer<Double>
  let next: UnsafeBufferPointer<Int32>
  let shorter: UnsafeBufferPointer<Int32>
  /// Empty where the end is not decided.
  let logContinue: UnsafeBufferPointer<Double>
  /// Empty without a stop variable.
  let logStop: UnsafeBufferPointer<Double>

  /// The first context with k symbols.
  let firstFull: Int

  /// log P of an outcome that was never seen, in the empty context's stead.
  let logUniform: Double

  /// Finds an outcome; the entry is −1 where no context has seen it.
  /// - Parameters:
  ///   - context: where to begin.
  ///   - low: the bounds of the context's entries.
  @inline(__always)
  func find(_ outcome: Int, from context: Int, _ low: Int, _ high: Int) -> (logProbability: Double, entry: Int) {
    var (node, low, high) = (context, low, high)
    var weight = 0.0
    while true {
      let entry = entry(Int32(truncatingIfNeeded: outcome), low, high)
      if entry >= 0 { return (weight + logProbability[entry], entry) }
      weight += logWeight[node]
      let above = Int(shorter[node])
      // Shorter contexts stand before longer ones.
      if above >= node || above < 0 { return (weight + logUniform, -1) }
      node = above
      (low, high) = bounds(of: node)
    }
  }

  @inline(__always) func bounds(of node: Int) -> (low: Int, high: Int) {
    let (low, high) = (firstEntry[node], firstEntry[node &+ 1])
    return low >= 0 && high <= outcomes.count ? (low, high) : (0, 0)
  }

  @inline(__always) func entry(_ outcome: Int32, _ low: Int, _ high: Int) -> Int {
    let entry = lowerBound(low, high) { outcomes[$0] < outcome }
    return entry < high && outcomes[entry] == outcome ? entry : -1
  }

  /// The context after an entry, or after an outcome that no context has seen.
  @inline(__always) func context(after entry: Int) -> Int {
    if entry < 0 { return 0 }
    let node = Int(next[entry])
    return node >= 0 && node < labels.count ? node : 0
  }

  /// The context before the first element: the start mark alone.
  var start: Int { path.order == 0 ? 0 : child(of: 0, along: path.startMark) ?? 0 }

  /// The context of a step behind that of its symbols: with t and the length, as far as they occurred there.
  @inline(__always)
  func refine(_ node: Int, time: Int, length: Int) -> Int {
    guard node >= firstFull || Int(labels[node]) == path.startMark else { return node }
    var node = node
    if path.time != .none {
      guard let next = child(of: node, along: path.time.label(time)) else { return node }
      node = next
    }
    return path.hasLengthInput ? child(of: node, along: length) ?? node : node
  }

  @inline(__always)
  func child(of node: Int, along label: Int) -> Int? {
    let (first, end) = (Int(firstChild[node]), Int(firstChild[node &+ 1]))
    if first <= node || end > labels.count { return nil }
    let child = lowerBound(first, end) { Int(labels[$0]) < label }
    return child < end && Int(labels[child]) == label ? child : nil
  }
}
