import GraphicalModel
import ModelCore
import Sequences

/// `ctw:depth`: context-tree weighting, the Bayesian mixture of all variable-order models up to a depth.
package struct ContextTreeFamily: ModelFamily {
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

  package func fit(_ data: TrainingData, _ shape: OutputShape, _ context: FittingContext) throws
    -> any Conditional
  {
    let counts = try ContextCounts(
      data.train, path(shape), shape, lowerOrders: true, threads: context.threads, tails: tails,
      isInterrupted: context.isInterrupted)
    return conditional(counts, shape)
  }

  private func conditional(_ counts: ContextCounts, _ shape: OutputShape) -> any Conditional {
    let path = path(shape)
    let tree = ContextTreeConditional(shape: shape, path: path, counts: counts, estimator: estimator)
    return counts.tails.map { DeepContextTreeConditional(tree, $0, estimator) } ?? tree
  }

  package func tensorSizes(_ shape: OutputShape) -> [String: Int?] { ContextCounts.tensorSizes }

  package func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    conditional(try ContextCounts(from: file, path(shape), shape, lowerOrders: true), shape)
  }
}
