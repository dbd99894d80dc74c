import ArgumentParser
import Chainrule
import Foundation
import Runs

/// The program `chainrule`: a root command, one file a subcommand, and what a failure is called outside.
@main
struct Main: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chainrule",
    abstract: "Probabilistic models of sequences, side by side on one likelihood that includes the length.",
    discussion: """
      Compare models on a file of names, one a line:
        chainrule compare names.txt
      Fit one, score others with it, and draw new ones:
        chainrule train names.txt --model markov:3/eos -o names.safetensors
        chainrule score names.safetensors others.txt
        chainrule sample names.safetensors -n 10

      A model is one word, family[:options][/length[:options]]; `chainrule help models` lists them all.
      """,
    version: Version.current,
    subcommands: [
      CompareCommand.self, RunCommand.self, RunsCommand.self, TrainCommand.self, ScoreCommand.self, SampleCommand.self,
      FillCommand.self, LengthsCommand.self, SimulateCommand.self,
      ParametersCommand.self, GradcheckCommand.self, InfoCommand.self, ConvertCommand.self, AuditCommand.self,
      GraphCommand.self, IndependenceCommand.self, MemoryCommand.self, DistanceCommand.self, ShowCommand.self,
      ModelsCommand.self, ExplainCommand.self,
    ])

  static func main() {
    Interruption.install()
    openStandardStreams()
    refuseBrokenArguments()
    // A file that grows too large is a failure to be told, not a signal to die of.
    signal(SIGXFSZ, SIG_IGN)
    var asked: any ParsableCommand.Type = Main.self
    do {
      let arguments = CommandLineArguments.joiningNegativeNumbers(Array(CommandLine.arguments.dropFirst()))
      try Help.checkTopic(arguments)
      var command = try parseAsRoot(arguments)
      asked = type(of: command)
      try CommandLineArguments.checkRepetitions(arguments, of: asked)
      try command.run()
      if let code = Interruption.exitCode { Foundation.exit(code) }
    } catch let stop as Interrupted {
      if let sentence = stop.sentence { Console.say("chainrule: \(sentence)") }
      Foundation.exit(Interruption.exitCode ?? 130)
    } catch PictureError.interrupted {
      Foundation.exit(Interruption.exitCode ?? 130)
    } catch let refusal as ValidationError where asked != Main.self {
      // The parser's own sentence would have the root command's usage.
      let name = asked.configuration.commandName ?? ""
      Console.say("Error: \(refusal.message)\n  See 'chainrule \(name) --help' for more information.")
      Foundation.exit(64)
    } catch {
      if let page = Help.page(for: error) {
        // Whoever has seen enough of it closes the pipe.
        try? Console.print(page)
        return
      }
      guard let code = exitCode(of: error) else { exit(withError: error) }
      Console.say("chainrule: \(error)")
      Foundation.exit(code)
    }
  }

  /// Where a standard stream is closed, the next file opened would take its number, and results be printed into it. What
  /// is opened instead fails as a closed one does.
  private static func openStandardStreams() {
    for stream in 0...2 where fcntl(Int32(stream), F_GETFD) < 0 {
      _ = open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY)
    }
  }

  /// Swift's arguments are Unicode: the name of a file that is not would lead to another one.
  private static func refuseBrokenArguments() {
    for index in 1..<max(CommandLine.argc, 1) {
      guard let argument = CommandLine.unsafeArgv[Int(index)], String(validatingCString: argument) == nil else {
        continue
      }
      let bytes = UnsafeBufferPointer(start: argument, count: strlen(argument)).map(UInt8.init(bitPattern:))
      let shown = bytes.map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : String(format: "\\x%02X", $0) }
      Console.say(
        """
        chainrule: the argument "\(shown.joined())" is not valid UTF-8. Give a file of such a name another one, or let \
        the shell open it: "-" is standard input and output.
        """)
      Foundation.exit(64)
    }
  }

  /// The exit code of an error of ours, after sysexits; `nil` for those of the argument parser, which has its own.
  private static func exitCode(of error: any Error) -> Int32? {
    switch error {
    case DataError.missingFile, DataError.unreadable: return 66
    case DataError.unknownFormat, DataError.otherSymbols: return 64
    case is DataError, is ModelReadingError, is TruthError: return 65
    case RunFileError.missing: return 66
    case RunFileError.foreign, RunFileError.newer: return 65
    case RunFileError.noRun: return 64
    case RunFileError.cannotOpen: return 73
    case is RunFileError: return 74
    case is SpecificationError, is GraphError, is PatternError, Scratch.Failure.alphabetTooLarge: return 64
    case OutputError.replacesInput: return 64
    case OutputError.cannotCreate, Scratch.Failure.cannotCreate: return 73
    case is OutputError, is Scratch.Failure: return 74
    case FittingError.wrongCheckpoint: return 65
    case PictureError.missing: return 69
    case PictureError.unknownFormat: return 64
    case is PictureError, is FittingError, is GSLError: return 70
    default: return nil
    }
  }
}
