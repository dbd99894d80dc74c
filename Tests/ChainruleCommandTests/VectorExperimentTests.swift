import Foundation
import Testing

/// Experiments on vectors: the same file of runs, the same numbers after a kill, other units.
@Suite struct VectorExperimentTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    var state: UInt64 = 5
    func next() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % 9)
    }
    let rows = (0..<40).flatMap { sequence in (0...(sequence % 4)).map { "\(sequence),\($0),\(next()),\(next())" } }
    try folder.write("counts.csv", "sequence,step,left,right\n" + rows.joined(separator: "\n") + "\n")
  }

  private func write(_ models: [String], _ more: String = "") throws {
    try folder.write(
      "e.yaml",
      """
      data: {train: counts.csv, values: counts}
      models:
      \(models.map { "  - \($0)" }.joined(separator: "\n"))
      \(more)
      """)
  }

  private func run(_ words: String...) throws -> Program.Outcome { try Program.run(words, in: folder) }

  /// All results in a file but times and numbers, by their keys.
  private func results(_ file: String) throws -> [String: String] {
    var results: [String: String] = [:]
    for run in try run("runs", "export", file, "--format", "json").json()["runs"].list {
      guard var raw = run.raw as? [String: Any], var result = raw["result"] as? [String: Any] else { continue }
      for name in ["run", "created", "fitSeconds"] { raw[name] = nil }
      result["fitSeconds"] = nil
      raw["result"] = result
      let key = try run["key"].string
      #expect(results[key] == nil, "done twice")
      let bytes = try JSONSerialization.data(withJSONObject: raw, options: [.sortedKeys])
      results[key] = String(decoding: bytes, as: UTF8.self)
    }
    return results
  }

  @Test func figuresAreThoseOfCompare() throws {
    try write(
      ["markov:{0,1}/{halt,tau}", "markov:0,emission=poisson/halt"],
      "measure: {samples: 2, lengths: false, by: [component], calibration: true, forecast: false}\noutputs: {report: e.html}"
    )
    let outcome = try run("run", "e.yaml", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let models = try outcome.json()["models"].list
    // What is the same when the kind is known stands there once.
    #expect(models.count == 4)
    let words = try models.map { try $0["model"].string }
    let compared = try Program.run(
      ["compare", "counts.csv", "--values", "counts", "--json"] + words.flatMap { ["--model", $0] }, in: folder
    ).json()["models"].list
    for (a, b) in zip(models, compared) {
      for part in ["nats", "natsPerStep", "natsPerComponent"] {
        #expect(try a["test"][part].number == b["test"][part].number)
      }
      #expect(try a["breakdowns"].list[0]["groups"].list.map { try $0["name"].string } == ["left", "right"])
      #expect(try a["transform"]["components"].list.count == 2)
    }
    let page = try String(decoding: folder.read("e.html"), as: UTF8.self)
    #expect(page.contains("id=\"transforms\"") && !page.contains("id=\"forecasts\""))
    let list = try run("runs", "list", "e.sqlite").text
    #expect(list.contains("nats/step") && !list.contains("nats/event"))
    let shown = try run("runs", "show", "e.sqlite", "1").text
    #expect(shown.contains("a component") && shown.contains("transform: p = ") && !shown.contains("perplexity"))
    #expect(try run("runs", "export", "e.sqlite", "--format", "markdown").text.contains("nats/step"))
    let table = try run("runs", "export", "e.sqlite").lines
    #expect(table[0].contains("test_nats_per_component"))
    let diff = try run("runs", "diff", "e.sqlite", "1", "2").text
    #expect(diff.contains("test nats/step") && !diff.contains("event"))
    // Nothing is done twice, and another kind of numbers is another run.
    #expect(try run("run", "e.yaml", "--dry-run").text.contains("none of 4 runs is missing"))
    try folder.write(
      "e.yaml", "data: {train: counts.csv, values: reals}\nmodels: markov:0/tau\nmeasure: {samples: 0}\nruns: e.sqlite")
    #expect(try run("run", "e.yaml", "--dry-run").text.contains("1 of 1 run is missing"))
  }

  /// Killed at any moment and started again, it ends in the same numbers.
  @Test func itSurvivesBeingKilled() throws {
    try write(
      ["markov:0/tau", "gru:4,epochs=30/{halt,tau}"],
      "repeats: 2\nruns: calm.sqlite\nmeasure: {samples: 3, lengths: false, by: [position], calibration: false}")
    #expect(try run("run", "e.yaml", "-q").code == 0)
    let calm = try results("calm.sqlite")
    #expect(calm.count == 6)
    var kills = 0
    for delay in [40, 90, 150, 220, 300] {
      let program = try Program(
        ["run", "e.yaml", "--runs", "killed.sqlite", "--checkpoint-every", "0", "-q"], in: folder)
      program.closeInput()
      let start = ContinuousClock.now
      try program.wait(for: "the moment") { ContinuousClock.now - start > .milliseconds(delay) }
      if program.isRunning { kills += 1 }
      program.kill()
      _ = try program.outcome()
    }
    #expect(kills > 1)
    let last = try run("run", "e.yaml", "--runs", "killed.sqlite", "-q")
    #expect(last.code == 0, "\(last.errors)")
    #expect(try results("killed.sqlite") == calm)
  }

  /// A fault of the file that only the data show: where it stands.
  @Test(arguments: [
    ("models: [markov:1, tabular]", "e.yaml:2:20", "symbols"),
    ("models: [markov:1/eos]", "e.yaml:2:10", "/halt"),
    ("models: [markov:1]\nmeasure: {by: [position, symbol]}", "e.yaml:3:26", "no groups by symbol"),
  ])
  func faultsAreNamed(text: String, place: String, reason: String) throws {
    try folder.write("e.yaml", "data: {train: counts.csv}\n" + text)
    let outcome = try run("run", "e.yaml")
    #expect(
      outcome.code == 65 && outcome.errors.contains(place) && outcome.errors.contains(reason), "\(outcome.errors)")
    try folder.write("e.yaml", "data: {train: counts.csv, values: numbers}\nmodels: markov:1")
    #expect(try run("run", "e.yaml").errors.contains("e.yaml:1:35"))
  }
}
