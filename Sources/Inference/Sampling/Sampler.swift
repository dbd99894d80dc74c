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
public struct Sampler<Model: FittedModel>: Sendable {
  private let model: Model
  private let options: DrawOptions<Model.Element>
  /// Of no draws yet.
  private let plan: SamplingPlan<Model>
  /// What the number of elements must be, where that needs more than to draw it first.
  private let condition: LengthCondition?
  /// How sequences are drawn.
  private let ways: DrawingWays<Model>
  /// Whether a least length changes the distribution, since the end is ruled out until then; elsewhere draws are from
  /// P(y | τ ≥ n).
  public var rulesOutEnd: Bool {
    condition?.isLeast == true && (ways.conditioned == nil || options.truncation.changesDistribution(plan.shape))
  }
  /// Whether draws are rejected until they meet the condition.
  public var isRejecting: Bool { condition != nil && ways.conditioned == nil }

  /// Vain draws of the pilot after which a given length is given up, and the elements times outcomes that these may have
  /// together; one draw may take so many times both.
  private static var vainTries: Int { 20_000 }
  private static var vainWork: Int { 500_000_000 }
  private static var patience: Int { 20 }

  /// Prepares draws of one model with one seed and options.
  /// - Parameters:
  ///   - count: about how many will be drawn: it changes the time that it takes alone.
  ///   - threads: the same.
  ///   - progress: of what a given length needs before it can be drawn.
  /// - Throws: `SpecificationError.refused` for a length that the model cannot be given, for a prefix that it cannot
  ///   produce, and for inputs that are missing or of another width.
  public init(
    _ model: Model, seed: UInt64, _ options: DrawOptions<Model.Element> = DrawOptions(), expecting count: Int = .max,
    threads: Int = 1, progress: (FittingProgress) -> Void = { _ in }
  ) throws {
    try self.init(
      model, seed: seed, options, expecting: count, tables: TableLimits(), threads: threads, progress: progress)
  }

  package init(
    _ model: Model, seed: UInt64, _ options: DrawOptions<Model.Element>, expecting count: Int = .max,
    tables: TableLimits, threads: Int = 1, progress: (FittingProgress) -> Void = { _ in }
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
    ways = try DrawingWays(model, options, condition, expecting: count, tables, progress)
    if ways.conditioned != nil, options.minimumLength > 0 {
      options.minimumLength = 0
      plan = try SamplingPlan(model, Array(0..<sources), seed: seed, options)
    }
    self.model = model
    self.options = options
    self.plan = plan
    self.condition = condition
    if ways.conditioned == nil, let condition { try pilot(condition, threads: threads, progress) }
  }

  /// The draws with some numbers, in their order.
  /// - Parameter progress: of draws of a given length that is a long one.
  /// - Throws: as `init`; also where draws are rejected for their length and hardly one is not.
  public func samples(
    _ indices: Range<Int>, threads: Int = 1, progress: (FittingProgress) -> Void = { _ in }
  ) throws -> [DrawnSequence<Model.Element>] {
    var plan = try plan.drawing(Array(indices))
    if let conditioned = ways.conditioned {
      guard condition?.isLeast == true else { return conditioned.samples(plan, threads, progress) }
      plan.openings = conditioned.openings(plan, threads, progress)
    } else if let condition {
      return try rejecting(plan, condition, threads: threads, progress)
    }
    return ways.draw(plan, threads)
  }

  /// What is asked of draws that are rejected unless they meet a condition: of one that is to have a given length, what is
  /// longer need not be drawn to its end.
  private func rejected(_ condition: LengthCondition, isPilot: Bool) -> DrawOptions<Model.Element> {
    var options = options
    options.length = nil
    if !condition.isLeast || isPilot { options.maximumLength = condition.length }
    return options
  }

  /// How many draws to ask for at once, so that those of a given or least length do not fill the memory, and no more than
  /// that are rejected at once.
  package static func piece(length: Int?) -> Int { min(max((1 << 24) / (max(length ?? 0, 0) + 1), 1), 4096) }

  /// Elements times outcomes of a draw, the end being one.
  private func work(_ sample: DrawnSequence<Model.Element>) -> Int {
    (sample.sequence.count + 1) * model.shape.stepSize
  }

  /// Draws with streams of their own until one meets the condition. So whether a length is given up depends neither on how
  /// many draws there are nor on which.
  /// - Throws: `SpecificationError.refused` where all of them are vain.
  private func pilot(_ condition: LengthCondition, threads: Int, _ progress: (FittingProgress) -> Void) throws {
    // What is drawn at once is within the work: which pieces there are must not depend on threads.
    let most = min(
      max(Self.vainWork / 20 / (condition.length + 1) / model.shape.stepSize, 10), 256)
    var (tried, work, piece) = (0, 0, 1)
    let options = rejected(condition, isPilot: true)
    while tried < Self.vainTries, work < Self.vainWork {
      var tries = try SamplingPlan(
        model, Array(tried..<min(tried + piece, Self.vainTries)), seed: plan.seed, options)
      tries.attempt = -1
      let drawn = ways.draw(tries, threads)
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
        + (ways.obstacle ?? (model.shape.vectorWidth > 0 ? "/tau gives any possible length exactly" : nil)
          ?? "/tau, tabular models, Markov and variable-order models of moderate order and small tables give any possible length exactly")
    )
  }

  /// Draws whole sequences until each meets the condition. What each draw may take depends on it alone.
  private func rejecting(
    _ plan: SamplingPlan<Model>, _ condition: LengthCondition, threads: Int, _ progress: (FittingProgress) -> Void
  ) throws -> [DrawnSequence<Model.Element>] {
    var samples = [DrawnSequence<Model.Element>?](repeating: nil, count: plan.indices.count)
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
        for (number, sample) in zip(waiting, ways.draw(tries, threads)) {
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
