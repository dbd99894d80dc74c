import Foundation
import Sequences

/// A safetensors file in memory: named tensors and a dictionary of strings.
///
/// The format is eight bytes of header length (little endian), a JSON header `{"name": {"dtype", "shape",
/// "data_offsets"}, "__metadata__": {…}}`, then the tensors' bytes without gaps. Reading trusts nothing.
public struct TensorFile: Sendable, Equatable {
  package enum Element: String, Sendable, Codable {
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

  package struct Tensor: Sendable, Equatable {
    package var element: Element
    package var shape: [Int]
    /// Row-major, little endian.
    package var bytes: TensorBytes

    /// The numbers, of the type that `element` says.
    func values<Value>() -> [Value] {
      bytes.withUnsafeBytes { bytes in
        (0..<(bytes.count / MemoryLayout<Value>.stride)).map {
          bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Value>.stride, as: Value.self)
        }
      }
    }
  }

  package var metadata: [String: String] = [:]
  package internal(set) var tensors: [String: Tensor] = [:]

  /// Whether the numbers lie in a mapped file, where they are asked in place rather than read and checked.
  package var isInPlace = false

  /// Of the tensors in a mapped file, which are checked when they are read, as far as the file says them.
  var checksums: [String: Checksum] = [:]

  /// Whether components' tensors lie in scopes.
  var hasScopes = false

  /// The scope of a component's file, for messages.
  var scope = ""

  /// A file without tensors.
  public init() {}

  // MARK: Values

  /// Takes over the tensors and metadata of another file; those of the same name are replaced.
  package mutating func merge(_ other: TensorFile) {
    tensors.merge(other.tensors) { $1 }
    metadata.merge(other.metadata) { $1 }
    if other.hasScopes { hasScopes = true }
  }

  /// Adds a vector of 32-bit integers.
  public mutating func set(_ name: String, _ values: [Int32]) { set(name, .int32, [values.count], .int32(values)) }
  /// Adds a vector of 64-bit integers.
  public mutating func set(_ name: String, _ values: [Int64]) { set(name, .int64, [values.count], .int64(values)) }
  /// 64-bit integers.
  public mutating func set(_ name: String, counts: [Int]) { set(name, .int64, [counts.count], .int(counts)) }
  /// Numbers that are not copied.
  /// - Precondition: a type that a tensor can have.
  package mutating func set<Value>(_ name: String, _ values: FlatArray<Value>) {
    guard let element = Element(Value.self) else { preconditionFailure("no type of tensors") }
    set(name, element, [values.count], .flat(values.bytes))
  }
  /// Numbers ≥ 0, in 32 bits if they fit.
  package mutating func set(narrowing name: String, _ values: FlatArray<Int>, _ scratch: Scratch?) {
    guard values.allSatisfy({ $0 <= Int(Int32.max) }) else { return set(name, values) }
    var narrow = FlatBuffer<Int32>(capacity: values.count, scratch: scratch)
    for value in values { narrow.append(Int32(value)) }
    set(name, narrow.finished())
  }
  /// Adds a tensor in single precision; `values` are row by row.
  public mutating func set(_ name: String, _ values: [Float], shape: [Int]) {
    set(name, .float32, shape, .float(values))
  }
  /// Adds a tensor in double precision; `values` are row by row.
  public mutating func set(_ name: String, _ values: [Double], shape: [Int]) {
    set(name, .float64, shape, .double(values))
  }

  private mutating func set(_ name: String, _ element: Element, _ shape: [Int], _ bytes: TensorBytes) {
    add(Tensor(element: element, shape: shape, bytes: bytes), named: name)
  }

  /// - Precondition: No tensor has the name. Names are chosen by code, so that one taken twice is a mistake in a family, and
  ///   the first tensor would be lost in silence.
  package mutating func add(_ tensor: Tensor, named name: String) {
    precondition(tensors.updateValue(tensor, forKey: name) == nil, "tensor \(name) is set twice")
  }

  /// Takes a tensor out: for tests of hostile files.
  package mutating func remove(_ name: String) { tensors[name] = nil }

  /// Puts other bytes in a tensor's place, as many: for tests of hostile files.
  package mutating func replaceBytes(of name: String, by bytes: [UInt8]) { tensors[name]?.bytes = .bytes(bytes) }

