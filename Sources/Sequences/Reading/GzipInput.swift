import CZlib
import Foundation

/// The bytes that a gzip file of one or more members stands for (RFC 1952), by zlib.
final class GzipInput: ByteInput {
  static let magic: [UInt8] = [0x1F, 0x8B]

  private let source: any ByteInput
  private let name: String
  private let input: UnsafeMutableRawBufferPointer
  /// zlib keeps the stream's address, so that it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var isInMember = true

  /// Undoes what `source` holds behind `prefix`, which has been read from it already.
  init(_ source: any ByteInput, prefix: [UInt8], name: String, blockSize: Int) throws {
    self.source = source
    self.name = name
    input = .allocate(byteCount: max(blockSize, prefix.count), alignment: 1)
    input.copyBytes(from: prefix)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(prefix.count)
    let gzipOnly = MAX_WBITS + 16
    let status = inflateInit2_(stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if status != Z_OK { throw DataError.unreadable(name, reason: "zlib does not start (status \(status))") }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    let room = UInt32(clamping: target.count)
    stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = room
    while stream.pointee.avail_out == room {
      if stream.pointee.avail_in == 0 {
        let count = try source.read(into: input)
        if count == 0 {
          if isInMember { throw DataError.corruptGzip(name, reason: "they end too early") }
          return 0
        }
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
      }
      if !isInMember {
        // Zeros behind a member are padding, as tapes and block devices leave it.
        while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
          stream.pointee.next_in += 1
          stream.pointee.avail_in -= 1
        }
        if stream.pointee.avail_in == 0 { continue }
        inflateReset(stream)
        isInMember = true
      }
      switch inflate(stream, Z_NO_FLUSH) {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: isInMember = false
      default:
        throw DataError.corruptGzip(name, reason: stream.pointee.msg.map { String(cString: $0) } ?? "zlib gives up")
      }
    }
    return Int(room - stream.pointee.avail_out)
  }
}
