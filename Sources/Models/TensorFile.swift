import Foundation

/// A safetensors file in memory: named tensors and a dictionary of strings.
///
/// The format is eight bytes of header length (little endian), a JSON header `{"name": {"dtype", "shape",
/// "data_offsets"}, "__metadata__": {…}}`, then the tensors' bytes without gaps. Reading trusts nothing.
public struct TensorFile: Sendable, Equatable {
  public enum Element: String, Sendable, Codable {
    case float32 = "F32"
    case float64 = "F64"
    case int32 = "I32"
    case int64 = "I64"

    var size: Int { self == .float32 || self == .int32 ? 4 : 8 }
  }

  public struct Tensor: Sendable, Equatable {
    public var element: Element
    public var shape: [Int]
    /// Row-major, little endian.
    public var bytes: [UInt8]

    /// The numbers, of the type that `element` says.
    func values<Value>() -> [Value] {
      bytes.withUnsafeBytes { bytes in
        (0..<(bytes.count / MemoryLayout<Value>.stride)).map {
          bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Value>.stride, as: Value.self)
        }
      }
    }
  }

  public var metadata: [String: String] = [:]
  public private(set) var tensors: [String: Tensor] = [:]

  public init() {}

  // MARK: Bytes

  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  /// The file's bytes; the same content gives the same bytes.
  public func serialized() throws -> Data {
    let names = tensors.keys.sorted()
    var header = "{\"__metadata__\":" + String(decoding: try Self.encoder.encode(metadata), as: UTF8.self)
    var offset = 0
    for name in names {
      guard let tensor = tensors[name] else { continue }
      let entry = Entry(
        dtype: tensor.element.rawValue, shape: tensor.shape, data_offsets: [offset, offset + tensor.bytes.count])
      offset += tensor.bytes.count
      header += "," + String(decoding: try Self.encoder.encode(name), as: UTF8.self) + ":"
      header += String(decoding: try Self.encoder.encode(entry), as: UTF8.self)
    }
    header += "}"
    // Tensors begin at a multiple of eight, so that a mapped file can be read in place.
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    var data = Data(capacity: 8 + header.utf8.count + offset)
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: header.utf8)
    for name in names { data.append(contentsOf: tensors[name]?.bytes ?? []) }
    return data
  }

  private static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }()

  /// Reads a file's bytes.
  /// - Throws: `ModelFileError.notSafetensors` or `.wrongTensor`.
  public init(_ data: Data) throws {
    guard data.count >= 8 else { throw ModelFileError.notSafetensors("it has \(data.count) bytes") }
    let declared = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard (2...1 << 28).contains(declared) else { throw ModelFileError.notSafetensors("it does not begin as one does") }
    guard declared <= UInt64(data.count - 8) else {
      throw ModelFileError.notSafetensors("its header would have \(declared) bytes, the file has \(data.count)")
    }
    let start = data.startIndex + 8
    let header = data[start..<(start + Int(declared))]
    let body = data[(start + Int(declared))...]
    guard header.first == UInt8(ascii: "{") else { throw ModelFileError.notSafetensors("its header is not JSON") }
    let parsed: Header
    do {
      parsed = try JSONDecoder().decode(Header.self, from: Data(header))
    } catch {
      throw ModelFileError.notSafetensors("its header is not the JSON of one")
    }
    metadata = parsed.metadata
    var covered = 0
    // By beginning and end: empty tensors come before what begins at the same place.
    let entries = parsed.entries.sorted { $0.value.data_offsets.lexicographicallyPrecedes($1.value.data_offsets) }
    for (name, entry) in entries {
      guard let element = Element(rawValue: entry.dtype) else {
        throw ModelFileError.wrongTensor("tensor \(name) has type \(entry.dtype)")
      }
      guard entry.data_offsets.count == 2, entry.data_offsets[0] == covered, entry.data_offsets[1] >= covered,
        entry.data_offsets[1] <= body.count
      else { throw ModelFileError.notSafetensors("the bytes of tensor \(name) do not lie within the file") }
      var bytes = element.size
      for side in entry.shape {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: side)
        guard side >= 0, !overflow else { throw ModelFileError.wrongTensor("tensor \(name) has an absurd shape") }
        bytes = product
      }
      guard bytes == entry.data_offsets[1] - covered else {
        throw ModelFileError.wrongTensor("tensor \(name) has another size than its shape")
      }
      let from = body.startIndex + covered
      tensors[name] = Tensor(element: element, shape: entry.shape, bytes: Array(body[from..<(from + bytes)]))
      covered += bytes
    }
    guard covered == body.count else {
      throw ModelFileError.notSafetensors("\(body.count - covered) bytes at its end belong to no tensor")
    }
  }

  /// The header's two kinds of members.
  private struct Header: Decodable {
    var metadata: [String: String] = [:]
    var entries: [String: Entry] = [:]

    private struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }
  }

  // MARK: Values

  /// Takes over the tensors and metadata of another file; those of the same name are replaced.
  mutating func merge(_ other: TensorFile) {
    tensors.merge(other.tensors) { $1 }
    metadata.merge(other.metadata) { $1 }
  }

  public mutating func set(_ name: String, _ values: [Int32]) { set(name, .int32, [values.count], values) }
  public mutating func set(_ name: String, _ values: [Int64]) { set(name, .int64, [values.count], values) }
  public mutating func set(_ name: String, _ values: [Float], shape: [Int]) { set(name, .float32, shape, values) }
  public mutating func set(_ name: String, _ values: [Double], shape: [Int]) { set(name, .float64, shape, values) }

  private mutating func set<Value>(_ name: String, _ element: Element, _ shape: [Int], _ values: [Value]) {
    tensors[name] = Tensor(element: element, shape: shape, bytes: values.withUnsafeBytes(Array.init))
  }

  /// A vector of 32-bit integers.
  public func int32s(_ name: String) throws -> [Int32] { try values(name, .int32, shape: nil) }

  /// A vector of numbers ≥ 0.
  public func counts(_ name: String, count: Int? = nil) throws -> [Int] {
    let values: [Int64] = try values(name, .int64, shape: count.map { [$0] })
    guard values.allSatisfy({ $0 >= 0 }) else { throw ModelFileError.inconsistent("\(name) holds a negative number") }
    return values.map(Int.init)
  }

  /// A vector in double precision, of anything.
  public func doubles(_ name: String, count: Int) throws -> [Double] { try values(name, .float64, shape: [count]) }

  /// A tensor in single precision, of numbers so small that sums of millions of them are finite.
  public func floats(_ name: String, shape: [Int]) throws -> [Float] {
    let values: [Float] = try values(name, .float32, shape: shape)
    guard values.allSatisfy({ abs($0) < 1e30 }) else {
      throw ModelFileError.inconsistent("\(name) holds a number that is not finite, or enormous")
    }
    return values
  }

  /// Without a shape: a vector of any length.
  private func values<Value>(_ name: String, _ element: Element, shape: [Int]?) throws -> [Value] {
    guard let tensor = tensors[name] else { throw ModelFileError.wrongTensor("tensor \(name) is missing") }
    guard tensor.element == element else {
      throw ModelFileError.wrongTensor("tensor \(name) has type \(tensor.element.rawValue), not \(element.rawValue)")
    }
    guard shape.map({ $0 == tensor.shape }) ?? (tensor.shape.count == 1) else {
      throw ModelFileError.wrongTensor("tensor \(name) has shape \(tensor.shape), not \(shape ?? [-1])")
    }
    return tensor.values()
  }
}
