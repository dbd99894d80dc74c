import Foundation
import ModelCore
import Probability
import Sequences
import Support
import Synchronization

/// How much worse a model predicts the true continuation once it has been fed its own output: what is called exposure
/// bias (Bengio, Vinyals, Jaitly and Shazeer 2015; Ranzato et al. 2016), measured.
///
///     let exposure = Exposure(of: model, on: test)
///     exposure.rows.last?.difference     // nats a decision, after eight elements of its own
///
/// A decision is what `SequenceScore` counts at a step: the true next element, with the decision to continue, or the true
/// end. Before the one at time t the model is walked along the true y(1..t−n), then along n elements that it draws one
/// after the other from its own predictions, given that the sequence goes on: without the end symbol, the rest
/// renormalised; with a stop variable, from the elements' distribution. The same decisions are scored after the true past
/// too. Lengths and inputs x are the true sequence's throughout. Where a prediction leaves nothing but the end, the
/// element is drawn uniformly.
public struct Exposure: Sendable {
  /// The decisions after `steps` elements of the model's own; all figures are means over them, in nats.
  public struct Row: Sendable, Hashable {
    /// n.
    public let steps: Int
    /// The number of decisions.
    public let decisions: Int
    /// Sequences that the decisions are about.
    public let sequences: Int
    /// After n elements of the model's own.
    public let exposed: SequenceScore
    /// Of the very same decisions after the true elements.
    public let teacherForced: SequenceScore
    /// The first less the second; `nil` where both are infinite.
    public let difference: Double?
    /// Of the difference, over sequences: that of a ratio of two sums, Σ differences over Σ decisions (Cochran 1977,
    /// section 6.3). `nil` for a single sequence, and where the difference is not finite.
    public let standardError: Double?
    /// Decisions that have the probability 0 after the model's own elements, and make the mean infinite.
    public let impossible: Int
  }

  /// In the order asked for, without those for which every sequence is too short.
  public let rows: [Row]
  /// Decisions that were looked at, each after every n that is not beyond its time.
  public let places: Int
  /// Decisions in the whole set.
  public let allPlaces: Int

  /// O(Σ τ + places · Σ n) steps of the walk.
  /// - Parameters:
  ///   - steps: the numbers n of elements that the model draws.
  ///   - most: the most decisions to look at. Where there are more, as many equal parts of them give one each, chosen by
  ///     the seed.
  ///   - threads: the result does not depend on it.
  ///   - progress: called from any thread.
  public init<Model: FittedModel>(
    of model: Model, on set: Sequences<Model.Rows>, steps: [Int] = [0, 1, 2, 4, 8], most: Int = 20_000,
    seed: UInt64 = 1,
    threads: Int = 1, progress: @Sendable (FittingProgress) -> Void = { _ in }
  ) {
    precondition(steps.allSatisfy { $0 >= 0 } && most >= 0)
    let places = ExposurePlaces(set, model.shape, most: most, seed: seed)
    self.places = places.count
    allPlaces = places.all
    let done = Atomic<Int>(0)
    let tallies = parallelMap(places.groups.count, threads: threads) { index in
      let group = places.groups[index]
      let tally = Self.tally(model.process, set, group, steps, seed: seed)
      let now = done.add(group.times.count, ordering: .relaxed).newValue
      progress(
        FittingProgress(fraction: Double(now) / Double(places.count), text: "\(now) of \(places.count) decisions"))
      return tally
    }
    rows = steps.indices.compactMap { column in Row(steps: steps[column], tallies.map { $0[column] }) }
  }

  /// The sums over the chosen decisions of one sequence, one for each n.
  private static func tally<Rows: RowStorage, P: SequenceProcess<Rows.Element>>(
    _ process: P, _ set: Sequences<Rows>, _ group: ExposurePlaces.Group, _ steps: [Int], seed: UInt64
  ) -> [ExposureTally] {
    let (sequence, x) = (Array(set[group.sequence]), set.input(group.sequence))
    func target(_ time: Int) -> Rows.Element? { time < sequence.count ? sequence[time] : nil }
    var tallies = [ExposureTally](repeating: ExposureTally(), count: steps.count)
    var distribution = P.Distribution(process.shape)
    // The last walks along the true sequence, that of time t at t mod their number.
    var past = [process.walk(length: sequence.count, x: x)]
    let kept = (steps.max() ?? 0) + 1
    var now = 0
    for time in group.times {
      while now < time {
        var walk = past[now % kept]
        walk.advance(past: sequence[now])
        now += 1
        if past.count < kept { past.append(walk) } else { past[now % kept] = walk }
      }
      let taught = past[time % kept].score(of: target(time))
      for (column, steps) in steps.enumerated() where steps <= time {
        var walk = past[(time - steps) % kept]
        var stream = RandomStream(seed: seed, purpose: "exposure \(steps)", index: UInt64(group.first + time))
        for _ in 0..<steps {
          walk.predict(into: &distribution)
          walk.advance(past: distribution.drawElement(&stream))
        }
        tallies[column].add(walk.score(of: target(time)), taught)
      }
    }
    return tallies
  }
}

