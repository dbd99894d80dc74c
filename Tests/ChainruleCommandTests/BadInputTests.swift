import Foundation
import Testing

/// What is wrong is said in a sentence that names it, and the exit code tells whose fault it is.
@Suite struct BadInputTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(40, seed: 1))
    #expect(try Program.run("train", "train.txt", "--model", "markov:2", "-o", "model", in: folder).code == 0)
  }

  /// Ends with the code, says all of this, and nothing on standard output.
  private func expect(
    _ arguments: [String], input: Data? = nil, _ code: Int32, _ parts: [String],
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try Program.run(arguments, input: input, in: folder)
    #expect(outcome.code == code, "\(arguments) \(outcome.errors)", sourceLocation: location)
    for part in parts {
      #expect(outcome.errors.contains(part), "\(arguments) \(outcome.errors)", sourceLocation: location)
    }
    #expect(outcome.text == "", sourceLocation: location)
  }

  // MARK: Files

  @Test(arguments: [
    ["compare", "none.txt"], ["compare", "train.txt", "--test", "none.txt"],
    ["train", "none.txt", "--model", "markov:1", "-o", "out"], ["score", "none.txt", "train.txt"],
    ["score", "model", "none.txt"], ["sample", "none.txt"], ["info", "none.txt"],
  ])
  func aMissingFileIsNamed(arguments: [String]) throws {
    try expect(arguments, 66, ["none.txt: there is no such file"])
    #expect(folder.names == ["model", "train.txt"])
  }

  @Test(arguments: [
    ["--model", "markov:1", "-o", "none/out"], ["--model", "rnn:4", "-o", "folder"],
    ["--model", "markov:1", "-o", "train.txt/out"],
  ])
  func aModelThatCannotBeWrittenIsNoticedBeforeTheFit(options: [String]) throws {
    try FileManager.default.createDirectory(at: folder.url.appending(path: "folder"), withIntermediateDirectories: true)
    try expect(["train", "train.txt"] + options, 73, [options[3], "cannot be written"])
  }

  @Test(.enabled(if: getuid() != 0, "everything is writable for root"))
  func aFolderThatIsNotWritable() throws {
    let locked = folder.url.appending(path: "locked")
    try FileManager.default.createDirectory(
      at: locked, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o555])
    try expect(["train", "train.txt", "--model", "markov:1", "-o", "locked/out"], 73, ["locked/out"])
  }

  /// Nobody can make a file there, though the superuser may write everywhere.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self")))
  func aModelThatCannotBeMadeAfterTheFit() throws {
    try expect(
      ["train", "train.txt", "--model", "markov:1", "-o", "/proc/out"], 73, ["/proc/out", "cannot be written"])
  }

  @Test(arguments: ["train.txt", "./train.txt", "../data/train.txt", "link", "valid.txt"])
  func aModelNeverTakesThePlaceOfItsData(output: String) throws {
    try folder.write("valid.txt", "da\n")
    try FileManager.default.createSymbolicLink(
      atPath: folder.url.appending(path: "link").path, withDestinationPath: "train.txt")
    let data = try folder.read("train.txt")
    try expect(
      ["train", "train.txt", "--valid", "./valid.txt", "--model", "markov:1", "-o", output], 64,
      ["the place of", output])
    let piped = try folder.shell("\(try Program.path) train - --model markov:1 -o train.txt < train.txt 2> /dev/null")
    #expect(piped == 64)
    #expect(try folder.read("train.txt") == data)
  }

  /// What is written into a pipe is the model, and the pipe stays.
  @Test func aModelGoesThroughAPipe() throws {
    let program = try Program.path
    let code = try folder.shell(
      "mkfifo pipe; cat pipe > out & \(program) train train.txt --model markov:2 -o pipe -q && wait && test -p pipe")
    #expect(code == 0)
    #expect(try folder.read("out") == folder.read("model"))
  }

  @Test func aNameOfOneCharacterIsAName() throws {
    let outcome = try Program.run("train", "train.txt", "--model", "markov:1", "-o", "m", in: folder)
    #expect(outcome.code == 0)
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")),
    arguments: ["sample model", "score model train.txt", "info model", "parameters rnn:2 --alphabet-size 3"])
  func resultsThatAreLostAreAFailure(arguments: String) throws {
    #expect(try folder.shell("\(try Program.path) \(arguments) > /dev/full 2> errors") == 74)
    #expect(String(decoding: try folder.read("errors"), as: UTF8.self).contains("standard output"))
  }

  /// A limit of 512 bytes on what the program may write: nothing is left, not even a temporary file.
  @Test func aModelThatFindsNoRoomLeavesNothing() throws {
    let code = try folder.shell(
      "ulimit -f 1; exec \(try Program.path) train train.txt --model markov:5 -o out 2> /dev/null")
    #expect(code == 74)
    #expect(folder.names == ["model", "train.txt"])
  }

  // MARK: Data

  /// A lone byte, a scalar cut short, an overlong one and a surrogate; columns count scalars.
  @Test(arguments: [
    ([0x61, 0xFF, 0x62] as [UInt8], 2, 2, "0xFF"), ([0xC3, 0xA9, 0xC3], 2, 2, "0xC3"), ([0xC0, 0x80], 2, 1, "0xC0"),
    ([0x61, 0x61, 0xED, 0xA0, 0x80], 2, 3, "0xED"),
  ])
  func aByteThatIsNotUTF8IsNamedWithItsPlace(line: [UInt8], row: Int, column: Int, byte: String) throws {
    try folder.write("bad.txt", Data("ab\n".utf8 + line + [10]))
    let place = "bad.txt:\(row):\(column): "
    try expect(["compare", "bad.txt", "--model", "markov:1"], 65, [place, byte, "--symbols bytes"])
    try expect(["info", "bad.txt"], 65, [place, byte])
    #expect(try Program.run("info", "bad.txt", "--symbols", "bytes", in: folder).code == 0)
  }

  @Test func aSymbolOutsideTheAlphabetIsNamedWithItsPlace() throws {
    try folder.write("test.txt", "da\n\nbañ\n")
    let parts = ["test.txt:3:3", "\"ñ\"", "--unknown"]
    try expect(["compare", "train.txt", "--test", "test.txt", "--model", "markov:1"], 65, parts)
    try expect(["train", "train.txt", "--valid", "test.txt", "--model", "rnn:2", "-o", "out"], 65, parts)
    try expect(["score", "model", "test.txt"], 65, parts)
    try expect(["score", "model", "-"], input: Data("da\nx".utf8), 65, ["standard input:2:1", "\"x\""])
    try expect(["sample", "model", "--prefix", "daZ"], 65, ["--prefix:1:3", "\"Z\""])
    try expect(["sample", "model", "--prefix", "da\nda"], 65, ["--prefix:1:3", "\"\\n\""])
  }

  /// A mistyped file is no alphabet of its letters, and a symbol that an alphabet lacks is told with what it has.
  @Test func aMistypedAlphabetIsNoSetOfLetters() throws {
    let train = ["train", "train.txt", "--model", "markov:1", "-o", "out", "--alphabet"]
    for name in ["alphabett", "my-alphabet.txt"] {
      try expect(train + [name], 66, ["\(name): there is no such file", "a-z", "from:FILE", "a FILE"])
    }
    try folder.write("test.txt", "aéb\n")
    try expect(
      ["train", "test.txt", "--model", "markov:1", "-o", "out", "--alphabet", "a-c"], 65,
      ["test.txt:1:2", "\"é\"", "3 symbols: a b c", "--unknown"])
  }

  @Test(arguments: [
    ("2 3\n1 0\n2 1 x\n", 3, 5), ("2 3\n1 0\n2 1 3\n", 3, 5), ("2 3\n1 0\n3 1 1\n", 3, 1), ("1 3\n1 0\n1 0\n", 3, 1),
    ("two 3\n", 1, 1), ("1 3 4\n1 0\n", 1, 5), ("1 99999999999999999999\n", 1, 3), ("1 3\n-1\n", 2, 1), ("3\n", 1, 2),
  ])
  func aMalformedPautomacLineIsNamed(text: String, line: Int, column: Int) throws {
    try folder.write("bad.pautomac", text)
    try expect(["info", "bad.pautomac"], 65, ["bad.pautomac:\(line):\(column): expected "])
  }

  @Test(arguments: [
    ("{\"y\": [1]}\n{\"y\": [1,}\n", 2), ("{\"y\": [1]}\n{\"x\": [1]}\n", 2), ("\n[1]\n", 2),
    ("{\"y\": [[[\"a\"]]]}", 1),
    ("{\"y\": [\"\"]}", 1), ("{\"y\": 3}", 1), ("{\"y\": [null]}", 1), ("{\"y\": [1]} {\"y\": [1]}", 1),
  ])
  func aMalformedJSONLineIsNamed(text: String, line: Int) throws {
    try folder.write("bad.jsonl", text)
    try expect(["info", "bad.jsonl"], 65, ["bad.jsonl:\(line):"])
  }

  @Test func realValuesAreNoSymbols() throws {
    try folder.write("real.jsonl", "{\"y\": [1, 2]}\n{\"y\": [0.5, 1]}\n")
    try expect(
      ["train", "real.jsonl", "--model", "markov:1/eos", "-o", "out"], 64,
      ["markov:1/eos", "an end symbol is one more symbol", "real numbers", "/halt or /tau"])
    try expect(["compare", "real.jsonl", "--symbols", "words", "--model", "markov:1/halt"], 65, ["real.jsonl:2:8"])
  }

  @Test(arguments: [0, 1, 2])
  func fewerThanThreeSequencesCannotBeSplit(count: Int) throws {
    try folder.write("tiny.txt", String(repeating: "da\n", count: count))
    try expect(
      ["compare", "tiny.txt", "--model", "markov:1"], 65, ["tiny.txt", count == 0 ? "no sequences" : "at least 3"])
  }

  @Test func emptySequencesAloneHoldNothingToLearn() throws {
    try folder.write("blank.txt", "\n\n\n\n")
    try expect(["compare", "blank.txt"], 65, ["blank.txt:1:1", "empty sequences"])
    try expect(["train", "blank.txt", "--model", "gru:4", "-o", "out"], 65, ["blank.txt:1:1", "empty sequences"])
  }

  @Test func damagedGzipIsNamed() throws {
    try folder.write("no.txt.gz", "ab\n")
    try expect(["info", "no.txt.gz"], 65, ["no.txt.gz", "gzip"])
    #expect(try Program.run("train", "train.txt", "--model", "markov:2", "-o", "model.gz", in: folder).code == 0)
    let whole = try folder.read("model.gz")
    try folder.write("cut.gz", whole.prefix(whole.count / 2))
    try expect(["sample", "cut.gz"], 65, ["cut.gz", "too early"])
  }

  // MARK: Usage

  @Test(arguments: [
    ("markof:3", ["'markof'", "did you mean 'markov'"]), ("grru:4", ["'grru'", "did you mean 'gru'"]),
    ("banana", ["'banana'", "tabular, markov, ctw, vlmc"]), ("markov", ["markov needs its order"]),
    ("rnn", ["rnn needs its number of units"]), ("markov:3/eoz", ["'eoz'", "did you mean 'eos'"]),
    ("markov:3/", ["length strategy ''", "eos, halt, tau"]), ("markov:k=3,smoothng=ml", ["'smoothng'", "'smoothing'"]),
    ("markov:3,smoothing=witen-bell", ["'witen-bell'", "did you mean 'witten-bell'"]),
    ("markov:3,smoothing=add:-1", ["add:-1", "above 0"]), ("markov:3,smoothing=add:nan", ["add:nan"]),
    ("MARKOV:3", ["'MARKOV'", "did you mean 'markov'"]), ("tabular:smoothing=add:1e308", ["add:1e308", "at most"]),
    ("markov:-1", ["k=-1", "from 0 to 1000"]), ("markov:2.5", ["k=2.5"]), ("markov:2,k=3", ["'k'", "twice"]),
    ("markov:2,", ["option=value"]), ("rnn:0", ["hidden=0"]), ("rnn:4,rate=fast", ["rate=fast"]),
    ("rnn:4,epochs=0", ["epochs=0"]), ("rnn:4,dropout=1", ["dropout=1"]), ("", ["unknown model ''"]),
    ("tabular:smoothing=witten-bell", ["no shorter one to fall back on"]),
    ("gru:8/tau:input=remainig", ["'remainig'", "did you mean 'remaining'"]),
    ("gru:8/tau:inputs=none", ["'inputs'", "did you mean 'input'"]), ("gru:8/eos:input=none", ["'input'"]),
    ("mixture(markov:1;markov:2)", ["unknown model 'mixture'"]), ("markov(gru:2):3", ["markov takes no models"]),
    ("markov(gru:2:3", ["not closed"]), ("gru:8/tau:prior=poison", ["tau: prior 'poison'", "did you mean 'poisson'"]),
    (String(repeating: "markov(", count: 1000) + String(repeating: ")", count: 1000), ["at most 32 deep"]),
    ("arpa:2/halt", ["no other end: use /eos"]),
  ])
  func aWordThatIsNoModelIsExplained(word: String, parts: [String]) throws {
    try expect(["train", "train.txt", "--model", word, "-o", "out"], 64, parts)
    try expect(["compare", "train.txt", "--model", "markov:1", "--model", word], 64, parts)
    try expect(["parameters", word, "--alphabet-size", "3", "--length", "4"], 64, parts)
  }

  /// What is not fitted is refused before data are read.
  @Test func whatIsNotFittedIsRefused() throws {
    try expect(
      ["train", "missing.txt", "--model", "arpa:2", "-o", "out"], 64, ["arpa:2", "convert FILE.arpa", "markov:2"])
    try expect(["compare", "missing.txt", "--model", "markov:1", "--model", "arpa:2"], 64, ["convert FILE.arpa"])
  }

  @Test(arguments: [
    ["compare"], ["train", "train.txt"], ["train", "train.txt", "--model", "markov:1"], ["score", "model"], ["bogus"],
    ["train", "train.txt", "--model", "markov:1", "-o", "-", "--json"],
    ["train", "train.txt", "--model", "markov:1", "-o", "train.txt"],
    ["score", "model", "train.txt", "--unknown", "?"],
    ["compare", "train.txt", "--valid", "train.txt"], ["train", "train.txt", "--model", "markov:1", "-o", ""],
    ["compare", "train.txt", "--sede", "1"],
    ["compare", "train.txt", "--seed", "x"], ["compare", "train.txt", "--seed", "-1"],
    ["compare", "train.txt", "--threads", "0"], ["compare", "train.txt", "--symbols", "letters"],
    ["compare", "train.txt", "--input-format", "foo"], ["score", "model", "train.txt", "--per", "word"],
    ["sample", "model", "-n", "x"], ["sample", "model", "-n", "-1"], ["sample", "model", "--temperature", "-1"],
    ["sample", "model", "--novelty", "train.txt", "-n", "10000001"], ["sample", "model", "--temperature", "nan"],
    ["sample", "model", "--top-k", "0"],
    ["sample", "model", "--top-p", "0"],
    ["sample", "model", "--top-p", "1.5"], ["sample", "model", "--max-length", "-1"],
    ["sample", "model", "--length", "3", "--min-length", "4"], ["sample", "model", "--min-p", "2"],
    ["sample", "model", "--end-policy", "never"], ["sample", "model", "--end-policy", "keep"],
    ["sample", "model", "--min-length", "-1"], ["sample", "model", "--length", "5", "--max-length", "3"],
    ["sample", "model", "--max-length", "3", "--min-length", "4"], ["sample", "model", "--against", "train.txt"],
    ["sample", "model", "--most-probable", "-1"], ["sample", "model", "--most-probable", "each"],
    ["explain", "bogus"], ["score", "model", "train.txt", "--guesses", "--samples", "1"],
    ["sample", "model", "--most-probable", "1", "--top-k", "1"],
    ["sample", "model", "--most-probable", "1", "-n", "3"], ["sample", "model", "--most-probable", "2000000"],
    ["sample", "model", "--most-probable", "1", "--max-length", "5"],
    ["sample", "model", "--most-probable", "1", "--end-policy", "keep"],
    ["sample", "model", "--most-probable", "1", "--inputs", "train.txt"],
    ["sample", "model", "--most-probable", "1", "--length", "9223372036854775807"],
    ["sample", "model", "--length", "99999999999"],
    ["lengths", "model", "--lengths", "-1"], ["lengths", "model", "--samples", "0"],
    ["lengths", "model", "--plot", "lengths.pdf"], ["parameters", "markov:1"], ["parameters", "--alphabet-size", "3"],
    ["parameters", "markov:1", "--alphabet-size", "0"], ["memory", "train.txt", "train.txt"],
    ["memory", "train.txt", "--samples", "9"], ["memory", "model", "--input-format", "lines"],
    ["memory", "train.txt", "--longest", "0"], ["distance", "model", "--orders", "3-2"],
    ["distance", "model", "--orders", "0-65"], ["distance", "model", "--orders", "a"],
    ["distance", "model", "model", "--orders", "0-2"], ["distance", "model", "--samples", "1"],
    ["parameters", "gru:8", "--alphabet-size", "9223372036854775807"],
    ["parameters", "tabular", "--alphabet-size", "3", "--length", "-1"],
    ["parameters", "tabular", "--alphabet-size", "3"], ["help", "nonsense"],
    ["train", "train.txt", "--model", "markov:1", "-o", "out", "--unknown", ""],
    ["train", "train.txt", "--model", "markov:1", "-o", "out", "--unknown", "ab"],
    ["score", "model", "train.txt", "--unknown", ""], ["info", "train.txt", "--unknown", ""],
  ])
  func wrongUsage(arguments: [String]) throws {
    try expect(arguments, 64, [])
    #expect(folder.names == ["model", "train.txt"])
  }

  @Test(arguments: [
    [], ["--help"], ["help", "train"], ["compare", "--help"], ["train", "-h"], ["score", "--help"],
    ["sample", "--help"], ["lengths", "--help"],
    ["parameters", "--help"], ["info", "--help"], ["graph", "--help"],
  ])
  func helpIsNoFailureAndFitsTheTerminal(arguments: [String]) throws {
    let outcome = try Program.run(arguments, in: folder)
    #expect(outcome.code == 0)
    #expect(outcome.errors == "")
    // The usage line alone is as long as it must be.
    for line in outcome.lines where !line.hasPrefix("USAGE") { #expect(line.count <= 80) }
    // Nothing is broken in the middle: examples and lists are indented throughout.
    #expect(!outcome.lines.contains { $0.hasPrefix("smoothing=") || $0.hasPrefix("markov:") })
  }

  /// Which models can is said.
  @Test func aLengthThatHardlyOccursIsRefused() throws {
    #expect(try Program.run("train", "train.txt", "--model", "rnn:2,epochs=1/eos", "-o", "net", in: folder).code == 0)
    try expect(["sample", "net", "--length", "3000"], 64, ["3000 elements", "/tau", "Markov"])
  }

  /// A refusal says what is wrong with what was given.
  @Test func refusalsGiveTheReason() throws {
    try expect(["sample", "model", "--min-length", "10001"], 64, ["--min-length 10001", "10000", "--max-length"])
    let train = ["train", "train.txt", "--model", "markov:1", "-o", "out"]
    try expect(train + ["--memory", "-1"], 64, ["at least 100M"])
    try expect(train + ["--unknown", "ab"], 64, ["\"ab\"", "characters"])
    try expect(["help", "nonsense"], 64, ["'nonsense'", "compare"])
  }

  @Test func theVersionIsPrinted() throws {
    #expect(try Program.run("--version", in: folder).lines.count == 1)
  }
}
