import CZlib
import Foundation

extension OutputFile {
  /// The content, compressed.
  static func gzipped(_ content: Content, _ path: String) throws -> Data {
    var bytes = Data()
    try content { bytes.append(contentsOf: $0) }
    return try gzipped(bytes, path)
  }

  private static func gzipped(_ bytes: Data, _ path: String) throws -> Data {
    var stream = z_stream()
    // 15 bits of window, and 16 for gzip's header.
    guard
      deflateInit2_(
        &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw OutputError.cannotWrite(path, reason: "zlib could not start") }
    defer { deflateEnd(&stream) }
    var result = Data()
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var input = Array(bytes)
    let pieces = 1 << 30  // zlib counts in 32 bits
    var offset = 0
    repeat {
      let piece = min(pieces, input.count - offset)
      let isLast = offset + piece == input.count
      try input.withUnsafeMutableBufferPointer { input in
        stream.next_in = input.baseAddress.map { $0 + offset }
        stream.avail_in = UInt32(piece)
        repeat {
          let count = try block.withUnsafeMutableBufferPointer { block in
            stream.next_out = block.baseAddress
            stream.avail_out = UInt32(block.count)
            guard deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH) != Z_STREAM_ERROR else {
              throw OutputError.cannotWrite(path, reason: "zlib failed")
            }
            return block.count - Int(stream.avail_out)
          }
          result.append(contentsOf: block[..<count])
        } while stream.avail_out == 0
      }
      offset += piece
    } while offset < input.count
    return result
  }
}
