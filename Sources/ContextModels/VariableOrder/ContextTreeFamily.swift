import GraphicalModel
import ModelCore
import Sequences

/// `ctw:depth`: context-tree weighting, the Bayesian mixture of all variable-order models up to a depth.
package struct ContextTreeFamily: SummarisingFamily {
  package static let name = "ctw"
  package static let leadingOption: String? = "depth"
  package static let examples = ["ctw:0", "ctw:depth=2,estimator=kt", "ctw:depth=3,estimator=perks"]
  package static let summary =
    "context-tree weighting: all trees of contexts of up to depth symbols (ctw:5), mixed by their posterior "
    + "probability; estimator=perks (α = 1/outcomes, default) or kt (α = 1/2)"

  /// The most symbols of context.
  package let depth: Int
  package let estimator: ContextTreeEstimator
  /// Set by tests.
  package var tails = ContextTails.Use.ifLarge
  private static let defaultEstimator = ContextTreeEstimator.perks

  package init(_ options: inout ModelOptions, registry: Registry) throws {
    guard let depth = try options.integer("depth", in: 0...1000) else {
      throw SpecificationError.malformed("ctw needs its depth, as in ctw:5")
    }
    self.depth = depth
    estimator = try options.choice("estimator") ?? Self.defaultEstimator
  }

  package func word(complete: Bool) -> String {
    if !complete, estimator == Self.defaultEstimator { return "\(Self.name):\(depth)" }
    return modelWord(
      Self.name, [("depth", String(depth), false), ("estimator", estimator.rawValue, false)], complete: true)
  }

  package var isUnsmoothed: Bool { false }
  package var usesValidation: Bool { false }
  /// That of the largest tree.
  package func template(_ shape: OutputShape) -> DirectedTemplate { shape.tableTemplate(past: .last(depth)) }

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
    let path = path(shape)
    let counts = try ContextCounts(
      sums.whole(end: shape.alphabetSize, seed: context.seed), path, shape, lowerOrders: true, tails: tails,
      isInterrupted: context.isInterrupted)
    return conditional(counts, path, shape)
  }

  private func conditional(_ counts: ContextCounts, _ path: ContextPath, _ shape: OutputShape) -> any Conditional {
    let tree = ContextTreeConditional(shape: shape, path: path, counts: counts, estimator: estimator)
    return counts.tails.map { DeepContextTreeConditional(tree, $0, estimator) } ?? tree
  }

  package func tensorSizes(_ shape: OutputShape) -> [String: Int?] { ContextCounts.tensorSizes }

  package func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    let path = path(shape)
    let counts = try ContextCounts(from: file, path, shape, lowerOrders: true)
    return conditional(counts, path, shape)
  }
}
