import Foundation
import Inference
import Models
import Sequences

/// One model fitted once – to the training data of one fold, with one seed – and its figures: what a comparison averages over
/// and a run file keeps.
public struct Trial: Sendable, Codable {
  /// Where a trial stands in the design of a comparison.
  public struct Place: Sendable, Hashable, Codable {
    /// The number of the fold, from 0.
    public let fold: Int
    /// The seed of the fit.
    public let seed: UInt64
    /// The share of the training sequences that the model was fitted to: 1, or less for a learning curve.
    public let fraction: Double

    /// A place in a design; by default that of the only trial.
    public init(fold: Int = 0, seed: UInt64 = 1, fraction: Double = 1) {
      self.fold = fold
      self.seed = seed
      self.fraction = fraction
    }
  }

  /// Where it stands in the design.
  public let place: Place
  /// The free parameters, before any data.
  public let free: ParameterCount
  /// The numbers in the fitted model.
  public let stored: Int
  /// The figures of the training data.
  public let train: Figures
  /// The figures of the validation data; of families that are fitted to all of the training data where none were given, those
  /// of the same model fitted without the part that is held out for choosing.
  public let valid: Figures?
  /// The figures of the test data.
  public let test: Figures
  /// Nats of each test sequence; not among what is encoded.
  public package(set) var testNats: [Double] = []
  /// Akaike's and the Bayesian information criterion of the training data.
  public let criteria: InformationCriteria
  /// What there is to say of the fit.
  public let notes: [String]
  /// Seconds of fitting.
  public let fitSeconds: Double
  /// The epochs of its training, where it had some.
  public let epochs: [TrainingEpoch]
  /// The first draws from it, as many as were asked for.
  public let samples: [[Symbol]]
  /// The same of a model of vectors; `nil` of symbols.
  public private(set) var vectorSamples: [[[Double]]]?
  /// What it says of lengths, where that was asked for.
  public let lengths: LengthSummary?
  /// The nats of the test data in groups, where that was asked for.
  public let breakdowns: [Breakdown]
  /// Predicted probabilities against frequencies in the test data, where that was asked for.
  public let reliability: Reliability?
  /// The probability integral transform of the test data, where calibration was asked for and the elements are vectors.
  public let transform: ProbabilityTransform?
  /// A forecast of a test sequence, where that was asked for.
  public let forecast: HeldOutForecast?

  private enum CodingKeys: String, CodingKey {
    case place, free, stored, train, valid, test, criteria, notes, fitSeconds, epochs, samples, lengths, breakdowns
    case reliability, vectorSamples, transform, forecast
  }
}

extension Trial {
  /// Whether the numbers of a trial that was read can be those of one: nothing that is computed of them goes beyond its bounds.
  package var isSound: Bool {
    func isSound(_ figures: Figures?) -> Bool {
      guard let figures else { return true }
      return [figures.sequences, figures.symbols, figures.impossible, figures.unknown?.symbols ?? 0].allSatisfy(
        Self.counts.contains)
    }
    return place.fraction > 0 && place.fraction <= 1 && (0..<1_000_000).contains(place.fold)
      && Self.counts.contains(stored) && [train, test, valid].allSatisfy(isSound) && testNats.count == test.sequences
      && breakdowns.allSatisfy { $0.groups.allSatisfy { Self.counts.contains($0.events) } }
      && (reliability?.isSound ?? true) && samples.joined().allSatisfy { $0 >= 0 } && (transform?.isSound ?? true)
      && (forecast?.isSound ?? true)
      && (vectorSamples ?? []).joined().allSatisfy { $0.count == test.width }
  }

  /// Whether figures, draws, forecast and transforms can be those of a model of such elements.
  package func isSound(for elements: ElementKind) -> Bool {
    guard case .vectors(let values, let width, let levels) = elements else {
      return test.width == nil && vectorSamples == nil && forecast == nil
    }
    func isElement(_ element: [Double]) -> Bool {
      element.count == width
        && element.enumerated().allSatisfy { index, number in
          values.contains(number) && (levels.isEmpty || number < Double(levels[index]))
        }
    }
    return test.width == width && (vectorSamples ?? []).joined().allSatisfy(isElement)
      && (forecast.map { $0.width == min(width, HeldOutForecast.mostComponents) } ?? true)
      && (transform.map { $0.components.count == width } ?? true)
  }

  /// The same with as many of the draws of vectors as hold so many numbers together, but one at least: what a file keeps of them.
  package func keepingDraws(ofNumbers most: Int) -> Trial {
    guard let all = vectorSamples else { return self }
    var (left, kept) = (most, self)
    kept.vectorSamples = Array(
      all.enumerated().prefix { index, sequence in
        left -= sequence.reduce(0) { $0 + $1.count }
        return left >= 0 || index == 0
      }.map(\.element))
    return kept
  }

  private static let counts = 0...1 << 48
}

