import Foundation
import Testing

/// The built program, or another, run as a process. Its output goes to files, so that no pipe can fill up and block it.
/// Whatever waits for a process does so through `wait`, which has a limit.
struct Program {
  /// What a run left behind.
  struct Outcome {
    /// The exit code; that of a run ended by a signal is 128 and the signal, as shells have it.
    let code: Int32
    let output: Data
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
    var lines: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }

    /// The one JSON object on standard output.
    func json(_ location: SourceLocation = #_sourceLocation) throws -> JSON {
      try #require(code == 0, "\(errors)", sourceLocation: location)
      return try JSON(output)
    }
  }

  /// Runs it to its end.
  /// - Parameter input: what is piped into it.
  static func run(_ arguments: String..., input: Data? = nil, in folder: Folder) throws -> Outcome {
    try run(arguments, input: input, in: folder)
  }

  static func run(_ arguments: [String], input: Data? = nil, in folder: Folder) throws -> Outcome {
    let program = try Program(arguments, in: folder)
    if let input { program.send(input) }
    program.closeInput()
    return try program.outcome()
  }

  /// A wait that took too long. The process has been killed.
  struct Overdue: Error, CustomStringConvertible {
    let description: String
  }

  private let process: ChildProcess
  private let output: URL
  private let errors: URL
  /// What was started, as on a command line.
  private let line: String

  /// Starts it in a folder, where it finds files by their names.
  init(_ arguments: [String], in folder: Folder) throws {
    try self.init(executable: Self.path, arguments, in: folder)
  }

  init(executable: String, _ arguments: [String], environment: [String: String] = [:], in folder: Folder) throws {
    // A program that ends before it has read everything must not end the tests.
    signal(SIGPIPE, SIG_IGN)
    let name = UUID().uuidString
    output = folder.scratch.appending(path: name + ".out")
    errors = folder.scratch.appending(path: name + ".err")
    line = ([URL(filePath: executable).lastPathComponent] + arguments).joined(separator: " ")
    // Help is laid out for eighty columns where nobody says otherwise.
    process = try ChildProcess(
      executable, arguments,
      environment: ProcessInfo.processInfo.environment.filter { $0.key != "COLUMNS" }.merging(environment) { $1 },
      folder: folder.url.path, output: output.path, errors: errors.path)
  }

  func send(_ data: Data) { process.write(data) }

  func closeInput() { process.closeInput() }

  /// Ctrl-C.
  func interrupt() { send(SIGINT) }

  /// Without any warning.
  func kill() { send(SIGKILL) }

  func send(_ signal: Int32) { Foundation.kill(process.identifier, signal) }

  var isRunning: Bool { process.isRunning }
  var processIdentifier: Int32 { process.identifier }

  /// What it has said so far on standard error.
  var errorsSoFar: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

  /// Waits until the process has ended or the condition holds; then whether the condition holds.
  /// - Parameter what: what is waited for, as the message of a test that waited in vain has it.
  /// - Throws: `Overdue` after `seconds`, which leave time for a busy machine and for a build without optimisation.
  @discardableResult
  func wait(for what: String, seconds: Double = 120, until condition: () -> Bool = { false }) throws -> Bool {
    let start = ContinuousClock.now
    while true {
      // Asked first: what the process did before it ended can be seen once it has ended.
      let isRunning = process.isRunning
      if condition() { return true }
      if !isRunning { return false }
      guard ContinuousClock.now - start < .seconds(seconds) else {
        kill()
        throw Overdue(description: "\(line): waited \(seconds) s for \(what); it said: \(errorsSoFar)")
      }
      usleep(1000)
    }
  }

  /// Waits for its end.
  func outcome(seconds: Double = 120) throws -> Outcome {
    try wait(for: "its end", seconds: seconds)
    return Outcome(
      code: process.code, output: try Data(contentsOf: output),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }

  static var path: String { get throws { try path(of: "chainrule") } }

  /// A program that is built beside the tests.
  static func path(of name: String) throws -> String {
    try #require(programs, "the program is not beside the tests").appending(path: name).path
  }

  /// The folder that holds the test bundle and `chainrule`.
  private static let programs: URL? = CommandLine.arguments.lazy.compactMap { argument -> URL? in
    var url = URL(filePath: argument).standardizedFileURL
    while url.pathComponents.count > 1 {
      let isBundle = url.pathExtension == "xctest"
      url.deleteLastPathComponent()
      if isBundle, FileManager.default.isExecutableFile(atPath: url.appending(path: "chainrule").path) { return url }
    }
    return nil
  }.first
}

/// A temporary folder, gone when nobody holds it any longer.
final class Folder {
  let url: URL
  /// Beside it: what the programs print.
  let scratch: URL
  private let root: URL

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "chainrule-tests-\(UUID().uuidString)")
    url = root.appending(path: "data")
    scratch = root.appending(path: "scratch")
    for folder in [url, scratch] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  /// Writes a file and returns its name.
  @discardableResult
  func write(_ name: String, _ bytes: Data) throws -> String {
    try bytes.write(to: url.appending(path: name))
    return name
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, Data(text.utf8)) }

  func read(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

  /// The exit code of a command line, run in the folder.
  func shell(_ command: String) throws -> Int32 {
    try Program(executable: "/bin/sh", ["-c", command], in: self).outcome().code
  }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? [] }
}

/// A JSON value, read field by field; a missing field or one of another type is a failure that names its path.
struct JSON {
  private let value: Any
  private let path: String

  init(_ data: Data) throws { self.init(try JSONSerialization.jsonObject(with: data), "$") }

  private init(_ value: Any, _ path: String) {
    self.value = value
    self.path = path
  }

  subscript(_ key: String) -> JSON {
    get throws {
      let object = try #require(value as? [String: Any], "\(path) is no object")
      return JSON(try #require(object[key], "\(path).\(key) is missing"), "\(path).\(key)")
    }
  }

  var list: [JSON] {
    get throws {
      let list = try #require(value as? [Any], "\(path) is no list")
      return list.enumerated().map { JSON($1, "\(path)[\($0)]") }
    }
  }

  /// The value as Foundation has it.
  var raw: Any { value }

  var keys: Set<String> { Set((value as? [String: Any])?.keys.map { $0 } ?? []) }

  var string: String { get throws { try #require(value as? String, "\(path) is no string") } }

  var int: Int { get throws { try #require(value as? Int, "\(path) is no integer") } }

  var isNull: Bool { value is NSNull }

  var bool: Bool { get throws { try #require(value as? Bool, "\(path) is no truth value") } }

  /// A number, of which infinite ones are strings.
  var number: Double {
    get throws {
      if value as? String == "inf" { return .infinity }
      return try #require(value as? Double, "\(path) is no number")
    }
  }
}
