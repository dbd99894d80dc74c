import Sequences

/// The bytes of a tensor, wherever they are: in an array of its values, which is not copied, or in a mapped file.
package enum TensorBytes: Sendable, Equatable {
  case bytes([UInt8])
  case int32([Int32])
  case int64([Int64])
  case int([Int])
  case float([Float])
  case double([Double])
  case flat(FlatArray<UInt8>)
  case mapped(MappedFile, Range<Int>)

  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    switch self {
    case .bytes(let values): try values.withUnsafeBytes(body)
    case .int32(let values): try values.withUnsafeBytes(body)
    case .int64(let values): try values.withUnsafeBytes(body)
    case .int(let values): try values.withUnsafeBytes(body)
    case .float(let values): try values.withUnsafeBytes(body)
    case .double(let values): try values.withUnsafeBytes(body)
    case .flat(let values): try withExtendedLifetime(values) { try body(UnsafeRawBufferPointer(values.buffer)) }
    case .mapped(let file, let range): try body(UnsafeRawBufferPointer(rebasing: file.bytes[range]))
    }
  }

  package var count: Int { withUnsafeBytes { $0.count } }

  package static func == (a: TensorBytes, b: TensorBytes) -> Bool {
    a.withUnsafeBytes { a in b.withUnsafeBytes { b in a.elementsEqual(b) } }
  }
}
