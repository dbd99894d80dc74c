import Foundation

extension ModelFile {
  /// A model as one JSON object, for programs that read no safetensors: `{"schema": "chainrule.model/1", "metadata": {…},
  /// "tensors": {name: {"dtype", "shape", "data"}}}`, data row by row; infinite numbers are the strings "inf" and "-inf".
  /// - Parameter contexts: what stands under "contexts" beside them, such as the probabilities after each context.
  package static func json(of model: SequenceModel, contexts: (any Encodable)? = nil) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(JSONModel(try file(of: model), contexts)) + Data("\n".utf8)
  }

  private struct JSONModel: Encodable {
    var schema = "chainrule.model/1"
    var metadata: [String: String]
    var tensors: [String: TensorFile.Tensor]
    var contexts: (any Encodable)?

    private enum CodingKeys: CodingKey { case schema, metadata, tensors, contexts }

    init(_ file: TensorFile, _ contexts: (any Encodable)?) {
      metadata = file.metadata
      tensors = file.tensors
      self.contexts = contexts
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(schema, forKey: .schema)
      try container.encode(metadata, forKey: .metadata)
      try container.encode(tensors, forKey: .tensors)
      if let contexts { try contexts.encode(to: container.superEncoder(forKey: .contexts)) }
    }
  }
}

extension TensorFile.Tensor: Encodable {
  private enum CodingKeys: CodingKey { case dtype, shape, data }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(element, forKey: .dtype)
    try container.encode(shape, forKey: .shape)
    switch element {
    case .float32: try container.encode(values() as [Float], forKey: .data)
    case .float64: try container.encode(values() as [Double], forKey: .data)
    case .int32: try container.encode(values() as [Int32], forKey: .data)
    case .int64: try container.encode(values() as [Int64], forKey: .data)
    case .uint16: try container.encode(values() as [UInt16], forKey: .data)
    case .uint32: try container.encode(values() as [UInt32], forKey: .data)
    }
  }
}
