import Foundation
import Testing

/// Every option that names an output, through the one writer: nothing is overwritten that is read, paths are checked before
/// the work, and what is there keeps its permissions and its links.
@Suite struct OutputOptionTests {
  /// A command line that ends where the output's name is missing.
  struct Case: CustomTestStringConvertible {
    var command: String
    /// The option's long name.
    var option: String
    var arguments: [String]
    /// What the output's name ends in.
    var suffix = ""
    /// The files that are read.
    var inputs: [String] = []
    /// The same with its first input from standard input.
    var piped: [String]?
    /// Whether the file is there afterwards.
    var isKept = true

    var testDescription: String { "\(command) --\(option)" }

    func line(_ output: String) -> [String] { [command] + arguments + ["--" + option, output] }
    func pipedLine(_ output: String) -> [String] { [command] + (piped ?? arguments) + ["--" + option, output] }
  }

  static let cases = [
    Case(
      command: "train", option: "output", arguments: ["train.txt", "--valid", "valid.txt", "--model", "markov:1"],
      inputs: ["train.txt", "valid.txt"], piped: ["-", "--model", "markov:1"]),
    Case(
      command: "train", option: "checkpoint",
      arguments: ["train.txt", "--model", "gru:2,epochs=2", "-o", "out", "--checkpoint-every", "0"],
      inputs: ["train.txt"], piped: ["-", "--model", "gru:2", "-o", "out"], isKept: false),
    Case(
      command: "convert", option: "output", arguments: ["model", "--format", "json"], inputs: ["model"],
      piped: ["-", "--format", "json"]),
    Case(
      command: "graph", option: "output", arguments: ["model", "--strength", "train.txt", "--format", "dot"],
      inputs: ["model", "train.txt"], piped: ["markov:1", "--strength", "-", "--format", "dot"]),
    Case(
      command: "lengths", option: "plot", arguments: ["model", "train.svg", "--input-format", "lines"], suffix: ".svg",
      inputs: ["train.svg"], piped: ["-", "train.txt"]),
    Case(
      command: "score", option: "plot",
      arguments: ["model", "train.svg", "--input-format", "lines", "--guesses", "--samples", "100"], suffix: ".svg",
      inputs: ["train.svg"], piped: ["-", "train.txt", "--guesses"]),
    Case(
      command: "compare", option: "plot",
      arguments: ["train.svg", "--input-format", "lines", "--model", "markov:0", "--learning-curve"], suffix: ".svg",
      inputs: ["train.svg"], piped: ["-", "--model", "markov:0", "--learning-curve"]),
    Case(
      command: "simulate", option: "output", arguments: ["copy:2", "-n", "5"], piped: ["automaton", "--from", "-"]),
    Case(
      command: "simulate", option: "model-out", arguments: ["hmm:2", "-n", "5", "-o", "data.txt"],
      piped: ["automaton", "--from", "-", "-o", "data.txt"]),
    Case(
      command: "show", option: "output", arguments: ["model.svg"], suffix: ".svg", inputs: ["model.svg"], piped: ["-"]),
    Case(
      command: "memory", option: "plot",
      arguments: ["train.svg", "model", "--input-format", "lines", "--longest", "2", "--samples", "40"], suffix: ".svg",
      inputs: ["train.svg"], piped: ["-"]),
    Case(
      command: "distance", option: "plot", arguments: ["model.svg"], suffix: ".svg", inputs: ["model.svg"], piped: ["-"]
    ),
    Case(
      command: "parameters", option: "plot", arguments: ["markov:1", "--alphabet-size", "3", "--length", "4"],
      suffix: ".svg"),
  ]

  /// The options that name files and folders which are read, or that hold nothing in the end; and a page, whose bytes are of
  /// one run: `ReportTests` has it.
  static let others: Set = [
    "compare --report",
    "compare --test", "compare --valid", "compare --published", "compare --truth", "simulate --from", "run --runs",
    "train --valid", "train --scratch",
    "sample --novelty",
    "sample --against",
    "sample --inputs", "sample --prefix-file", "sample --midi", "sample --plot", "convert --test",
  ]

