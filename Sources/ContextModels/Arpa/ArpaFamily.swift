import GraphicalModel
import Lengths
import ModelCore
import Sequences

/// `arpa:k`: a back-off n-gram model of n = k + 1 whose numbers were estimated elsewhere, or pruned.
public struct ArpaFamily: ModelFamily {
  public static let name = "arpa"
  public static let leadingOption: String? = "k"
  public static let examples = ["arpa:2"]
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
    complete ? modelWord(Self.name, [("k", String(order), false)], complete: true) : "\(Self.name):\(order)"
  }

  public func refusal(_ shape: OutputShape) -> String? {
    shape.stop == .outcome ? nil : "what an ARPA file holds has an end symbol, and no other end: use /eos"
  }

  public var fittingRefusal: String? { reasonNotToFit }
  private var reasonNotToFit: String {
    "its numbers come from a file (chainrule convert FILE.arpa -o MODEL); to fit one, use markov:\(order)"
  }

  public var isUnsmoothed: Bool { false }
  public var usesValidation: Bool { false }
  /// As of `markov:k`.
  public func template(_ shape: OutputShape) -> DirectedTemplate { shape.tableTemplate(past: .last(order)) }

  public func fit(_ data: TrainingData, _ shape: OutputShape, _ context: FittingContext) throws
    -> any Conditional
  {
    throw SpecificationError.refused(model: word(complete: false), reason: reasonNotToFit)
  }

  public func tensorSizes(_ shape: OutputShape) -> [String: Int?] {
    [
      "contexts.labels": nil, "contexts.children": nil, "contexts.weights": nil, "contexts.gap": 1,
      "entries.first": nil, "entries.outcomes": nil, "entries.probabilities": nil,
    ]
  }

  public func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    try ArpaConditional(from: file, order: order, shape)
  }

  /// The specification of what an ARPA file of an order holds.
  static func specification(order: Int) throws -> ModelSpecification {
    let registry = Registry(families: [Self.self], lengths: [EndSymbol.self], priors: [], smoothers: [])
    return try ModelSpecification("\(name):\(order)/\(EndSymbol.name)", registry: registry)
  }
}
