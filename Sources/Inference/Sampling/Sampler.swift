import Automata
import Foundation
import ModelCore
import Probability
import Sequences
import Support

/// Draws of one seed, in pieces; what they share is made once.
///
///     let sampler = try Sampler(model, seed: 1, options)
///     let first = try sampler.samples(0..<1000)
///     let more = try sampler.samples(1000..<2000)
///
/// Draw number i has a random stream of its own: it depends neither on how many are drawn nor on pieces or threads.
public struct Sampler: Sendable {
  private let model: SequenceModel
  private let options: SamplingOptions
  /// Of no draws yet.
  private let plan: SamplingPlan
  /// What the number of elements must be, where that needs more than to draw it first.
  private let condition: LengthCondition?
  /// What draws of a model that draws by itself share.
  private let preparation: (any Sendable)?
  /// For the condition, where the states are finitely many.
  private let bridge: ConditionedSampler?
  /// Whether a least length changes the distribution, since the end is ruled out until then; elsewhere draws are from
  /// P(y | τ ≥ n).
  public var rulesOutEnd: Bool {
    condition?.isLeast == true && (bridge == nil || options.truncation.changesDistribution(plan.shape))
  }
  /// Whether draws are rejected until they meet the condition.
  public var isRejecting: Bool { condition != nil && bridge == nil }
  /// Why there is none for truncated draws, though there is one for plain ones.
  private let obstacle: String?

  /// The most numbers in the tables for a given length: 512 MiB of them.
  private static let largestBridge = 1 << 26
  /// The most states times outcomes of a chain that is truncated state by state: some 400 MB of them.
  package static let largestChain = 1 << 23
  /// Vain draws of the pilot after which a given length is given up, and the elements times outcomes that these may have
  /// together; one draw may take so many times both.
  private static let vainTries = 20_000
  private static let vainWork = 500_000_000
  private static let patience = 20

  /// - Parameters:
  ///   - count: about how many will be drawn: it changes the time that it takes alone.
  ///   - threads: the same.
  ///   - progress: of what a given length needs before it can be drawn.
  /// - Throws: `SpecificationError.refused` for a length that the model cannot be given, for a prefix that it cannot
  ///   produce, and for inputs that are missing or of another width.
  public init(
    _ model: SequenceModel, seed: UInt64, _ options: SamplingOptions = SamplingOptions(), expecting count: Int = .max,
    threads: Int = 1, progress: (FittingProgress) -> Void = { _ in }
  ) throws {
    try self.init(
      model, seed: seed, options, expecting: count, mostKept: Self.largestBridge, mostListed: Self.largestChain,
      threads: threads, progress: progress)
  }

  /// - Parameters:
  ///   - most: numbers to keep in the tables for a given length.
  ///   - mostListed: states times outcomes up to which a truncated chain is listed.
  package init(
    _ model: SequenceModel, seed: UInt64, _ options: SamplingOptions, expecting count: Int = .max, mostKept most: Int,
    mostListed: Int = largestChain, threads: Int = 1, progress: (FittingProgress) -> Void = { _ in }
  ) throws {
    var options = options
    // What has the length that is asked for has the least one as well, and so has what begins with a longer prefix.
    if options.length != nil || options.minimumLength <= options.prefix.count { options.minimumLength = 0 }
    let isAsked = model.prior == nil && (options.length != nil || options.minimumLength > 0)
    let condition =
      isAsked
      ? LengthCondition(length: options.length ?? options.minimumLength, isLeast: options.length == nil) : nil
    // All sequences that inputs will be taken from are looked at before anything is drawn.
    let sources = min(max(count, 1), options.inputs?.count ?? 1)
    var plan = try SamplingPlan(model, Array(0..<sources), seed: seed, options)
    (bridge, obstacle) = try Self.bridge(
      model, options, condition, most: most, mostListed: mostListed, progress)
    if bridge != nil, options.minimumLength > 0 {
      options.minimumLength = 0
      plan = try SamplingPlan(model, Array(0..<sources), seed: seed, options)
    }
    self.model = model
    self.options = options
    self.plan = plan
    self.condition = condition
    let isPlain = !options.truncation.changesDistribution(model.conditional.shape)
    preparation =
      isPlain && bridge.map({ $0.condition.isLeast }) ?? (condition == nil)
      ? (model.conditional as? any DrawingConditional).map { Self.preparation($0, count) } : nil
    if bridge == nil, let condition { try pilot(condition, threads: threads, progress) }
  }

