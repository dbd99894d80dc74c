import Foundation

/// A file's bytes in place, as the system maps them: opening takes no time, and only what is looked at is read. Whoever
/// shortens the file meanwhile takes the bytes away, and the next look at them is a SIGBUS, which the program answers with a
/// sentence; replacing it under its name, as this program does, does no harm.
package final class MappedFile: @unchecked Sendable {
  // Unchecked: the memory is never written, and unmapped with this object.
  package let bytes: UnsafeRawBufferPointer

  /// `nil` where there is no plain file with anything in it, or it cannot be mapped.
  package init?(_ path: String) {
    // To open a pipe, even for a moment, takes it from its writer.
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0,
      let base = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
    else { return nil }
    bytes = UnsafeRawBufferPointer(start: base, count: Int(status.st_size))
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }

  package var count: Int { bytes.count }
}
