import Foundation
import Testing

/// `make test` shows progress and not every test, and its last words are those of `swift test`.
@Suite struct RunnerTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  /// What the script makes of an output of `swift test`.
  private func run(_ output: [String], code: Int) throws -> Program.Outcome {
    try folder.write("output", output.joined(separator: "\n") + "\n")
    try folder.write("swift", "#!/bin/sh\ncat \(folder.url.path)/output\nexit \(code)\n")
    #expect(try folder.shell("chmod +x swift") == 0)
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
      path: "run.sh")
    let environment = [
      "PATH": folder.url.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? ""),
      "TEST_LOG": folder.url.appending(path: "log").path,
    ]
    let program = try Program(executable: script.path, ["-c", "release"], environment: environment, in: folder)
    program.closeInput()
    return try program.outcome()
  }

  private let begin = ["[1/9] Compiling A", "◇ Test run started.", "◇ Suite A started."]

  @Test func testsThatPassAreCounted() throws {
    let tests = (1...250).flatMap { number in
      [
        "◇ Test t\(number)() started.", "◇ Test case passing 1 argument x → 1 to t\(number)() started.",
        "✔ Test t\(number)() passed after 0.1 seconds.",
      ]
    }
    let end = ["✔ Suite A passed after 1.0 seconds.", "✔ Test run with 250 tests in 1 suite passed after 1.0 seconds."]
    let outcome = try run(begin + tests + end, code: 0)
    #expect(outcome.code == 0)
    #expect(outcome.lines == ["  100 tests are done", "  200 tests are done", end[0], "", end[1]])
    #expect(try String(decoding: folder.read("log"), as: UTF8.self).hasSuffix(end[1] + "\n"))
  }

  @Test func failuresStandAtTheEndWithTheirMessages() throws {
    let failure = [
      "✘ Test a() recorded an issue at X.swift:1:7: Expectation failed: 1 == 2", "↳ a comment", "of two lines",
      "✘ Test a() failed after 1.0 seconds with 1 issue.",
    ]
    let other = ["◇ Test b() started.", "✔ Test b() passed after 0.1 seconds."]
    let end = [
      "✘ Suite A failed after 1.0 seconds with 1 issue.",
      "✘ Test run with 2 tests in 1 suite failed after 1.0 seconds.",
    ]
    let outcome = try run(begin + ["◇ Test a() started."] + failure + other + end, code: 1)
    #expect(outcome.code == 1)
    #expect(outcome.lines == failure + [end[0], "", "== Failures"] + failure + ["", end[1]])
  }

  @Test func aCrashNamesTheTestsThatHadBegun() throws {
    let tests = [
      "◇ Test a() started.", "◇ Test b(_:) started.", "✔ Test a() passed after 0.1 seconds.",
      "error: Exited with unexpected signal code 11",
    ]
    let outcome = try run(begin + tests, code: 1)
    #expect(outcome.code == 1)
    #expect(outcome.lines == [tests[3], "", "== No summary: these tests had begun and not ended", "  b(_:)"])
  }
}
