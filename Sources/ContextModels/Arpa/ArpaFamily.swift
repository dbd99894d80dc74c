import GraphicalModel
import Lengths
import ModelCore
import Sequences

/// `arpa:k`: a back-off n-gram model of n = k + 1 whose numbers were estimated elsewhere, or pruned.
package struct ArpaFamily: ModelFamily {
  package static let name = "arpa"
  package static let leadingOption: String? = "k"
  package static let examples = ["arpa:2"]
  package static let summary = "what an ARPA file holds: the last k symbols, as estimated elsewhere; only /eos"

  /// k.
  package let order: Int

  package init(_ options: inout ModelOptions, registry: Registry) throws {
    guard let order = try options.integer("k", in: 0...1000) else {
      throw SpecificationError.malformed("arpa needs its order, as in arpa:3")
    }
    self.order = order
  }

  package func word(complete: Bool) -> String {
    complete ? modelWord(Self.name, [("k", String(order), false)], complete: true) : "\(Self.name):\(order)"
  }

  package func refusal(_ shape: OutputShape) -> String? {
    shape.stop == .outcome ? nil : "what an ARPA file holds has an end symbol, and no other end: use /eos"
  }

  package var fittingRefusal: String? { reasonNotToFit }
  private var reasonNotToFit: String {
    "its numbers come from a file (chainrule convert FILE.arpa -o MODEL); to fit one, use markov:\(order)"
  }

  package var isUnsmoothed: Bool { false }
  package var usesValidation: Bool { false }
  /// As of `markov:k`.
  package func template(_ shape: OutputShape) -> DirectedTemplate { shape.tableTemplate(past: .last(order)) }

  package func fit(_ data: TrainingData, _ shape: OutputShape, _ context: FittingContext) throws
    -> any Conditional
  {
    throw SpecificationError.refused(model: word(complete: false), reason: reasonNotToFit)
  }

  package func tensorSizes(_ shape: OutputShape) -> [String: Int?] {
    [
      "contexts.labels": nil, "contexts.children": nil, "contexts.weights": nil, "contexts.gap": 1,
      "entries.first": nil, "entries.outcomes": nil, "entries.probabilities": nil,
    ]
  }

  package func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    try ArpaConditional(from: file, order: order, shape)
  }

  /// The specification of what an ARPA file of an order holds.
  static func specification(order: Int) throws -> ModelSpecification {
    let registry = Registry(families: [Self.self], lengths: [EndSymbol.self], priors: [], smoothers: [])
    return try ModelSpecification("\(name):\(order)/\(EndSymbol.name)", registry: registry)
  }
}
