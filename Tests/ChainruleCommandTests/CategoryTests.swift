import Chainrule
import Foundation
import Testing

/// The commands on columns of categories: what is read, told and written are the names of levels.
@Suite struct CategoryTests {
  private let folder: Folder

  /// Forty tunes of pitch and duration in a table; durations follow from the pitch but for every seventh note.
  init() throws {
    folder = try Folder()
    let pitches = ["C4", "D4", "E, flat", "G \"4\""]
    var rows = "sequence,step,pitch,duration\n"
    for tune in 1...40 {
      let length = tune % 9
      if length == 0 { rows += "\(tune),,,\n" }
      for step in 0..<length {
        let note = (tune * 3 + step * step) % 4
        let duration = (tune + step) % 7 == 0 ? "whole" : note < 2 ? "half" : "quarter"
        rows += "\(tune),\(step + 1),\"\(pitches[note].replacing("\"", with: "\"\""))\",\(duration)\n"
      }
    }
    try folder.write("tunes.csv", rows)
  }

  private func run(_ line: String) throws -> Program.Outcome {
    try Program.run(line.split(separator: " ").map(String.init), in: folder)
  }

  private func refused(_ line: String, _ word: String, code: Int32 = 64) throws {
    let outcome = try run(line)
    #expect(outcome.code == code && outcome.errors.contains(word), "\(line): \(outcome.code), \(outcome.errors)")
  }

  /// Samples beside a table have names of levels; a page has the samples' figures, and no pictures of numbers.
  @Test func comparisonsShowLevels() throws {
    let outcome = try run(
      "compare tunes.csv --model markov:0 --model gru:3,epochs=2 --samples 2 --by component --report page.html")
    #expect(outcome.code == 0 && outcome.text.contains("half)") && outcome.text.contains("pitch"), "\(outcome.errors)")
    let page = try String(contentsOf: folder.url.appending(path: "page.html"), encoding: .utf8)
    #expect(page.contains("nats/component") && !page.contains("Data against samples") && !page.contains("Forecasts"))
    #expect(!page.contains("nan"))
  }

  /// What a word means depends on the kind of the data: these are four models, the first of each pair with edges inside the step.
  @Test func experimentsKeepModelsApart() throws {
    try folder.write(
      "e.yaml",
      """
      data: {train: tunes.csv}
      models: ["markov:{0,1}/halt", "markov:{0,1},emission=categorical/halt"]
      measure: {samples: 1, lengths: false}
      """)
    let models = try run("run e.yaml --json").json()["models"].list
    let words = try models.map { try $0["model"].string }
    #expect(Set(words).count == 4, "\(words)")
    #expect(try run("runs list e.sqlite").text.contains("emission=categorical/halt"))
  }

  @Test func everyWayToEndIsRun() throws {
    let outcome = try run("compare tunes.csv --lengths --model markov:0,emission=categorical")
    #expect(outcome.code == 0 && outcome.text.contains("/tau") && outcome.text.contains("/halt"), "\(outcome.errors)")
  }

  /// Texts that Unicode holds for the same but whose bytes differ are two levels, in the file too.
  @Test func levelsAreToldApartByTheirBytes() throws {
    try folder.write("e.jsonl", String(repeating: "{\"y\": [[\"\u{e9}\"], [\"e\u{301}\"]]}\n", count: 12))
    #expect(try run("train e.jsonl --model markov:0 -o accents -q").code == 0)
    #expect(try run("info accents").code == 0)
    // Marks that join a comma or a quotation mark.
    try folder.write("m.jsonl", String(repeating: "{\"y\": [[\"a,\u{301}b\"], [\"c\"]]}\n", count: 12))
    #expect(try run("train m.jsonl --model markov:0 -o marks -q").code == 0)
    try folder.write("m.csv", run("sample marks -n 9 --output-format csv").text)
    let outcome = try run("score marks m.csv")
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test func absurdSizesAreRefused() throws {
    let line = "parameters markov:1,emission=categorical:autoregressive/halt --alphabet-size 2147483647 --components 12"
    try refused(line, "levels")
  }

  /// Temperature 0 takes the most probable level of each column.
  @Test(arguments: ["markov:0", "markov:0,components=tables", "gru:2,epochs=30"])
  func theColdestDrawIsTheMostProbable(_ word: String) throws {
    try folder.write(
      "b.jsonl",
      String(repeating: "{\"y\": [[\"b\", \"y\"]]}\n", count: 36)
        + String(repeating: "{\"y\": [[\"a\", \"x\"]]}\n", count: 4))
    #expect(try run("train b.jsonl --model \(word) -o cold -q").code == 0)
    let draws = try run("sample cold --temperature 0 -n 3 --length 1 -q --seed 5")
    #expect(draws.text.contains("[\"b\", \"y\"]") && !draws.text.contains("\"a\""), "\(draws.text) \(draws.errors)")
  }

  /// What is drawn is read again, in every format, by the model and without it.
  @Test(arguments: ["markov:1", "markov:1,components=tables/tau:input=none", "gru:3,epochs=2/tau"])
  func samplesAreRead(_ word: String) throws {
    #expect(try run("train tunes.csv --model \(word) -o model -q").code == 0)
    let model = try VectorModel(contentsOf: folder.url.appending(path: "model").path)
    #expect(model.columns.names == ["pitch", "duration"] && model.columns.levels?[1] == ["half", "quarter", "whole"])
    let wanted: [[[String]?]] = try model.samples(5, seed: 3).map { sample in
      sample.sequence.map { model.columns.levelNames($0) }
    }
    for format in ["jsonl", "csv"] {
      try folder.write("drawn.\(format)", run("sample model -n 5 --seed 3 --output-format \(format)").text)
      let data = try VectorDataset(
        reading: folder.url.appending(path: "drawn.\(format)").path, options: ReadOptions(values: .categories))
      for (number, names) in wanted.enumerated() {
        let read: [[String]?] = data.sequences[number].map { data.columns.levelNames($0) }
        #expect(read == names)
      }
      #expect(try run("score model drawn.\(format) --per step").code == 0)
    }
    let report = try run("sample model -n 5 --seed 3 --json").json()
    for (sample, names) in try zip(report["samples"].list, wanted) {
      let read: [[String]?] = try sample["y"].list.map { vector in try vector.list.map { try $0.string } }
      #expect(read == names)
    }
    // A beginning in names, and the cold.
    try folder.write("begun.jsonl", "{\"y\": [[\"D4\", \"half\"]]}\n")
    for line in try run("sample model -n 3 --prefix-file begun.jsonl").lines {
      #expect(line.hasPrefix("{\"y\": [[\"D4\", \"half\"]"))
    }
    #expect(try run("sample model -n 3 --temperature 0.5 -q").code == 0)
    #expect(try run("lengths model tunes.csv --samples 200").code == 0)
    #expect(try run("audit model --samples 400").code == 0)
    try refused("sample model --forecast", "categories have no order")
    try refused("sample model --top-k 2", "vectors of categories are not ranked")
  }

  @Test func levelsAreTold() throws {
    let data = try run("info tunes.csv").text
    #expect(data.contains("categories in 2 columns: pitch, duration") && data.contains("level of duration"))
    let columns = try run("info tunes.csv --json").json()["columns"].list
    #expect(try columns[0]["levels"].list.map { try $0["level"].string } == ["C4", "D4", "E, flat", "G \"4\""])
    let counts = try columns[1]["levels"].list.map { try Int($0["count"].number) }
    let notes = (1...40).reduce(0) { $0 + $1 % 9 }
    #expect(counts.reduce(0, +) == notes)
    #expect(try run("train tunes.csv --model markov:0 -o model -q").code == 0)
    #expect(try run("info model").text.contains("of duration: 3: \"half\", \"quarter\", \"whole\""))
    #expect(try run("info model --json").json()["levels"].list.count == 2)
  }

  /// Which model is best is known: the duration depends on the pitch of its step.
  @Test func comparisonsAreOfSteps() throws {
    let line = "compare tunes.csv --model markov:0,emission=categorical --model markov:0 --json"
    let models = try run(line).json()["models"].list
    let nats = try models.map { try $0["test"]["natsPerComponent"].number }
    #expect(models.count == 2 && nats[1] < nats[0] - 0.1, "\(nats)")
    #expect(try run("compare tunes.csv --model markov:0").text.contains("2 components, categories"))
  }

  @Test func whatIsUnknownIsRefused() throws {
    #expect(try run("train tunes.csv --model markov:0 -o model -q").code == 0)
    try folder.write("other.csv", "sequence,pitch,duration\n1,C4,half\n1,C4,long\n")
    try refused(
      "score model other.csv", "other.csv:3:6: the column \"duration\" of the training data has no level \"long\"",
      code: 65)
    try folder.write("symbols.jsonl", "{\"y\": [\"C4\", \"D4\"]}\n")
    try refused("score model symbols.jsonl", "expected 2 levels a step", code: 65)
    try refused("train tunes.csv --model markov:1,emission=bernoulli -o no", "categories")
    try refused("train tunes.csv --model markov:1/eos -o no", "an end symbol is one more symbol")
    #expect(try run("info symbols.jsonl").text.contains("alphabet"))
    #expect(try run("info symbols.jsonl --values categories").text.contains("categories in 1 column: y"))
  }

  /// By hand: 3 h (w + 1 + h + 1) of a gated layer for w = 2 · 4 levels, (8 + 1) (h + 1) outputs, 4 · 4 pairs of levels.
  @Test func wordsWithoutData() throws {
    let line = "parameters gru:3,emission=categorical:autoregressive/halt --alphabet-size 4 --json"
    let wanted = 9 * 13 + 9 * 4 + 16
    #expect(try run(line).json()["models"].list[0]["free"].string == "\(wanted)")
    try refused("parameters gru:3,emission=categorical:autoregressive", "--alphabet-size")
    #expect(try run("gradcheck gru:2,emission=categorical --values categories --alphabet-size 4").code == 0)
    let graph = try run("graph gru:2,emission=categorical:autoregressive --components 2").text
    #expect(graph.contains("y2(t) ← h(t), y1(t)"))
    let tables = "graph markov:1,components=tables,emission=categorical:autoregressive --components 2"
    #expect(try run(tables).text.contains("y2(t) ← y2(t−1), y1(t)"))
    #expect(try run("help models").text.contains("categorical:autoregressive"))
  }
}
