import BigInt
import Sequences

/// `markov:k`: the next symbol depends on the last k; an n-gram model of n = k + 1.
public struct MarkovFamily: ModelFamily {
  public static let name = "markov"
  public static let leadingOption: String? = "k"
  public static let examples =
    ["markov:0"] + ["ml", "add:0.5", "witten-bell", "modified-kneser-ney"].map { "markov:k=2,smoothing=\($0)" }
    + ["markov:k=1,time=bucket:3", "markov:k=2,smoothing=add:0.5,time=each"]
  public static let summary =
    "the last k symbols (k=3; an n-gram model of n = k + 1); smoothing=ml, add:α, "
    + "witten-bell or modified-kneser-ney (default); time=none, bucket:n or each (t as one more parent)"

  /// k.
  public let order: Int
  public let smoother: any Smoother
  let time: TimeParent
  private static let defaultSmoothing = ModifiedKneserNey.name

  public init(_ options: inout ModelOptions, registry: Registry) throws {
    guard let order = try options.integer("k", in: 0...1000) else {
      throw SpecificationError.malformed("markov needs its order, as in markov:3")
    }
    self.order = order
    smoother = try registry.smoother(options.text("smoothing") ?? Self.defaultSmoothing)
    time = try options.text("time").map { try TimeParent($0, owner: Self.name) } ?? .none
  }

  public func word(complete: Bool) -> String {
    let smoothing = ("smoothing", smoother.word, smoother.word == Self.defaultSmoothing)
    if !complete, smoothing.2, time == .none { return "\(Self.name):\(order)" }
    // The one way to write a stationary model is that without a word about time.
    let time = time == .none ? [] : [("time", time.word, false)]
    return Models.word(Self.name, [("k", String(order), false), smoothing] + time, complete: complete)
  }

  public var isUnsmoothed: Bool { smoother.isUnsmoothed }
  public var usesValidation: Bool { false }
  public func needsLongest(_ shape: OutputShape) -> Bool { path(shape).needsLongest }

  /// One distribution a context.
  public func freeParameters(_ shape: OutputShape, longest: Int) -> BigInt {
    path(shape).contexts(longest: longest) * BigInt(shape.freeNumbers)
  }

  public func growth(_ shape: OutputShape) -> String { path(shape).growth(shape) }

  private func path(_ shape: OutputShape) -> ContextPath { ContextPath(order: order, time: time, shape: shape) }

  public func fit(_ data: TrainingData, _ shape: OutputShape, _ context: FittingContext) -> any Conditional<Symbol> {
    let path = path(shape)
    let counts = ContextCounts(
      data.train, path, shape, lowerOrders: smoother.usesLowerOrders, threads: context.threads,
      lengthInput: data.lengthInput)
    return MarkovConditional(shape: shape, path: path, counts: counts, smoother: smoother)
  }

  public func conditional(from file: TensorFile, _ shape: OutputShape) throws -> any Conditional<Symbol> {
    let path = path(shape)
    let counts = try ContextCounts(from: file, path, shape, lowerOrders: smoother.usesLowerOrders)
    return MarkovConditional(shape: shape, path: path, counts: counts, smoother: smoother)
  }
}
