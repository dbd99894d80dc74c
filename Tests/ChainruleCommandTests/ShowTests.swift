import Foundation
import Testing

/// `show`.
@Suite struct ShowTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private static let hasGnuplot = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot") }

  private func train(_ text: String, _ model: String) throws {
    try folder.write("train.txt", text)
    let outcome = try Program.run("train", "train.txt", "--model", model, "-o", "model", in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
  }

  /// By hand: after a come b twice, a once and the end once; after b the end.
  @Test func aTransitionMatrixByHand() throws {
    try train("ab\nab\naa\n", "markov:1,smoothing=ml")
    let json = try Program.run("show", "model", "--json", in: folder).json()
    #expect(try json["schema"].string == "chainrule.show/1")
    #expect(try json["transitions"]["a"]["b"].number == 0.5 && json["ends"]["a"].number == 0.25)
    #expect(try json["transitions"][""]["a"].number == 1 && json["ends"]["b"].number == 1)
    let contexts = try json["contexts"].list
    #expect(try contexts.map { try $0["count"].int } == [4, 3, 2])
    #expect(try contexts[0]["context"].list.map { try $0.string } == ["a"] && !contexts[0]["beginning"].bool)
    #expect(try contexts[0]["next"]["a"].number == 0.25)
    let csv = try Program.run("show", "model", "--csv", in: folder).lines
    #expect(csv == ["from,a,b,(end)", "(start),1.0,0.0,0.0", "a,0.25,0.5,0.25", "b,0.0,0.0,1.0"], "\(csv)")
    let text = try Program.run("show", "model", in: folder).text
    #expect(text.contains("transition matrix") && text.contains("most frequent contexts"), "\(text)")
  }

  /// After a context: the same by every family, with P(end).
  @Test(arguments: ["markov:2", "tabular/halt", "rnn:3,epochs=1", "table:y1", "vlmc:2", "ctw:2/tau:input=none"])
  func afterAContext(_ model: String) throws {
    try train(String(repeating: "abba\nbab\naab\nbb\n", count: 5), model)
    let json = try Program.run("show", "model", "--context", "ab", "--json", in: folder).json()
    let after = try json["after"]
    #expect(try after["context"].list.map { try $0.string } == ["a", "b"])
    let next = try ["a", "b"].map { try after["next"][$0].number }
    #expect(try abs(next.reduce(0, +) + after["end"].number - 1) < 1e-6)
    let text = try Program.run("show", "model", "--context", "ab", "--top", "1", in: folder).lines
    #expect(
      text.count == 5 && text[1].hasPrefix("symbol") && text[3].hasPrefix("1 other ") && text[4].hasPrefix("(end)"))
    #expect(text[2].contains(String(format: "%.4f", next.max() ?? 0)), "\(text)")
    let csv = try Program.run("show", "model", "--context", "ab", "--csv", in: folder).lines
    #expect(csv.first == "symbol,probability" && csv.count == 4)
  }

  @Test func aLengthIsGivenOrChosen() throws {
    try train("a\nab\nab\nabb\n", "markov:1/tau")
    let json = try Program.run("show", "model", "--json", in: folder).json()
    #expect(try json["after"]["length"].int == 2)
    let asked = try Program.run("show", "model", "--context", "a", "--length", "3", in: folder)
    #expect(asked.lines[0].contains("given the length 3") && asked.text.contains("no counts of contexts") == false)
  }

  /// ARPA files have no counts, but probabilities.
  @Test func anArpaFile() throws {
    try train("ab\nab\naa\nba\n", "markov:1")
    #expect(try Program.run("convert", "model", "-o", "model.arpa", "--full", in: folder).code == 0)
    let (own, arpa) = try (
      Program.run("show", "model", "--json", in: folder).json(),
      Program.run("show", "model.arpa", "--json", in: folder).json()
    )
    #expect(!arpa.keys.contains("contexts"))
    for from in ["", "a", "b"] {
      for to in ["a", "b"] {
        #expect(try abs(own["transitions"][from][to].number - arpa["transitions"][from][to].number) < 1e-12)
      }
    }
  }

  @Test(.enabled(if: hasGnuplot)) func heatMaps() throws {
    for model in ["markov:1", "markov:3"] {
      try train("ab\nab\naa\nba\n", model)
      for (file, beginning) in [("a.svg", Array("<?xml".utf8)), ("a.png", [0x89, 0x50, 0x4E, 0x47])] {
        let outcome = try Program.run("show", "model", "-o", file, in: folder)
        #expect(outcome.code == 0 && outcome.text.isEmpty, "\(outcome.errors)")
        #expect(try folder.read(file).starts(with: beginning))
      }
      #expect(String(decoding: try folder.read("a.svg"), as: UTF8.self).contains("(start)"))
    }
  }

  @Test func wrongUsage() throws {
    try train("ab\nab\n", "rnn:2,epochs=1")
    for (arguments, code, part) in [
      (["model", "--top", "0"], 64, "--top"), (["model", "--csv", "--json"], 64, "--json"),
      (["model", "-o", "a.pdf"], 64, ".svg or .png"), (["model", "-o", "a.svg"], 64, "nothing to draw"),
      (["model", "--length", "3"], 64, "--length"), (["model", "--context", "x"], 65, "\"x\""),
      (["none"], 66, "none"), (["model", "-o", "a.svg", "--context", "a"], 64, "--context"),
    ] as [([String], Int32, String)] {
      let outcome = try Program.run(["show"] + arguments, in: folder)
      #expect(
        outcome.code == code && outcome.errors.contains(part) && outcome.text == "", "\(arguments) \(outcome.errors)")
    }
    #expect(folder.names == ["model", "train.txt"])
  }

  /// é as one scalar and as two are one key to a dictionary of strings, but two symbols: none is lost.
  @Test func equivalentSymbolsAreBothThere() throws {
    try folder.write("normal.txt", "caf\u{e9} b\ncafe\u{301} c\ncaf\u{e9} cafe\u{301}\nb c\n")
    let trained = try Program.run(
      "train", "normal.txt", "--symbols", "words", "--model", "markov:1/eos", "-o", "normal", in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    let json = try Program.run("show", "normal", "--json", in: folder).json()
    let after = try json["after"]
    let next = try after["next"]
    #expect(next.keys.count == 4)
    let sum = try next.keys.reduce(try after["end"].number) { try $0 + next[$1].number }
    #expect(abs(sum - 1) < 1e-12)
    #expect(try json["transitions"].keys.count == 5 && json["ends"].keys.count == 5)
  }
}
