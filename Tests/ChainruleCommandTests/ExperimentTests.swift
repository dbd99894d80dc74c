import Foundation
import Testing

/// Experiments: what is kept, what is done again, what several processes do to one file.
@Suite struct ExperimentTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("names.txt", names(60, seed: 1))
  }

  /// Names over four letters.
  private func names(_ count: Int, seed: UInt64) -> String {
    var state = seed
    func next(_ bound: UInt64) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % bound)
    }
    return (0..<count).map { _ in
      String((0..<next(6) + 2).map { _ in "adin"[String.Index(utf16Offset: next(4), in: "adin")] }) + "\n"
    }.joined()
  }

  private func write(_ models: [String], _ more: String = "") throws {
    try folder.write(
      "e.yaml",
      """
      data: {train: names.txt}
      models:
      \(models.map { "  - \($0)" }.joined(separator: "\n"))
      measure: {samples: 2}
      outputs: {json: out.json, csv: out.csv, markdown: out.md, latex: out.tex}
      \(more)
      """)
  }

  /// All results in a file but times and numbers, by what they are of.
  private func results(_ file: String) throws -> [String: String] {
    let json = try Program.run("runs", "export", file, "--format", "json", in: folder).json()
    var results: [String: String] = [:]
    for run in try json["runs"].list {
      let key = try run["key"].string
      #expect(results[key] == nil, "done twice")
      results[key] = try run.text(without: ["fitSeconds", "symbolsPerSecond", "run", "created"])
    }
    return results
  }

  /// What is done is not done again, and what is added is: the table is that of `compare`.
  @Test func onlyWhatIsMissingIsDone() throws {
    try write(["markov:{1,2}/{eos,tau}"], "repeats: 2")
    let dry = try Program.run("run", "e.yaml", "--dry-run", in: folder)
    #expect(dry.lines.first == "8 of 8 runs are missing, longest first:" && dry.lines.count == 9)
    #expect(!folder.names.contains("e.sqlite"))
    let first = try Program.run("run", "e.yaml", "--json", in: folder)
    let words = try first.json()["models"].list.map { try $0["model"].string }
    let compared = try Program.run(
      ["compare", "names.txt", "--repeats", "2", "--json"] + words.flatMap { ["--model", $0] }, in: folder
    ).json()
    for (a, b) in zip(try first.json()["models"].list, try compared["models"].list) {
      for part in ["test", "valid", "difference"] {
        #expect(try a[part].text(without: []) == b[part].text(without: []))
      }
    }
    #expect(words.count == 4 && folder.names.contains("out.tex") && folder.names.contains("out.md"))
    #expect(!folder.names.contains { $0.hasPrefix("e.sqlite.") }, "\(folder.names)")
    let before = try results("e.sqlite")
    try write(["markov:{1,2}/{eos,tau}", "markov:0"], "repeats: 2")
    #expect(try Program.run("run", "e.yaml", "--dry-run", in: folder).lines.count == 3)
    #expect(try Program.run("run", "e.yaml", in: folder).errors.contains("8 of 10 runs are done already"))
    let after = try results("e.sqlite")
    #expect(before.count == 8 && after.count == 10 && before.allSatisfy { after[$0] == $1 })
    // A run that is taken out is done again, with the same result.
    #expect(try Program.run("runs", "rm", "e.sqlite", "1", "2", in: folder).code == 0)
    #expect(try results("e.sqlite").count == 8)
    #expect(try Program.run("run", "e.yaml", "-q", in: folder).code == 0)
    #expect(try results("e.sqlite") == after)
    #expect(try Program.run("runs", "gc", "e.sqlite", in: folder).text == "0 runs removed for good\n")
  }

  /// Killed at any moment and started again, it ends in the same numbers, and does nothing twice.
  @Test func itSurvivesBeingKilled() throws {
    try write(["markov:1/{eos,halt}", "gru:8,epochs=12/{eos,tau}"], "repeats: 2\nruns: calm.sqlite")
    #expect(try Program.run("run", "e.yaml", "-q", in: folder).code == 0)
    let calm = try results("calm.sqlite")
    #expect(calm.count == 8)
    var kills = 0
    for delay in [30, 60, 90, 130, 170, 220] {
      let program = try Program(
        ["run", "e.yaml", "--runs", "killed.sqlite", "--checkpoint-every", "0", "-q"], in: folder)
      program.closeInput()
      let start = ContinuousClock.now
      try program.wait(for: "the moment") { ContinuousClock.now - start > .milliseconds(delay) }
      if program.isRunning { kills += 1 }
      program.kill()
      _ = try program.outcome()
    }
    #expect(kills > 2)
    let last = try Program.run("run", "e.yaml", "--runs", "killed.sqlite", "-q", in: folder)
    #expect(last.code == 0, "\(last.errors)")
    #expect(try results("killed.sqlite") == calm)
    #expect(!folder.names.contains { $0.hasPrefix("killed.sqlite.") }, "\(folder.names)")
  }

  /// Two processes begin at once on a new file: no error, each run there once, and both print the whole table.
  @Test(arguments: 0..<4) func twoAtOnce(number: Int) throws {
    try write(["markov:{0,1,2}/{eos,halt}", "rnn:4,epochs=2"])
    let both = try (0..<2).map { _ in try Program(["run", "e.yaml", "--json", "-q"], in: folder) }
    both.forEach { $0.closeInput() }
    for program in both {
      let outcome = try program.outcome()
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(try outcome.json()["models"].list.count == 7)
    }
    #expect(try results("e.sqlite").count == 7)
  }

  /// Ctrl-C keeps what is done.
  @Test func anInterruptionKeepsWhatIsDone() throws {
    try write(["markov:1", "gru:32,epochs=2000"])
    let program = try Program(["run", "e.yaml", "--threads", "2"], in: folder)
    program.closeInput()
    try program.wait(for: "the first run") { program.errorsSoFar.contains("left)") }
    program.interrupt()
    let outcome = try program.outcome()
    #expect(outcome.code == 130 && outcome.errors.contains("1 of 2 runs are saved in"), "\(outcome.errors)")
    #expect(try results("e.sqlite").count == 1)
    #expect(folder.names.contains("e.sqlite.work"))
  }

  /// Listing, showing, comparing, tagging.
  @Test func runsAreShown() throws {
    try write(["markov:{0,1}"])
    #expect(try Program.run("run", "e.yaml", "-q", in: folder).code == 0)
    #expect(try Program.run("runs", "tag", "e.sqlite", "2", "paper", in: folder).code == 0)
    let list = try Program.run("runs", "list", "e.sqlite", "--tag", "paper", in: folder)
    #expect(list.lines.count == 2 && list.lines[1].contains("paper"))
    #expect(try Program.run("runs", "list", "e.sqlite", "--experiment", "e", "--csv", in: folder).lines.count == 3)
    #expect(try Program.run("runs", "list", "e.sqlite", "--experiment", "f", in: folder).text == "no runs\n")
    #expect(try Program.run("runs", "show", "e.sqlite", "1", in: folder).text.contains("free parameters"))
    let diff = try Program.run("runs", "diff", "e.sqlite", "1", "2", "--json", in: folder).json()
    let nats = try [1, 2].map { id in
      try Program.run("runs", "show", "e.sqlite", "\(id)", "--json", in: folder).json()["result"]["test"][
        "natsPerSequence"
      ]
      .number
    }
    #expect(abs(try diff["difference"]["natsPerSequence"].number - (nats[1] - nats[0])) < 1e-12)
    for (line, code) in [
      (["show", "e.sqlite", "9"], Int32(64)), (["list", "missing.sqlite"], 66), (["list", "names.txt"], 65),
      (["tag", "e.sqlite", "1", "two words"], 64),
    ] {
      let outcome = try Program.run(["runs"] + line, in: folder)
      #expect(outcome.code == code, "\(outcome.errors)")
    }
    // A file that a later version wrote to.
    #expect(
      try Program(
        executable: "/usr/bin/env",
        [
          "python3", "-c",
          "import sqlite3; c = sqlite3.connect('e.sqlite'); c.execute(\"insert into grdb_migrations values ('99')\"); c.commit()",
        ],
        in: folder
      ).outcome().code == 0)
    let newer = try Program.run("runs", "list", "e.sqlite", in: folder)
    #expect(newer.code == 65 && newer.errors.contains("a later version"), "\(newer.errors)")
  }

  /// A fault in the file: where it is, and what was meant.
  @Test(arguments: [
    ("data: {train: names.txt}\nmodles: [markov:1]", "e.yaml:2:1", "did you mean models?"),
    ("data: {train: names.txt}\nmodels: [markov:1, markow:2]", "e.yaml:2:20", "markov"),
    ("data: {trian: names.txt}\nmodels: [markov:1]", "e.yaml:1:8", "did you mean train?"),
    ("data: {train: names.txt}\nmodels: [\"gru:{1,2\"]", "e.yaml:2:10", "a { without its }"),
    ("data: {train: names.txt}\nmodels: [markov:1]\nfolds: one", "e.yaml:3:8", "whole number"),
    ("data: {train: names.txt}\nmodels: [markov:1]\nmeasure: {by: [colour]}", "e.yaml:3:16", "position"),
    ("data: {train: names.txt}\nmodels: []", "e.yaml:2:9", "found none"),
    ("data: {train: names.txt}\nmodels: markov:1\nmodels: markov:2", "e.yaml:3:1", "stands twice"),
    ("models: [markov:1]", "e.yaml:1:1", "the key data is missing"),
    ("data: [", "e.yaml:2:1", "not YAML"),
    ("data: {train: names.txt, symbols: letters}\nmodels: markov:1", "e.yaml:1:35", "graphemes"),
    ("data: {train: names.txt, test: names.txt}\nmodels: markov:1\nfolds: 3", "e.yaml:3:8", "leave out test"),
    ("- a\n- b", "e.yaml:1:1", "expected keys and values"),
    ("", "e.yaml:1:1", "found nothing"),
    (String(repeating: "[", count: 50_000), "e.yaml:1:1", "levels deep"),
    (String(repeating: "- ", count: 50_000), "e.yaml:1:1", "levels deep"),
    (String(repeating: "a", count: 1 << 19), "e.yaml:1:1", "a large file"),
  ])
  func faultsAreNamed(text: String, place: String, reason: String) throws {
    try folder.write("e.yaml", text)
    let outcome = try Program.run("run", "e.yaml", in: folder)
    #expect(
      outcome.code == 65 && outcome.errors.contains(place) && outcome.errors.contains(reason), "\(outcome.errors)")
  }

  /// Runs whatever changes a file of SQLite's.
  private func change(_ file: String, _ statements: String) throws {
    try folder.write(
      "change.py",
      "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nc.executescript(open('change.sql').read())\nc.commit()\n")
    try folder.write("change.sql", statements)
    #expect(try folder.shell("python3 change.py \(file)") == 0)
  }

  /// A run file that somebody edited, or that is something else: a sentence, and it stays as it is.
  @Test(arguments: [
    "UPDATE run SET result = replace(result, '\"fraction\":1', '\"fraction\":0')",
    "UPDATE run SET result = replace(result, '\"fold\":0', '\"fold\":9223372036854775807')",
    "UPDATE run SET result = replace(result, '\"stored\":', '\"stored\":9223372036854775')",
    "UPDATE run SET result = replace(result, '\"symbols\":', '\"symbols\":9223372036854')",
    "UPDATE run SET result = '{}'", "UPDATE run SET nats = 1", "UPDATE run SET nats = x'00'",
    "UPDATE run SET tags = x'ff'",
    "UPDATE run SET model = x'ff00'", "DROP TABLE run",
  ])
  func editedRunFiles(statement: String) throws {
    try write(["markov:1"])
    #expect(try Program.run("run", "e.yaml", "-q", in: folder).code == 0)
    try change("e.sqlite", statement)
    for line in [["list"], ["show"], ["diff"], ["export"]] {
      let more = line == ["show"] ? ["1"] : line == ["diff"] ? ["1", "1"] : []
      let outcome = try Program.run(["runs"] + line + ["e.sqlite"] + more, in: folder)
      #expect(
        outcome.code == 65 && outcome.errors.contains("not a run file"), "\(line) \(outcome.code) \(outcome.errors)")
    }
    #expect(try Program.run("run", "e.yaml", "-q", in: folder).code == 65)
  }

  @Test func databasesOfOthersStayAsTheyAre() throws {
    try change("other.sqlite", "CREATE TABLE a (b); INSERT INTO a VALUES (1)")
    let before = try folder.read("other.sqlite")
    try write(["markov:1"], "runs: other.sqlite")
    for line in [["runs", "list", "other.sqlite"], ["runs", "tag", "other.sqlite", "1", "a"], ["run", "e.yaml"]] {
      #expect(try Program.run(line, in: folder).code == 65, "\(line)")
    }
    #expect(try folder.read("other.sqlite") == before)
    #expect(!folder.names.contains { $0.hasPrefix("other.sqlite.") || $0.hasPrefix("other.sqlite-") })
  }

  /// What a killed process left of runs that are done is taken away.
  @Test func leftoversAreRemoved() throws {
    try write(["gru:2,epochs=1"])
    #expect(try Program.run("run", "e.yaml", "-q", in: folder).code == 0)
    let key = try #require(results("e.sqlite").keys.first)
    #expect(try folder.shell("mkdir e.sqlite.work && cd e.sqlite.work && touch \(key).lock \(key).checkpoint") == 0)
    #expect(try folder.shell("touch e.sqlite.work/.chainrule-0123456789abcdef.tmp") == 0)
    #expect(try Program.run("run", "e.yaml", "-q", in: folder).code == 0)
    #expect(!folder.names.contains("e.sqlite.work"))
  }

  /// Outputs are looked at before any work, and none takes the place of what is read or kept.
  @Test(arguments: [
    ("csv: e.sqlite", Int32(64)), ("csv: names.txt", 64), ("csv: e.yaml", 64), ("csv: a.txt, json: ./a.txt", 64),
    ("latex: nowhere/t.tex", 73),
  ])
  func outputsAreCheckedFirst(outputs: String, code: Int32) throws {
    try folder.write("e.yaml", "data: {train: names.txt}\nmodels: markov:1\noutputs: {\(outputs)}\n")
    let outcome = try Program.run("run", "e.yaml", in: folder)
    #expect(outcome.code == code, "\(outcome.errors)")
    #expect(!folder.names.contains("e.sqlite"))
  }

  /// A change of what a result depends on is another run: seeds, weights, the way a file is read.
  @Test func keysHoldWhatResultsDependOn() throws {
    func missing(_ yaml: String) throws -> Int {
      try folder.write("k.yaml", yaml + "\nruns: k.sqlite\n")
      let dry = try Program.run("run", "k.yaml", "--dry-run", "--json", in: folder).json()["missing"].list.count
      #expect(try Program.run("run", "k.yaml", "-q", in: folder).code == 0)
      return dry
    }
    try folder.write("v.txt", names(20, seed: 3))
    try folder.write("tw.txt", "da\t1\n")
    try folder.write("tc.txt", "da\n")
    try folder.write("w.txt", "ad\t2\nin\t1\nda\t3\nid\t1\nan\t4\n")
    try folder.write("c.txt", "ad\nad\nin\nda\nda\nda\nid\nan\nan\nan\nan\n")
    let valid = "data: {train: names.txt, test: v.txt, valid: v.txt}\nmodels: markov:1\nlearning-curve: true\n"
    #expect(try missing(valid + "seed: 1\nrepeats: 2") == 12)
    // Seed 2 was fitted, but on parts that seed 1 had chosen.
    #expect(try missing(valid + "seed: 2") == 6)
    #expect(try missing("data: {train: w.txt, weights: true, test: tw.txt, alphabet: a-n}\nmodels: markov:1") == 1)
    #expect(try missing("data: {train: c.txt, test: tc.txt, alphabet: a-n}\nmodels: markov:1") == 1)
    #expect(try missing("data: {train: c.txt, test: tc.txt, alphabet: a-n}\nmodels: markov:1\nname: b") == 0)
  }

  /// What cannot be written is said, and nothing is lost.
  @Test func aFileThatCannotBeWritten() throws {
    try write(["markov:1"], "runs: nowhere/e.sqlite")
    let missing = try Program.run("run", "e.yaml", in: folder)
    #expect(missing.code == 73 && missing.errors.contains("nowhere/e.sqlite"), "\(missing.errors)")
  }
}

extension JSON {
  /// The value as text with sorted keys, without some fields at any depth.
  fileprivate func text(without keys: Set<String>) throws -> String {
    func stripped(_ value: Any) -> Any {
      if let object = value as? [String: Any] {
        return object.filter { !keys.contains($0.key) }.mapValues(stripped)
      }
      return (value as? [Any])?.map(stripped) ?? value
    }
    let bytes = try JSONSerialization.data(withJSONObject: stripped(raw), options: [.sortedKeys, .fragmentsAllowed])
    return String(decoding: bytes, as: UTF8.self)
  }
}
