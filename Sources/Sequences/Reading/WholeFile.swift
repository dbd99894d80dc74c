import Foundation

/// Reading a file at once.
package enum WholeFile {
  /// The bytes of the file at `path`, decompressed where it is gzip, all or about the first `limit`; "-" is standard input.
  /// - Throws: `DataError`.
  package static func read(_ path: String, atMost limit: Int = .max) throws -> Data {
    var source = try ByteSource(opening: path)
    return try read(&source, atMost: limit)
  }

  /// The same of what is left of a source.
  package static func read(_ source: inout ByteSource, atMost limit: Int = .max) throws -> Data {
    var data = Data()
    repeat {
      data.append(source.unread)
      source.advance(by: source.unread.count)
    } while try data.count < limit && source.fill()
    return data
  }
}
