import Chainrule
import Foundation
import Testing

/// `--csv`, against the JSON of the same command.
@Suite struct CSVTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(60, seed: 1))
    #expect(try Program.run("train", "train.txt", "--model", "markov:1", "-o", "model", in: folder).code == 0)
    #expect(try Program.run("train", "train.txt", "--model", "rnn:2,epochs=1", "-o", "net", in: folder).code == 0)
  }

  /// The fields of a line; those in quotation marks may hold commas, and hold no line breaks here.
  private func fields(_ line: String) -> [String] {
    var (fields, isQuoted) = ([""], false)
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    return fields
  }

  /// The rows of a command's output by their columns' names.
  private func rows(_ line: String) throws -> [[String: String]] {
    let outcome = try Program.run(line.split(separator: " ").map(String.init) + ["--csv"], in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
    let fields = outcome.lines.map { self.fields($0) }
    let head = try #require(fields.first)
    #expect(Set(head).count == head.count)
    return try fields.dropFirst().map { row in
      try #require(row.count == head.count, "\(row)")
      return Dictionary(uniqueKeysWithValues: zip(head, row))
    }
  }

  private func json(_ line: String) throws -> JSON {
    try Program.run(line.split(separator: " ").map(String.init) + ["--json"], in: folder).json()
  }

  /// JSON's numbers are read back but for their last digit.
  private func isClose(_ text: String?, _ number: Double) -> Bool {
    text.flatMap(Double.init).map { $0 == number || abs($0 - number) <= 1e-14 * abs(number) } ?? false
  }

  @Test func compare() throws {
    let line = "compare train.txt --model markov:1,smoothing=ml --model markov:0 -q"
    let rows = try Program.run(line.split(separator: " ").map(String.init) + ["--csv"], in: folder).lines
    let models = try json(line)["models"].list
    #expect(rows.count == 3 && rows[0].hasPrefix("model,chosen,parameters,stored,train_nats,"))
    for (row, model) in zip(rows.dropFirst(), models) {
      // The model's word is quoted, as it holds commas.
      let end = try #require(row.range(of: "\","))
      #expect(try row[..<end.lowerBound] == "\"" + model["model"].string)
      let values = row[end.upperBound...].split(separator: ",").map(String.init)
      #expect(try values[1] == model["parameters"]["free"].string)
      #expect(try isClose(values[13], model["test"]["nats"].number))
    }
  }

  /// Figures of others keep their unit; those that leave ends out stand beside the models' own nats a symbol.
  @Test func publishedFiguresWithoutEnds() throws {
    try folder.write("paper.csv", "name,figure,source,protocol,unit\nA,2,B,C,bits/symbol\nD,3,E,F,nats/event\n")
    let line = "compare train.txt --model markov:1 --model markov:2 --published paper.csv -q"
    let rows = try rows(line)
    try #require(rows.count == 4)
    for (row, model) in zip(rows, try json(line)["models"].list) {
      let test = try model["test"]
      let perSymbol = try test["natsElements"].number / test["symbols"].number
      #expect(abs((Double(row["test_nats_per_symbol"] ?? "") ?? .nan) - perSymbol) < 1e-12)
      #expect(row["figure"] == "" && row["unit"] == "")
    }
    #expect(rows[2]["figure"] == "2.0" && rows[2]["unit"] == "bits/symbol" && rows[2]["test_nats_per_event"] == "")
    #expect(isClose(rows[2]["test_nats_per_symbol"], 2 * log(2)))
    #expect(rows[3]["unit"] == "nats/event" && rows[3]["test_nats_per_symbol"] == "")
    // The same column in a table for a text, where 2 bits are 1.3863 nats.
    try folder.write(
      "e.yaml",
      "data: {train: train.txt}\nmodels: [\"markov:{1,2}\"]\npublished: paper.csv\noutputs: {markdown: out.md}\n")
    #expect(try Program.run("run", "e.yaml", "-q", in: folder).code == 0)
    let table = String(decoding: try folder.read("out.md"), as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let column = try #require(table[0].firstIndex(of: "nats/symbol, without ends"))
    let (perEvent, own) = (try #require(table[0].firstIndex(of: "nats/event")), table[2...3].map { $0[column] })
    #expect(table[4][column] == "1.3863" && table[4][perEvent] == "" && table[5][perEvent] == "3.0000")
    for (cell, row) in zip(own, rows) {
      let number = try #require(Double(cell.filter { $0 != "*" }))
      #expect(abs(number - (Double(row["test_nats_per_symbol"] ?? "") ?? .nan)) < 1e-4)
    }
  }

  /// A symbol with the name of the ends has a group of its own.
  @Test func aSymbolNamedAsTheEnds() throws {
    try folder.write("train.txt", String(repeating: "(end) a (end)\na\na\n", count: 20))
    try folder.write("test.txt", "(end) a (end)\na a a\n")
    let line = "compare train.txt --test test.txt --symbols words --model markov:1 --by symbol -q"
    // Counted by hand: 2 symbols of the name, 4 a, 2 ends.
    let rows = try rows(line)
    #expect(rows.map { $0["events"] } == ["2", "4", "2"] && rows.map { $0["end"] } == ["false", "false", "true"])
    #expect(rows[0]["group"] == "(end)" && rows[2]["group"] == "(end)")
    let groups = try json(line)["models"].list[0]["breakdowns"].list[0]["groups"].list
    #expect(try groups.map { try $0["events"].number } == [2, 4, 2])
    #expect(groups.map { $0.keys.contains("end") } == [false, false, true])
    // In the table for a person each has its own figure.
    let lines = try Program.run(line.split(separator: " ").map(String.init), in: folder).lines
    let shown = lines.filter { $0.contains(#/end\) +2 /#) }.compactMap {
      $0.split(separator: " ").last.flatMap { Double($0) }
    }
    #expect(shown.count == 2 && shown[0] != shown[1])
    for (number, row) in zip(shown, [rows[0], rows[2]]) {
      #expect(abs(number - (Double(row["nats_per_event"] ?? "") ?? .nan)) < 1e-4)
    }
  }

  @Test(arguments: [
    "lengths model train.txt", "lengths net --samples 100 --max-length 20", "lengths model --lengths 3",
  ])
  func lengths(line: String) throws {
    let (rows, json) = try (rows(line), json(line))
    #expect(try rows.count == json["probabilities"].list.count)
    for (n, row) in rows.enumerated() {
      #expect(row["n"] == "\(n)")
      #expect(try isClose(row["probability"], json["probabilities"].list[n].number))
      #expect(try isClose(row["survival"], json["survival"].list[n].number))
    }
    #expect((rows.first?["data_probability"] != nil) == line.contains("train.txt"))
    #expect((rows.first?["standard_error"] != nil) == line.contains("net"))
  }

  @Test func parameters() throws {
    let line = "parameters rnn:2 tabular --alphabet-size 3 --length 4"
    let models = try json(line)["models"].list
    let free = try Program.run(line.split(separator: " ").map(String.init) + ["--csv"], in: folder).lines
      .dropFirst().map { $0.split(separator: ",").last.map(String.init) }
    #expect(try free == models.map { try $0["free"].string })
    let nodes = try models.reduce(0) { try $0 + $1["nodes"].list.count }
    let perNode = line.split(separator: " ").map(String.init) + ["--per-node", "--csv"]
    #expect(try Program.run(perNode, in: folder).lines.count == nodes + 1)
  }

  @Test func independence() throws {
    let rows = try rows("independence train.txt")
    let tests = try json("independence train.txt")["tests"].list
    #expect(rows.count == tests.count)
    for (row, test) in zip(rows, tests) {
      #expect(try isClose(row["g"], test["g"].number) && row["verdict"] == test["verdict"].string)
    }
  }

  @Test(arguments: ["sequence", "symbol"])
  func score(per: String) throws {
    let line = "score model train.txt --per \(per)"
    let rows = try rows(line)
    let sequences = try json(line)["sequences"].list
    let nats =
      per == "sequence"
      ? try sequences.map { try $0["nats"].number }
      : try sequences.flatMap { try $0["steps"].list.map { try $0["nats"].number } }
    #expect(rows.count == nats.count && zip(rows, nats).allSatisfy { isClose($0["nats"], $1) })
    guard per == "symbol" else { return }
    for (row, step) in try zip(rows, sequences.flatMap { try $0["steps"].list }) {
      #expect(try isClose(row["surprisal"], step["surprisal"].number) && row["surprisal"] == row["nats"])
      #expect(try isClose(row["entropy"], step["entropy"].number) && row["rank"] == "\(step["rank"].int)")
    }
  }

  @Test func guesses() throws {
    let line = "score model train.txt --guesses --samples 2000"
    let (rows, sequences) = try (
      rows(line + " --per sequence"), json(line + " --per sequence")["sequences"].list
    )
    #expect(rows.count == sequences.count)
    for (row, sequence) in zip(rows, sequences) {
      #expect(try isClose(row["guesses"], sequence["guesses"].number))
      #expect(try isClose(row["standard_error"], sequence["guessesStandardError"].number))
      #expect(try isClose(row["log10_guesses"], sequence["log10Guesses"].number))
    }
    let (shares, within) = try (self.rows(line), json(line)["guessing"]["within"].list)
    #expect(try zip(shares, within).allSatisfy { try isClose($0["share"], $1["share"].number) })
    #expect(shares.count == within.count && shares.last?["share"] == "1.0")
  }

  @Test func mostProbable() throws {
    let (rows, samples) = try (rows("sample model --most-probable 20"), json("sample model --most-probable 20"))
    #expect(rows.count == 20)
    for (row, sample) in try zip(rows, samples["samples"].list) {
      #expect(try row["sequence"] == sample["text"].string && isClose(row["nats"], sample["nats"].number))
    }
  }

  @Test(arguments: [
    ("score net train.txt --exposure", "exposure", "nats", "natsPerDecision"),
    ("score net train.txt --gradients", "gradients", "norm", "norm"),
    ("audit model --samples 1000", "checks", "figure", "figure"),
  ])
  func otherTables(line: String, list: String, column: String, key: String) throws {
    let (rows, json) = try (rows(line), json(line))
    let wanted = try (list == "gradients" ? json[list]["lags"] : json[list]).list.map { try $0[key].number }
    #expect(rows.count == wanted.count && zip(rows, wanted).allSatisfy { isClose($0[column], $1) })
  }

  @Test func tablesWithoutData() throws {
    let gradients = try rows("gradcheck rnn:2")
    let parts = try json("gradcheck rnn:2")["models"].list[0]["parts"].list
    #expect(try gradients.map { $0["matrix"] } == parts.map { try $0["name"].string })
    let novelty = try rows("sample model -n 50 --novelty train.txt --against train.txt")
    #expect(novelty.map { $0["set"] } == ["samples", "held out"] && novelty.map { $0["sequences"] } == ["50", "60"])
    let models = try Program.run("models", "--csv", in: folder)
    #expect(models.code == 0 && models.lines.count > 10 && models.lines[0] == "kind,name,summary")
  }

  /// A header is of one line, and no two columns have one name.
  @Test func symbolsInAHeaderAreVisible() throws {
    try folder.write("odd.jsonl", "{\"y\": [\"\\u001b\", \"(end)\", \"a\\nb\", \"<U+001B>\"]}\n")
    #expect(try Program.run("train", "odd.jsonl", "--model", "markov:1", "-o", "odd", in: folder).code == 0)
    let rows = try rows("show odd")
    #expect(
      rows.first.map { Set($0.keys) }
        == ["from", "<U+001B>", "<U+0028>end)", "a\\nb", "<U+003C>U+001B>", "(end)"])
    #expect(rows.map { $0["from"] } == ["(start)", "<U+001B>", "<U+0028>end)", "<U+003C>U+001B>", "a\\nb"])
  }

  /// What a spreadsheet would take for a formula is marked as text; numbers stay numbers.
  @Test func formulasAreText() throws {
    let symbols = ["=1+1", "+a", "@b", "-c", "-1", "+1.5", "d=", "=\"x\"", "=\"\u{301}y"]
    let line = try String(decoding: JSONEncoder().encode(["y": symbols]), as: UTF8.self) + "\n"
    try folder.write("odd.jsonl", String(repeating: line, count: 3))
    #expect(try Program.run("train", "odd.jsonl", "--model", "markov:0", "-o", "odd", in: folder).code == 0)
    let outcome = try Program.run("score", "odd", "odd.jsonl", "--per", "symbol", "--csv", in: folder)
    let expected = [
      "\"'=1+1\"", "\"'+a\"", "\"'@b\"", "\"'-c\"", "-1", "+1.5", "d=", "\"'=\"\"x\"\"\"", "\"'=\"\"\u{301}y\"",
    ]
    let text = Array(outcome.text.unicodeScalars)
    for field in expected {
      let wanted = Array(",\(field),".unicodeScalars)
      #expect(text.indices.contains { text[$0...].starts(with: wanted) }, "\(field) in \(outcome.text.prefix(600))")
    }
    // Differences and logarithms below 0 are numbers.
    let table = try Program.run(
      "compare", "train.txt", "--model", "markov:1", "--model", "markov:0", "--csv", "-q", in: folder)
    #expect(table.code == 0 && !table.text.contains("'"))
  }
}
