import Foundation
import Testing

/// What every command's JSON says of its run.
@Suite struct EnvelopeTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(60, seed: 1))
    try folder.write("test.txt", names(12, seed: 2))
    try folder.write("gaps.txt", "a?a\n?\n")
    try folder.write("e.yaml", "data: {train: train.txt}\nmodels: markov:1\n")
    #expect(try Program.run("train", "train.txt", "--model", "markov:2", "-o", "model", in: folder).code == 0)
  }

  /// Each command with the files that it reads; the last word of some says that it has a seed.
  private let lines = [
    (["compare", "train.txt", "--test", "test.txt", "--model", "markov:1"], ["train.txt", "test.txt"], true),
    (["train", "train.txt", "--model", "markov:1", "-o", "out"], ["train.txt"], true),
    (["score", "model", "test.txt"], ["model", "test.txt"], true), (["sample", "model"], ["model"], true),
    (["fill", "model", "gaps.txt"], ["model", "gaps.txt"], true),
    (["lengths", "model", "test.txt"], ["model", "test.txt"], true),
    (["simulate", "copy:2", "-o", "copy.txt"], [], true),
    (["parameters", "markov:1", "--alphabet-size", "3"], [], false), (["gradcheck", "rnn:2"], [], true),
    (["info", "train.txt"], ["train.txt"], false), (["convert", "model", "-o", "out.arpa"], ["model"], false),
    (["audit", "model", "--samples", "1000"], ["model"], true), (["graph", "markov:2"], [], false),
    (["independence", "train.txt", "--max-order", "1"], ["train.txt"], true), (["models"], [], false),
    (["explain"], [], false), (["run", "e.yaml", "--dry-run"], ["e.yaml"], false),
    (["show", "model"], ["model"], false),
    (["memory", "train.txt", "model", "--longest", "2", "--samples", "40"], ["train.txt", "model"], true),
    (["distance", "model", "model", "--samples", "40"], ["model", "model"], true),
  ]

  @Test func everyReportSaysWhatItsRunWas() throws {
    #expect(Set(lines.map { $0.0[0] }).isSuperset(of: CommandList.commands.map(\.name).filter { $0 != "runs" }))
    let version = try Program.run("--version", in: folder).lines[0]
    for (words, files, hasSeed) in lines {
      let json = try Program.run(words + ["--json"], in: folder).json()
      #expect(try json["schema"].string == "chainrule.\(words[0])/1")
      #expect(try json["version"].string == version)
      #expect(try json["command"].list.map { try $0.string } == words + ["--json"])
      if hasSeed { #expect(try json["seed"].int == 1) }
      #expect(try json["files"].list.map { try $0["path"].string } == files, "\(words)")
      for file in try json["files"].list {
        #expect(try file["bytes"].int == folder.read(file["path"].string).count)
        #expect(try file["sha256"].string.wholeMatch(of: /[0-9a-f]{64}/) != nil)
      }
    }
  }

  /// The digits are those of FIPS 180-4's first example; what cannot be read twice has none.
  @Test func filesAreNamedByTheirHash() throws {
    try folder.write("abc.txt", "abc")
    let file = try Program.run("info", "abc.txt", "--json", in: folder).json()["files"].list[0]
    #expect(try file["sha256"].string == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let piped = try Program.run(["info", "-", "--json"], input: Data("abc".utf8), in: folder).json()["files"].list[0]
    #expect(try piped["path"].string == "-" && piped.keys == ["path"])
    #expect(try folder.shell("mkfifo pipe; (cat abc.txt > pipe &); \(try Program.path) info pipe --json > out") == 0)
    #expect(try JSON(folder.read("out"))["files"].list[0].keys == ["path"])
  }

  @Test func whatWasTypedStandsBesideTheCanonicalWord() throws {
    let word = "markov:2,smoothing=witten-bell"
    let canonical = "markov:k=2,smoothing=witten-bell/eos"
    let trained = try Program.run("train", "train.txt", "--model", word, "-o", "out", "--json", in: folder).json()
    let compared = try Program.run("compare", "train.txt", "--model", word, "--json", in: folder).json()
    let counted = try Program.run("parameters", word, "--alphabet-size", "3", "--json", in: folder).json()
    for json in [trained, try compared["models"].list[0], try counted["models"].list[0]] {
      #expect(try json["model"].string == canonical && json["typed"].string == word)
    }
    // 3 (1 + 3 + 9) by hand: the end is one more outcome.
    let entry = try counted["models"].list[0]
    #expect(try entry["free"].string == "39" && abs(entry["freeLog10"].number - log10(39)) < 1e-12)
  }

  @Test func samplesHaveTheirText() throws {
    let json = try Program.run("sample", "model", "-n", "5", "--json", in: folder).json()
    let lines = try Program.run("sample", "model", "-n", "5", in: folder).lines
    #expect(try json["samples"].list.map { try $0["text"].string } == lines)
  }
}
