import Foundation
import Testing

/// `convert` and `audit`, as a user meets them.
@Suite struct ConvertTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(60, seed: 1))
    try folder.write("test.txt", names(12, seed: 2))
    try train("train.txt", "m.safetensors")
  }

  private func train(_ data: String, _ model: String, _ word: String = "markov:2") throws {
    let outcome = try Program.run("train", data, "--model", word, "-o", model, in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
  }

  /// Runs a command that must go well.
  @discardableResult
  private func run(_ arguments: String...) throws -> Program.Outcome {
    let outcome = try Program.run(arguments, in: folder)
    try #require(outcome.code == 0, "\(arguments): \(outcome.errors)")
    return outcome
  }

  private func nats(_ model: String) throws -> Double {
    try run("score", model, "test.txt", "--json").json()["total"]["nats"].number
  }

  /// A model may come through a named pipe.
  @Test func aPipeIsRead() throws {
    let code = try folder.shell(
      "mkfifo pipe && (cat m.safetensors > pipe & timeout 20 '\(Program.path)' score pipe test.txt > out.txt)")
    #expect(code == 0)
    #expect(try !folder.read("out.txt").isEmpty)
  }

  /// What is written of a file whose back-offs are above one is read again.
  @Test func backoffsAboveOneComeBack() throws {
    try folder.write(
      "odd.arpa",
      """
      \\data\\
      ngram 1=4
      ngram 2=2
      ngram 3=1

      \\1-grams:
      -99\t<s>\t-0.3
      -0.6\t</s>
      -0.3\ta\t2
      -1\tb\t-0.4

      \\2-grams:
      -0.3\t<s> a\t-0.2
      -0.5\tb a\t-0.1

      \\3-grams:
      -0.2\ta b a

      \\end\\

      """)
    try run("convert", "odd.arpa", "-o", "again.arpa")
    try run("convert", "again.arpa", "-o", "again.safetensors")
    try run("convert", "odd.arpa", "--prune", "1e-9", "-o", "pruned.safetensors")
    try run("info", "pruned.safetensors")
  }

  /// Counts are no model that could be pruned.
  @Test func countsAreNotPruned() throws {
    try run("convert", "m.safetensors", "-o", "m.counts")
    let outcome = try Program.run("convert", "m.counts", "--cutoff", "1,2", "-o", "n.counts", in: folder)
    #expect(outcome.code == 64 && outcome.errors.contains("--model"))
  }

  /// Every command that reads a model reads an ARPA file, compressed or not, and from standard input.
  @Test func anARPAFileIsAModel() throws {
    try run("convert", "m.safetensors", "-o", "m.arpa")
    try run("convert", "m.safetensors", "-o", "m.arpa.gz")
    try run("convert", "m.arpa.gz", "-o", "back.safetensors")
    let wanted = try nats("m.safetensors")
    for file in ["m.arpa", "m.arpa.gz", "back.safetensors"] {
      #expect(abs(try nats(file) - wanted) < 1e-4, "\(file)")
      let info = try run("info", file, "--json").json()
      #expect(try info["model"].string == "arpa:k=2/eos")
      #expect(try info["nGramOrder"].int == 3)
      #expect(try info["symbols"].string == "characters")
      #expect(try run("sample", file, "-n", "3").lines.count == 3)
    }
    let piped = try Program.run(["sample", "-", "-n", "2"], input: folder.read("m.arpa"), in: folder)
    #expect(piped.code == 0 && piped.lines.count == 2, "\(piped.errors)")
    let report = try run("convert", "m.safetensors", "-o", "again.arpa", "--json").json()
    #expect(try report["schema"].string == "chainrule.convert/1")
    #expect(try report["format"].string == "arpa" && report["output"].string == "again.arpa")
    #expect(try folder.read("again.arpa") == folder.read("m.arpa"))
  }

  @Test func jsonHoldsEveryNumber() throws {
    let text = try run("convert", "m.safetensors", "-o", "-", "--format", "json")
    let json = try text.json()
    #expect(try json["schema"].string == "chainrule.model/1")
    #expect(try json["metadata"]["chainrule.model"].string.hasPrefix("markov:k=2"))
    for key in try json["tensors"].keys {
      let tensor = try json["tensors"][key]
      #expect(try tensor["data"].list.count == tensor["shape"].list.reduce(1) { try $0 * $1.int })
    }
  }

  /// P(next | context) as it stands there, multiplied along training sequences, is what score says.
  @Test func jsonHoldsProbabilitiesAfterEachContext() throws {
    let json = try run("convert", "m.safetensors", "-o", "-", "--format", "json").json()
    var contexts: [String: JSON] = [:]
    for entry in try json["contexts"].list {
      let symbols = try entry["context"].list.map { try $0.string }.joined()
      contexts[(try entry["beginning"].bool ? "^" : "") + symbols] = entry
      let sum = try entry["next"].keys.reduce(entry["end"].number) { try $0 + entry["next"][$1].number }
      #expect(abs(sum - 1) < 1e-12)
    }
    let scores = try run("score", "m.safetensors", "train.txt", "--per", "sequence", "--json").json()["sequences"].list
    let names = names(60, seed: 1).split(separator: "\n", omittingEmptySubsequences: false)
    for (name, score) in zip(names, scores) {
      var nats = 0.0
      let symbols = name.map(String.init)
      for time in 0...symbols.count {
        let context = symbols[..<time].suffix(2).joined()
        let entry = try #require(contexts[(time < 2 ? "^" : "") + context], "\(name) at \(time)")
        nats -= log(try time < symbols.count ? entry["next"][symbols[time]].number : entry["end"].number)
      }
      #expect(abs(try nats - score["nats"].number) < 1e-9)
    }
  }

  @Test func countsOfTwoPartsMakeTheWholeModel() throws {
    let lines = names(60, seed: 1).split(separator: "\n").map { $0 + "\n" }
    try folder.write("1.txt", lines[..<25].joined())
    try folder.write("2.txt", lines[25...].joined())
    for part in ["1", "2"] {
      try train("\(part).txt", "\(part).safetensors")
      try run("convert", "\(part).safetensors", "-o", "\(part).counts.gz")
    }
    try run("convert", "1.counts.gz", "2.counts.gz", "--model", "markov:2", "-o", "sum.safetensors")
    #expect(try nats("sum.safetensors") == nats("m.safetensors"))
    try run("convert", "1.counts.gz", "2.counts.gz", "-o", "sum.counts")
    try run("convert", "sum.counts", "--model", "markov:2", "-o", "again.arpa")
    #expect(abs(try nats("again.arpa") - nats("m.safetensors")) < 1e-4)
    // Cut in the middle: the line is named.
    let whole = try folder.read("sum.counts")
    try folder.write("cut.counts", whole.prefix(whole.count / 2))
    let outcome = try Program.run("convert", "cut.counts", "--model", "markov:2", "-o", "no.safetensors", in: folder)
    #expect(outcome.code == 65)
    let line = whole.prefix(whole.count / 2).count { $0 == 10 } + 1
    #expect(
      outcome.errors.contains("cut.counts:\(line):") || outcome.errors.contains("cut.counts:\(line - 1):"),
      "\(outcome.errors)")
    #expect(!folder.names.contains("no.safetensors"))
  }

  @Test func pruningSaysWhatItCosts() throws {
    for option in [["--prune", "1e-3"], ["--cutoff", "1,1,2"]] {
      let json = try Program.run(
        ["convert", "m.safetensors", "-o", "small.arpa", "--test", "test.txt", "--json"] + option, in: folder
      ).json()
      let before = try json["before"]
      let after = try json["after"]
      #expect(try after["stored"].int < before["stored"].int)
      #expect(try before["test"]["nats"].number == nats("m.safetensors"))
      #expect(abs(try after["test"]["nats"].number - nats("small.arpa")) < 1e-4)
      #expect(try after["model"].string == "arpa:k=2/eos" && json["stored"].int == after["stored"].int)
      #expect(try run("audit", "small.arpa", "--json").json()["sound"].bool)
    }
  }

  @Test func auditGivesEachFigureAVerdict() throws {
    try run("convert", "m.safetensors", "-o", "m.arpa")
    let sound = try run("audit", "m.arpa", "--json").json()
    #expect(try sound["schema"].string == "chainrule.audit/1")
    #expect(try sound["sound"].bool && sound["checks"].list.allSatisfy { try $0["verdict"].string == "sound" })
    #expect(abs(try sound["worst"]["sum"].number - 1) < 1e-5)
    let text = String(decoding: try folder.read("m.arpa"), as: UTF8.self)
    // The first bigram's logarithm becomes a positive one.
    let place = try #require(text.range(of: "\\2-grams:\n-"))
    try folder.write("bad.arpa", text.replacingCharacters(in: place, with: "\\2-grams:\n"))
    let bad = try Program.run("audit", "bad.arpa", in: folder)
    #expect(bad.code == 65)
    #expect(bad.lines.contains { $0.hasPrefix("positive logarithms") && $0.contains("  1  wrong") }, "\(bad.text)")
    #expect(bad.lines.contains { $0.contains("do not sum to one") && $0.contains("wrong") }, "\(bad.text)")
    #expect(try Program.run("score", "bad.arpa", "test.txt", in: folder).code == 65)
    let line = text[..<place.lowerBound].count { $0 == "\n" } + 2
    #expect(try Program.run("score", "bad.arpa", "test.txt", in: folder).errors.contains("bad.arpa:\(line):"))
    try folder.write("cut.arpa", String(text.prefix(text.count / 2)))
    let cut = try Program.run("audit", "cut.arpa", in: folder)
    #expect(cut.code == 65 && cut.errors.contains("cut.arpa:") && cut.text.isEmpty)
    #expect(try Program.run("audit", "missing.arpa", in: folder).code == 66)
    try folder.write("none.safetensors", "neither")
    #expect(try Program.run("audit", "none.safetensors", in: folder).code == 65)
  }

  /// Wrong usage is 64, before anything is written.
  @Test(arguments: [
    ["m.safetensors", "-o", "out"], ["m.safetensors", "-o", "-"],
    ["m.safetensors", "-o", "x.arpa", "--model", "markov:1"],
    ["m.safetensors", "m.safetensors", "-o", "x.arpa"], ["m.safetensors", "-o", "m.safetensors"],
    ["m.safetensors", "-o", "x.arpa", "--prune", "-1"], ["m.safetensors", "-o", "x.arpa", "--cutoff", "1,x"],
    ["m.safetensors", "-o", "x.arpa", "--cutoff", "1", "--prune", "1"], ["halt", "-o", "x.arpa"],
    ["halt", "-o", "x.counts"],
    ["m.counts", "-o", "x.arpa"], ["m.counts", "-o", "x.arpa", "--model", "markov:3"],
    ["m.counts", "-o", "x.arpa", "--model", "rnn:4"], ["m.safetensors", "-o", "x.arpa", "--test", "test.txt"],
  ])
  func wrongUsage(_ arguments: [String]) throws {
    try train("train.txt", "halt", "markov:2/tau")
    try run("convert", "m.safetensors", "-o", "m.counts")
    let before = folder.names
    let outcome = try Program.run(["convert"] + arguments, in: folder)
    #expect(outcome.code == 64, "\(arguments): \(outcome.errors)")
    #expect(folder.names == before)
  }
}
