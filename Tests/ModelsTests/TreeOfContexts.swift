import Probability
import Sequences

/// One decision of a sequence, with its parents: what the tests of variable order count by themselves.
struct ContextEvent {
  /// y(t−1), y(t−2), … and a start mark in place of the first that is missing; then the length input.
  let context: [Int]
  let outcome: Int

  /// Random sequences of up to four elements.
  static func sequences(_ count: Int, k: Int) -> [[Symbol]] {
    var stream = RandomStream(seed: 77, index: UInt64(k))
    return (0..<count).map { _ in (0..<Int(stream.uniform() * 5)).map { _ in Int(stream.uniform() * Double(k)) } }
  }

  /// The elements' events (an end symbol is outcome k) and the stop variable's.
  static func all(in sequences: [[Symbol]], _ length: String, k: Int, depth: Int) -> (
    elements: [ContextEvent], stops: [ContextEvent]
  ) {
    var (elements, stops): ([ContextEvent], [ContextEvent]) = ([], [])
    for sequence in sequences {
      for time in 0...sequence.count {
        var context = (0..<time).prefix(depth).map { sequence[time - 1 - $0] }
        if time < depth { context.append(TreeOfContexts.startMark) }
        if length == "tau:input=remaining" { context.append(TreeOfContexts.firstLength + sequence.count - time) }
        let isEnd = time == sequence.count
        if length == "halt" { stops.append(ContextEvent(context: context, outcome: isEnd ? 1 : 0)) }
        if !isEnd {
          elements.append(ContextEvent(context: context, outcome: sequence[time]))
        } else if length == "eos" {
          elements.append(ContextEvent(context: context, outcome: k))
        }
      }
    }
    return (elements, stops)
  }
}

/// A tree of contexts as those at which it ends, and the number of contexts at which it could have ended or gone on.
struct TreeOfContexts {
  static let startMark = -1
  static let firstLength = 1000

  var leaves: [[Int]]
  var tosses: Int

  /// Every tree.
  /// - Parameters:
  ///   - lengths: the length inputs there are, if any.
  ///   - occurs: whether a context is one to count at all.
  static func all(
    below context: [Int] = [], k: Int, depth: Int, lengths: [Int] = [], occurs: ([Int]) -> Bool = { _ in true }
  ) -> [TreeOfContexts] {
    let hasAllSymbols = context.last == startMark || context.count == depth
    if (context.last ?? 0) >= firstLength || hasAllSymbols && lengths.isEmpty {
      return [TreeOfContexts(leaves: [context], tosses: 0)]
    }
    var split = [TreeOfContexts(leaves: [], tosses: 1)]
    for label in hasAllSymbols ? lengths : Array(0..<k) + [startMark] where occurs(context + [label]) {
      let below = all(below: context + [label], k: k, depth: depth, lengths: lengths, occurs: occurs)
      split = split.flatMap { left in
        below.map { TreeOfContexts(leaves: left.leaves + $0.leaves, tosses: left.tosses + $0.tosses) }
      }
    }
    return [TreeOfContexts(leaves: [context], tosses: 1)] + split
  }
}
