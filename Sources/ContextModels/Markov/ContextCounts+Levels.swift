import Foundation
import Sequences

/// Where outcomes stand among the entries of a context's parent.
struct ParentEntries {
  /// Of each outcome; what is left over from other contexts is recognised by its place.
  fileprivate var place: [Int32]
  fileprivate var range = 0..<0

  /// The entry of an outcome in the next shorter context, or −1.
  @inline(__always)
  func entry(_ outcome: Int32) -> Int {
    let entry = Int(place[Int(outcome)])
    return range.contains(entry) ? entry : -1
  }

  fileprivate mutating func turn(to node: Int, of counts: ContextCounts) {
    range = counts.entries(of: node)
    for entry in range { place[Int(counts.outcomes[entry])] = Int32(truncatingIfNeeded: entry) }
  }
}

extension ContextCounts {
  /// Visits all contexts, shorter ones first, each with its parent's entries. O(entries).
  @inline(__always)
  func forEachContext(_ body: (_ node: Int, _ above: ParentEntries) -> Void) {
    var above = noEntriesAbove
    body(0, above)
    for parent in 0..<tree.count where !tree.isLeaf(parent) {
      above.turn(to: parent, of: self)
      for node in tree.children(of: parent) { body(node, above) }
    }
  }

  private var noEntriesAbove: ParentEntries {
    ParentEntries(place: Array(repeating: -1, count: Int(outcomes.max() ?? -1) + 1))
  }

  /// The counts as a smoother wants them: full contexts keep theirs, and what was seen c times counts c^p times in the
  /// next shorter context. O(entries).
  func adjusted(exponent: Double) -> FlatArray<Double> {
    var adjusted = FlatBuffer<Double>(capacity: counts.count, scratch: scratch)
    for count in counts { adjusted.append(occurrences(count)) }
    if exponent == 1 { return adjusted.finished() }
    if let tails {
      for (depth, level) in tree.levels.enumerated() {
        for node in level {
          guard let place = tails.place(of: node) else { continue }
          for entry in entries(of: node) {
            let missing = tails.depth(at: place) - depth
            adjusted[entry] = ContextTails.adjusted(counts[entry], missing: missing, exponent: exponent)
          }
        }
      }
    }
    var above = noEntriesAbove
    for parent in (0..<tree.count).reversed() where !tree.isLeaf(parent) {
      above.turn(to: parent, of: self)
      for entry in above.range { adjusted[entry] = 0 }
      for node in tree.children(of: parent) {
        for entry in entries(of: node) {
          let shorter = above.entry(outcomes[entry])
          if shorter >= 0 { adjusted[shorter] += Self.tables(adjusted[entry], exponent) }
        }
      }
    }
    return adjusted.finished()
  }

  /// What a count is in the next shorter context: c^p, and below one occurrence that share of one.
  @inline(__always)
  static func tables(_ count: Double, _ exponent: Double) -> Double {
    if exponent == 1 || count < 1 { return count }
    return exponent == 0 ? 1 : pow(count, exponent)
  }
}