  private let folder: Folder

  init() throws {
    folder = try Folder()
    for name in ["train.txt", "valid.txt", "train.svg"] { try folder.write(name, names(30, seed: 1)) }
    #expect(try Program.run("train", "train.txt", "--model", "markov:1", "-o", "model", "-q", in: folder).code == 0)
    #expect(try folder.shell("mkdir there; cp model model.svg") == 0)
  }

  /// The program lists its options itself: a new one that names a file is added to one of the two lists above.
  @Test func everyOptionThatNamesAFileIsHere() throws {
    let help = try Program.run("--experimental-dump-help", in: folder).json()
    var found: Set<String> = []
    for command in try help["command"]["subcommands"].list {
      for argument in try (command.keys.contains("arguments") ? command["arguments"].list : []) {
        guard try argument["kind"].string == "option" else { continue }
        let names = try argument["names"].list.filter { try $0["kind"].string == "long" }
        guard let name = try names.first?["name"].string else { continue }
        let about = argument.keys.contains("abstract") ? try argument["abstract"].string : ""
        if try ["file", "folder"].contains(argument["valueName"].string) || about.contains("file to write") {
          found.insert("\(try command["commandName"].string) --\(name)")
        }
      }
    }
    #expect(found == Self.others.union(Self.cases.map(\.testDescription)))
  }

  @Test(arguments: cases) func whatIsReadIsNotOverwritten(_ example: Case) throws {
    for input in example.inputs {
      let before = try folder.read(input)
      try? FileManager.default.removeItem(at: folder.url.appending(path: "link" + example.suffix))
      #expect(try folder.shell("ln -s there/../\(input) link\(example.suffix)") == 0)
      for name in [input, "./" + input, "there/../" + input, "link" + example.suffix] {
        let outcome = try Program.run(example.line(name), in: folder)
        #expect(outcome.code == 64, "\(name): \(outcome.errors)")
        #expect(outcome.errors.contains("take the place of"))
        #expect(try folder.read(input) == before)
      }
    }
  }

  /// Its input never ends, so that whoever reads first waits for ever.
  @Test(arguments: cases) func pathsAreCheckedBeforeTheWork(_ example: Case) throws {
    #expect(try folder.shell("mkdir folder\(example.suffix)") == 0)
    let long = String(repeating: "n", count: 256 - example.suffix.utf8.count)
    for name in ["nowhere/out", "folder", "there/none/out", long, "train.txt/out", "/proc/out"] {
      let program = try Program(example.pipedLine(name + example.suffix), in: folder)
      let outcome = try program.outcome(seconds: 30)
      #expect(outcome.code == 73, "\(name): \(outcome.errors)")
      #expect(outcome.errors.contains(name) && outcome.errors.contains("cannot be written"))
      #expect(outcome.text == "")
    }
  }

