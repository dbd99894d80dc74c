import Foundation
import Testing

/// Data of processes with known probabilities.
@Suite struct SimulateTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  /// A machine of one state: P(0 0 1) = 0.5³ · 0.75² · 0.25 · 0.5 by hand.
  private let machine =
    "I: (state)\n(0) 1\nF: (state)\n(0) 0.5\nS: (state,symbol)\n(0,0) 0.75\n(0,1) 0.25\n"
    + "T: (state,symbol,state)\n(0,0,0) 1\n(0,1,0) 1\n"

  /// What the data are and what they cost is what the model says of them; the data depend on the seed alone.
  @Test(
    arguments: [
      ("copy:3,noise=0.1,mean=8", []), ("markov:1,symbols=5", []), ("hmm:3", []), ("brackets:3", []),
      ("counters:3", []),
      ("periodic:abcab,noise=0.2", []), ("copy:2,symbols=70,mean=9", ["--symbols", "words"]),
    ] as [(String, [String])])
  func theModelScoresItsData(_ kind: String, _ reading: [String]) throws {
    let arguments = ["simulate", kind, "-n", "200", "-o", "data.txt", "--model-out", "truth", "--seed", "5", "--json"]
    let made = try Program.run(arguments, in: folder).json()
    let bytes = try folder.read("data.txt")
    let scored = try Program.run(["score", "truth", "data.txt", "--json"] + reading, in: folder).json()["total"]
    let total = try made["data"]
    #expect(try total["sequences"].int == 200 && scored["sequences"].int == 200)
    #expect(try total["symbols"].int == scored["symbols"].int)
    #expect(abs(try total["nats"].number - scored["nats"].number) < 1e-6)
    #expect(try Program.run(arguments + ["--threads", "2"], in: folder).code == 0)
    #expect(try folder.read("data.txt") == bytes)
    // Fewer sequences are the first ones.
    let few = try Program.run("simulate", kind, "-n", "20", "-o", "-", "--seed", "5", "-q", in: folder)
    #expect(bytes.starts(with: few.output) && few.lines.count == 20)
    #expect(
      try Program.run("simulate", kind, "-n", "20", "-o", "-", "--seed", "6", "-q", in: folder).output != few.output)
  }

  @Test func everyCommandReadsTheModel() throws {
    #expect(try Program.run("simulate", "hmm:3", "-o", "data.txt", "--model-out", "truth", in: folder).code == 0)
    for line in [
      "info truth", "lengths truth", "audit truth --samples 500", "sample truth -n 3 --length 4",
      "sample truth --most-probable 3", "show truth", "graph truth", "score truth data.txt --per symbol",
    ] {
      let outcome = try Program.run(line.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.code == 0 || line == "show truth" && outcome.code == 64, "\(line) \(outcome.errors)")
    }
    let text = try Program.run("info", "truth", in: folder).text
    #expect(text.contains("automaton:states=3/halt") && text.contains("its probabilities are known"))
  }

  @Test func jsonLinesHoldTheSame() throws {
    for name in ["data.txt", "data.jsonl", "data.jsonl.gz"] {
      #expect(
        try Program.run("simulate", "brackets", "-n", "30", "-o", name, "--model-out", "truth", in: folder).code == 0)
    }
    let totals = try ["data.txt", "data.jsonl", "data.jsonl.gz"].map {
      try Program.run("score", "truth", $0, "--json", in: folder).json()["total"]["nats"].number
    }
    #expect(totals[0] == totals[1] && totals[0] == totals[2])
    let first = String(decoding: try folder.read("data.jsonl"), as: UTF8.self).prefix { $0 != "\n" }
    let symbols = try JSON(Data(first.utf8))["y"].list.map { try $0.string }
    #expect(symbols.joined() == String(decoding: try folder.read("data.txt"), as: UTF8.self).prefix { $0 != "\n" })
  }

  @Test func machinesOfTheCompetitionAreRead() throws {
    try folder.write("machine.txt", machine)
    let made = try Program.run(
      "simulate", "automaton", "--from", "machine.txt", "-n", "5", "-o", "data.txt", "--model-out", "truth", "--json",
      in: folder
    ).json()
    #expect(
      try made["symbols"].string == "words" && made["files"].list.map { try $0["path"].string } == ["machine.txt"])
    try folder.write("own.txt", "0 0 1\n\n")
    let scored = try Program.run(
      "score", "truth", "own.txt", "--symbols", "words", "--per", "sequence", "--json", in: folder
    ).json()["sequences"].list
    #expect(abs(try scored[0]["nats"].number + log(0.125 * 0.75 * 0.75 * 0.25 * 0.5)) < 1e-12)
    #expect(abs(try scored[1]["nats"].number - log(2)) < 1e-12)
    // The same from a pipe.
    let piped = try Program.run(
      ["simulate", "automaton", "--from", "-", "-n", "5", "-o", "-", "-q"], input: Data(machine.utf8), in: folder)
    #expect(try piped.code == 0 && piped.output == folder.read("data.txt"))
  }

  @Test(
    arguments: [
      ("simulate nothing -o out", 64, "markov"), ("simulate copy", 64, "--output"),
      ("simulate automaton -o out", 64, "--from"),
      ("simulate automaton:3 --from m.txt -o out", 64, "no options"), ("simulate copy:0 -o out", 64, "delay"),
      ("simulate copy --from m.txt -o out", 64, "--from"), ("simulate copy -o out --model-out out", 64, "--model-out"),
      ("simulate copy -o out --model-out - --json", 64, "--json"), ("simulate copy -o - --json", 64, "--json"),
      ("simulate copy -n 0 -o out", 64, "-n"), ("simulate automaton --from missing -o out", 66, "missing"),
      ("simulate automaton --from broken.txt -o out", 65, "broken.txt:4"),
      ("simulate automaton --from m.txt -o m.txt", 64, "m.txt"), ("simulate copy -o no/out", 73, "no/out"),
    ] as [(String, Int32, String)])
  func whatCannotBeIsRefused(_ line: String, _ code: Int32, _ word: String) throws {
    try folder.write("m.txt", machine)
    try folder.write("broken.txt", machine.replacing("(0) 0.5", with: "(0) 2"))
    let outcome = try Program.run(line.split(separator: " ").map(String.init), in: folder)
    #expect(outcome.code == code && outcome.errors.contains(word), "\(line) \(outcome.code) \(outcome.errors)")
    #expect(!folder.names.contains("out"))
  }
}
