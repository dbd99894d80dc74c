import CInterruption
import Chainrule

/// Thrown where an interruption ends a command after it has kept what there was to keep.
struct Interrupted: Error {
  /// What was kept, if anything.
  var sentence: String?
}

/// Ctrl-C, SIGTERM and SIGHUP. Work that can keep what it has done asks `isRequested` and ends itself; anything else ends
/// at once, and so does everything at the second signal, but for short work such as the writing of a file.
enum Interruption {
  /// Begins to listen. Called once, first thing.
  static func install() { interruption_install() }

  static var isRequested: Bool { interruption_signal() != 0 }

  /// That of a shell for a program that the first signal ended: 130 after Ctrl-C. `nil` where none has come.
  static var exitCode: Int32? { isRequested ? 128 + interruption_signal() : nil }

  /// Does work that asks `isRequested`.
  static func deferring<Result>(_ work: () throws -> Result) rethrows -> Result {
    try with(interruption_is_noted_once, work)
  }

  /// Does short work that no signal may end, however many come.
  static func holdingOff<Result>(_ work: () throws -> Result) rethrows -> Result {
    try with(interruption_is_noted, work)
  }

  /// Writes an output, which no signal may end where it is a file. Into a pipe it may: that can wait for its reader for
  /// ever, and nothing is left of it.
  static func writing(_ output: OutputFile, _ work: () throws -> Void) rethrows {
    if output.isReplaced { try holdingOff(work) } else { try work() }
  }

  /// Has another program draw, which asks whether it is to end: it does at the first signal, and no second one may come
  /// between.
  static func drawing<Result>(_ work: (_ isInterrupted: @escaping () -> Bool) throws -> Result) rethrows -> Result {
    try holdingOff { try work { isRequested } }
  }

  private static func with<Result>(_ policy: interruption_policy, _ work: () throws -> Result) rethrows -> Result {
    let outer = interruption_set_policy(policy)
    defer { _ = interruption_set_policy(outer) }
    return try work()
  }
}
