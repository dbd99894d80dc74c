import Chainrule
import Foundation

/// A JSON object whose keys and values stand where they are known; a key whose value is `nil` is left out.
struct JSONObject: Encodable, ExpressibleByDictionaryLiteral {
  typealias Key = String
  typealias Value = (any Encodable)?

  private var fields: [(String, Value)]

  init(dictionaryLiteral fields: (String, Value)...) { self.fields = fields }

  /// The fields of both objects; of a key that both have, the other's.
  func merging(_ other: JSONObject) -> JSONObject {
    var merged = self
    merged.fields += other.fields
    return merged
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    for (key, value) in fields {
      if let value { try container.encode(value, forKey: Name(stringValue: key)) }
    }
  }
}

extension JSONObject {
  /// The size of a part of the data.
  static func size(_ set: Sequences<some RowStorage>, alphabetSize: Int? = nil) -> JSONObject {
    ["sequences": set.count, "symbols": set.elementCount, "alphabetSize": alphabetSize]
  }

  /// The figures of a set: of vectors without perplexities, which densities do not have.
  static func figures(_ figures: Figures?) -> (any Encodable)? {
    guard let figures, figures.width != nil else { return figures }
    let vectors: JSONObject = [
      "nats": figures.nats, "natsElements": figures.natsElements, "natsLength": figures.natsLength,
      "sequences": figures.sequences, "steps": figures.symbols, "natsPerSequence": figures.natsPerSequence,
      "natsPerStep": figures.natsPerStep, "natsPerComponent": figures.natsPerComponent,
      "natsPerLaterStep": figures.natsPerLaterStep, "impossible": figures.impossible,
    ]
    return vectors
  }

  /// The numbers of a model's parameters; more than 10,000 digits are an expression.
  static func parameters(free: ParameterCount, stored: Int) -> JSONObject {
    ["free": free.text, "freeLog10": free.log10, "stored": stored]
  }
}
