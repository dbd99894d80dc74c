import Foundation
import Testing

/// Every option of every command, as the program lists them.
@Suite struct OptionTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(60, seed: 1))
    try folder.write("test.txt", names(12, seed: 2))
    try folder.write("many.txt", names(4000, seed: 3))
    try folder.write("odd.txt", "da\ndaß\n")
    try folder.write("gaps.txt", "d?\n?a?\n")
    try folder.write("marked.txt", "_d_a\n")
    try folder.write("counts.txt", (1...20).map { "ad\(String(repeating: "i", count: $0 % 3))\t\($0)\n" }.joined())
    try folder.write("published.tsv", "name\tfigure\tsource\tprotocol\nA\t2\tB\tC\n")
    try folder.write("e.yaml", "data: {train: train.txt}\nmodels: [markov:1]\nmeasure: {samples: 0}\n")
    let roll = (0..<12).map { "[[\(21 + $0)],[],[\(40 + $0),50]]" }.joined(separator: ",")
    try folder.write("roll.json", "{\"train\": [\(roll)], \"valid\": [\(roll)], \"test\": [\(roll)]}\n")
    try folder.write("bits.jsonl", (0..<20).map { "{\"y\": [[0,1],[\($0 % 2),0]]}\n" }.joined())
    try folder.write("x.jsonl", "{\"y\": [\"a\"], \"x\": [[1]]}\n")
    for (word, file) in [("markov:2,smoothing=add:1", "model"), ("rnn:2,epochs=1/eos", "net")] {
      #expect(try Program.run("train", "train.txt", "--model", word, "-o", file, in: folder).code == 0)
    }
  }

  /// A new option without a case fails here.
  @Test(arguments: CommandList.commands)
  func everyOptionIsUsedOrRefused(command: CommandList.Command) throws {
    for option in command.options {
      let lines = try #require(
        OptionCases.lines(command.name, option.name), "\(command) \(option.name) has no line in OptionCases")
      let without = try Program.run(lines.without, in: folder)
      #expect(without.code == 0 || without.errors.contains("--unknown"), "\(lines.without) \(without.errors)")
      let files = try contents()
      let with = try Program.run(lines.with, in: folder)
      if with.code == 65, option.name == "--input-format" { continue }
      if with.code != 0 {
        #expect(with.code == 64, "\(lines.with) \(with.errors)")
        // The reason names the option or its value.
        let name = option.name.drop { $0 == "-" }
        let isNamed = with.errors.contains(name) || with.errors.contains(lines.with[lines.with.count - 1])
        #expect(isNamed, "\(lines.with) \(with.errors)")
      } else if option.name == "--quiet" {
        #expect(with.errors == "", "\(lines.with)")
      } else {
        let isSame = try said(without) == said(with) && contents() == files
        #expect(!isSame, "\(lines.with.joined(separator: " ")): \(option.name) is taken and ignored")
      }
    }
  }

  /// The files in the folder.
  private func contents() throws -> [String: Data] {
    try Dictionary(uniqueKeysWithValues: folder.names.map { ($0, try folder.read($0)) })
  }

  /// What a run said, without what differs from run to run.
  private func said(_ outcome: Program.Outcome) -> String {
    (outcome.text + outcome.errors).replacing(/[0-9.]+ (s|MB|M)\b/, with: "#")
  }

  @Test(arguments: CommandList.commands)
  func anOptionGivenTwiceIsRefused(command: CommandList.Command) throws {
    for option in command.options {
      guard let lines = OptionCases.lines(command.name, option.name),
        let place = lines.with.lastIndex(of: option.name)
      else { continue }
      let outcome = try Program.run(lines.with + lines.with[place...], in: folder)
      if option.isRepeating {
        #expect(outcome.code == 0, "\(option.name) \(outcome.errors)")
      } else {
        // Some are refused for another reason, which is told first.
        #expect(outcome.code == 64, "\(lines.with) \(option.name) \(outcome.errors)")
      }
    }
  }

  /// Numbers that are too small, too large, or none; also in the form `-n -1`.
  @Test(arguments: CommandList.commands)
  func numbersOutOfRangeAreRefused(command: CommandList.Command) throws {
    let numbers = [
      "0", "-1", "2147483648", "9223372036854775807", "9223372036854775808", "99999999999999999999", "nan", "-inf",
      "1e999",
    ]
    for option in command.options {
      guard let lines = OptionCases.lines(command.name, option.name),
        let place = lines.with.lastIndex(of: option.name), place + 1 < lines.with.count,
        Double(lines.with[place + 1]) != nil
      else { continue }
      for number in numbers {
        // Samples flow: so many have no end.
        if option.name == "-n", number == "2147483648" { continue }
        var line = lines.with
        line[place + 1] = number
        let outcome = try Program.run(line, in: folder)
        #expect([0, 64].contains(outcome.code), "\(line) \(outcome.code) \(outcome.errors)")
        #expect(!outcome.errors.contains("Missing value"), "\(line) \(outcome.errors)")
        if number.hasPrefix("-") || number == "nan" {
          #expect(outcome.code == 64 && outcome.errors.contains("must be"), "\(line) \(outcome.errors)")
        }
      }
    }
  }

  /// The same in a model's word.
  @Test(arguments: [
    "markov:99999999999999999999", "markov:1e9", "markov:9223372036854775807", "gru:1e9", "gru:hidden=-3",
    "gru:99999999999999999999", "rnn:4,layers=0", "rnn:4,layers=2147483648", "rnn:4,batch=9223372036854775807",
    "rnn:4,rate=nan", "rnn:4,rate=inf", "rnn:4,rate=1e999", "rnn:4,rate=-1", "rnn:4,clip=1e999", "rnn:4,decay=-1",
    "rnn:4,epochs=9223372036854775808", "rnn:4,time=bucket:99999999999999999999", "rnn:4,dropout=nan",
    "rnn:4,time=sinusoid:9223372036854775807", "markov:2,time=bucket:0", "markov:2,smoothing=add:inf",
    "markov:2,smoothing=add:1e999", "markov:2,smoothing=jelinek-mercer:nan", "vlmc:99999999999999999999",
    "vlmc:3,prune=lr:nan", "vlmc:3,prune=lr:-1", "ctw:99999999999999999999", "table:y99999999999999999999",
    "table:y9223372036854775807", "table:x9223372036854775807", "arpa:9223372036854775807",
    "gru:4/tau:as=embedding:9223372036854775807", "gru:4,regime=scheduled:linear:1e999",
  ])
  func numbersInAWordOutOfRangeAreRefused(word: String) throws {
    let outcome = try Program.run("train", "train.txt", "--model", word, "-o", "out", in: folder)
    #expect(outcome.code == 64 && outcome.errors != "", "\(word) \(outcome.errors)")
  }

  /// What cannot be used beside what else is there.
  @Test(arguments: [
    "sample model --symbols words", "sample model --input-format jsonl", "lengths model --unknown ?",
    "convert model -o out.arpa --input-format lines", "convert model -o out.json --full", "info model --unknown ?",
    "info model --input-format lines", "graph markov:2 --symbols words", "graph markov:2 --parents y2 --given y1",
    "graph markov:2 --plate --steps 4", "graph markov:2 --plate --given y1", "graph markov:2 --plate --json",
    "graph markov:2 --seed 2", "sample tau --end-policy keep --top-k 2",
    "train train.txt --model markov:1 -o out --checkpoint-every 5", "audit small.arpa --samples 1000",
    "audit small.arpa --seed 2", "train train.txt --model markov:1 --model markov:2 -o out",
    "train train.txt --model markov:1 -o out --output other", "sample model -n 3 -n 4",
    "show model -o rows.svg --top 3", "show net --contexts 3", "show pairs --csv --contexts 3",
    "score model test.txt --seed 2", "score model test.txt --samples 500", "score model test.txt --plot out.svg",
    "score model test.txt --guesses --per symbol", "score model test.txt --csv",
    "score model test.txt --per sequence --exposure --csv", "score model test.txt --exposure --posterior --csv",
    "sample model --csv", "models --csv --json", "explain --csv --json",
    "score model test.txt --unknown a --on-unknown skip",
    "score model test.txt --unknown a --on-unknown error", "sample model --most-probable 2 --seed 2",
    "sample model --prefix d --unknown ?", "parameters markov:1 --alphabet-size 3 --input-width 2",
    "train train.txt --model markov:1 -o out --resume", "train train.txt --model rnn:2,epochs=1 -o - --resume",
    "train train.txt --model rnn:2,epochs=1 -o - --checkpoint-every 5",
    "convert model.counts --model markov:1 -o out.arpa --symbols characters",
    "convert model.counts -o out.counts --threads 2", "graph markov:2 --strength train.txt --csv --format dot",
  ])
  func anOptionWithoutUseIsRefused(line: String) throws {
    #expect(try Program.run("train", "train.txt", "--model", "markov:1/tau", "-o", "tau", in: folder).code == 0)
    #expect(try Program.run("convert", "model", "-o", "small.arpa", in: folder).code == 0)
    #expect(try Program.run("convert", "model", "-o", "model.counts", in: folder).code == 0)
    #expect(try Program.run("train", "train.txt", "--model", "markov:1", "-o", "pairs", in: folder).code == 0)
    let before = folder.names
    let outcome = try Program.run(line.split(separator: " ").map(String.init), in: folder)
    #expect(outcome.code == 64 && outcome.errors.contains("-"), "\(outcome.errors)")
    #expect(outcome.text == "" && folder.names == before)
  }

  /// An answer beside a picture that takes standard output is told on standard error.
  @Test(arguments: ["--separated y1;y3", "--width", "--order", "--moral", "--parents y3", "--equals markov:1"])
  func aQuestionBesideAPictureIsAnswered(question: String) throws {
    let words = ["graph", "markov:2"] + question.split(separator: " ").map(String.init)
    let answer = try Program.run(words, in: folder)
    let picture = try Program.run(words + ["--format", "dot"], in: folder)
    #expect(picture.code == 0 && picture.text.hasPrefix("digraph"), "\(picture.errors)")
    #expect(picture.errors == answer.text)
  }

  /// A symbol that the model knows can be named to stand for those that it does not know.
  @Test func aKnownSymbolStandsForUnseenOnes() throws {
    try folder.write("likeA.txt", "da\ndaa\n")
    func nats(_ arguments: String...) throws -> Double {
      try Program.run(["score", "model"] + arguments + ["--json"], in: folder).json()["total"]["nats"].number
    }
    #expect(try nats("odd.txt", "--unknown", "a") == nats("likeA.txt"))
  }

  @Test func theListIsRead() { #expect(CommandList.commands.count >= 12) }
}
