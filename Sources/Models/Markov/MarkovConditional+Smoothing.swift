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
    let estimates = tree.levels.map { level in
      smoother.parameters(of: OrderCounts(adjusted[firstEntry[level.lowerBound]..<firstEntry[level.upperBound]]))
    }
    let notes = estimates.enumerated().compactMap { order, estimate in
      estimate.fallback.map { "n-grams of \(order + 1): \($0)" }
    }
    return (estimates.map(\.values), notes)
  }
}