extension Exposure.Row {
  /// `nil` without decisions.
  fileprivate init?(steps: Int, _ tallies: [ExposureTally]) {
    let tallies = tallies.filter { $0.decisions > 0 }
    guard !tallies.isEmpty else { return nil }
    self.steps = steps
    sequences = tallies.count
    decisions = tallies.reduce(0) { $0 + $1.decisions }
    impossible = tallies.reduce(0) { $0 + $1.impossible }
    let total = Double(decisions)
    func mean(_ score: (ExposureTally) -> SequenceScore) -> SequenceScore {
      SequenceScore(
        natsElements: tallies.reduce(0) { $0 + score($1).natsElements } / total,
        natsLength: tallies.reduce(0) { $0 + score($1).natsLength } / total)
    }
    exposed = mean(\.exposed)
    teacherForced = mean(\.teacherForced)
    let difference = tallies.reduce(0) { $0 + $1.difference } / total
    self.difference = difference.isNaN ? nil : difference
    let count = Double(tallies.count)
    let squares = tallies.reduce(0) { sum, tally in
      let rest = tally.difference - difference * Double(tally.decisions)
      return sum + rest * rest
    }
    standardError = count > 1 && squares.isFinite ? (squares * count / (count - 1)).squareRoot() / total : nil
  }
}

/// Sums over some decisions about one sequence.
private struct ExposureTally {
  var decisions = 0
  var impossible = 0
  var exposed = SequenceScore()
  var teacherForced = SequenceScore()
  var difference = 0.0

  mutating func add(_ own: SequenceScore, _ taught: SequenceScore) {
    decisions += 1
    if own.nats == .infinity { impossible += 1 }
    exposed.natsElements += own.natsElements
    exposed.natsLength += own.natsLength
    teacherForced.natsElements += taught.natsElements
    teacherForced.natsLength += taught.natsLength
    difference += own.nats - taught.nats
  }
}

/// Which decisions are looked at.
private struct ExposurePlaces {
  /// Those about one sequence.
  struct Group {
    let sequence: Int
    /// The number of the sequence's first decision among all.
    let first: Int
    /// Rising.
    var times: [Int]
  }

  private(set) var groups: [Group] = []
  private(set) var count = 0
  private(set) var all = 0

  init(_ set: Sequences<some RowStorage>, _ shape: OutputShape, most: Int, seed: UInt64) {
    all = (0..<set.count).reduce(0) { $0 + shape.steps(length: set.length($1)) }
    var chosen = Self.chosen(all, most, seed: seed).makeIterator()
    var next = chosen.next()
    var first = 0
    for sequence in 0..<set.count {
      let end = first + shape.steps(length: set.length(sequence))
      var group = Group(sequence: sequence, first: first, times: [])
      while let place = next, place < end {
        group.times.append(place - first)
        next = chosen.next()
      }
      if !group.times.isEmpty { groups.append(group) }
      count += group.times.count
      first = end
    }
  }

  /// Rising numbers below `all`: every one, or one of each of `most` parts as equal as can be. The parts begin at a
  /// random place and go round, so that no number is more often in a smaller part than others.
  private static func chosen(_ all: Int, _ most: Int, seed: UInt64) -> [Int] {
    guard all > most else { return Array(0..<all) }
    var stream = RandomStream(seed: seed, purpose: "exposure places")
    let shift = Int(stream.uniform() * Double(all))
    return (0..<most).map { part in
      let (low, high) = (part * all / most, (part + 1) * all / most)
      return (low + Int(stream.uniform() * Double(high - low)) + shift) % all
    }.sorted()
  }
}
