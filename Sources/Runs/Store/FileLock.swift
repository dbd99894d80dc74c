import Foundation

/// A lock between processes on a file of its own, which the system lets go of when its process ends, however it does.
final class FileLock: Sendable {
  private let descriptor: Int32
  private let path: String

  /// - Returns: `nil` where another process has it and `waits` is false.
  /// - Throws: `RunFileError.cannotOpen`.
  init?(_ path: String, waits: Bool) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw RunFileError.cannotOpen(path, reason: String(cString: strerror(errno)))
    }
    while flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      guard errno == EWOULDBLOCK else {
        throw RunFileError.cannotOpen(path, reason: "it cannot be locked: \(String(cString: strerror(errno)))")
      }
      return nil  // and `deinit` closes it
    }
  }

  deinit { close(descriptor) }

  /// Takes the file away; who waits for it finds out that the work is done.
  func remove() { unlink(path) }

  /// Does some work while no other process does work under the same lock. The lock's file is
  /// removed afterwards: once the work has been done, others may do it side by side.
  static func holding<Value>(_ path: String, _ work: () throws -> Value) throws -> Value {
    let lock = try FileLock(path, waits: true)
    defer { lock?.remove() }
    return try work()
  }
}
