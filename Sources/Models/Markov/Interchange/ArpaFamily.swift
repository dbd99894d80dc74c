import GraphicalModel
import Sequences

/// `arpa:k`: a back-off n-gram model of n = k + 1 whose numbers were estimated elsewhere, or pruned.
public struct ArpaFamily: ModelFamily {
  public static let name = "arpa"
  public static let leadingOption: String? = "k"
  /// None: it cannot be fitted, so that the conformance tests cannot make one.
  public static let examples: [String] = []
  public static let summary = "what an ARPA file holds: the last k symbols, as estimated elsewhere; only /eos"

  /// k.
  public let order: Int

  init(order: Int) { self.order = order }

  public init(_ options: inout ModelOptions, registry: Registry) throws {
    guard let order = try options.integer("k", in: 0...1000) else {
      throw SpecificationError.malformed("arpa needs its order, as in arpa:3")
    }
    self.order = order
  }

  public func word(complete: Bool) -> String {
    complete ? Models.word(Self.name, [("k", String(order), false)], complete: true) : "\(Self.name):\(order)"
  }

  public var isUnsmoothed: Bool { false }
  public var usesValidation: Bool { false }
  /// As of `markov:k`.
  public func template(_ shape: OutputShape) -> DirectedTemplate { shape.tableTemplate(past: .last(order)) }

  public func fit(_ data: TrainingData, _ shape: OutputShape, _ context: FittingContext) throws
    -> any Conditional<Symbol>
  {
    throw SpecificationError.refused(
      model: word(complete: false),
      reason: "its numbers come from a file (chainrule convert FILE.arpa -o MODEL); to fit one, use markov:\(order)")
  }

  public func tensorSizes(_ shape: OutputShape) -> [String: Int?] {
    [
      "contexts.labels": nil, "contexts.children": nil, "contexts.weights": nil, "contexts.gap": 1,
      "entries.first": nil, "entries.outcomes": nil, "entries.probabilities": nil,
    ]
  }

  public func conditional(from file: TensorFile, _ shape: OutputShape) throws -> any Conditional<Symbol> {
    guard shape.stop == .outcome else {
      throw ModelFileError.inconsistent("an arpa model has an end symbol, and no other end")
    }
    return try ArpaConditional(from: file, order: order, shape)
  }
}
