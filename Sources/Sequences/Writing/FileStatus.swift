import Foundation

/// What the system says of a file, or of what links lead to.
struct FileStatus {
  private var status = stat()

  /// `nil`, with `errno`, where there is none.
  init?(_ path: [CChar]) {
    if stat(path, &status) != 0 { return nil }
  }

  init?(_ path: String) { self.init(Array(path.utf8CString)) }

  init?(_ descriptor: Int32) {
    if fstat(descriptor, &status) != 0 { return nil }
  }

  /// S_IFREG, S_IFDIR, …
  var kind: mode_t { status.st_mode & S_IFMT }
  var permissions: mode_t { status.st_mode & 0o777 }
  var owner: uid_t { status.st_uid }
  var group: gid_t { status.st_gid }
  var linkCount: Int { Int(status.st_nlink) }

  func isSameFile(as other: FileStatus) -> Bool {
    status.st_dev == other.status.st_dev && status.st_ino == other.status.st_ino
  }
}
