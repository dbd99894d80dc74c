import Foundation

/// A file to write, settled before the work whose result it is: where it leads, and that it can be written there.
///
/// A file is written whole or not at all, and keeps the permissions that it had. Symbolic links stay: what they lead to is
/// replaced. A pipe or a device is written into, and so are standard output ("-", /dev/stdout) and whatever else is open
/// already (/dev/fd/3). Behind ".gz" it is compressed.
package struct OutputFile: Sendable {
  /// As it was given.
  package let path: String
  /// Where a temporary file must have a name from the start, as the file system knows no others.
  private let needsName: Bool
  /// A file whose permissions a new one takes.
  private let model: String?

  /// Checks that the file can be written, by making and removing a temporary file beside it.
  /// - Parameters:
  ///   - inputs: files that the same work reads, which must stay.
  ///   - model: a file whose permissions this one takes where nothing stands under its name yet; `nil` for the usual ones.
  /// - Throws: `OutputError.cannotCreate`, `.replacesInput`.
  package init(_ path: String, reading inputs: [String] = [], permissionsOf model: String? = nil) throws(OutputError) {
    self.path = path
    self.model = model
    if let input = inputs.first(where: { Self.replaces(path, $0) }) {
      throw OutputError.replacesInput(path, input: input)
    }
    switch try OutputTarget(path) {
    case .descriptor, .stream: needsName = false
    case .file(let file):
      TemporaryFile.removeLeftovers(in: file.folder)
      do {
        needsName = try TemporaryFile.needsName(in: file.folder)
      } catch {
        throw OutputError.cannotCreate(path, reason: error.reason)
      }
    }
  }

  /// What hands over a file's bytes, piece by piece, to what it is given.
  package typealias Content = ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

  /// Writes to a temporary file beside the file, waits until it is on the disk, and gives it the file's name, so that at no
  /// moment a part of it stands under that name.
  /// - Throws: `OutputError`, and what the content throws.
  package func write(_ content: Content) throws {
    if path.hasSuffix(".gz") {
      let compressed = try Self.gzipped(content, path)
      try writePlain { piece in try compressed.withUnsafeBytes(piece) }
    } else {
      try writePlain(content)
    }
  }

  private func writePlain(_ content: Content) throws {
    switch try OutputTarget(path) {
    case .descriptor(let descriptor): try content { try write($0, into: descriptor) }
    case .stream:
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw OutputError.cannotCreate(path, reason: SystemError().reason) }
      do {
        try content { try write($0, into: descriptor) }
      } catch {
        close(descriptor)
        throw error
      }
      if close(descriptor) != 0 { throw OutputError.cannotWrite(path, reason: SystemError().reason) }
    case .file(let file): try replace(file, by: content)
    }
  }

  /// The same for content in one piece.
  package func write(_ bytes: Data) throws { try write { piece in try bytes.withUnsafeBytes(piece) } }

  /// Writes a file at once.
  package static func write(_ bytes: Data, to path: String) throws { try OutputFile(path).write(bytes) }

  /// Removes from a folder the files of programs that were killed while they wrote.
  package static func removeLeftovers(in folder: String) {
    TemporaryFile.removeLeftovers(in: Array((folder + "/").utf8CString))
  }

  /// The same for content that comes in pieces.
  package static func write(to path: String, _ content: Content) throws { try OutputFile(path).write(content) }

  /// Writes to standard output.
  package static func print(_ bytes: Data) throws {
    try bytes.withUnsafeBytes { try write($0, into: STDOUT_FILENO, named: "standard output") }
  }

  // MARK: What paths lead to

  /// Whether `write` puts a new file in the place of what the path leads to, and does not write into what is there.
  package var isReplaced: Bool { Self.replaces(path) }

  package var isStandardOutput: Bool { Self.isStandardOutput(path) }

  package static func replaces(_ path: String) -> Bool {
    if case .file? = try? OutputTarget(path) { return true }
    return false
  }

  /// Whether writing to `path` would replace the file that is read from `source`, whatever the two are called.
  package static func replaces(_ path: String, _ source: String) -> Bool {
    guard replaces(path), let there = FileStatus(path), let read = FileStatus(source == "-" ? "/dev/stdin" : source)
    else { return false }
    return there.isSameFile(as: read)
  }

  /// Whether the path is "-" or another name of standard output.
  package static func isStandardOutput(_ path: String) -> Bool {
    if case .descriptor(STDOUT_FILENO)? = try? OutputTarget(path) { return true }
    return false
  }

  // MARK: Writing

  private func replace(_ file: OutputTarget.File, by content: Content) throws {
    let earlier = FileStatus(file.path) ?? model.flatMap { FileStatus($0) }
    var temporary: TemporaryFile
    do {
      temporary = try TemporaryFile(in: file.folder, isNamed: needsName, isPrivate: earlier != nil)
    } catch {
      throw OutputError.cannotCreate(path, reason: error.reason)
    }
    try content { try write($0, into: temporary.descriptor) }
    if let earlier { temporary.takeOver(earlier) }
    do {
      try temporary.move(to: file)
    } catch {
      throw OutputError.cannotWrite(path, reason: error.reason)
    }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, into descriptor: Int32) throws {
    try Self.write(bytes, into: descriptor, named: path == "-" ? "standard output" : path)
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, into descriptor: Int32, named name: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let written = Foundation.write(descriptor, piece.baseAddress, piece.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw OutputError.cannotWrite(name, reason: SystemError().reason)
      }
      rest = rest.dropFirst(written)
    }
  }
}
