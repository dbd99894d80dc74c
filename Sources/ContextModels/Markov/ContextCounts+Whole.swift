import ModelCore
import Sequences

extension ContextCounts {
  /// The same counts with all contexts in the tree, also those of unary paths (`ContextTails`).
  /// - Parameters:
  ///   - lowerOrders: whether shorter contexts are counted too.
  ///   - limit: `nil` is returned where the contexts are more.
  /// - Complexity: O(contexts + sequences' symbols).
  func whole(_ path: ContextPath, _ shape: OutputShape, lowerOrders: Bool, atMost limit: Int) -> ContextCounts? {
    guard let tails else { return self }
    var contexts = tree.count
    for (depth, level) in tree.levels.enumerated() {
      for node in level { contexts += tails.place(of: node).map { tails.depth(at: $0) - depth } ?? 0 }
    }
    if contexts > limit { return nil }
    var levels = ContextTreeBuilder(longestPath: path.longest + 1, scratch: nil)
    tree.forEachLeaf { node, labels in
      var labels = labels
      if let place = tails.place(of: node) {
        for level in labels.count..<tails.depth(at: place) {
          labels.append(UInt32(truncatingIfNeeded: tails.label(level, at: place) ?? 0))
        }
      }
      var events = entries(of: node).map { (outcome: Int(outcomes[$0]), count: counts[$0]) }
      if stops(in: node) > 0 { events.append((shape.alphabetSize, stops(in: node))) }
      for (outcome, count) in events {
        (labels + [UInt32(truncatingIfNeeded: outcome)]).withUnsafeBufferPointer { levels.append($0, count: count) }
      }
    }
    if lowerOrders { levels.addUp(outcomes: shape.alphabetSize + 1) }
    return try? levels.finished(shape)
  }
}