  /// What draws of a given or least length need, where the states are finitely many: of the model's own distribution, or of
  /// what truncation leaves of it, which is a chain over the same states. Up to a least length the end is then ruled out
  /// before outcomes are cut.
  /// - Throws: `SpecificationError.refused` where there is no such sequence, or the tables are too large.
  private static func bridge(
    _ model: SequenceModel, _ options: SamplingOptions, _ condition: LengthCondition?, most: Int, mostListed: Int,
    _ progress: (FittingProgress) -> Void
  ) throws -> (ConditionedSampler?, obstacle: String?) {
    guard let condition, let process = model.finiteStates else { return (nil, nil) }
    func refused(_ reason: String) -> SpecificationError {
      .refused(model: model.specification.shortWord, reason: reason)
    }
    let isTruncated = options.truncation.changesDistribution(model.conditional.shape)
    guard let states = process.states(after: options.prefix) else { throw model.impossible(options) }
    var (chain, stops): (any FiniteStateProcess, StopMasses?) = (process, nil)
    if isTruncated {
      guard let automaton = process as? BackoffAutomaton, automaton.count <= mostListed / automaton.shape.outcomes
      else {
        let states =
          process is BackoffAutomaton
          ? "its states are so many that" : "a symbol leads to several of its states, so that"
        return (nil, "\(states) with temperature or cuts such lengths are drawn by rejection, without them exactly")
      }
      (chain, stops) = options.truncation.chain(automaton, isEndForbidden: condition.isLeast)
    }
    guard
      let bridge = ConditionedSampler(
        chain, stops: stops, condition, from: (options.prefix.count, states), most: most, progress)
    else {
      // Not by rejection then: that would hardly come to an end.
      let most = options.prefix.count + BackwardMessages.longest(chain, most: most)
      throw refused(
        "\(condition.length) elements are too many for the tables of its \(process.stateCount) states: give a length of at most "
          + "\(most)")
    }
    switch bridge.outlook {
    case .possible: return (bridge, nil)
    case .impossible: throw model.impossible(options)
    case .unknown:
      throw refused(
        "the probabilities of its sequences of \(condition.length) elements are too far apart for numbers in double precision"
      )
    }
  }

  /// Families that walk in lockstep or draw by themselves do; the others draw one sequence after the other,
  /// or from a table of all sequences of a given length where those are few.
  /// - Parameter progress: of draws of a given length that is a long one.
  /// - Throws: as `init`; also where draws are rejected for their length and hardly one is not.
  public func samples(
    _ indices: Range<Int>, threads: Int = 1, progress: (FittingProgress) -> Void = { _ in }
  ) throws -> [Sample] {
    var plan = try plan.drawing(Array(indices))
    if let bridge {
      guard bridge.condition.isLeast else { return bridge.samples(plan, model, threads: threads, progress) }
      plan.openings = bridge.openings(plan, threads: threads, progress)
    } else if let condition {
      return try rejecting(plan, condition, threads: threads, progress)
    }
    return draw(plan, threads: threads)
  }

  private static func preparation(_ conditional: some DrawingConditional, _ count: Int) -> any Sendable {
    conditional.prepareDrawing(count)
  }

  private func draw(_ plan: SamplingPlan, threads: Int) -> [Sample] {
    if let lockstep = model.lockstep { return model.laneSamples(lockstep, plan, threads: threads) }
    if let joint = DenseJoint(model.conditional, plan) {
      return parallelMap(plan.indices.count, threads: threads) { joint.sample($0, plan) }
    }
    if plan.isPlain, let drawing = model.conditional as? any DrawingConditional {
      return draw(drawing, plan, threads: threads)
    }
    return model.walkSamples(plan, threads: threads)
  }

  private func draw<C: DrawingConditional>(_ conditional: C, _ plan: SamplingPlan, threads: Int) -> [Sample] {
    let preparation = preparation as? C.Preparation ?? conditional.prepareDrawing(1)
    let piece = min(256, max(plan.indices.count / max(threads, 1), 1))
    return plan.collect { samples in
      forEachInParallel((samples.count + piece - 1) / piece, threads: threads) { number in
        var rest = (number * piece)..<min((number + 1) * piece, samples.count)
        var current: Int?
        var draw = SequenceDraw(plan.shape, limit: plan.limit)
        conditional.draw(&draw, preparation) { draw in
          while true {
            if let current { samples[current] = draw.sample(plan.stops(current)) }
            current = rest.popFirst()
            guard let current else { return false }
            if draw.begin(current, plan) { return true }
          }
        }
      }
    }
  }

