import Foundation
import ModelCore
import Probability
import Sequences
import Support

/// How uncertain a table's figure on a set is because the table itself was estimated: nats an event under tables drawn
/// from their posterior, each row from its Dirichlet distribution (by GSL's gamma variables), given P(τ).
///
/// The draws' mean lies above the model's own figure, which is that of the posterior's mean: −log is convex.
public struct PosteriorInterval: Sendable, Hashable, Codable {
  /// The number of tables drawn from the posterior.
  public var draws: Int
  /// Nats an event: the mean over draws, and the middle 95 % of them.
  public var mean: Double
  /// The lower end of the interval: the 2.5 % quantile.
  public var low: Double
  /// The upper end: the 97.5 % quantile.
  public var high: Double

  /// Draws tables from the posterior and scores a set with each.
  /// - Parameters:
  ///   - draws: one or more.
  ///   - threads: change nothing: each draw has a random stream of its own.
  /// - Throws: `SpecificationError.refused` for models that are no tables with `add:α`. O(draws · outcomes in the set).
  public init(
    of model: SequenceModel, on set: SequenceSet, seed: UInt64, draws: Int = 1000, threads: Int = 1
  ) throws {
    precondition(draws > 0)
    let rows = try model.posteriorRows(on: set)
    let given = model.lengthNats(set).map { nats in (0..<set.count).reduce(0) { $0 + nats($1) } }
    let events = Double(max(set.symbolCount + set.count, 1))
    var figures = parallelMap(draws, threads: threads) { draw in
      var stream = RandomStream(seed: seed, purpose: "posterior", index: UInt64(draw))
      return rows.reduce(given ?? 0) { $0 + $1.drawNats(&stream) } / events
    }
    self.draws = draws
    mean = figures.reduce(0, +) / Double(draws)
    figures.sort()
    low = quantile(ofSorted: figures, 0.025)
    high = quantile(ofSorted: figures, 0.975)
  }
}

extension DirichletRow {
  /// −Σ events · log p under a draw of the row.
  fileprivate func drawNats(_ stream: inout RandomStream) -> Double {
    // A Dirichlet draw is gamma variables divided by their sum.
    var logs = outcomes.map { stream.logGamma($0.parameter) }
    let own = zip(outcomes, logs).reduce(0) { $0 + Double($1.0.events) * $1.1 }
    if rest > 0 { logs.append(stream.logGamma(rest)) }
    let most = logs.max() ?? 0
    let logSum = most + log(logs.reduce(0) { $0 + exp($1 - most) })
    return Double(outcomes.reduce(0) { $0 + $1.events }) * logSum - own
  }
}
