import Foundation
import Sequences

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
    case uint16 = "U16"
    case uint32 = "U32"

    var size: Int {
      switch self {
      case .uint16: 2
      case .float32, .int32, .uint32: 4
      case .float64, .int64: 8
      }
    }

    /// That of a type.
    init?<Value>(_: Value.Type) {
      switch Value.self {
      case is UInt16.Type: self = .uint16
      case is UInt32.Type: self = .uint32
      case is Int32.Type: self = .int32
      case is Int64.Type, is Int.Type: self = .int64
      case is Float.Type: self = .float32
      case is Double.Type: self = .float64
      default: return nil
      }
    }
  }

  public struct Tensor: Sendable, Equatable {
    public var element: Element
    public var shape: [Int]
    /// Row-major, little endian.
    public var bytes: TensorBytes

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

  /// Whether the numbers lie in a mapped file, and are to be used there and then rather than checked.
  private(set) var isInPlace = false

  public init() {}

  // MARK: Bytes

  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  /// The file's bytes; the same content gives the same bytes.
  public func serialized() throws -> Data {
    var data = Data()
    try write { data.append(contentsOf: $0) }
    return data
  }

  /// The same, piece by piece.
  func write(_ piece: (UnsafeRawBufferPointer) throws -> Void) throws {
    // Those of wide elements first, so that each begins at a multiple of its elements' size.
    let names = tensors.sorted { ($1.value.element.size, $0.key) < ($0.value.element.size, $1.key) }.map(\.key)
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
    // And the first at a multiple of eight: so a mapped file can be read in place.
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    try withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, piece)
    try Array(header.utf8).withUnsafeBytes(piece)
    for name in names { try tensors[name]?.bytes.withUnsafeBytes(piece) }
  }

  private static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }()

  /// Reads a file's bytes.
  /// - Throws: `ModelFileError.notSafetensors` or `.wrongTensor`.
  public init(_ data: Data) throws {
    self = try data.withUnsafeBytes { data in
      try TensorFile(data) { .bytes(Array(UnsafeRawBufferPointer(rebasing: data[$0]))) }
    }
  }

  /// Opens a mapped file: nothing but its header is read. O(header).
  /// - Throws: as `init(_:)`.
  public init(opening file: MappedFile) throws {
    try self.init(file.bytes) { .mapped(file, $0) }
    isInPlace = true
  }

  private init(_ data: UnsafeRawBufferPointer, tensor: (Range<Int>) -> TensorBytes) throws {
    guard data.count >= 8 else { throw ModelFileError.notSafetensors("it has \(data.count) bytes") }
    let declared = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard (2...1 << 28).contains(declared) else { throw ModelFileError.notSafetensors("it does not begin as one does") }
    guard declared <= UInt64(data.count - 8) else {
      throw ModelFileError.notSafetensors("its header would have \(declared) bytes, the file has \(data.count)")
    }
    let start = 8 + Int(declared)
    let header = data[8..<start]
    let bodyCount = data.count - start
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
        entry.data_offsets[1] <= bodyCount
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
      let from = start + covered
      tensors[name] = Tensor(element: element, shape: entry.shape, bytes: tensor(from..<(from + bytes)))
      covered += bytes
    }
    guard covered == bodyCount else {
      throw ModelFileError.notSafetensors("\(bodyCount - covered) bytes at its end belong to no tensor")
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

  public mutating func set(_ name: String, _ values: [Int32]) { set(name, .int32, [values.count], .int32(values)) }
  public mutating func set(_ name: String, _ values: [Int64]) { set(name, .int64, [values.count], .int64(values)) }
  /// 64-bit integers.
  public mutating func set(_ name: String, counts: [Int]) { set(name, .int64, [counts.count], .int(counts)) }
  /// Numbers that are not copied.
  /// - Precondition: a type that a tensor can have.
  mutating func set<Value>(_ name: String, _ values: FlatArray<Value>) {
    guard let element = Element(Value.self) else { preconditionFailure("no type of tensors") }
    set(name, element, [values.count], .flat(values.bytes))
  }
  /// Numbers ≥ 0, in 32 bits if they fit.
  mutating func set(narrowing name: String, _ values: FlatArray<Int>, _ scratch: Scratch?) {
    guard values.allSatisfy({ $0 <= Int(Int32.max) }) else { return set(name, values) }
    var narrow = FlatBuffer<Int32>(capacity: values.count, scratch: scratch)
    for value in values { narrow.append(Int32(value)) }
    set(name, narrow.finished())
  }
  public mutating func set(_ name: String, _ values: [Float], shape: [Int]) {
    set(name, .float32, shape, .float(values))
  }
  public mutating func set(_ name: String, _ values: [Double], shape: [Int]) {
    set(name, .float64, shape, .double(values))
  }

  private mutating func set(_ name: String, _ element: Element, _ shape: [Int], _ bytes: TensorBytes) {
    tensors[name] = Tensor(element: element, shape: shape, bytes: bytes)
  }

  /// Puts other bytes in a tensor's place, as many: for tests of hostile files.
  package mutating func replaceBytes(of name: String, by bytes: [UInt8]) { tensors[name]?.bytes = .bytes(bytes) }

  /// The tensors alone.
  var withoutMetadata: TensorFile {
    var file = self
    file.metadata = [:]
    return file
  }

  /// A vector's numbers in place; with `width`, those of a matrix of so many columns, row by row.
  func mapped<Value: BitwiseCopyable & Sendable>(_ name: String, width: Int? = nil) throws -> FlatArray<Value> {
    guard let element = Element(Value.self) else { preconditionFailure("no type of tensors") }
    let rows = tensors[name]?.shape.first ?? 0
    let tensor = try tensor(name, element, shape: width.map { [rows, $0] })
    guard case .mapped(let file, let range) = tensor.bytes else {
      throw ModelFileError.wrongTensor("tensor \(name) is not in a mapped file")
    }
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[range])
    guard Int(bitPattern: bytes.baseAddress) % MemoryLayout<Value>.alignment == 0 else {
      throw ModelFileError.wrongTensor("tensor \(name) does not begin at a multiple of its elements' size")
    }
    return FlatArray(bytes.bindMemory(to: Value.self), ownedBy: file)
  }

  /// A vector of 64-bit integers.
  func int64s(_ name: String, count: Int) throws -> [Int] {
    let values: [Int64] = try values(name, .int64, shape: [count])
    return values.map(Int.init)
  }

  /// A vector of 32-bit integers.
  public func int32s(_ name: String) throws -> [Int32] { try values(name, .int32, shape: nil) }

  /// A vector of numbers ≥ 0, of 32 or 64 bits.
  public func counts(_ name: String, count: Int? = nil) throws -> [Int] {
    if tensors[name]?.element == .int32 {
      let values: [Int32] = try values(name, .int32, shape: count.map { [$0] })
      guard values.allSatisfy({ $0 >= 0 }) else {
        throw ModelFileError.inconsistent("\(name) holds a negative number")
      }
      return values.map(Int.init)
    }
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

  /// A tensor in double precision, of finite numbers.
  public func doubles(_ name: String, shape: [Int]) throws -> [Double] {
    let values: [Double] = try values(name, .float64, shape: shape)
    guard values.allSatisfy(\.isFinite) else {
      throw ModelFileError.inconsistent("\(name) holds a number that is not finite")
    }
    return values
  }

  /// Without a shape: a vector of any length.
  private func values<Value>(_ name: String, _ element: Element, shape: [Int]?) throws -> [Value] {
    try tensor(name, element, shape: shape).values()
  }

  /// The bytes of each number of a tensor; `nil` where there is none.
  func elementSize(_ name: String) -> Int? { tensors[name]?.element.size }

  private func tensor(_ name: String, _ element: Element, shape: [Int]?) throws -> Tensor {
    guard let tensor = tensors[name] else { throw ModelFileError.wrongTensor("tensor \(name) is missing") }
    guard tensor.element == element else {
      throw ModelFileError.wrongTensor("tensor \(name) has type \(tensor.element.rawValue), not \(element.rawValue)")
    }
    guard shape.map({ $0 == tensor.shape }) ?? (tensor.shape.count == 1) else {
      throw ModelFileError.wrongTensor("tensor \(name) has shape \(tensor.shape), not \(shape ?? [-1])")
    }
    return tensor
  }
}
