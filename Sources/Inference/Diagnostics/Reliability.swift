import Foundation
import ModelCore
import Sequences
import Support

/// Whether predicted probabilities are those with which things happen (a reliability diagram; DeGroot and Fienberg 1983): of
/// every outcome of every event – each symbol, and the end where it is decided; of vectors of bits that a bit is 1 – the prediction,
/// in groups, beside how often the outcome came.
public struct Reliability: Sendable, Hashable, Codable {
  /// Outcomes with similar predictions.
  public struct Group: Sendable, Hashable, Codable {
    /// The bounds of the predictions.
    public let low: Double
    /// The upper bound.
    public let high: Double
    /// The number of outcomes.
    public internal(set) var outcomes = 0
    /// The sum of their predicted probabilities.
    public internal(set) var expected = 0.0
    /// How many of them came.
    public internal(set) var observed = 0

    /// The mean prediction.
    public var predicted: Double { expected / Double(max(outcomes, 1)) }
    /// How often they came.
    public var frequency: Double { Double(observed) / Double(max(outcomes, 1)) }
  }

  /// Groups of rising predictions, the empty ones too.
  public private(set) var groups: [Group]
  /// The events that were looked at.
  public private(set) var events = 0

  /// The calibration error: Σ over groups of |observed − expected|, divided by the number of events. It is summed over all
  /// outcomes of an event, so that it may exceed 1.
  public var error: Double {
    groups.reduce(0) { $0 + abs(Double($1.observed) - $1.expected) } / Double(max(events, 1))
  }

  /// Bounds between groups.
  private static let bounds = [
    0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
  ]
  /// Outcomes that are looked at; sequences beyond, in their order, are left out.
  private static let mostOutcomes = 50_000_000

  private init() { groups = zip(Self.bounds, Self.bounds.dropFirst()).map { Group(low: $0, high: $1) } }

  /// Predicts each event of a set, by the walk. O(events · outcomes), of at most 5 · 10^7.
  public init(of model: SequenceModel, on set: SequenceSet, threads: Int = 1) {
    self.init()
    var (count, outcomes) = (0, 0)
    while count < set.count, count == 0 || outcomes <= Self.mostOutcomes {
      outcomes += (set.length(count) + 1) * (model.alphabet.size + 1)
      count += 1
    }
    let chunk = 64
    let parts = parallelMap((count + chunk - 1) / chunk, threads: threads) { number in
      var part = Reliability()
      for index in number * chunk..<min((number + 1) * chunk, count) {
        part.add(model.conditional, set[index], set.input(index))
      }
      return part
    }
    for part in parts { add(part) }
  }

  /// Predicts each bit of a set given those before it in its step, and holds the probability that it is 1 against how often it is: an
  /// event is a bit, and ends are left out. `nil` of other numbers, and of a model that does not take its probabilities apart.
  /// O(bits), of at most 5 · 10^7.
  public init?(of model: VectorModel, on set: VectorSequences, threads: Int = 1) {
    guard model.columns.values == .bits else { return nil }
    self.init()
    var (count, outcomes) = (0, 0)
    while count < set.count, count == 0 || outcomes <= Self.mostOutcomes {
      outcomes += set.length(count) * model.width
      count += 1
    }
    let part = count < set.count ? set.selecting(0..<count) : set
    guard let densities = model.componentLogDensities(of: part, threads: threads) else { return nil }
    for (index, sequence) in densities.enumerated() {
      for (element, components) in zip(part[index], sequence) {
        for (bit, logProbability) in zip(element, components) {
          events += 1
          add(bit == 1 ? exp(logProbability) : -expm1(logProbability), came: bit == 1)
        }
      }
    }
  }

  /// Those of several models or sets together; `nil` of none.
  package init?(adding parts: [Reliability]) {
    if parts.isEmpty { return nil }
    self.init()
    for part in parts { add(part) }
  }

  /// Whether the groups of one that was read are those of this program, with numbers that can be added.
  package var isSound: Bool {
    let counts = 0...1 << 56
    return groups.map(\.high) == Array(Self.bounds.dropFirst()) && counts.contains(events)
      && groups.allSatisfy { counts.contains($0.outcomes) && counts.contains($0.observed) }
  }

  private mutating func add(_ other: Reliability) {
    events += other.events
    for index in groups.indices {
      groups[index].outcomes += other.groups[index].outcomes
      groups[index].expected += other.groups[index].expected
      groups[index].observed += other.groups[index].observed
    }
  }

  private mutating func add(_ conditional: some Conditional, _ sequence: SymbolSlice, _ x: SequenceInput?) {
    let shape = conditional.shape
    var prediction = Prediction(shape)
    conditional.forEachDecision(of: sequence, x: x) { walk, element in
      walk.predict(into: &prediction)
      events += 1
      for symbol in 0..<shape.alphabetSize {
        add(exp(prediction.logContinuing(with: symbol)), came: symbol == element)
      }
      if shape.decidesEnd { add(exp(prediction.logStop), came: element == nil) }
    }
  }

  private mutating func add(_ probability: Double, came: Bool) {
    // A rounded probability may be a little more than 1.
    let index = min(lowerBound(0, groups.count) { groups[$0].high < probability }, groups.count - 1)
    groups[index].outcomes += 1
    groups[index].expected += probability
    if came { groups[index].observed += 1 }
  }
}
