import Experiments
import Foundation
import GRDB
import Models
import Sequences

/// One trial in a file of runs.
public struct StoredRun: Sendable {
  /// Its number in the file; 0 before it is there.
  public internal(set) var id: Int64 = 0
  /// A hash of all that its result depends on: model, data, fold, seed, what is measured.
  public let key: String
  /// The model's word.
  public let model: String
  /// The name of the data, as a person knows them.
  public let data: String
  /// A hash of the data's parts.
  public let dataHash: String
  /// When it was finished, in ISO 8601.
  public let created: String
  /// The version of the program.
  public let version: String
  /// The machine that it ran on.
  public let machine: String
  /// Words that a user gave it.
  public internal(set) var tags: [String] = []
  /// The result.
  public let trial: Trial

  init(key: String, model: String, data: String, dataHash: String, trial: Trial) {
    self.key = key
    self.model = model
    self.data = data
    self.dataHash = dataHash
    self.trial = trial
    created = Date.now.formatted(.iso8601)
    version = Version.current
    machine = Machine.description
  }

  /// A row of the file, which others may have written.
  /// - Throws: where it is not one that this program writes.
  init(_ row: Row) throws {
    func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
      guard let found: DatabaseValue = row[column], let value = Value.fromDatabaseValue(found) else {
        throw Malformed()
      }
      return value
    }
    id = try value("id")
    key = try value("key")
    model = try value("model")
    data = try value("data")
    dataHash = try value("dataHash")
    created = try value("created")
    version = try value("version")
    machine = try value("machine")
    tags = (try value("tags") as String).split(separator: " ").map(String.init)
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    var trial = try decoder.decode(Trial.self, from: Data((try value("result") as String).utf8))
    trial.testNats = Self.doubles(try value("nats"))
    guard trial.isSound else { throw Malformed() }
    self.trial = trial
  }

  private struct Malformed: Error {}

  /// The numbers as they lie in the file: eight bytes each, little-endian.
  private static func bytes(_ numbers: [Double]) -> Data {
    Data(numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } })
  }

  private static func doubles(_ bytes: Data) -> [Double] {
    (0..<bytes.count / 8).map { index in
      let start = bytes.startIndex + 8 * index
      return Double(bitPattern: (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << (8 * UInt64($1)) })
    }
  }

  /// Numbers of drawn vectors that are kept: a row holds all that a page shows, and not a hundred long pieces of music.
  private static let mostDrawnNumbers = 200_000

  fileprivate func insert(into database: Database) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let kept = trial.keepingDraws(ofNumbers: Self.mostDrawnNumbers)
    let result = String(decoding: try encoder.encode(kept), as: UTF8.self)
    let nats = trial.test.natsPerUnit
    try database.execute(
      sql: """
        INSERT OR REPLACE INTO run
          (key, model, fold, seed, fraction, data, dataHash, created, version, machine, natsPerEvent, result, nats)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        key, model, trial.place.fold, "\(trial.place.seed)", trial.place.fraction, data, dataHash, created, version,
        machine,
        nats.isFinite ? nats : nil, result, Self.bytes(trial.testNats),
      ])
  }
}

extension RunFile {
  /// Keeps the result of a trial.
  /// - Throws: `RunFileError.cannotWrite`.
  public func add(_ run: StoredRun) throws { try write { try run.insert(into: $0) } }

  /// Which of some keys have a result.
  func done(_ keys: [String]) throws -> Set<String> {
    try read { database in
      var done: Set<String> = []
      for key in keys
      where try Bool.fetchOne(database, sql: "SELECT 1 FROM run WHERE key = ? AND removed = 0", arguments: [key]) != nil
      {
        done.insert(key)
      }
      return done
    }
  }

  /// What runs are chosen by.
  public struct Filter: Sendable {
    /// The name of an experiment, of which the latest is meant, or eight letters or more of a hash's beginning.
    public var experiment: String?
    /// A part of the model's word.
    public var model: String?
    /// A tag.
    public var tag: String?

    /// All runs.
    public init() {}
  }

  /// The runs, in the order of their numbers.
  /// - Throws: `RunFileError`.
  public func runs(_ filter: Filter = Filter()) throws -> [StoredRun] {
    var (conditions, arguments): ([String], [String]) = (["removed = 0"], [])
    if let experiment = filter.experiment {
      conditions.append(
        """
        key IN (SELECT key FROM member WHERE experiment IN (
          SELECT hash FROM experiment WHERE substr(hash, 1, length(?)) = ? AND length(?) >= 8
          UNION SELECT hash FROM (SELECT hash FROM experiment WHERE name = ? ORDER BY created DESC LIMIT 1)))
        """)
      arguments += Array(repeating: experiment, count: 4)
    }
    if let model = filter.model {
      conditions.append("instr(model, ?) > 0")
      arguments.append(model)
    }
    if let tag = filter.tag {
      conditions.append("instr(' ' || tags || ' ', ' ' || ? || ' ') > 0")
      arguments.append(tag)
    }
    return try all("WHERE \(conditions.joined(separator: " AND ")) ORDER BY id", arguments)
  }

  /// The runs with these keys.
  func runs(keys: [String]) throws -> [String: StoredRun] {
    var found: [String: StoredRun] = [:]
    for key in keys {
      if let run = try all("WHERE key = ? AND removed = 0", [key]).first { found[key] = run }
    }
    return found
  }

  /// One run.
  /// - Throws: `RunFileError.noRun`.
  public func run(_ id: Int64) throws -> StoredRun {
    guard let run = try all("WHERE id = ? AND removed = 0", ["\(id)"]).first else {
      throw RunFileError.noRun(path, id: id)
    }
    return run
  }

  private func all(_ clause: String, _ arguments: [String]) throws -> [StoredRun] {
    let rows = try read {
      try Row.fetchAll($0, sql: "SELECT * FROM run \(clause)", arguments: StatementArguments(arguments))
    }
    do { return try rows.map(StoredRun.init) } catch { throw RunFileError.foreign(path) }
  }

  /// Gives a run tags, or takes them from it.
  /// - Throws: `RunFileError`.
  public func tag(_ id: Int64, adding: [String], removing: [String] = []) throws {
    _ = try run(id)
    try write { database in
      let before = try String.fetchOne(database, sql: "SELECT tags FROM run WHERE id = ?", arguments: [id]) ?? ""
      let kept = before.split(separator: " ").map(String.init).filter { !removing.contains($0) && !adding.contains($0) }
      try database.execute(
        sql: "UPDATE run SET tags = ? WHERE id = ?", arguments: [(kept + adding).joined(separator: " "), id])
    }
  }

  /// Takes runs out: they are no longer listed, and are done again where an experiment asks for them.
  /// - Throws: `RunFileError`.
  public func remove(_ ids: [Int64]) throws {
    for id in ids { _ = try run(id) }
    try write { database in
      for id in ids { try database.execute(sql: "UPDATE run SET removed = 1 WHERE id = ?", arguments: [id]) }
    }
  }

  /// Frees the space of runs that were taken out.
  /// - Returns: their number.
  /// - Throws: `RunFileError`.
  public func collectGarbage() throws -> Int {
    let count = try write { database in
      try database.execute(sql: "DELETE FROM run WHERE removed = 1")
      return database.changesCount
    }
    try vacuum()
    return count
  }

  /// Remembers an experiment and the keys of its trials, in order.
  func remember(_ experiment: Experiment, _ keys: [String]) throws {
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO experiment VALUES (?, ?, ?, ?)
          ON CONFLICT (hash) DO UPDATE SET name = excluded.name, created = excluded.created
          """, arguments: [experiment.hash, experiment.name, experiment.text, Date.now.formatted(.iso8601)])
      // Its data may have changed since.
      try database.execute(sql: "DELETE FROM member WHERE experiment = ?", arguments: [experiment.hash])
      for (number, key) in keys.enumerated() {
        try database.execute(
          sql: "INSERT OR IGNORE INTO member VALUES (?, ?, ?)", arguments: [experiment.hash, number, key])
      }
    }
  }
}
