import Experiments
import Foundation
import GRDB
import Models
import Sequences

/// A file of runs: the results of trials, in SQLite. Several processes may use one file at once.
///
///     let file = try RunFile(opening: "names.sqlite", creating: true)
///     try file.add(run)
///     try file.runs()
public final class RunFile: Sendable {
  /// The file's path.
  public let path: String
  private let database: DatabaseQueue

  /// What a file is opened for.
  public enum Use: Sendable {
    /// To look at it; it is not written, unless an earlier version's tables must be brought up to date.
    case reading
    /// To change what it holds.
    case changing
    /// To add runs; where there is no file it is made.
    case adding
  }

  /// Opens a file, and brings one of an earlier version up to date.
  /// - Throws: `RunFileError`, also for a file of something else, which stays as it is.
  public init(opening path: String, for use: Use) throws {
    self.path = path
    guard use == .adding || FileManager.default.fileExists(atPath: path) else { throw RunFileError.missing(path) }
    do {
      let lock = path + ".opening"
      // While another process makes it, a file is not what it will be.
      if use == .reading, !FileManager.default.fileExists(atPath: lock) {
        let (reader, isCurrent) = try Self.looking(at: path, for: use)
        if isCurrent {
          database = reader
          return
        }
      }
      // One process at a time: two that turn on the journal of a new file at once would be in each other's way.
      database = try FileLock.holding(lock) {
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? nil
        if size ?? 0 > 0 || use != .adding { _ = try Self.looking(at: path, for: use) }
        var configuration = Configuration()
        configuration.busyMode = .timeout(60)
        configuration.journalMode = .wal
        configuration.label = "runs"
        let database = try DatabaseQueue(path: path, configuration: configuration)
        try Self.migrator.migrate(database)
        return database
      }
    } catch let error as DatabaseError {
      throw RunFileError(error, path, isOpening: true)
    }
  }

  /// Opens a file that is there, and looks whether it is a run file, which changes nothing in it; but what a process that was
  /// killed has left half written is taken back, as SQLite does.
  /// - Returns: it, and whether its tables are those of this version.
  private static func looking(at path: String, for use: Use) throws -> (DatabaseQueue, isCurrent: Bool) {
    var configuration = Configuration()
    configuration.busyMode = .timeout(60)
    configuration.readonly = access(path, W_OK) != 0
    // Where nothing can be written beside it, nobody else can write to it either.
    let folder = (path as NSString).deletingLastPathComponent
    let isFixed = access(folder.isEmpty ? "." : folder, W_OK) != 0
    if isFixed { configuration.readonly = true }
    let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
    let database = try DatabaseQueue(
      path: isFixed ? "file:\(escaped)?immutable=1" : path, configuration: configuration)
    let isCurrent = try database.read { database in
      let tables = Set(
        try String.fetchAll(
          database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"))
      let migrations = "grdb_migrations"
      if tables.contains(migrations), try migrator.hasBeenSuperseded(database) { throw RunFileError.newer(path) }
      // A process that was killed may have begun to make it.
      if use == .adding, tables.isSubset(of: [migrations]) { return false }
      guard tables.isSuperset(of: [migrations, "run", "experiment"]) else { throw RunFileError.foreign(path) }
      return try migrator.hasCompletedMigrations(database)
    }
    return (database, isCurrent)
  }

  /// The versions of the tables.
  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: experiments and runs") { database in
      try database.execute(
        sql: """
          CREATE TABLE experiment (hash TEXT PRIMARY KEY, name TEXT NOT NULL, yaml TEXT NOT NULL, created TEXT NOT NULL);
          CREATE TABLE run (
            id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, model TEXT NOT NULL, fold INTEGER NOT NULL,
            seed TEXT NOT NULL, fraction REAL NOT NULL, data TEXT NOT NULL, dataHash TEXT NOT NULL, created TEXT NOT NULL,
            version TEXT NOT NULL, machine TEXT NOT NULL, natsPerEvent REAL, result TEXT NOT NULL, nats BLOB NOT NULL);
          CREATE TABLE member (
            experiment TEXT NOT NULL REFERENCES experiment, number INTEGER NOT NULL, key TEXT NOT NULL,
            PRIMARY KEY (experiment, key));
          """)
    }
    migrator.registerMigration("2: tags, and runs taken out") { database in
      try database.execute(
        sql: """
          ALTER TABLE run ADD COLUMN tags TEXT NOT NULL DEFAULT '';
          ALTER TABLE run ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
          """)
    }
    return migrator
  }

  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do { return try database.read(body) } catch let error as DatabaseError {
      throw RunFileError(error, path, isOpening: true)
    }
  }

  /// Gives space that is no longer used back to the system.
  func vacuum() throws {
    do { try database.vacuum() } catch let error as DatabaseError {
      throw RunFileError(error, path, isOpening: false)
    }
  }

  /// Does some work in one transaction, which holds or leaves nothing.
  func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      var result: Result<Value, any Error>?
      try database.writeWithoutTransaction { database in
        try database.inTransaction(.immediate) {
          result = .success(try body(database))
          return .commit
        }
      }
      guard let result else { preconditionFailure("a transaction without a result") }
      return try result.get()
    } catch let error as DatabaseError {
      throw RunFileError(error, path, isOpening: false)
    }
  }
}
