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
  /// The size of a regular file when it is opened (0 for pipes and devices), and the offset at which reading starts.
  private let size: Int
  private let start: Int
  private var passed = 0

  init(descriptor: Int32, name: String, closes: Bool) {
    self.descriptor = descriptor
    self.name = name
    self.closes = closes
    start = max(Int(lseek(descriptor, 0, SEEK_CUR)), 0)
    size = Self.size(of: descriptor)
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
      passed += max(count, 0)
      if count > 0 { return count }
      if count == 0 {
        // The size is asked again, since that of some system files is none of their content's.
        if start + passed < size, Self.size(of: descriptor) < size { throw DataError.shortened(name) }
        return 0
      }
      if errno != EINTR { throw DataError.unreadable(name, reason: String(cString: strerror(errno))) }
    }
  }
}

extension FileInput {
  /// The bytes of a regular file; 0 for anything else.
  private static func size(of descriptor: Int32) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
    return Int(status.st_size)
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
