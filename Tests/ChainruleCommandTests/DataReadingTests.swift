import Foundation
import Testing

/// How data are read beside a model, and what is made of symbols that it has not seen.
@Suite struct DataReadingTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(40, seed: 1))
    for (name, options) in [("model", []), ("knowing", ["--unknown", "?"])] {
      let outcome = try Program.run(
        ["train", "train.txt", "--model", "markov:2", "-o", name, "-q"] + options, in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    try folder.write("test.txt", "da\nxdy\nba\n")
  }

  private func run(_ arguments: String..., input: String? = nil) throws -> Program.Outcome {
    try Program.run(arguments, input: input.map { Data($0.utf8) }, in: folder)
  }

  // MARK: Unseen symbols

  /// The advice of the first error, followed, works.
  @Test func adviceAboutAnUnseenSymbolWorks() throws {
    let refused = try run("score", "model", "test.txt")
    #expect(refused.code == 65)
    for part in ["test.txt:2:1", "\"x\"", "--on-unknown skip", "--on-unknown count", "--unknown"] {
      #expect(refused.errors.contains(part), "\(refused.errors)")
    }
    try folder.write("others.txt", "da\nba\n")
    let others = try run("score", "model", "others.txt", "--json").json()["total"]["nats"].number
    let skipped = try run("score", "model", "test.txt", "--on-unknown", "skip", "--json").json()
    #expect(try skipped["total"]["nats"].number == others && skipped["total"]["sequences"].number == 2)
    #expect(try skipped["unseen"]["symbols"].number == 2 && skipped["unseen"]["sequences"].number == 1)
    #expect(try run("score", "model", "test.txt", "--on-unknown", "skip").errors.contains("1 of 3 sequences left out"))
    let counted = try run("score", "model", "test.txt", "--on-unknown", "count", "--per", "sequence", "--json").json()
    #expect(try counted["total"]["nats"].string == "inf" && counted["total"]["impossible"].number == 1)
    #expect(try counted["sequences"].list.count == 3 && counted["sequences"].list[1]["nats"].string == "inf")
    let text = try run("score", "model", "test.txt", "--on-unknown", "count").text
    #expect(text.contains("2 unseen symbols") && text.contains("2 sequences, 4 symbols"), "\(text)")
  }

  /// The perplexity without unknown symbols is that of all other decisions, which `--per symbol` lists.
  @Test(arguments: [("markov:2", []), ("rnn:2,epochs=1/halt", []), ("markov:1/tau", ["--input-format", "lines"])])
  func unknownSymbolsAreCounted(word: String, options: [String]) throws {
    #expect(try run("train", "train.txt", "--model", word, "--unknown", "?", "-o", "m", "-q").code == 0)
    let report = try Program.run(["score", "m", "test.txt", "--per", "symbol", "--json"] + options, in: folder).json()
    let unknown = try report["total"]["unknown"]
    #expect(try unknown["symbols"].number == 2)
    #expect(abs(try unknown["rate"].number - 2.0 / 7) < 1e-12)
    var nats = 0.0
    for sequence in try report["sequences"].list {
      for step in try sequence["steps"].list where try !step.keys.contains("symbol") || step["symbol"].string != "?" {
        nats += try step["nats"].number
      }
    }
    // Seven symbols and three ends, without two of them. Networks score batches and steps in single precision.
    #expect(abs(try unknown["perplexityWithout"].number / exp(nats / 8) - 1) < (word.hasPrefix("rnn") ? 1e-6 : 1e-12))
    let text = try run("score", "m", "test.txt").text
    #expect(text.contains("2 unknown symbols (28.6 %), perplexity without them"), "\(text)")
    // With a symbol for them, too, they can be refused or left out.
    #expect(try run("score", "m", "test.txt", "--on-unknown", "error").code == 65)
    let skipped = try run("score", "m", "test.txt", "--on-unknown", "skip", "--json").json()
    #expect(try skipped["total"]["sequences"].number == 2 && skipped["total"]["unknown"]["symbols"].number == 0)
  }

  /// Each sequence has a letter of its own: those of the test part are unseen.
  @Test func whereOneFileIsSplitTheAlphabetIsTheTrainingParts() throws {
    let letters = (0..<40).compactMap { Unicode.Scalar(0x4E00 + $0) }.map { String(Character($0)) }
    try folder.write("own.txt", letters.map { "ab\($0)\n" }.joined())
    let plain = try run("compare", "own.txt", "--model", "markov:1", "--json").json()
    #expect(try plain["data"]["train"]["alphabetSize"].number == 42 && plain["symbolsOnlyHeldOut"].number == 8)
    let told = try run("compare", "own.txt", "--model", "markov:1").text
    #expect(told.contains("8 symbols do not occur in the training part"), "\(told)")
    let closed = try run("compare", "own.txt", "--model", "markov:1", "--unknown", "?", "--json").json()
    #expect(try closed["data"]["train"]["alphabetSize"].number == 35 && closed["symbolsOnlyHeldOut"].number == 0)
    let test = try closed["models"].list[0]["test"]
    #expect(try test["unknown"]["symbols"].number == 4 && test["symbols"].number == 12)
    let table = try run("compare", "own.txt", "--model", "markov:1", "--unknown", "?").text
    #expect(table.contains("4 unknown symbols in the test set (33.3 %); perplexity without them: markov:1"), "\(table)")
    // Two of forty are held out to tune by.
    let train = try run(
      "train", "own.txt", "--model", "markov:1,tune=valid", "--unknown", "?", "-o", "m", "--json"
    ).json()
    #expect(try train["valid"]["unknown"]["symbols"].number == 2 && train["train"]["unknown"]["symbols"].number == 2)
    #expect(try train["data"]["train"]["alphabetSize"].number == 41)
  }

  // MARK: Symbols beside a model

  /// A foreign ARPA file over letters: by hand, log10 P(a b) = −0.5 − 0.7 − 0.3.
  private func writeLetters() throws {
    try folder.write(
      "letters.arpa",
      """
      \\data\\
      ngram 1=5

      \\1-grams:
      -99\t<s>
      -0.3010300\t</s>
      -1.0000000\t<unk>
      -0.6020600\ta
      -0.8239087\tb

      \\end\\

      """)
    try folder.write("raw.txt", "ab\n")
  }

  @Test func anArpaFileTakesTheSymbolsThatAreAskedFor() throws {
    try writeLetters()
    let expected = (0.3010300 + 0.6020600 + 0.8239087) * log(10)
    for symbols in ["characters", "graphemes", "bytes"] {
      let report = try run("score", "letters.arpa", "raw.txt", "--symbols", symbols, "--json").json()
      #expect(abs(try report["total"]["nats"].number - expected) < 1e-6)
      #expect(try report["total"]["unknown"]["symbols"].number == 0)
    }
    let words = try run("score", "letters.arpa", "raw.txt")
    #expect(words.errors.contains("single characters") && words.errors.contains("--symbols characters"))
    #expect(words.text.contains("1 unknown symbol (100 %)"))
    #expect(try run("convert", "letters.arpa", "--symbols", "characters", "-o", "letters.safetensors", "-q").code == 0)
    #expect(
      abs(try run("score", "letters.safetensors", "raw.txt", "--json").json()["total"]["nats"].number - expected) < 1e-6
    )
    let drawn = try run("sample", "letters.arpa", "--symbols", "characters", "-n", "20", "-q").text
    #expect(!drawn.contains(" "))
  }

  @Test(arguments: [
    ["score", "model", "test.txt"], ["sample", "model"], ["lengths", "model"], ["info", "model"],
    ["score", "ours.arpa", "test.txt"], ["compare", "x.fasta", "--model", "markov:1"], ["info", "x.jsonl"],
  ])
  func otherSymbolsAreRefusedWithTheReason(arguments: [String]) throws {
    #expect(try run("convert", "model", "-o", "ours.arpa").code == 0)
    try folder.write("x.fasta", ">a\nAC\n")
    try folder.write("x.jsonl", "{\"y\": [1]}\n")
    let outcome = try Program.run(arguments + ["--symbols", "graphemes"], in: folder)
    #expect(outcome.code == 64 && outcome.errors.contains("--symbols graphemes: "), "\(outcome.errors)")
  }

  // MARK: What a file is

  @Test func dataGivenForAModelAreSaidToBeData() throws {
    for command in [["score", "train.txt", "train.txt"], ["sample", "train.txt"], ["lengths", "train.txt"]] {
      let outcome = try Program.run(command, in: folder)
      #expect(outcome.code == 65)
      for part in ["train.txt: this is no model file", "seems to be data", "chainrule train"] {
        #expect(outcome.errors.contains(part), "\(outcome.errors)")
      }
    }
    try folder.write("pointer.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 3\n")
    let pointer = try run("score", "pointer.safetensors", "train.txt")
    #expect(pointer.code == 65 && pointer.errors.contains("git lfs pull"))
    let model = try run("compare", "model")
    #expect(model.code == 65 && model.errors.contains("models are no data"), "\(model.errors)")
  }

  @Test func standardInputIsLookedAt() throws {
    let json = try run("info", "-", input: "{\"y\": [\"a\", \"b\"]}\n")
    #expect(json.text.contains("format jsonl") && json.errors.contains("JSON lines"))
    let lines = try run("info", "-", "--input-format", "lines", input: "{\"y\": [\"a\", \"b\"]}\n")
    #expect(lines.text.contains("format lines") && lines.errors == "")
    let one = try run("compare", "-", input: "one line\n")
    #expect(one.code == 65 && one.errors.contains("--input-format text"))
  }
}
