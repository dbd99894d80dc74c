import Foundation
import Sequences

/// Reading checks the header against itself and the file, and each tensor against its checksum where the file says one.
extension TensorFile {
  /// Reads a file's bytes.
  /// - Throws: `ModelFileError`.
  public init(_ data: Data) throws {
    self = try data.withUnsafeBytes { data in
      try TensorFile(data) { .bytes(Array(UnsafeRawBufferPointer(rebasing: data[$0]))) }
    }
    for name in tensors.keys { try check(name) }
    checksums = [:]
  }

  /// Opens a mapped file: nothing but its header is read. Tensors are checked when they are read, those that are asked in
  /// place not at all: that would read gigabytes to answer one question. O(header).
  /// - Throws: as `init(_:)`.
  package init(opening file: MappedFile) throws {
    try self.init(file.bytes) { .mapped(file, $0) }
    isInPlace = true
  }

  private init(_ data: UnsafeRawBufferPointer, tensor: (Range<Int>) -> TensorBytes) throws {
    let length = try TensorHeader.length(data.prefix(8))
    guard length <= data.count - 8 else { throw Self.headerIsCut(length, data.count) }
    let start = 8 + length
    let bodySize = data.count - start
    try self.init(TensorHeader(UnsafeRawBufferPointer(rebasing: data[8..<start]))) { entry in
      guard entry.range.upperBound <= bodySize else { throw Self.isCut(entry) }
      return tensor((start + entry.range.lowerBound)..<(start + entry.range.upperBound))
    }
    let covered = tensors.values.reduce(0) { $0 + $1.bytes.count }
    guard covered == bodySize else { throw Self.isTooLong("\(bodySize - covered) bytes") }
  }

  /// Reads a file with any tensors.
  /// - Throws: `ModelFileError`, `DataError`.
  package init(reading source: inout ByteSource) throws { try self.init(reading: &source) { _ in } }

  /// Reads a file, a pipe or what gzip packs, as far as the header says that it goes and no farther: a few megabytes of
  /// gzip may stand for gigabytes. O(bytes).
  /// - Parameter check: looks at the header before any tensor is read.
  /// - Throws: `ModelFileError`, `DataError`, and what `check` throws.
  init(reading source: inout ByteSource, check: (TensorHeader) throws -> Void) throws {
    let length = try TensorHeader.length(source.nextBytes(8))
    // What is no header need not be read to the end that it claims.
    guard try source.head(1).first == UInt8(ascii: "{") else {
      throw ModelFileError.notSafetensors("its header is not JSON")
    }
    let header = try source.nextBytes(length)
    guard header.count == length else { throw Self.headerIsCut(length, 8 + header.count) }
    var parsed = try TensorHeader(header)
    let checksums = try TensorChecksums.taken(from: &parsed)
    metadata = parsed.metadata
    try check(parsed)
    // Bytes while they come, and the numbers that are made of them.
    try AvailableMemory.check(2 * min(parsed.bodySize, .max / 2), reading: source.name)
    for entry in parsed.entries {
      let bytes = try source.nextBytes(entry.range.count)
      guard bytes.count == entry.range.count else { throw Self.isCut(entry) }
      tensors[entry.name] = Tensor(element: entry.element, shape: entry.shape, bytes: .bytes(bytes))
      try Self.check(entry.name, .bytes(bytes), checksums)
    }
    guard try source.isExhausted() else { throw Self.isTooLong("bytes") }
  }

  private init(_ header: TensorHeader, bytes: (TensorHeader.Entry) throws -> TensorBytes) throws {
    var header = header
    checksums = try TensorChecksums.taken(from: &header)
    metadata = header.metadata
    for entry in header.entries {
      tensors[entry.name] = Tensor(element: entry.element, shape: entry.shape, bytes: try bytes(entry))
    }
  }

  /// Checks a tensor against its checksum, if there is one. O(bytes).
  /// - Throws: `ModelFileError.damaged`.
  func check(_ name: String) throws {
    if let bytes = tensors[name]?.bytes { try Self.check(name, bytes, checksums) }
  }

  private static func check(_ name: String, _ bytes: TensorBytes, _ checksums: [String: Checksum]) throws {
    guard let expected = checksums[name] else { return }
    guard bytes.withUnsafeBytes({ Checksum(of: $0) }) == expected else {
      throw ModelFileError.damaged("tensor \(name)")
    }
  }

  private static func headerIsCut(_ length: Int, _ count: Int) -> ModelFileError {
    .notSafetensors("its header would have \(length) bytes, the file has \(count)")
  }

  private static func isCut(_ entry: TensorHeader.Entry) -> ModelFileError {
    .notSafetensors("the bytes of tensor \(entry.name) do not lie within the file")
  }

  private static func isTooLong(_ bytes: String) -> ModelFileError {
    .notSafetensors("\(bytes) at its end belong to no tensor")
  }
}
