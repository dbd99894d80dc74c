import Automata
import ModelCore
import Probability
import Sequences
import Support

/// How large the tables for a given length may be.
package struct TableLimits: Sendable {
  /// Numbers in the messages.
  package var messages: Int
  /// States times outcomes of a chain that is truncated state by state.
  package var chain: Int

  /// By default 512 MiB of messages and some 400 MB of a chain.
  package init(messages: Int = 1 << 26, chain: Int = 1 << 23) { (self.messages, self.chain) = (messages, chain) }
}

/// How the sequences of a plan are drawn: by the walk, which every model has, or by a faster way of the model's own, and
/// exactly under a condition on their length where the states are finitely many.
struct DrawingWays<Model: FittedModel>: Sendable {
  typealias Drawn = [DrawnSequence<Model.Element>]

  var draw: @Sendable (SamplingPlan<Model>, _ threads: Int) -> Drawn
  /// Draws under the condition; `nil` where they are drawn by rejection.
  var conditioned: Conditioned?
  /// Why truncated draws of such lengths need rejection, although plain ones are exact.
  var obstacle: String?

  struct Conditioned: Sendable {
    /// Sequences of the length that was given.
    var samples: @Sendable (SamplingPlan<Model>, _ threads: Int, (FittingProgress) -> Void) -> Drawn
    /// How sequences begin that have at least the length that was given.
    var openings: @Sendable (SamplingPlan<Model>, _ threads: Int, (FittingProgress) -> Void) -> [Opening<Model.Element>]
  }

  /// - Throws: `SpecificationError.refused` where no sequence meets the condition, or the tables are too large.
  init(
    _ model: Model, _ options: DrawOptions<Model.Element>, _ condition: LengthCondition?, expecting count: Int,
    _ tables: TableLimits, _ progress: (FittingProgress) -> Void
  ) throws {
    draw = { plan, threads in model.walkSamples(plan, threads: threads) }
    if let model = model as? SequenceModel, let options = options as? SamplingOptions,
      let ways = try DrawingWays<SequenceModel>(of: model, options, condition, expecting: count, tables, progress)
        as? DrawingWays<Model>
    {
      self = ways
    }
  }
}

extension DrawingWays<SequenceModel> {
  /// Uses lockstep or the family's own sampler where it has one; otherwise one sequence after the other, or a table of all
  /// sequences of a given length where those are few.
  private init(
    of model: SequenceModel, _ options: SamplingOptions, _ condition: LengthCondition?, expecting count: Int,
    _ tables: TableLimits, _ progress: (FittingProgress) -> Void
  ) throws {
    let (bridge, obstacle) = try Self.bridge(model, options, condition, tables, progress)
    self.obstacle = obstacle
    conditioned = bridge.map { bridge in
      Conditioned(
        samples: { bridge.samples($0, model, threads: $1, $2) }, openings: { bridge.openings($0, threads: $1, $2) })
    }
    let drawing = model.conditional as? any DrawingConditional
    let isPlain = !options.truncation.changesDistribution(model.shape)
    let isShared = isPlain && (bridge == nil ? condition == nil : condition?.isLeast == true)
    let preparation = isShared ? drawing.map { Self.preparation($0, count) } : nil
    draw = { plan, threads in
      if let lockstep = model.lockstep { return model.laneSamples(lockstep, plan, threads: threads) }
      if let joint = DenseJoint(model.conditional, plan) {
        return parallelMap(plan.indices.count, threads: threads) { joint.sample($0, plan) }
      }
      if plan.isPlain, let drawing { return Self.draw(drawing, preparation, plan, threads: threads) }
      return model.walkSamples(plan, threads: threads)
    }
  }

  /// What all draws of a model that draws by itself share.
  private static func preparation(_ conditional: some DrawingConditional, _ count: Int) -> any Sendable {
    conditional.prepareDrawing(count)
  }

  private static func draw<C: DrawingConditional>(
    _ conditional: C, _ preparation: (any Sendable)?, _ plan: SamplingPlan<SequenceModel>, threads: Int
  ) -> [Sample] {
    let preparation = preparation as? C.Preparation ?? conditional.prepareDrawing(1)
    let piece = min(256, max(plan.indices.count / max(threads, 1), 1))
    return plan.collect { samples in
      forEachInParallel((samples.count + piece - 1) / piece, threads: threads) { number in
        var rest = (number * piece)..<min((number + 1) * piece, samples.count)
        var current: Int?
        var draw = SequenceDraw<Symbol>(plan.shape, limit: plan.limit)
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

  /// What draws of a given or least length need, where the states are finitely many: of the model's own distribution, or of
  /// what truncation leaves of it, which is a chain over the same states. Up to a least length the end is then ruled out
  /// before outcomes are cut.
  /// - Throws: `SpecificationError.refused` where there is no such sequence, or the tables are too large.
  private static func bridge(
    _ model: SequenceModel, _ options: SamplingOptions, _ condition: LengthCondition?, _ tables: TableLimits,
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
      guard let automaton = process as? BackoffAutomaton, automaton.count <= tables.chain / automaton.shape.outcomes
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
        chain, stops: stops, condition, from: (options.prefix.count, states), most: tables.messages, progress)
    else {
      // Not by rejection then: that would hardly come to an end.
      let most = options.prefix.count + BackwardMessages.longest(chain, most: tables.messages)
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
}
