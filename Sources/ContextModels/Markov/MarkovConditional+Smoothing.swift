import ModelCore
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
    self.init(
      shape: shape, path: path, counts: counts,
      elements: ContextProbabilities(
        counts, adjusted: adjusted, smoother, parameters, outcomes: shape.outcomes, mixing),
      stops: StopProbabilities(interpolating: smoother, parameters, counts),
      smoother: exponent == smoother.tableExponent ? smoother : nil, mixing: mixing, parameters: parameters,
      notes: notes)
  }
}

extension ContextCounts {
  /// A smoother's parameters of each order in closed form.
  func estimates(of smoother: any Smoother, _ adjusted: FlatArray<Double>) -> [SmoothingParameters] {
    let inTails = outcomesInTails(exponent: smoother.tableExponent)
    let levels = tree.levels
    return (0..<max(levels.count, inTails.count)).map { order in
      let entries = order < levels.count ? rows.entries(of: levels[order]) : 0..<0
      return smoother.parameters(of: OrderCounts(adjusted[entries], and: order < inTails.count ? inTails[order] : []))
    }
  }

  /// The same as rows of numbers, and what a person should know of them.
  func closedForm(of smoother: any Smoother, _ adjusted: FlatArray<Double>) -> (rows: [[Double]], notes: [String]) {
    let estimates = estimates(of: smoother, adjusted)
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

  /// For each order, how many outcomes count 0 (none), 1, 2, 3 and 4 in contexts that are read in the text.
  /// - Parameter exponent: the smoother's `tableExponent`.
  private func outcomesInTails(exponent: Double) -> [[Int]] {
    guard let tails else { return [] }
    var changes = [[Int]](repeating: [0, 0, 0, 0, 0], count: tails.longest + 2)
    for (depth, level) in tree.levels.enumerated() {
      for node in level {
        guard let place = tails.place(of: node), let entry = entries(of: node).first else { continue }
        let full = tails.depth(at: place)
        // From the full context inwards the adjusted count falls, to 1 or not at all.
        var end = full
        while end > depth {
          let count = ContextTails.adjusted(counts[entry], missing: full - end, exponent: exponent)
          let isLast = count < 1.5 || exponent == 1
          let first = isLast ? depth + 1 : end
          if count < 4.5 {
            changes[first][Int(count.rounded())] += 1
            changes[end + 1][Int(count.rounded())] -= 1
          }
          end = first - 1
        }
      }
    }
    for order in changes.indices.dropFirst() {
      for count in 1...4 { changes[order][count] += changes[order - 1][count] }
    }
    return changes.dropLast()
  }
}
