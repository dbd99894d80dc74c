import Foundation

/// A file that is being written, in the folder where it will stand.
///
/// Where the file system can do it (Linux's O_TMPFILE), it has no name until it is whole, so that nothing is left of it
/// however the program ends. Elsewhere its name is random, and it is locked while it is written: a file of such a name
/// without a lock is the leftover of a program that is gone, on this machine or in another container.
package struct TemporaryFile: ~Copyable {
  package let descriptor: Int32
  private let folder: [CChar]
  /// Its path, where it has one.
  private var path: [CChar]?

  /// - Parameters:
  ///   - isNamed: whether it has a name from the start.
  ///   - isPrivate: whether nobody else may read it yet.
  package init(in folder: [CChar], isNamed: Bool, isPrivate: Bool) throws(SystemError) {
    self.folder = folder
    let permissions: mode_t = isPrivate ? 0o600 : 0o666
    if !isNamed {
      descriptor = try Self.openUnnamed(in: folder, O_WRONLY, permissions)
      path = nil
      _ = flock(descriptor, LOCK_EX | LOCK_NB)
      return
    }
    while true {
      let path = Self.randomPath(in: folder)
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions)
      if descriptor >= 0 {
        // Somebody may have taken it for a leftover before it was locked.
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK,
          let status = FileStatus(descriptor), status.linkCount > 0
        {
          self.descriptor = descriptor
          self.path = path
          return
        }
        close(descriptor)
      } else if errno != EEXIST {
        throw SystemError()
      }
    }
  }

  deinit {
    if let path { unlink(path) }
    close(descriptor)
  }

  /// Takes over a file's permissions, and its owner as far as this user may.
  func takeOver(_ earlier: FileStatus) {
    if let own = FileStatus(descriptor), own.owner != earlier.owner || own.group != earlier.group,
      fchown(descriptor, earlier.owner, earlier.group) != 0
    {
      _ = fchown(descriptor, own.owner, earlier.group)
    }
    _ = fchmod(descriptor, earlier.permissions)
  }

  /// Waits until it is on the disk, and moves it to the place of a file in its folder.
  package mutating func move(to file: OutputTarget.File) throws(SystemError) {
    guard fsync(descriptor) == 0 else { throw SystemError() }
    try giveName()
    if let path, rename(path, file.path) != 0 { throw SystemError() }
    path = nil
  }

  /// A name that nothing has: a link cannot replace a file, but renaming can.
  private mutating func giveName() throws(SystemError) {
    while path == nil {
      let path = Self.randomPath(in: folder)
      if linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 {
        self.path = path
      } else if errno != EEXIST {
        throw SystemError()
      }
    }
  }

  // MARK: In a folder

  /// Whether files need a name from the start in a folder, tried out. Signals wait meanwhile, so that one that ends the
  /// program leaves no file there.
  /// - Throws: `SystemError` where no file can be made there.
  static func needsName(in folder: [CChar]) throws(SystemError) -> Bool {
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    do throws(SystemError) {
      let rehearsal = try TemporaryFile(in: folder, isNamed: false, isPrivate: true)
      // Where names can be given, a name that is taken is refused for that reason alone: so no file has one meanwhile.
      let link = linkat(
        AT_FDCWD, "/proc/self/fd/\(rehearsal.descriptor)", AT_FDCWD, folder, AT_SYMLINK_FOLLOW)
      guard link != 0, errno == EEXIST else { throw SystemError() }
      return false
    } catch {
      _ = try TemporaryFile(in: folder, isNamed: true, isPrivate: true)
      return true
    }
  }

  /// A file to write and read that never has a name; `folder` is that of the system if it is `nil`.
  package static func unnamed(in folder: String? = nil) throws(SystemError) -> Int32 {
    let folder = Array(((folder ?? FileManager.default.temporaryDirectory.path) + "/").utf8CString)
    do throws(SystemError) {
      return try openUnnamed(in: folder, O_RDWR, 0o600)
    } catch {
      let path = randomPath(in: folder)
      let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw SystemError() }
      unlink(path)
      return descriptor
    }
  }

  /// Removes the files of programs that were killed while they wrote.
  static func removeLeftovers(in folder: [CChar]) {
    guard let listing = opendir(folder) else { return }
    defer { closedir(listing) }
    while let entry = readdir(listing) {
      let path = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { name in
          fnmatch(pattern, name, 0) == 0 ? Self.path(name, in: folder) : nil
        }
      }
      guard let path else { continue }
      let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      // Whoever moves one to its place holds the lock until it is done: then nothing, or another file, has the name.
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0, let held = FileStatus(descriptor), held.kind == S_IFREG,
        let named = FileStatus(path), named.isSameFile(as: held)
      {
        unlink(path)
      }
    }
  }

  private static func openUnnamed(
    in folder: [CChar], _ access: Int32, _ permissions: mode_t
  ) throws(SystemError) -> Int32 {
    #if os(Linux)
      // O_TMPFILE, a macro that Swift does not see.
      let descriptor = open(folder, access | 0o20000000 | O_DIRECTORY | O_CLOEXEC, permissions)
      if descriptor >= 0 { return descriptor }
      throw SystemError()
    #else
      throw SystemError(ENOTSUP)
    #endif
  }

  private static func randomPath(in folder: [CChar]) -> [CChar] {
    path(".chainrule-\(UInt64.random(in: .min ... .max).hexadecimal(digits: 16)).tmp", in: folder)
  }

  private static func path(_ name: UnsafePointer<CChar>, in folder: [CChar]) -> [CChar] {
    Array(folder.dropLast()) + UnsafeBufferPointer(start: name, count: strlen(name) + 1)
  }

  private static let pattern = ".chainrule-" + String(repeating: "[0-9a-f]", count: 16) + ".tmp"
}
