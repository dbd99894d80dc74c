import Autoregression
import GraphicalModel
import ModelCore
import Sequences

/// `markov:k`: the next symbol depends on the last k; an n-gram model of n = k + 1. Of vectors the same word is a
/// regression on the last k (`AutoregressiveFamily`) or tables of each component (`ComponentTableFamily`).
package struct MarkovFamily: SummarisingFamily {
  package static let name = "markov"
  package static let leadingOption: String? = "k"
  /// Every smoother, and each way to mix and tune.
  package static var examples: [String] {
    ["markov:0"] + standardSmoothers.flatMap { $0.examples }.map { "markov:k=2,smoothing=\($0)" }
      + standardSmoothers.filter { (try? $0.init(parameter: nil))?.canBackOff == true }.map {
        "markov:k=2,smoothing=\($0.name),mixing=backoff"
      }
      + ["jelinek-mercer,tune=valid", "modified-kneser-ney,tune=valid", "witten-bell,tune=leave-one-out"]
      .map { "markov:k=2,smoothing=\($0)" } + ["markov:k=1,time=bucket:3", "markov:k=2,smoothing=add:0.5,time=each"]
  }
  package static let summary =
    "the last k symbols (an n-gram model of n = k + 1); options, with their defaults first:\n"
    + "smoothing=modified-kneser-ney or another, see below\n"
    + "mixing=interpolated or backoff: shorter contexts count always, or for what the longer have not seen\n"
    + "tune=none, valid or leave-one-out: what the smoother's parameters are fitted to; none is their closed form"
    + "\ntime=none, bucket:n or each: t as one more parent\n" + AutoregressiveFamily.summary + "\n"
    + ComponentTableFamily.summary

  /// k.
  package let order: Int
  package let smoother: any Smoother
  package let mixing: Mixing
  package let tuning: Tuning
  let time: NumberEncoding
  /// Whether the word says `emission=categorical`: of symbols nothing else, of vectors that columns of categories are independent.
  private(set) var isCategorical = false
  /// Set by tests.
  package var tails = ContextTails.Use.ifLarge
  private static let defaultSmoothing = ModifiedKneserNey.name

  package init(_ options: inout ModelOptions, registry: Registry) throws {
    guard let order = try options.integer("k", in: 0...1000) else {
      throw SpecificationError.malformed("markov needs its order, as in markov:3")
    }
    self.order = order
    smoother = try registry.smoother(options.text("smoothing") ?? Self.defaultSmoothing)
    time =
      try options.text("time").map {
        try NumberEncoding($0, option: "time", owner: Self.name, known: ["none", "bucket:8", "each"])
      } ?? .none
    mixing = try options.choice("mixing") ?? .interpolated
    let tuning: Tuning? = try options.choice("tune")
    self.tuning = tuning ?? Self.defaultTuning(smoother)
    guard mixing == .interpolated || smoother.canBackOff else {
      throw SpecificationError.malformed("markov: smoothing=\(smoother.word) has no mixing=backoff")
    }
    if self.tuning == .none, smoother.needsTuning {
      throw SpecificationError.malformed(
        "markov: smoothing=\(smoother.word) has no closed form: use tune=leave-one-out or tune=valid")
    }
    // What a discount does to all the outcomes that a context leaves to shorter ones would have to be summed each time.
    if self.tuning != .none, mixing == .backOff {
      throw SpecificationError.malformed("markov: parameters are tuned for mixing=interpolated alone; leave out tune=")
    }
    if self.tuning != .none, smoother.ranges.isEmpty {
      throw SpecificationError.malformed("markov: smoothing=\(smoother.word) has nothing to tune")
    }
  }

  /// With an option of vectors, one of the families of vectors.
  package static func family(_ options: inout ModelOptions, registry: Registry) throws -> any ModelFamily {
    var copy = options
    if let family = try vectorFamily(&options, registry: registry) { return family }
    var family = try Self(&options, registry: registry)
    family.isCategorical = copy.text("emission") != nil
    return family
  }

  /// Symbols; vectors too where no option says how symbols are counted.
  package func models(_ elements: ElementKind) -> Bool {
    guard case .vectors(let values, _, _) = elements else { return true }
    return (!isCategorical || values == .categories) && smoother.word == Self.defaultSmoothing
      && mixing == .interpolated
      && tuning == Self.defaultTuning(smoother) && time == .none
  }

  /// Of vectors a regression.
  package func resolved(for elements: ElementKind) throws -> any ModelFamily {
    guard case .vectors = elements, models(elements) else { return self }
    return try AutoregressiveFamily(order: order, isCategorical: isCategorical).resolved(for: elements)
  }

  private static func defaultTuning(_ smoother: any Smoother) -> Tuning { smoother.needsTuning ? .leaveOneOut : .none }

  /// How shorter contexts are mixed in and what the parameters are tuned on are said where they are not the default,
  /// also in the complete word: it is the same as ever for all that existed before these options.
  package func word(complete: Bool) -> String {
    let smoothing = ("smoothing", smoother.word, smoother.word == Self.defaultSmoothing)
    var options: [(key: String, value: String, isDefault: Bool)] = []
    if mixing != .interpolated { options.append(("mixing", mixing.rawValue, false)) }
    if tuning != Self.defaultTuning(smoother) { options.append(("tune", tuning.rawValue, false)) }
    if time != .none { options.append(("time", time.word, false)) }
    if !complete, smoothing.2, options.isEmpty { return "\(Self.name):\(order)" }
    return modelWord(Self.name, [("k", String(order), false), smoothing] + options, complete: complete)
  }

  package var isUnsmoothed: Bool { smoother.isUnsmoothed }
  package var usesValidation: Bool { tuning == .valid }
  package var usesScratch: Bool { true }
  package func template(_ shape: OutputShape) -> DirectedTemplate {
    shape.tableTemplate(past: .last(order), clock: time.clock)
  }

  private func path(_ shape: OutputShape) -> ContextPath { ContextPath(order: order, time: time, shape: shape) }

  package func summarise(
    _ part: SequenceSet, _ shape: OutputShape, _ context: FittingContext
  ) throws -> EventCounts {
    try EventCounts(
      part, path(shape), shape, threads: context.threads, tails: tails, scratch: context.scratch,
      isInterrupted: context.isInterrupted)
  }

  package func sums(from file: TensorFile, _ shape: OutputShape) throws -> EventCounts {
    try EventCounts(from: file, path(shape), shape, tails)
  }

  package func finish(
    _ sums: consuming EventCounts, valid: SequenceSet, _ shape: OutputShape, _ context: FittingContext
  ) throws -> any Conditional {
    let path = path(shape)
    let counts = try ContextCounts(
      sums, path, shape, lowerOrders: smoother.usesLowerOrders, tails: tails, scratch: context.scratch,
      isInterrupted: context.isInterrupted)
    return whole(try fit(counts, valid: valid, path, shape, context))
  }

  /// The model with the contexts that are read in the text.
  private func whole(_ fitted: MarkovConditional) -> any Conditional {
    fitted.counts.tails.map { DeepMarkovConditional(fitted, $0, smoother) } ?? fitted
  }

  /// The same where the data are counted already.
  func fit(
    _ counts: ContextCounts, valid: SequenceSet, _ path: ContextPath, _ shape: OutputShape, _ context: FittingContext
  ) throws -> MarkovConditional {
    let adjusted = counts.adjusted(exponent: smoother.tableExponent)
    try context.scratch?.check()
    var (rows, notes) = counts.closedForm(of: smoother, adjusted)
    if tuning != .none {
      let isHeldOut = tuning == .valid && valid.count > 0
      let events =
        isHeldOut
        ? HeldOutEvents(
          valid, path, shape, counts, adjusted: adjusted, exponent: smoother.tableExponent,
          lowerOrders: smoother.usesLowerOrders)
        : HeldOutEvents(
          leavingOutOf: counts, adjusted: adjusted, exponent: smoother.tableExponent,
          lowerOrders: smoother.usesLowerOrders)
      let tuner = SmoothingTuner(smoother: smoother, events: events, outcomes: shape.outcomes)
      rows = try tuner.tune(from: rows, isInterrupted: context.isInterrupted)
      notes = [tuned]
    }
    let fitted = MarkovConditional(
      shape, path, counts, adjusted: adjusted, exponent: smoother.tableExponent, smoother, rows, mixing, notes: notes)
    try context.scratch?.check()
    return fitted
  }

  package func tensorSizes(_ shape: OutputShape) -> [String: Int?] { ContextCounts.tensorSizes }

  package func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    let path = path(shape)
    if let mapped = try MappedMarkovConditional(file, order: order, shape) { return mapped }
    let counts = try ContextCounts(from: file, path, shape, lowerOrders: smoother.usesLowerOrders)
    let adjusted = counts.adjusted(exponent: smoother.tableExponent)
    var (rows, notes) = counts.closedForm(of: smoother, adjusted)
    if tuning != .none {
      let width = smoother.ranges.count
      let values = try file.doubles("smoothing.parameters", shape: [rows.count, width])
      rows = rows.indices.map { Array(values[($0 * width)..<(($0 + 1) * width)]) }
      guard rows.allSatisfy(smoother.accepts) else {
        throw ModelFileError.inconsistent("smoothing.parameters holds a number that the smoother cannot have")
      }
      notes = [tuned]
    }
    return whole(
      MarkovConditional(
        shape, path, counts, adjusted: adjusted, exponent: smoother.tableExponent, smoother, rows, mixing, notes: notes)
    )
  }

  /// The same words after fitting and after loading.
  private var tuned: String {
    "the smoother's parameters were tuned on "
      + (tuning == .valid
        ? "held-out data (or, where there were none, on the training data, leaving one out)"
        : "the training data, leaving one out")
  }
}
