import Chainrule
import Foundation
import Testing

/// Data of every kind on its way through the program.
@Suite struct FormatTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func run(
    _ arguments: String..., input: Data? = nil, _ location: SourceLocation = #_sourceLocation
  ) throws -> Program.Outcome {
    let outcome = try Program.run(arguments, input: input, in: folder)
    #expect(outcome.code == 0, "\(arguments) \(outcome.errors)", sourceLocation: location)
    return outcome
  }

  @Test(
    arguments: [
      ("data.pautomac", "3 4\n3 0 3 1\n0\n2 1 1\n"), ("data.fasta", ">a\nACGT\nAC\n>b\n>c\nGG*\n"),
      ("data.jsonl", "{\"y\": [\"ab\", \"c d\", 3]}\n{\"y\": []}\n{\"y\": [3, 3]}\n"), ("data.txt", "abc\n\nba\n"),
    ], ["markov:1/eos", "tabular/halt", "gru:4,epochs=2/tau"])
  func everyFormatGoesThroughTrainScoreAndSample(file: (name: String, text: String), word: String) throws {
    try folder.write(file.name, file.text)
    let info = try run("info", file.name, "--json").json()
    #expect(try info["sequences"].int == 3)
    _ = try run("train", file.name, "--model", word, "-o", "model")
    let total = try run("score", "model", file.name, "--json").json()["total"]
    #expect(try total["sequences"].int == 3)
    #expect(try total["symbols"].int == info["symbols"].int)
    #expect(try total["nats"].number.isFinite)
    let symbols = Set(try info["alphabet"].list.map { try $0.string })
    for sample in try run("sample", "model", "-n", "8", "--max-length", "20", "--json").json()["samples"].list {
      #expect(try sample["y"].list.allSatisfy { symbols.contains(try $0.string) })
      #expect(try sample["nats"].number.isFinite)
    }
    #expect(try run("sample", "model", "-n", "8", "--max-length", "20").lines.count == 8)
  }

  @Test func aLongTextIsSplitByPosition() throws {
    try folder.write("text.txt", names(150, seed: 3))
    let json = try run(
      "compare", "text.txt", "--input-format", "text", "--model", "markov:2", "--model", "rnn:4,epochs=2/eos",
      "--model",
      "gru:4,epochs=2/tau", "--json"
    ).json()
    let sizes = try ["train", "valid", "test"].map { try json["data"][$0]["symbols"].int }
    #expect(sizes.reduce(0, +) == names(150, seed: 3).count)
    for part in ["train", "valid", "test"] { #expect(try json["data"][part]["sequences"].int == 1) }
    #expect(try json["models"].list.allSatisfy { try $0["test"]["nats"].number.isFinite })
    // One test sequence gives no interval, and the table does not pretend to one.
    let table = try run("compare", "text.txt", "--input-format", "text", "--model", "markov:1", "--model", "markov:2")
    #expect(table.text.contains("one test sequence: no interval") && !table.text.contains("["))
  }

  /// Of one text there is one end, so that there is one way to end.
  @Test func theDefaultModelsRunOnASmallText() throws {
    try folder.write("text.txt", names(30, seed: 4))
    let json = try run("compare", "text.txt", "--input-format", "text", "--json").json()
    let models = try json["models"].list
    for family in ["tabular", "markov", "vlmc", "ctw", "rnn", "gru", "lstm"] {
      #expect(try models.contains { try $0["model"].string.hasPrefix(family + ":") })
    }
    for model in models {
      #expect(try model["test"]["nats"].number.isFinite)
      #expect(try model["model"].string.hasSuffix("/eos"))
    }
    #expect(try json["leftOut"].list.map { try $0.string.prefix(11) } == ["/halt, /tau"])
  }

  @Test func compressedFilesAreReadAndWritten() throws {
    try folder.write("train.txt", names(30, seed: 5))
    _ = try run("train", "train.txt", "--model", "markov:1", "-o", "model")
    _ = try run("train", "train.txt", "--model", "markov:1", "-o", "model.gz")
    #expect(try folder.read("model.gz").prefix(2) == Data([0x1F, 0x8B]))
    #expect(try folder.read("model.gz").count < folder.read("model").count)
    try OutputFile.write(try folder.read("train.txt"), to: folder.url.appending(path: "train.txt.gz").path)
    let plain = try run("score", "model", "train.txt").text
    #expect(try run("score", "model.gz", "train.txt.gz").text == plain)
    #expect(try run("score", "model", "-", input: folder.read("train.txt.gz")).text == plain)
    #expect(try run("score", "-", "train.txt", input: folder.read("model.gz")).text == plain)
    _ = try run("train", "train.txt.gz", "--model", "markov:1", "-o", "again")
    #expect(try folder.read("again") == folder.read("model"))
  }

  @Test func standardInputAndOutputStandForFiles() throws {
    let data = Data(names(30, seed: 6).utf8)
    try folder.write("train.txt", data)
    _ = try run("train", "train.txt", "--model", "rnn:4,epochs=2", "-o", "model")
    let piped = try run("train", "-", "--model", "rnn:4,epochs=2", "-o", "-", input: data)
    #expect(try piped.output == folder.read("model"))
    #expect(try run("info", "-", input: piped.output).text == run("info", "model").text)
    #expect(try run("sample", "-", input: piped.output).text == run("sample", "model").text)
    #expect(try run("info", "-", "--json", input: data).json()["sequences"].int == 30)
    #expect(try run("compare", "-", "--model", "markov:1", "--json", input: data).json()["models"].list.count == 1)
  }

  @Test func lineEndsOfWindowsAndEmptyLinesAreRead() throws {
    try folder.write("unix.txt", "ab\n\nba\n\n")
    try folder.write("windows.txt", "ab\r\n\r\nba\r\n\r\n")
    let unix = try run("info", "unix.txt", "--json").json()
    #expect(try unix["sequences"].int == 4)
    #expect(try unix["lengths"].list.map { try $0.int } == [0, 2, 2])
    _ = try run("train", "unix.txt", "--model", "tabular/tau", "-o", "unix")
    _ = try run("train", "windows.txt", "--model", "tabular/tau", "-o", "windows")
    #expect(try folder.read("unix") == folder.read("windows"))
  }

  /// P(ε) is what the model says of the end before anything: by hand, (2 + 1) / (4 + 3) of two empty lines among four.
  @Test func theEmptySequenceHasALikelihood() throws {
    try folder.write("train.txt", "ab\n\nba\n\n")
    _ = try run("train", "train.txt", "--model", "tabular/eos", "-o", "model")
    let total = try run("score", "model", "-", "--json", input: Data("\n".utf8)).json()["total"]
    #expect(try abs(total["nats"].number - log(7.0 / 3)) < 1e-12)
    #expect(try total["symbols"].int == 0)
    #expect(try total["perplexityWithoutEnd"].number == 1)
    #expect(try run("sample", "model", "--temperature", "0", "-n", "1").text == "\n")
  }

  @Test(arguments: smallModels) func anAlphabetOfOneSymbol(word: String) throws {
    try folder.write("one.txt", "a\n\naaa\naa\n")
    _ = try run("train", "one.txt", "--model", word, "-o", "model")
    #expect(try run("score", "model", "one.txt", "--json").json()["total"]["nats"].number.isFinite)
    #expect(try run("sample", "model", "--max-length", "30").lines.allSatisfy { $0.allSatisfy { $0 == "a" } })
  }

  @Test(arguments: smallModels) func oneSequenceIsEnoughToTrain(word: String) throws {
    try folder.write("single.txt", "abba")
    _ = try run("train", "single.txt", "--model", word, "-o", "model")
    #expect(try run("score", "model", "single.txt", "--json").json()["total"]["nats"].number.isFinite)
    // And as training and test set of a comparison.
    let json = try run("compare", "single.txt", "--test", "single.txt", "--model", word, "--json").json()
    #expect(try json["models"].list[0]["difference"]["natsPerSequence"].number == 0)
  }

  @Test(arguments: [
    ("characters", 5, "e"), ("graphemes", 4, "e\u{301}"), ("words", 2, "ae\u{301}"), ("bytes", 6, "\u{C3}"),
  ])
  func symbolsOfEachKind(kind: String, distinct: Int, aSymbol: String) throws {
    // a, e with a combining accent, a blank, and é in one scalar.
    try folder.write("data.txt", kind == "bytes" ? "ae é\n" : "ae\u{301} é\n")
    let info = try run("info", "data.txt", "--symbols", kind, "--json").json()
    let alphabet = try info["alphabet"].list.map { try $0.string }
    #expect(alphabet.count == (kind == "bytes" ? 5 : distinct))
    #expect(alphabet.contains { $0.unicodeScalars.elementsEqual(aSymbol.unicodeScalars) })
    _ = try run("train", "data.txt", "--symbols", kind, "--model", "markov:1", "-o", "model")
    // The model remembers the kind.
    let score = try run("score", "model", "data.txt", "--json").json()
    #expect(try score["total"]["symbols"].int == info["symbols"].int)
    // The most probable sequence after its beginning is the only one that was seen.
    let drawn = try run("sample", "model", "-n", "20", "--seed", "1")
    #expect(drawn.output.split(separator: 10, omittingEmptySubsequences: false).count == 21)
  }

  @Test func bytesOfAnyKindComeBackAsTheyWere() throws {
    try folder.write("bytes.txt", Data([0xFF, 0xFE, 0x0A]))
    _ = try run("train", "bytes.txt", "--symbols", "bytes", "--model", "tabular:smoothing=ml/eos", "-o", "model")
    #expect(try run("sample", "model", "-n", "2").output == Data([0xFF, 0xFE, 0x0A, 0xFF, 0xFE, 0x0A]))
  }

  @Test func unknownSymbolsHaveAPlaceWhereOneIsGiven() throws {
    try folder.write("train.txt", "ab\nba\n")
    try folder.write("test.txt", "az\n")
    _ = try run("train", "train.txt", "--unknown", "?", "--model", "markov:1", "-o", "model")
    #expect(try run("info", "model", "--json").json()["alphabet"].list.map { try $0.string } == ["?", "a", "b"])
    let score = try run("score", "model", "test.txt", "--per", "symbol", "--json").json()
    let steps = try score["sequences"].list[0]["steps"].list
    #expect(try steps.prefix(2).map { try $0["symbol"].string } == ["a", "?"])
    let json = try run(
      "compare", "train.txt", "--test", "test.txt", "--unknown", "?", "--model", "markov:1", "--json"
    ).json()
    #expect(try json["data"]["train"]["alphabetSize"].int == 3)
    #expect(try json["models"].list[0]["test"]["nats"].number.isFinite)
  }

  @Test func prefixesLengthsAndTruncationAreKept() throws {
    try folder.write("train.txt", names(60, seed: 7))
    _ = try run("train", "train.txt", "--model", "markov:2/tau", "-o", "model")
    #expect(try run("sample", "model", "--prefix", "da").lines.allSatisfy { $0.hasPrefix("da") })
    #expect(try run("sample", "model", "--length", "6").lines.allSatisfy { $0.count == 6 })
    #expect(
      try run("sample", "model", "--prefix", "", "--seed", "2").text == run("sample", "model", "--seed", "2").text)
    let greedy = try run("sample", "model", "--temperature", "0", "--length", "4", "-n", "5", "--json").json()
    #expect(try greedy["truncated"].bool)
    #expect(Set(try greedy["samples"].list.map { try $0["y"].list.map { try $0.string }.joined() }).count == 1)
    #expect(
      try run("sample", "model", "--top-k", "1", "--length", "4", "-n", "5").text
        == run("sample", "model", "--temperature", "0", "--length", "4", "-n", "5").text)
  }
}
