import Probability

/// A forecast from a beginning: the quantiles of each component at each step after it, over draws that have not ended. What is
/// called a fan chart.
///
///     var options = DrawOptions<[Double]>()
///     options.prefix = beginning
///     let samples = try model.samples(1000, seed: 1, options).map(\.sequence)
///     let forecast = Forecast(samples, after: beginning.count, width: model.width)
public struct Forecast: Sendable, Hashable, Codable {
  /// The fractions whose quantiles are given.
  public static let fractions = [0.05, 0.25, 0.5, 0.75, 0.95]

  /// One step after the beginning.
  public struct Step: Sendable, Hashable, Codable {
    /// t, counted from 1 through the whole sequence.
    public let time: Int
    /// The draws that have an element there.
    public let draws: Int
    /// Of each component its quantiles, as many as `fractions`.
    public let quantiles: [[Double]]
  }

  /// As many as the longest draw has.
  public let steps: [Step]

  /// O(n log n) for n numbers.
  /// - Parameters:
  ///   - samples: draws with this beginning.
  ///   - count: its elements.
  ///   - width: the components that are looked at, the first ones.
  public init(_ samples: [[[Double]]], after count: Int, width: Int) {
    let longest = samples.map(\.count).max() ?? 0
    steps = (min(count, longest)..<longest).map { time in
      let elements = samples.compactMap { $0.count > time ? $0[time] : nil }
      return Step(
        time: time + 1, draws: elements.count,
        quantiles: (0..<width).map { component in
          let sorted = elements.map { $0[component] }.sorted()
          return Self.fractions.map { quantile(ofSorted: sorted, $0) }
        })
    }
  }
}
