import BigInt
import GraphicalModel
import ModelCore
import Sequences

/// `vlmc:depth`: a variable-length Markov chain. All contexts up to a depth are counted and those that say nothing new
/// are dropped again; what is left is smoothed and asked like a Markov model.
package struct VariableLengthFamily: SummarisingFamily {
  package static let name = "vlmc"
  package static let leadingOption: String? = "depth"
  package static let examples = [
    "vlmc:depth=2,prune=lr:0.3,smoothing=witten-bell", "vlmc:depth=3,prune=lr:0.9,min=1,smoothing=add:0.5",
    "vlmc:depth=3,prune=aic,smoothing=modified-kneser-ney", "vlmc:depth=2,prune=bic,smoothing=ml",
  ]
  package static let summary =
    "a variable-length Markov chain of contexts of up to depth symbols (vlmc:5); prune=lr:α (a likelihood-ratio test; "
    + "lr:0.05, default), bic or aic; min=n, for lr the fewest occurrences of a context (2); smoothing= as for markov "
    + "(witten-bell), over the contexts kept; there add:α adds to the shorter context's share, and discounts are taken of "
    + "what occurred"

  /// The most symbols of context.
  package let depth: Int
  package let pruning: ContextPruning
  package let smoother: any Smoother
  /// Set by tests.
  package var tails = ContextTails.Use.ifLarge
  private static let defaultSmoothing = WittenBell.name
  private static let defaultPruning = "lr:\(ContextPruning.defaultAlpha)"

  package init(_ options: inout ModelOptions, registry: Registry) throws {
    guard let depth = try options.integer("depth", in: 0...1000) else {
      throw SpecificationError.malformed("vlmc needs its depth, as in vlmc:5")
    }
    self.depth = depth
    let prune = options.text("prune") ?? Self.defaultPruning
    pruning = try ContextPruning(prune, minimum: options.integer("min", in: 1...(.max)), owner: Self.name)
    smoother = try registry.smoother(options.text("smoothing") ?? Self.defaultSmoothing)
    if smoother.needsTuning {
      throw SpecificationError.malformed("vlmc: smoothing=\(smoother.word) has no closed form; it is for markov alone")
    }
  }

  package func word(complete: Bool) -> String {
    var shown = [("depth", String(depth), false), ("prune", pruning.word, pruning.word == Self.defaultPruning)]
    if case .likelihoodRatio(_, let minimum) = pruning {
      shown.append(("min", String(minimum), minimum == ContextPruning.defaultMinimum))
    }
    shown.append(("smoothing", smoother.word, smoother.word == Self.defaultSmoothing))
    if !complete, shown.dropFirst().allSatisfy(\.2) { return "\(Self.name):\(depth)" }
    return modelWord(Self.name, shown, complete: complete)
  }

  package var isUnsmoothed: Bool { smoother.isUnsmoothed }
  package var usesValidation: Bool { false }
  /// That of the largest tree: which contexts are kept is known only from data, and said in the fitted model's notes.
  package func template(_ shape: OutputShape) -> DirectedTemplate {
    var template = shape.tableTemplate(past: .last(depth))
    template.countIsBound = true
    return template
  }

  private func path(_ shape: OutputShape) -> ContextPath { ContextPath(order: depth, shape: shape) }

  package func summarise(
    _ part: SequenceSet, _ shape: OutputShape, _ context: FittingContext
  ) throws -> EventCounts {
    try EventCounts(
      part, path(shape), shape, threads: context.threads, tails: tails, isInterrupted: context.isInterrupted)
  }

  package func sums(from file: TensorFile, _ shape: OutputShape) throws -> EventCounts {
    try EventCounts(from: file, path(shape), shape, tails)
  }

  package func finish(
    _ sums: consuming EventCounts, valid: SequenceSet, _ shape: OutputShape, _ context: FittingContext
  ) throws -> any Conditional {
    // Of contexts that continue in the text, the tree has the first: in those behind it nothing is new, so that none of them
    // is kept.
    let all = try ContextCounts(
      sums.whole(end: shape.alphabetSize, seed: context.seed), path(shape), shape, lowerOrders: true, tails: tails,
      isInterrupted: context.isInterrupted)
    return conditional(all.keeping(pruning.kept(all, shape)), shape)
  }

  package func tensorSizes(_ shape: OutputShape) -> [String: Int?] { ContextCounts.tensorSizes }

  package func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    conditional(try ContextCounts(from: file, path(shape), shape, lowerOrders: true, areAll: false), shape)
  }

  private func conditional(_ counts: ContextCounts, _ shape: OutputShape) -> MarkovConditional {
    let contexts = counts.deciding
    let note = "contexts kept: \(contexts), free parameters of those: \(BigInt(contexts) * BigInt(shape.freeNumbers))"
    // What occurred: Kneser and Ney's continuation counts mean little where most longer contexts are gone.
    let adjusted = counts.adjusted(exponent: 1)
    let (rows, notes) = counts.closedForm(of: smoother, adjusted)
    return MarkovConditional(
      shape, path(shape), counts, adjusted: adjusted, exponent: 1, smoother, rows, .interpolated,
      notes: [note] + notes)
  }
}
