import Foundation
import ModelCore
import Probability
import Sequences
import Support

/// Whether a model stops as often as it says: the decisions about a set – after each t elements, stop or continue – in ten
/// groups of rising predicted probability, each with the mean prediction and the rate at which sequences did stop.
public struct StopCalibration: Sendable, Hashable, Codable {
  /// Decisions with similar predicted probabilities of stopping.
  public struct Group: Sendable, Hashable, Codable {
    /// The number of decisions.
    public let decisions: Int
    /// The smallest and largest prediction.
    public let low: Double
    /// The largest prediction.
    public let high: Double
    /// Mean P(stop).
    public let predicted: Double
    /// The share of decisions to stop.
    public let actual: Double
  }

  /// Deciles; fewer where many predictions are the same.
  public let groups: [Group]
  /// Σ P(stop) over all decisions: how many sequences should have stopped.
  public let predictedStops: Double
  /// How many did: each sequence once.
  public let stops: Int
  /// Σ decisions · |actual − predicted| / Σ decisions.
  public let error: Double
  /// Σ (O − E)² / (E (1 − E/n)) over the groups (Hosmer and Lemeshow 1980). Of data that the model was not fitted to it is
  /// a chi-square variable with as many degrees of freedom as there are groups, if predictions are right.
  public let chiSquare: Double
  /// P(χ² as large or larger) if predictions are right; `nil` where χ² is not finite.
  public let pValue: Double?

  /// `nil` where the length is drawn first, or nothing was decided. By the walk, O(symbols).
  public init?<Model: FittedModel>(of model: Model, on set: Sequences<Model.Rows>, threads: Int = 1) {
    guard model.shape.decidesEnd, set.count > 0 else { return nil }
    let parts = parallelMap(set.count, threads: threads, chunk: 64) { Self.decisions(model.process, set, $0) }
    let decisions = parts.flatMap(\.self).sorted { ($0.predicted, $0.isEnd ? 1 : 0) < ($1.predicted, $1.isEnd ? 1 : 0) }
    var groups: [Group] = []
    var first = 0
    for decile in 1...10 {
      var last = max(decisions.count * decile / 10, first)
      // Equal predictions stay together.
      while last > first, last < decisions.count, decisions[last].predicted == decisions[last - 1].predicted {
        last += 1
      }
      if last == first { continue }
      let members = decisions[first..<last]
      let count = Double(members.count)
      groups.append(
        Group(
          decisions: members.count, low: decisions[first].predicted, high: decisions[last - 1].predicted,
          predicted: members.reduce(0) { $0 + $1.predicted } / count,
          actual: Double(members.count { $0.isEnd }) / count))
      first = last
    }
    self.groups = groups
    predictedStops = decisions.reduce(0) { $0 + $1.predicted }
    stops = decisions.count { $0.isEnd }
    error = groups.reduce(0) { $0 + Double($1.decisions) * abs($1.actual - $1.predicted) } / Double(decisions.count)
    // A group of certain decisions that went as predicted says nothing.
    let statistic = groups.reduce(0.0) { sum, group in
      let difference = group.actual - group.predicted
      if difference == 0 { return sum }
      return sum + Double(group.decisions) * difference * difference / (group.predicted * (1 - group.predicted))
    }
    chiSquare = statistic
    pValue = statistic.isFinite ? chiSquareTail(statistic, degreesOfFreedom: Double(groups.count)) : nil
  }

  private static func decisions<Rows: RowStorage, P: SequenceProcess<Rows.Element>>(
    _ process: P, _ set: Sequences<Rows>, _ index: Int
  ) -> [(predicted: Double, isEnd: Bool)] {
    var decisions: [(predicted: Double, isEnd: Bool)] = []
    process.forEachDecision(of: set[index], x: set.input(index)) { walk, element in
      decisions.append((exp(walk.logStop().stop), element == nil))
    }
    return decisions
  }
}
