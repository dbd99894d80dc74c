import Foundation
import Inference
import Models
import Probability
import Sequences

extension Comparison {
  /// One model's row: its trials, and what they say together. Over folds likelihoods add up; over seeds they are means.
  public struct Row: Sendable {
    /// The model's word.
    public let specification: ModelSpecification
    /// The trials on all of the training data: for each seed its folds.
    public let trials: [Trial]
    /// The learning curve, smaller training parts first; empty where none was asked for.
    public let curve: [CurvePoint]
    /// The free parameters, before any data.
    public let free: ParameterCount
    /// The numbers in the fitted model, the mean over trials.
    public let stored: Int
    /// The figures of the training data.
    public let train: Figures
    /// The figures of the validation data.
    public let valid: Figures?
    /// The figures of the test data.
    public let test: Figures
    /// Nats of each test sequence, one fold after the other; the mean over seeds.
    public let testNats: [Double]
    /// The standard deviation of the test data's nats an event over seeds; `nil` with one seed.
    public let spread: Double?
    /// Akaike's and the Bayesian information criterion of the training data, the mean over trials.
    public let criteria: InformationCriteria
    /// What there is to say of the fits, each sentence once.
    public let notes: [String]
    /// Seconds of fitting, the mean over trials.
    public let fitSeconds: Double
    /// The nats of the test data in groups, the mean over seeds.
    public let breakdowns: [Breakdown]
    /// Predicted probabilities against frequencies, over all trials.
    public let reliability: Reliability?
    /// The probability integral transform of the test data, over the folds of the first seed.
    public let transform: ProbabilityTransform?
    /// Nats a sequence above the chosen model on the test data, paired sequence by sequence; the same resamples for all rows.
    public internal(set) var difference = BootstrapInterval([], seed: 0)
    /// Nats an event above those of the process that made the data, on the test data, where that process is known.
    public internal(set) var regret: BootstrapInterval?
    /// The p-value of the permutation test that the difference is 0; `nil` for the chosen model, and where a sequence is
    /// impossible.
    public internal(set) var pValue: Double?
    /// The same adjusted for the number of rows (Holm 1979).
    public internal(set) var adjustedPValue: Double?
    /// Whether no other row has at most as many free parameters and predicts the validation data better.
    public internal(set) var isOnParetoFront = false

    /// The first draws, from the first trial.
    public var samples: [[Symbol]] { trials[0].samples }
    /// The same of a model of vectors; `nil` of symbols.
    public var vectorSamples: [[[Double]]]? { trials[0].vectorSamples }
    /// The first trial's forecast of a test sequence, where that was asked for.
    public var forecast: HeldOutForecast? { trials[0].forecast }
    /// What the first trial's model says of lengths, where that was asked for.
    public var lengths: LengthSummary? { trials[0].lengths }
    /// Nats of the data by which a model is chosen.
    var choosingNats: Double { (valid ?? test).nats }

    /// Whether trials of one model make a row: some are on all of the training data, each seed has the same folds, and each fold
    /// the same number of test sequences.
    package static func isPossible(_ trials: [Trial]) -> Bool {
      let bySeed = bySeed(trials.filter { $0.place.fraction == 1 })
      func shape(_ trials: [Trial]) -> [[Int]] { trials.map { [$0.place.fold, $0.testNats.count] } }
      return Set(trials.map(\.place)).count == trials.count && Set(bySeed.map(shape)).count == 1
    }

    /// - Parameter trials: those of one model, of one design, at least one of them on all of the training data.
    public init(_ specification: ModelSpecification, _ trials: [Trial]) {
      let whole = Self.bySeed(trials.filter { $0.place.fraction == 1 })
      let all = whole.flatMap { $0 }
      precondition(!all.isEmpty, "a row without a trial")
      let count = Double(all.count)
      self.specification = specification
      self.trials = all
      free = all[0].free
      stored = Int((all.reduce(0) { $0 + Double($1.stored) } / count).rounded())
      train = Figures(mean: whole.map { Figures(pooling: $0.map(\.train)) })
      let valid = whole.map { $0.compactMap(\.valid) }
      self.valid =
        zip(valid, whole).allSatisfy { $0.count == $1.count } ? Figures(mean: valid.map { Figures(pooling: $0) }) : nil
      let tests = whole.map { Figures(pooling: $0.map(\.test)) }
      test = Figures(mean: tests)
      spread = Self.spread(tests.map(\.natsPerUnit))
      let nats = whole.map { $0.flatMap(\.testNats) }
      testNats =
        nats.count == 1
        ? nats[0] : nats[0].indices.map { index in nats.reduce(0) { $0 + $1[index] } / Double(nats.count) }
      criteria = InformationCriteria(mean: all.map(\.criteria))
      notes = all.flatMap(\.notes).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
      fitSeconds = all.reduce(0) { $0 + $1.fitSeconds } / count
      breakdowns = all[0].breakdowns.compactMap { first in
        let same = all.compactMap { trial in trial.breakdowns.first { $0.kind == first.kind } }
        return same.count == all.count ? Breakdown(adding: same).divided(by: whole.count) : nil
      }
      reliability = Reliability(adding: all.compactMap(\.reliability))
      // Transforms of one sequence by models of several seeds are not independent.
      transform = ProbabilityTransform(adding: whole[0].compactMap(\.transform))
      curve = CurvePoint.all(trials)
    }

    /// The standard deviation over seeds; `nil` with one, and where a figure is infinite.
    static func spread(_ nats: [Double]) -> Double? {
      nats.count > 1 && nats.allSatisfy(\.isFinite) ? standardDeviation(nats) : nil
    }

    /// Trials by seed, those of a seed by fold.
    static func bySeed(_ trials: [Trial]) -> [[Trial]] {
      Dictionary(grouping: trials, by: \.place.seed).sorted { $0.key < $1.key }.map {
        $0.value.sorted { $0.place.fold < $1.place.fold }
      }
    }
  }

  /// A point of a learning curve.
  public struct CurvePoint: Sendable, Hashable, Codable {
    /// The share of the training sequences.
    public let fraction: Double
    /// The training sequences, the mean over trials.
    public let sequences: Double
    /// Nats an event (of vectors: a step) of the test data: over folds pooled, over seeds the mean.
    public let natsPerEvent: Double
    /// The standard deviation over seeds; `nil` with one.
    public let spread: Double?

    package init(fraction: Double, sequences: Double, natsPerEvent: Double, spread: Double?) {
      (self.fraction, self.sequences) = (fraction, sequences)
      (self.natsPerEvent, self.spread) = (natsPerEvent, spread)
    }

    /// The points of a model's trials; none where all are on all of the training data.
    static func all(_ trials: [Trial]) -> [CurvePoint] {
      let fractions = Set(trials.map(\.place.fraction)).sorted()
      if fractions.count < 2 { return [] }
      return fractions.map { fraction in
        let here = trials.filter { $0.place.fraction == fraction }
        let nats = Row.bySeed(here).map { Figures(pooling: $0.map(\.test)).natsPerUnit }
        return CurvePoint(
          fraction: fraction, sequences: here.reduce(0) { $0 + Double($1.train.sequences) } / Double(here.count),
          natsPerEvent: nats.reduce(0, +) / Double(nats.count), spread: Row.spread(nats))
      }
    }
  }
}
