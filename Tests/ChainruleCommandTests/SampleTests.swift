import Foundation
import Testing

/// `sample`: what is asked of lengths, beginnings and output.
@Suite struct SampleTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("same.txt", "aaaa\naaaa\naaaa\naaaa\n")
    try folder.write("names.txt", names(200, seed: 1))
  }

  private func train(_ data: String, _ model: String) throws {
    let outcome = try Program.run("train", data, "--model", model, "-o", "model", "-q", in: folder)
    try #require(outcome.code == 0, "\(outcome.errors)")
  }

  /// Sequences of four a's: no other length is drawn from a full table, and it is refused before anything is printed.
  @Test(arguments: ["tabular:smoothing=ml/eos", "tabular:smoothing=ml/halt", "markov:2,smoothing=ml/tau"])
  func lengthsThatCannotBe(_ model: String) throws {
    try train("same.txt", model)
    for (arguments, wanted) in [
      (["--min-length", "10"], "has 10 elements or more"), (["--length", "3"], "has 3 elements"),
      (["--length", "3", "--json"], "has 3 elements"),
      (["--length", "5", "--prefix", "aa"], "has 5 elements and begins with this prefix"),
      (["--length", "3", "--most-probable", "2"], "has 3 elements"),
    ] {
      let outcome = try Program.run(["sample", "model"] + arguments, in: folder)
      #expect(outcome.code == 64 && outcome.output.isEmpty, "\(arguments)")
      #expect(outcome.errors.hasSuffix("no sequence of the model \(wanted)\n"), "\(arguments): \(outcome.errors)")
    }
    #expect(try Program.run("sample", "model", "--min-length", "4", "-n", "2", in: folder).lines == ["aaaa", "aaaa"])
  }

  @Test(arguments: ["markov:2,smoothing=ml/eos", "markov:3/halt", "gru:4,epochs=1/eos"])
  func leastLengthsAreKept(_ model: String) throws {
    try train("names.txt", model)
    let outcome = try Program.run("sample", "model", "--min-length", "9", "-n", "300", in: folder)
    #expect(outcome.code == 0 && outcome.lines.count == 300 && outcome.lines.allSatisfy { $0.count >= 9 })
    // Where sequences are drawn given that they are so long, nothing is changed.
    #expect(outcome.errors.contains("not from the model's own distribution") == model.hasPrefix("gru"))
  }

  /// Several samples of a text are a line each, a single one is the text itself.
  @Test func aSampleWithLineBreaksIsOneLine() throws {
    try folder.write("text", String(repeating: "ab\\\n", count: 40))
    let trained = try Program.run(
      "train", "text", "--input-format", "text", "--model", "markov:1", "-o", "model", in: folder)
    try #require(trained.code == 0, "\(trained.errors)")
    let arguments = ["sample", "model", "--length", "12"]
    let texts = try Program.run(arguments + ["-n", "5", "--json"], in: folder).json()["samples"].list
      .map { try $0["text"].string }
    let several = try Program.run(arguments + ["-n", "5"], in: folder)
    let escaped = texts.map { $0.replacing("\\", with: "\\\\").replacing("\n", with: "\\n") }
    #expect(several.lines == escaped && several.errors.contains("line breaks"), "\(several.errors)")
    #expect(try Program.run(arguments + ["-n", "1"], in: folder).text == texts[0] + "\n")
  }

  /// One object, whatever the number of samples, which are those of the lines.
  @Test(arguments: [0, 1, 5000]) func jsonIsOneObject(_ count: Int) throws {
    try train("names.txt", "markov:2/eos")
    let arguments = ["sample", "model", "-n", "\(count)", "--temperature", "0.8"]
    let json = try Program.run(arguments + ["--json"], in: folder).json()
    #expect(try json["schema"].string == "chainrule.sample/1" && json["seed"].int == 1 && json["truncated"].bool)
    let samples = try json["samples"].list
    let texts = try samples.map { sample in try sample["y"].list.map { try $0.string }.joined() }
    let lines = try Program.run(arguments + ["-q"], in: folder).lines
    #expect(texts == lines)
    for sample in samples.prefix(20) {
      #expect(try sample["complete"].bool && sample["nats"].number > 0)
    }
  }

  /// Symbols that JSON escapes come back as they are.
  @Test func jsonEscapesSymbols() throws {
    try folder.write("odd.txt", "\"\\\t/é\u{1F600}\n")
    try train("odd.txt", "markov:1,smoothing=ml/eos")
    let json = try Program.run("sample", "model", "-n", "1", "--json", in: folder).json()
    let symbols = try json["samples"].list[0]["y"].list.map { try $0.string }
    #expect(symbols == ["\"", "\\", "\t", "/", "é", "\u{1F600}"])
  }

  /// The most probable sequences that begin with a prefix are those of all that do, in order.
  @Test(arguments: ["markov:2/eos", "markov:2/halt", "markov:1/tau", "tabular/eos", "gru:4,epochs=1/eos"])
  func mostProbableBeginWithThePrefix(_ model: String) throws {
    try train("names.txt", model)
    func found(_ count: Int, _ prefix: String?) throws -> [(text: String, nats: Double)] {
      let outcome = try Program.run(
        ["sample", "model", "--most-probable", "\(count)"] + (prefix.map { ["--prefix", $0] } ?? []), in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return outcome.lines.dropFirst().map { line in
        let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
        return (String(parts[0]), Double(parts.last ?? "") ?? .nan)
      }
    }
    let prefix = String(try #require(try found(40, nil).first { $0.text.count > 1 }).text.prefix(1))
    let (all, begun) = (try found(400, nil), try found(5, prefix))
    #expect(begun.count == 5 && begun.allSatisfy { $0.text.hasPrefix(prefix) })
    #expect(zip(begun, begun.dropFirst()).allSatisfy { $0.nats <= $1.nats })
    let wanted = all.filter { $0.text.hasPrefix(prefix) }.prefix(5)
    for (a, b) in zip(begun, wanted) where !model.hasPrefix("gru") {
      #expect(abs(a.nats - b.nats) < 1e-5, "\(begun), \(Array(wanted))")
    }
  }

  /// A million samples as JSON in no more memory than a few thousand need.
  @Test func jsonStreams() throws {
    try train("names.txt", "markov:2/eos")
    let code = try folder.shell(
      "ulimit -v 700000; exec \(try Program.path) sample model -n 60000 --json --threads 1 -q > out.json")
    #expect(code == 0)
    #expect(try JSON(folder.read("out.json"))["samples"].list.count == 60_000)
  }
}
