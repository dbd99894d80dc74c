import Foundation

extension TensorFile {
  /// The file's bytes; the same content gives the same bytes.
  /// - Parameter hasChecksums: `false` for a file as older versions wrote it.
  public func serialized(hasChecksums: Bool = true) throws -> Data {
    var data = Data()
    try write(hasChecksums: hasChecksums) { data.append(contentsOf: $0) }
    return data
  }

  /// The same, piece by piece. The bytes are gone through twice, the first time for their checksums.
  func write(hasChecksums: Bool = true, _ piece: (UnsafeRawBufferPointer) throws -> Void) throws {
    // Those of wide elements first, so that each begins at a multiple of its elements' size.
    let names = tensors.sorted { ($1.value.element.size, $0.key) < ($0.value.element.size, $1.key) }.map(\.key)
    let metadata = hasChecksums ? try TensorChecksums.metadata(of: self) : metadata
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

  private struct Entry: Encodable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  private static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }()
}