  /// Some of the tensors alone, without metadata.
  package func keeping(_ names: some Sequence<String>) -> TensorFile {
    var file = self
    let names = Set(names)
    (file.metadata, file.tensors) = ([:], tensors.filter { names.contains($0.key) })
    return file
  }

  /// A vector's numbers in place; with `width`, those of a matrix of so many columns, row by row.
  /// - Parameter isChecked: whether its checksum is, for which all of it is read.
  package func mapped<Value: BitwiseCopyable & Sendable>(
    _ name: String, width: Int? = nil, isChecked: Bool
  ) throws -> FlatArray<Value> {
    guard let element = Element(Value.self) else { preconditionFailure("no type of tensors") }
    let rows = tensors[name]?.shape.first ?? 0
    let tensor = try tensor(name, element, shape: width.map { [rows, $0] })
    guard case .mapped(let file, let range) = tensor.bytes else {
      throw ModelFileError.wrongTensor("tensor \(name) is not in a mapped file")
    }
    if isChecked { try check(name) }
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[range])
    guard Int(bitPattern: bytes.baseAddress) % MemoryLayout<Value>.alignment == 0 else {
      throw ModelFileError.wrongTensor("tensor \(name) does not begin at a multiple of its elements' size")
    }
    return FlatArray(bytes.bindMemory(to: Value.self), ownedBy: file)
  }

  /// A vector of 64-bit integers.
  package func int64s(_ name: String, count: Int) throws -> [Int] {
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
        throw ModelFileError.inconsistent("\(scope)\(name) holds a negative number")
      }
      return values.map(Int.init)
    }
    let values: [Int64] = try values(name, .int64, shape: count.map { [$0] })
    guard values.allSatisfy({ $0 >= 0 }) else {
      throw ModelFileError.inconsistent("\(scope)\(name) holds a negative number")
    }
    return values.map(Int.init)
  }

  /// A vector in double precision, of anything.
  public func doubles(_ name: String, count: Int) throws -> [Double] { try values(name, .float64, shape: [count]) }

  /// A vector of numbers of any type that a tensor can have.
  /// - Precondition: it is one.
  package func vector<Value>(_ name: String, count: Int? = nil) throws -> [Value] {
    guard let element = Element(Value.self) else { preconditionFailure("no type of tensors") }
    return try values(name, element, shape: count.map { [$0] })
  }

  /// The largest weight of a network: with inputs of at most `InputVectors.largest` all sums stay finite.
  public static let largestWeight: Float = 1e15

  /// A tensor in single precision, of numbers of at most `largest` in magnitude.
  public func floats(_ name: String, shape: [Int], atMost largest: Float = largestWeight) throws -> [Float] {
    let values: [Float] = try values(name, .float32, shape: shape)
    guard values.allSatisfy({ abs($0) <= largest }) else {
      throw ModelFileError.inconsistent("\(scope)\(name) holds a number that is not finite, or enormous")
    }
    return values
  }

  /// A tensor in double precision, of finite numbers.
  public func doubles(_ name: String, shape: [Int]) throws -> [Double] {
    let values: [Double] = try values(name, .float64, shape: shape)
    guard values.allSatisfy(\.isFinite) else {
      throw ModelFileError.inconsistent("\(scope)\(name) holds a number that is not finite")
    }
    return values
  }

  /// Without a shape: a vector of any length.
  private func values<Value>(_ name: String, _ element: Element, shape: [Int]?) throws -> [Value] {
    let tensor = try tensor(name, element, shape: shape)
    try check(name)
    return tensor.values()
  }

  /// The bytes of each number of a tensor; `nil` where there is none.
  package func elementSize(_ name: String) -> Int? { tensors[name]?.element.size }

  private func tensor(_ name: String, _ element: Element, shape: [Int]?) throws -> Tensor {
    guard let tensor = tensors[name] else { throw ModelFileError.wrongTensor("tensor \(scope)\(name) is missing") }
    guard tensor.element == element else {
      throw ModelFileError.wrongTensor(
        "tensor \(scope)\(name) has type \(tensor.element.rawValue), not \(element.rawValue)")
    }
    guard shape.map({ $0 == tensor.shape }) ?? (tensor.shape.count == 1) else {
      throw ModelFileError.wrongTensor("tensor \(scope)\(name) has shape \(tensor.shape), not \(shape ?? [-1])")
    }
    return tensor
  }
}