  /// What is asked of draws that are rejected unless they meet a condition: of one that is to have a given length, what is
  /// longer need not be drawn to its end.
  private func rejected(_ condition: LengthCondition, isPilot: Bool) -> SamplingOptions {
    var options = options
    options.length = nil
    if !condition.isLeast || isPilot { options.maximumLength = condition.length }
    return options
  }

  /// How many draws to ask for at once, so that those of a given or least length do not fill the memory, and no more than
  /// that are rejected at once.
  public static func piece(length: Int?) -> Int { min(max((1 << 24) / (max(length ?? 0, 0) + 1), 1), 4096) }

  /// Elements times outcomes of a draw, the end being one.
  private func work(_ sample: Sample) -> Int { (sample.sequence.count + 1) * model.conditional.shape.outcomes }

  /// Draws with streams of their own until one meets the condition. So whether a length is given up depends neither on how
  /// many draws there are nor on which.
  /// - Throws: `SpecificationError.refused` where all of them are vain.
  private func pilot(_ condition: LengthCondition, threads: Int, _ progress: (FittingProgress) -> Void) throws {
    // What is drawn at once is within the work: which pieces there are must not depend on threads.
    let most = min(
      max(Self.vainWork / 20 / (condition.length + 1) / model.conditional.shape.outcomes, 10), 256)
    var (tried, work, piece) = (0, 0, 1)
    let options = rejected(condition, isPilot: true)
    while tried < Self.vainTries, work < Self.vainWork {
      var tries = try SamplingPlan(
        model, Array(tried..<min(tried + piece, Self.vainTries)), seed: plan.seed, options)
      tries.attempt = -1
      let drawn = draw(tries, threads: threads)
      if drawn.contains(where: condition.isMet) { return }
      tried += drawn.count
      work += drawn.reduce(0) { $0 + self.work($1) }
      piece = min(2 * piece, most)
      let fraction = max(Double(tried) / Double(Self.vainTries), Double(work) / Double(Self.vainWork))
      progress(FittingProgress(fraction: min(fraction, 1), text: "\(tried) draws, none of the length"))
    }
    throw hopeless(condition, "none of \(tried) samples")
  }

  private func hopeless(_ condition: LengthCondition, _ vain: String) -> SpecificationError {
    .refused(
      model: model.specification.shortWord,
      reason: "\(vain) had \(condition.length) elements\(condition.isLeast ? " or more" : ""); "
        + (obstacle
          ?? "/tau, tabular models, Markov and variable-order models of moderate order and small tables give any possible length exactly")
    )
  }

  /// Draws whole sequences until each meets the condition. What each draw may take depends on it alone.
  private func rejecting(
    _ plan: SamplingPlan, _ condition: LengthCondition, threads: Int, _ progress: (FittingProgress) -> Void
  ) throws -> [Sample] {
    var samples = [Sample?](repeating: nil, count: plan.indices.count)
    let piece = Self.piece(length: condition.length)
    let options = rejected(condition, isPilot: false)
    for first in stride(from: 0, to: samples.count, by: piece) {
      var waiting = Array(first..<min(first + piece, samples.count))
      var work = [Int](repeating: 0, count: waiting.count)
      var attempt = 0
      while !waiting.isEmpty {
        let isPatient = attempt < Self.patience * Self.vainTries
        guard isPatient, waiting.allSatisfy({ work[$0 - first] < Self.patience * Self.vainWork }) else {
          throw hopeless(condition, "none of \(attempt) tries at one draw")
        }
        var tries = try SamplingPlan(model, waiting.map { plan.indices[$0] }, seed: plan.seed, options)
        tries.attempt = attempt
        attempt += 1
        var left: [Int] = []
        for (number, sample) in zip(waiting, draw(tries, threads: threads)) {
          if condition.isMet(by: sample) {
            samples[number] = sample
            samples[number]?.tries = attempt
          } else {
            left.append(number)
            work[number - first] += self.work(sample)
          }
        }
        waiting = left
        let found = min(first + piece, samples.count) - waiting.count
        progress(
          FittingProgress(
            fraction: Double(found) / Double(samples.count),
            text: "\(found) of \(samples.count) draws, \(attempt) tries at the others"))
      }
    }
    return samples.compactMap(\.self)
  }
}
