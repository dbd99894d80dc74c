import Foundation

/// What an output's path leads to.
package enum OutputTarget {
  /// Something that is open already: standard output as "-" or /dev/stdout, or /dev/fd/3.
  case descriptor(Int32)
  /// A pipe, a device: nothing that a file could take the place of.
  case stream
  /// A file, there or not yet there, that is no symbolic link.
  case file(File)

  /// Names are bytes, in which links may lead anywhere.
  package struct File {
    var path: [CChar]

    package init(path: [CChar]) { self.path = path }

    /// With the last slash.
    var folder: [CChar] {
      let end = path.lastIndex(of: slash).map { $0 + 1 } ?? 0
      return end == 0 ? [CChar]("./".utf8CString) : path[..<end] + [0]
    }

    var name: ArraySlice<CChar> { path[(path.lastIndex(of: slash).map { $0 + 1 } ?? 0)...].dropLast() }

    /// What the file leads to if it is a symbolic link.
    fileprivate var linked: File? {
      var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      let count = readlink(path, &target, target.count - 1)
      guard count > 0 else { return nil }
      let link = target[..<count] + [0]
      return File(path: link.first == slash ? Array(link) : folder.dropLast() + link)
    }

    /// The descriptor of which the file is a name.
    fileprivate var descriptor: Int32? {
      guard !name.isEmpty, let number = Int32(String(decoding: name.map(UInt8.init(bitPattern:)), as: UTF8.self)),
        let place = realpath(folder, nil)
      else { return nil }
      defer { free(place) }
      let isDescriptor = ["/dev/fd", "/proc/self/fd"].contains { folder in
        guard let own = realpath(folder, nil) else { return false }
        defer { free(own) }
        return strcmp(own, place) == 0
      }
      return isDescriptor ? number : nil
    }
  }

  /// - Throws: `OutputError.cannotCreate` where the path leads nowhere, or to what cannot be written.
  init(_ path: String) throws(OutputError) {
    func refuse(_ code: Int32) -> OutputError { .cannotCreate(path, reason: SystemError(code).reason) }
    if path == "-" {
      self = try .descriptor(Self.writable(STDOUT_FILENO, path))
      return
    }
    // Bytes after a zero would be lost.
    guard !path.isEmpty, !path.utf8.contains(0) else { throw refuse(ENOENT) }
    var file = File(path: Array(path.utf8CString))
    for _ in 0...40 {
      if let descriptor = file.descriptor {
        self = try .descriptor(Self.writable(descriptor, path))
        return
      }
      if let next = file.linked {
        file = next
        continue
      }
      guard let status = FileStatus(file.path) else {
        // What is not there can be made, where it has a name.
        guard errno == ENOENT else { throw refuse(errno) }
        guard !file.name.isEmpty else { throw refuse(EISDIR) }
        self = .file(file)
        return
      }
      guard status.kind != S_IFDIR else { throw refuse(EISDIR) }
      guard access(file.path, W_OK) == 0 else { throw refuse(errno) }
      self = status.kind == S_IFREG ? .file(file) : .stream
      return
    }
    throw refuse(ELOOP)
  }

  private static func writable(_ descriptor: Int32, _ path: String) throws(OutputError) -> Int32 {
    let flags = fcntl(descriptor, F_GETFL)
    guard flags >= 0, flags & O_ACCMODE != O_RDONLY else {
      throw OutputError.cannotCreate(path, reason: SystemError(EBADF).reason)
    }
    return descriptor
  }
}

private let slash = CChar(bitPattern: UInt8(ascii: "/"))
