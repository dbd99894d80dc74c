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

  /// Opens a file, and brings one of an earlier version up to date.
  /// - Parameter creating: whether it is made where there is none.
  /// - Throws: `RunFileError`.
  public init(opening path: String, creating: Bool) throws {
    self.path = path
    let exists = FileManager.default.fileExists(atPath: path)
    guard exists || creating else { throw RunFileError.missing(path) }
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(60)
      configuration.journalMode = .wal
      configuration.label = "runs"
      // One process at a time: two that turn on the journal of a new file at once would be in each other's way.
      database = try FileLock.holding(path + ".opening") {
        let database = try DatabaseQueue(path: path, configuration: configuration)
        let isNewer = try database.read { try Self.migrator.hasBeenSuperseded($0) }
        if isNewer { throw RunFileError.newer(path) }
        try Self.migrator.migrate(database)
        return database
      }
    } catch let error as DatabaseError {
      throw RunFileError(error, path, isOpening: true)
    }
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
