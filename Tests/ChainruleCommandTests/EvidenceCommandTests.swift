import Foundation
import Testing

/// `fill`, and patterns and gaps in `score`, `sample` and `lengths`, on a model whose figures are known by hand.
@Suite struct EvidenceCommandTests {
  private let folder: Folder

  /// Of the words ab, ab, ab and b: P(a) = 3/4 and P(b) = 1/4 at first, b after a, and the end after b.
  init() throws {
    folder = try Folder()
    try folder.write("train.txt", "ab\nab\nab\nb\n")
    #expect(
      try Program.run("train", "train.txt", "--model", "markov:1,smoothing=ml", "-o", "model", "-q", in: folder).code
        == 0)
  }

  @Test func gapsAreFilled() throws {
    try folder.write("gaps.txt", "a?\n?b\n?\n[ab]b\nba?\n")
    let filled = try Program.run("fill", "model", "gaps.txt", in: folder)
    // Nothing begins with ba.
    #expect(filled.lines == ["ab", "ab", "b", "ab", "ba?"])
    #expect(filled.errors.contains("number 5"))
    let marginals = try Program.run("fill", "model", "gaps.txt", "--marginals", "--csv", in: folder)
    #expect(marginals.lines.contains("3,1,b,1.0"))
    let json = try Program.run("fill", "model", "gaps.txt", "--json", in: folder).json()
    let first = try json["sequences"].list[0]
    #expect(abs(try first["logProbability"].number - log(0.75)) < 1e-12)
    #expect(abs(try first["completions"].list[0]["probability"].number - 1) < 1e-12)
    #expect(try json["sequences"].list[4]["completions"].list.isEmpty)
    let drawn = try Program.run("fill", "model", "gaps.txt", "-n", "2", in: folder)
    #expect(drawn.lines == ["ab", "ab", "ab", "ab", "b", "b", "ab", "ab", "ba?"])
    let matched = try Program.run("fill", "model", "--matching", ".*", "--most-probable", "5", in: folder)
    #expect(matched.lines.map { $0.split(separator: "\t")[1] } == ["completion", "ab", "b"])
  }

  @Test func patternsHaveProbabilities() throws {
    let json = try Program.run("score", "model", "--matching", "a.*|c?b", "--json", in: folder)
    #expect(json.code == 64 && json.errors.contains("column 5"))
    func probability(_ pattern: String) throws -> Double {
      try Program.run("score", "model", "--matching", pattern, "--json", in: folder).json()["probability"].number
    }
    #expect(abs(try probability("a.*") - 0.75) < 1e-12)
    #expect(abs(try probability("!(a.*)") - 0.25) < 1e-12)
    #expect(try probability("bb") == 0)
    #expect(try Program.run("score", "model", "--matching", "bb", in: folder).lines[0].hasPrefix("inf"))
    let none = try Program.run("sample", "model", "--matching", "bb", in: folder)
    #expect(none.code == 65 && none.errors.contains("no sequence of the model matches"))
    #expect(try Program.run("sample", "model", "--matching", "a.*", "-n", "3", in: folder).lines == ["ab", "ab", "ab"])
    let lengths = try Program.run("lengths", "model", "--matching", "b", "--json", in: folder).json()
    #expect(try lengths["probabilities"].list.map { try $0.number }.prefix(2) == [0, 1])
  }

  @Test func gapsAreSummedOut() throws {
    try folder.write("gaps.jsonl", "{\"y\": [null, \"b\"]}\n{\"y\": [[\"a\", \"b\"]]}\n")
    let json = try Program.run(
      "score", "model", "gaps.jsonl", "--missing", "?", "--per", "sequence", "--json", in: folder
    )
    .json()
    let nats = try json["sequences"].list.map { try $0["nats"].number }
    #expect(abs(nats[0] + log(0.75)) < 1e-12 && abs(nats[1] + log(0.25)) < 1e-12)
  }

  @Test func elementsThatDoNotFitAreSeen() throws {
    try folder.write("test.txt", "ab\n")
    let lines = try Program.run("score", "model", "test.txt", "--two-sided", "--per", "symbol", "--csv", in: folder)
      .lines
    let fields = lines.dropFirst().map { $0.split(separator: ",").map(String.init) }
    // Given that a b follows at position 2 and is the last, the first can be a alone.
    #expect(fields.map { $0[2] } == ["a", "b"])
    #expect(abs((Double(fields[0][3]) ?? 0) + log(0.75)) < 1e-12)
    #expect(abs(Double(fields[0][4]) ?? 1) < 1e-12)
  }

  @Test(arguments: [
    ("a[b", "expected ]"), ("aBc?", "is not in the alphabet"), ("a[]b", "expected symbols between"),
    ("ab]", "is not in"),
  ])
  func brokenGapsAreTold(_ line: String, _ problem: String) throws {
    try folder.write("gaps.txt", "ab\n\(line)\n")
    let outcome = try Program.run("fill", "model", "gaps.txt", in: folder)
    #expect(
      outcome.code == 65 && outcome.errors.contains(problem) && outcome.errors.contains("gaps.txt:2:"),
      "\(outcome.errors)")
  }

  @Test(arguments: [
    ["fill", "model"], ["fill", "model", "train.txt", "--matching", "a"], ["fill", "model", "train.txt", "--top", "3"],
    ["sample", "model", "--matching", "a.*", "--prefix", "a"], ["score", "model"],
    ["score", "model", "train.txt", "--matching", "a"], ["score", "model", "train.txt", "--two-sided", "--guesses"],
    ["lengths", "model", "train.txt", "--matching", "a"], ["sample", "model", "--matching", "a{99999}{99999}"],
  ])
  func misusesAreRefused(_ words: [String]) throws {
    let outcome = try Program.run(words, in: folder)
    #expect(outcome.code == 64, "\(words) \(outcome.errors)")
  }
}
