import Foundation

extension ModelFile {
  /// A model as one JSON object, for programs that read no safetensors: `{"schema": "chainrule.model/1", "metadata": {…},
  /// "tensors": {name: {"dtype", "shape", "data"}}}`, data row by row; infinite numbers are the strings "inf" and "-inf".
  public static func json(of model: SequenceModel) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(JSONModel(try file(of: model))) + Data("\n".utf8)
  }

  private struct JSONModel: Encodable {
    var schema = "chainrule.model/1"
    var metadata: [String: String]
    var tensors: [String: TensorFile.Tensor]

    init(_ file: TensorFile) {
      metadata = file.metadata
      tensors = file.tensors
    }
  }
}

extension TensorFile.Tensor: Encodable {
  private enum CodingKeys: CodingKey { case dtype, shape, data }

  public func encode(to encoder: any Encoder) throws {
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
