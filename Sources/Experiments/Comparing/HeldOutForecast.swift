import Inference
import Models
import Sequences

/// A forecast of the second half of one test sequence from its first half: what a fan chart shows.
public struct HeldOutForecast: Sendable, Hashable, Codable {
  /// The sequence's number in the test set, from 0.
  public let sequence: Int
  /// The elements that the forecast begins after.
  public let start: Int
  /// The last of them, the first components alone.
  public let beginning: [[Double]]
  /// What came, as far as the forecast goes.
  public let rest: [[Double]]
  /// The draws that the quantiles are of.
  public let draws: Int
  /// The quantiles.
  public let forecast: Forecast

  /// Draws.
  private static let draws = 400
  /// Components, and steps before and after the beginning's end, that are kept at most.
  static let mostComponents = 4
  private static let mostBefore = 50
  private static let mostAfter = 100

  /// Of the test sequence with the median length among those that have two elements or more; `nil` where there is none, of bits and categories, and
  /// where the model gives the beginning no probability.
  /// - Parameter seed: of the draws.
  public init?(of model: VectorModel, on set: VectorSequences, seed: UInt64, threads: Int = 1) {
    let candidates = (0..<set.count).filter { set.length($0) > 1 }.sorted {
      (set.length($0), $0) < (set.length($1), $1)
    }
    guard model.columns.values != .bits, model.columns.values != .categories, !candidates.isEmpty else { return nil }
    sequence = candidates[candidates.count / 2]
    let whole = Array(set[sequence])
    start = whole.count / 2
    var options = DrawOptions<[Double]>()
    options.prefix = Array(whole[..<start])
    let after = min(whole.count - start, Self.mostAfter)
    options.maximumLength = start + after
    if model.inputWidth > 0 { options.inputs = set.inputs?.selecting([sequence]) }
    guard let samples = try? model.samples(Self.draws, seed: seed, options, threads: threads) else { return nil }
    let width = min(model.width, Self.mostComponents)
    beginning = whole[max(start - Self.mostBefore, 0)..<start].map { Array($0.prefix(width)) }
    rest = whole[start..<start + after].map { Array($0.prefix(width)) }
    draws = samples.count
    forecast = Forecast(samples.map(\.sequence), after: start, width: width)
  }

  /// The components that are told.
  var width: Int { (beginning.first ?? rest.first)?.count ?? 0 }

  /// Whether one that was read can be told and drawn: as many numbers everywhere.
  package var isSound: Bool {
    let counts = 0...1 << 48
    return counts.contains(sequence) && counts.contains(start) && beginning.count <= start && counts.contains(draws)
      && (beginning + rest).allSatisfy { $0.count == width }
      && forecast.steps.allSatisfy { step in
        counts.contains(step.time) && counts.contains(step.draws) && step.quantiles.count == width
          && step.quantiles.allSatisfy { $0.count == Forecast.fractions.count }
      }
  }
}
