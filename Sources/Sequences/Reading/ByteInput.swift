import Foundation

/// Where bytes come from, one piece after another.
protocol ByteInput: AnyObject {
  /// Puts the next bytes into `target`, which is not empty, and returns how many; 0 at the end.
  func read(into target: UnsafeMutableRawBufferPointer) throws -> Int
}

/// A file, a pipe or standard input, by `read(2)`.
final class FileInput: ByteInput {
  private let descriptor: Int32
  private let name: String
  private let closes: Bool

  init(descriptor: Int32, name: String, closes: Bool) {
    self.descriptor = descriptor
    self.name = name
    self.closes = closes
  }

  convenience init(path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      throw errno == ENOENT ? DataError.missingFile(path) : .unreadable(path, reason: String(cString: strerror(errno)))
    }
    self.init(descriptor: descriptor, name: path, closes: true)
  }

  deinit {
    if closes { close(descriptor) }
  }

  func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      let count = Foundation.read(descriptor, target.baseAddress, target.count)
      if count >= 0 { return count }
      if errno != EINTR { throw DataError.unreadable(name, reason: String(cString: strerror(errno))) }
    }
  }
}

/// Bytes in memory.
final class MemoryInput: ByteInput {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  func read(into target: UnsafeMutableRawBufferPointer) -> Int {
    let piece = rest.prefix(target.count)
    target.copyBytes(from: piece)
    rest = rest.dropFirst(piece.count)
    return piece.count
  }
}
