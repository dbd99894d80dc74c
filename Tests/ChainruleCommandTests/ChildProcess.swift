import Foundation
import Testing

/// A process that the tests start, by `posix_spawn`: Foundation's `Process` crashes now and then where several threads start
/// some (Swift 6.3 on Linux).
final class ChildProcess {
  let identifier: pid_t
  /// The end of the pipe that leads into it.
  private var input: Int32
  private var status: Int32?

  // What is GNU's alone is not in Swift's module of the C library.
  private typealias Actions = UnsafeMutablePointer<posix_spawn_file_actions_t>
  private static let changeFolder = unsafeBitCast(
    dlsym(nil, "posix_spawn_file_actions_addchdir_np"),
    to: (@convention(c) (Actions, UnsafePointer<CChar>) -> Int32).self)
  private static let closeFrom = unsafeBitCast(
    dlsym(nil, "posix_spawn_file_actions_addclosefrom_np"), to: (@convention(c) (Actions, Int32) -> Int32).self)

  /// Starts a program in a folder; what it prints goes to two files.
  init(
    _ executable: String, _ arguments: [String], environment: [String: String], folder: String, output: String,
    errors: String
  ) throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0, "a pipe")
    defer { close(ends[0]) }
    input = ends[1]
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    for (number, path) in [(1, output), (2, errors)] {
      posix_spawn_file_actions_addopen(&actions, Int32(number), path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    }
    _ = Self.changeFolder(&actions, folder)
    _ = Self.closeFrom(&actions, 3)
    // The tests ignore some signals; the program begins as from a shell.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let words = ([executable] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, executable, &actions, &attributes, words, variables)
    try #require(code == 0, "\(executable): \(String(cString: strerror(code)))")
    identifier = process
  }

  deinit {
    closeInput()
    if isRunning { kill(identifier, SIGKILL) }
  }

  /// Writes all of it into the program; what it no longer reads is lost.
  func write(_ data: Data) {
    data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(input, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return }
        rest = rest.dropFirst(count)
      }
    }
  }

  func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// Whether it has not ended yet.
  var isRunning: Bool {
    if status != nil { return false }
    var status: Int32 = 0
    guard waitpid(identifier, &status, WNOHANG) == identifier else { return true }
    self.status = status
    return false
  }

  /// The exit code; that of a process ended by a signal is 128 and the signal, as shells have it. It must have ended.
  var code: Int32 {
    let status = status ?? 0
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }
}