  /// The longest name there can be, as anywhere; one more byte is refused above.
  @Test(arguments: cases.filter(\.isKept)) func longNamesAreWritten(_ example: Case) throws {
    for length in [240, 255] {
      let name = String(repeating: "n", count: length - example.suffix.utf8.count) + example.suffix
      let outcome = try Program.run(example.line(name), in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(folder.names.contains(name))
    }
  }

  /// A checkpoint's name, and the one that it is put aside under, must be possible too.
  @Test func theCheckpointsNameIsCheckedBeforeTheWork() throws {
    for length in [241, 255] {
      let name = String(repeating: "n", count: length)
      let program = try Program(["train", "-", "--model", "gru:2", "-o", name], in: folder)
      let outcome = try program.outcome(seconds: 30)
      #expect(outcome.code == 73 && outcome.errors.contains(name + ".checkpoint"), "\(outcome.errors)")
    }
  }

  @Test(arguments: cases.filter(\.isKept)) func permissionsAndLinksStay(_ example: Case) throws {
    let file = "file" + example.suffix
    try folder.write("there/" + file, "old")
    #expect(try folder.shell("chmod 600 there/\(file); ln -s there/\(file) link\(example.suffix)") == 0)
    let outcome = try Program.run(example.line("link" + example.suffix), in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try folder.read("there/" + file) != Data("old".utf8))
    #expect(try folder.shell("test -L link\(example.suffix)") == 0)
    let path = folder.url.appending(path: "there/" + file).path
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: "there").path) == [file])
  }

  /// What is no file is written into, and has the same bytes.
  @Test(arguments: cases.filter(\.isKept)) func pipesAndDevicesAreWrittenInto(_ example: Case) throws {
    let program = try Program.path
    func quoted(_ words: [String]) -> String { words.map { "'\($0)'" }.joined(separator: " ") }
    #expect(try Program.run(example.line("out" + example.suffix), in: folder).code == 0)
    let pipe = "pipe" + example.suffix
    let line = quoted([program] + example.line(pipe))
    #expect(try folder.shell("mkfifo \(pipe); cat \(pipe) > got & \(line) > printed && wait") == 0)
    #expect(try folder.read("got") == folder.read("out" + example.suffix))
    #expect(try folder.shell("test -p \(pipe)") == 0)
    guard example.suffix.isEmpty else { return }
    #expect(try folder.shell("exec \(quoted([program] + example.line("/dev/null")))") == 0)
    #expect(try folder.shell("test -c /dev/null") == 0)
    for name in ["/dev/fd/7", "/dev/stderr"] {
      let descriptor = name == "/dev/stderr" ? "2" : "7"
      #expect(
        try folder.shell("echo before > got; exec \(quoted([program] + example.line(name))) \(descriptor)>> got") == 0)
      let got = try folder.read("got")
      #expect(got.starts(with: Data("before\n".utf8) + (try folder.read("out"))), "\(name)")
    }
  }

  /// A result on standard output is written there, from where it stands; notes do not come between.
  @Test(arguments: cases.filter { $0.isKept && $0.suffix.isEmpty }) func standardOutputIsWrittenInto(_ example: Case)
    throws
  {
    let program = try Program.path
    #expect(try Program.run(example.line("out"), in: folder).code == 0)
    let whole = Data("before\n".utf8) + (try folder.read("out")) + Data("after\n".utf8)
    for name in ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
      let line = ([program] + example.line(name)).joined(separator: " ")
      #expect(try folder.shell("(echo before; \(line) && echo after) > got 2> notes") == 0)
      #expect(try folder.read("got") == whole, "\(name)")
    }
  }

  /// A closed standard output is no place for results, and no file opened in its stead either.
  @Test func aClosedStandardOutputIsTold() throws {
    let program = try Program.path
    #expect(try folder.shell("\(program) score model train.txt >&- 2>&-") == 74)
    #expect(try folder.shell("\(program) train train.txt --model markov:1 -o - >&- 2> errors") == 73)
    #expect(try folder.shell("\(program) train train.txt --model markov:1 -o out -q >&- 2>&- <&-") == 0)
    #expect(try folder.read("out") == folder.read("model"))
  }

  /// Swift would read such a name as another one.
  @Test func aNameThatIsNotUnicodeIsRefused() throws {
    let program = try Program.path
    for line in ["info \"$name\"", "train train.txt --model markov:1 -o \"$name\"", "sample model --prefix \"$name\""] {
      let code = try folder.shell("name=$(printf 'caf\\351'); cp train.txt \"$name\"; \(program) \(line) 2> errors")
      #expect(code == 64)
      #expect(String(decoding: try folder.read("errors"), as: UTF8.self).contains("\"caf\\xE9\" is not valid UTF-8"))
    }
    #expect(try folder.shell("ls | grep -a caf | wc -l | grep -qx 1") == 0)
    #expect(try folder.shell("name=$(printf 'caf\\351'); \(program) score model - < \"$name\" > got") == 0)
  }
}
