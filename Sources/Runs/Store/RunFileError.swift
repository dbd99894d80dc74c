import Foundation
import GRDB

/// What can go wrong with a file of runs. Each description is a sentence for a person.
public enum RunFileError: Error, CustomStringConvertible {
  /// There is no such file.
  case missing(String)
  /// A file that is no file of runs, or is damaged.
  case foreign(String)
  /// A file of a later version of the program.
  case newer(String)
  /// A file that cannot be opened or made.
  case cannotOpen(String, reason: String)
  /// A write that failed; what was there before is there still.
  case cannotWrite(String, reason: String)
  /// A run that is not there.
  case noRun(String, id: Int64)

  /// What happened and what helps.
  public var description: String {
    switch self {
    case .missing(let file): "\(file): no such run file; `chainrule run EXPERIMENT.yaml` makes one."
    case .foreign(let file): "\(file): not a run file, or a damaged one."
    case .newer(let file): "\(file): a later version of chainrule has written to this run file; use that version."
    case .cannotOpen(let file, let reason): "\(file): the run file cannot be opened: \(reason)."
    case .cannotWrite(let file, let reason):
      "\(file): the run file cannot be written: \(reason). All earlier runs are in it; run the same command again to continue."
    case .noRun(let file, let id): "\(file): there is no run \(id); `chainrule runs list` shows those that there are."
    }
  }

  /// SQLite's error, told of a file.
  init(_ error: DatabaseError, _ file: String, isOpening: Bool) {
    let reason: String
    switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      self = .foreign(file)
      return
    case .SQLITE_BUSY, .SQLITE_LOCKED: reason = "another program has held it for more than a minute"
    case .SQLITE_READONLY, .SQLITE_PERM: reason = "it is read-only"
    case .SQLITE_FULL: reason = "the disk is full"
    case .SQLITE_CANTOPEN: reason = "its folder is missing or may not be written"
    default: reason = error.message ?? "SQLite's error \(error.resultCode.rawValue)"
    }
    self = isOpening ? .cannotOpen(file, reason: reason) : .cannotWrite(file, reason: reason)
  }
}
