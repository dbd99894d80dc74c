import Sequences

extension MarkovConditional {
  /// What a smoother with given parameters makes of counts.
  /// - Parameters:
  ///   - adjusted: the counts as the smoother wants them, one for each entry.
  ///   - exponent: that of these counts.
  ///   - parameters: a row an order.
  init(
    _ shape: OutputShape, _ path: ContextPath, _ counts: ContextCounts, adjusted: FlatArray<Double>,
    exponent: Double, _ smoother: any Smoother, _ parameters: [[Double]], _ mixing: Mixing, notes: [String]
  ) {
    let stops =
      shape.stop == .variable ? StopProbabilities(interpolating: smoother, parameters, counts) : StopProbabilities()
    self.init(
      shape: shape, path: path, counts: counts,
      elements: ContextProbabilities(
        counts, adjusted: adjusted, smoother, parameters, outcomes: shape.outcomes, mixing),
      stops: stops, smoother: exponent == smoother.tableExponent ? smoother : nil, mixing: mixing,
      parameters: parameters, notes: notes)
  }
}

extension ContextCounts {
  /// A smoother's parameters of each order in closed form, and what a person should know of them.
  func closedForm(of smoother: any Smoother, _ adjusted: FlatArray<Double>) -> (rows: [[Double]], notes: [String]) {
    let once = outcomesSeenOnceInTails
    let levels = tree.levels
    let estimates = (0..<max(levels.count, once.count)).map { order in
      let entries =
        order < levels.count ? firstEntry[levels[order].lowerBound]..<firstEntry[levels[order].upperBound] : 0..<0
      return smoother.parameters(of: OrderCounts(adjusted[entries], andOnce: order < once.count ? once[order] : 0))
    }
    var notes: [String] = []
    var order = 0
    while order < estimates.count {
      var end = order + 1
      while end < estimates.count, estimates[end].fallback == estimates[order].fallback { end += 1 }
      if let fallback = estimates[order].fallback {
        if end - order > 3 {
          notes.append("smoothing after \(order) to \(end - 1) symbols: \(fallback)")
        } else {
          notes += (order..<end).map {
            "smoothing \($0 == 0 ? "of single symbols" : "after \($0) symbol\($0 == 1 ? "" : "s")"): \(fallback)"
          }
        }
      }
      order = end
    }
    return (estimates.map(\.values), notes)
  }

  /// For each order, how many outcomes are seen once in contexts that are read in the text.
  private var outcomesSeenOnceInTails: [Int] {
    guard let tails else { return [] }
    var changes: [Int] = []
    for (depth, level) in tree.levels.enumerated() {
      for node in level where !entries(of: node).isEmpty {
        guard let place = tails.place(of: node) else { continue }
        let end = tails.depth(at: place) + 1
        if changes.count <= end { changes += repeatElement(0, count: end + 1 - changes.count) }
        changes[depth + 1] += 1
        changes[end] -= 1
      }
    }
    var sum = 0
    return changes.dropLast().map {
      sum += $0
      return sum
    }
  }
}
