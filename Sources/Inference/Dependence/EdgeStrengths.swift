import Models
import Sequences

/// I(y(t − lag); y(t) | the rest of the window), in nats: what an element tells of a later one beyond what those in the
/// window around it do. Between elements further apart than a model looks it is 0 in the model; of what a window does not
/// hold nothing is said.
public struct EdgeStrength: Sendable, Hashable {
  public var lag: Int
  /// With Miller and Madow's correction, so that it may be a little less than 0.
  public var nats: Double
  /// One standard error, by the jackknife over blocks of the data.
  public var error: Double
  /// By maximum likelihood, which overstates it.
  public var plugIn: Double
}

/// The strengths of all lags within a window, counted in sequences: data, or a model's draws.
///
///     let data = try EdgeStrengths(names.sequences, window: 3)
///     data.lags[0].nats        // I(y(t−1); y(t) | y(t−2), y(t−3))
public struct EdgeStrengths: Sendable, Hashable {
  public let window: Int
  public let lags: [EdgeStrength]
  /// Stretches of window + 1 elements, and the different ones. Where most occur but once, all depends on the correction.
  public let stretches: Int
  public let distinct: Int

  public var isSparse: Bool { 2 * distinct > stretches }

  /// O(window · symbols · log symbols), in fact with the number of different stretches in place of symbols.
  /// - Parameter window: how many elements before y(t).
  /// - Throws: `SpecificationError.malformed` for a window that is too wide, or that no sequence fills.
  public init(_ set: SequenceSet, window: Int) throws {
    let counts = try WindowCounts(set, width: window + 1, blocks: 20)
    guard counts.total > 1 else {
      throw SpecificationError.malformed(
        "no two stretches of \(window + 1) elements are in the data: ask for a smaller window")
    }
    self.window = window
    stretches = counts.total
    distinct = counts.distinct
    func entropy(without lags: [Int]) -> WindowCounts.Entropy {
      counts.entropy(counts.mask((0...window).filter { !lags.contains($0) }))
    }
    let (all, past) = (entropy(without: []), entropy(without: [0]))
    lags =
      window < 1
      ? []
      : (1...window).map { lag in
        let (other, rest) = (entropy(without: [lag]), entropy(without: [0, lag]))
        func information(_ value: (WindowCounts.Entropy) -> Double) -> Double {
          value(past) + value(other) - value(all) - value(rest)
        }
        let without = all.without.indices.map { block in information { $0.without[block] } }
        let mean = without.reduce(0, +) / Double(without.count)
        let spread = without.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return EdgeStrength(
          lag: lag, nats: information(\.corrected),
          error: (spread * Double(without.count - 1) / Double(without.count)).squareRoot(),
          plugIn: information(\.plugIn))
      }
  }
}
