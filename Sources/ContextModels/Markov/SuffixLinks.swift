import Foundation
import ModelCore
import Sequences
import Support

/// What makes a query along a sequence one search: for each entry the context that follows it, for each context the next
/// shorter one, and how probable it is that the sequence goes on there. With t or a length as input, links lead to contexts
/// of symbols alone, and the step's own stands behind (`NGramView.refine`).
struct SuffixLinks: Sendable {
  /// For each entry the longest context that holds after its outcome, as a node; 0 after the end.
  let next: FlatArray<Int32>
  /// For each context the next shorter one; the empty context's is itself.
  let shorter: FlatArray<Int32>
  /// log(1 − P(stop | context)), where the end is decided; otherwise empty.
  let logContinue: FlatArray<Double>
  /// The first context with k symbols: behind those, and behind start marks, stand t and the length.
  let firstFull: Int

  /// The shorter contexts alone, for drawing where there is no following.
  init(unlinked tree: LabelledTree) {
    next = []
    shorter = tree.parents(in: nil)
    logContinue = []
    firstFull = tree.count
  }

  /// `nil` where a context is not the one after an entry of a shorter context, so that there is no following: without
  /// counts of shorter contexts, or where entries were taken out. O(entries · log children).
  init?(
    _ counts: ContextCounts, _ elements: ContextProbabilities, _ stops: StopProbabilities, _ path: ContextPath,
    _ shape: OutputShape
  ) {
    let tree = counts.tree
    let levels = tree.levels
    let firstFull = path.order < levels.count ? levels[path.order].lowerBound : tree.count
    let parents = tree.parents(in: counts.scratch)
    // Contexts that look at more than symbols; empty where none does.
    var looksFarther = [Bool](repeating: false, count: path.isOfSymbols ? 0 : tree.count)
    var ofSymbols = tree.count
    for node in looksFarther.indices.dropFirst() {
      let parent = Int(parents[node])
      guard looksFarther[parent] || parent >= firstFull || Int(tree.labels[parent]) == path.startMark else { continue }
      looksFarther[node] = true
      ofSymbols -= 1
    }
    let end = Int32(shape.alphabetSize)
    // Complemented where the context itself did not occur, only a shorter one.
    let next = FlatBuffer<Int32>(repeating: ~0, count: counts.outcomes.count, scratch: counts.scratch)
    var reached = 1
    for entry in counts.entries(of: 0) where counts.outcomes[entry] != end && path.order > 0 {
      guard let node = tree.child(of: 0, along: Int(counts.outcomes[entry])) else { continue }
      next[entry] = Int32(node)
      reached += 1
    }
    var isWhole = true
    counts.forEachContext { node, above in
      if node == 0 { return }
      for entry in counts.entries(of: node) {
        let shorter = above.entry(counts.outcomes[entry])
        guard shorter >= 0 else {
          isWhole = false
          return
        }
        let base = next[shorter]
        if base < 0 || node >= firstFull || (!looksFarther.isEmpty && looksFarther[node]) {
          next[entry] = base
        } else if let longer = tree.child(of: Int(base), along: Int(tree.labels[node])) {
          next[entry] = Int32(longer)
          reached += 1
        } else {
          next[entry] = ~base
        }
      }
    }
    // All but that of the start are the one after some entry.
    let start = path.order == 0 || tree.child(of: 0, along: path.startMark) == nil ? 0 : 1
    guard isWhole, reached + start == ofSymbols else { return nil }
    for entry in next.indices where next[entry] < 0 { next[entry] = ~next[entry] }
    self.next = next.finished()
    shorter = parents
    self.firstFull = firstFull
    switch shape.stop {
    case .given: logContinue = []
    case .variable: logContinue = stops.logContinue
    case .outcome:
      var logEnd = FlatBuffer<Double>(capacity: tree.count, scratch: counts.scratch)
      for node in 0..<tree.count {
        let entries = counts.entries(of: node)
        if let last = entries.last, counts.outcomes[last] == end {
          logEnd.append(elements.logProbability[last])
        } else {
          let below = node == 0 ? -log(Double(shape.outcomes)) : logEnd[Int(shorter[node])]
          logEnd.append(elements.logWeight[node] + below)
        }
      }
      for node in logEnd.indices { logEnd[node] = logComplement(logEnd[node]) }
      logContinue = logEnd.finished()
    }
  }
}