/// What a trial measures beside the likelihoods.
public struct Measurements: Sendable, Hashable, Encodable {
  /// How many sequences to draw from each model.
  public var samples = 0
  /// Whether to look at each model's distribution of the length.
  public var lengths = false
  /// The groups that the nats of the test data are told in.
  public var breakdowns: [Breakdown.Kind] = []
  /// Whether predicted probabilities are held against frequencies; of vectors also the probability integral transform.
  public var reliability = false
  /// Whether a test sequence of vectors is forecast from its first half.
  public var forecast = false

  /// Nothing but likelihoods.
  public init() {}

  /// Everything, and 100 samples: what a report shows.
  public static var all: Measurements {
    var all = Measurements()
    (all.samples, all.lengths, all.reliability, all.forecast) = (100, true, true, true)
    all.breakdowns = Breakdown.Kind.allCases
    return all
  }

  /// Those that mean something for elements of a kind.
  public func of(_ elements: ElementKind) -> Measurements {
    var own = self
    own.breakdowns = breakdowns.filter { $0.isOf(elements) }
    if case .symbols = elements { own.forecast = false }
    return own
  }

  /// What is not measured is not written, as far as earlier versions did not know of it: runs of symbols keep their keys.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(samples, forKey: .samples)
    try container.encode(lengths, forKey: .lengths)
    try container.encode(breakdowns, forKey: .breakdowns)
    try container.encode(reliability, forKey: .reliability)
    if forecast { try container.encode(forecast, forKey: .forecast) }
  }

  private enum CodingKeys: String, CodingKey { case samples, lengths, breakdowns, reliability, forecast }
}

extension Trial {
  /// Fits a model and scores the test data.
  /// - Parameters:
  ///   - parts: those of the fold; the training part is reduced to the fraction of the place.
  ///   - isChoice: whether a model is to be chosen, so that validation figures are needed.
  /// - Throws: `FittingError`, `SpecificationError`.
  public init<Model: MeasuredModel>(
    as type: Model.Type = SequenceModel.self, of specification: ModelSpecification, _ parts: Parts<Model.Rows>,
    _ schema: Model.Rows.Schema, at place: Place, _ context: FittingContext, measuring: Measurements = Measurements(),
    isChoice: Bool = true
  ) throws {
    let parts = parts.reduced(to: place.fraction)
    // Of a learning curve the likelihoods are all that is shown.
    let measuring = (place.fraction == 1 ? measuring : Measurements()).of(parts.test.rows.kind)
    var context = context
    context.seed = place.seed
    let threads = context.threads
    let recorder = EpochRecorder(context.progress)
    context.progress = recorder.add
    let start = ContinuousClock.now
    let fitting = parts.fitting(specification)
    let model = try Model.fit(specification, to: fitting.train, valid: fitting.valid, schema, context)
    fitSeconds = (ContinuousClock.now - start) / .seconds(1)
    epochs = recorder.epochs
    for set in [parts.test, fitting.valid] { try model.check(set?.inputs) }
    let scores = model.scores(of: parts.test, threads: threads)
    self.place = place
    free = model.parameterCount
    stored = model.storedParameters
    func figures(_ model: Model, _ set: Sequences<Model.Rows>) -> Figures {
      model.figures(model.scores(of: set, threads: threads), on: set, threads: threads, detailsUnknown: true)
    }
    let isWhole = fitting.valid == nil || parts.valid != nil
    train =
      isWhole
      ? model.figures(onTraining: parts.train, threads: threads)
      : model.figures(
        model.scores(of: parts.train, threads: threads), on: parts.train, threads: threads, detailsUnknown: false)
    if let valid = fitting.valid {
      self.valid = figures(model, valid)
    } else if isChoice, place.fraction == 1, let held = parts.heldOut {
      let chosen = try Model.fit(specification, to: held.train, valid: nil, schema, context.ofComponent)
      valid = figures(chosen, held.valid)
    } else {
      valid = nil
    }
    test = model.figures(scores, on: parts.test, threads: threads, detailsUnknown: true)
    testNats = scores.map(\.nats)
    criteria = InformationCriteria(nats: train.nats, parameters: model.occurringParameters, events: train.events)
    notes = model.notes
    var sampling = DrawOptions<Model.Element>()
    // Draws are given the test set's inputs x, where the model looks at them.
    if model.inputWidth > 0 { sampling.inputs = parts.test.inputs }
    let draws = try model.draws(measuring.samples, seed: context.seed, sampling, threads: threads)
    (samples, vectorSamples) = (draws.symbols, draws.vectors)
    lengths = try measuring.lengths ? LengthSummary(model, parts.test, context) : nil
    breakdowns = model.breakdowns(
      measuring.breakdowns, on: parts.test, training: parts.train, threads: threads)
    reliability = measuring.reliability ? model.reliability(on: parts.test, threads: threads) : nil
    transform =
      measuring.reliability ? model.transform(on: parts.test, seed: context.seed, threads: threads) : nil
    forecast = measuring.forecast ? model.forecast(on: parts.test, seed: context.seed, threads: threads) : nil
  }
}
