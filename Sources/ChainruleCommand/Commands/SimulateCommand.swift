import ArgumentParser
import Chainrule
import Foundation

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Draw data from a process with known probabilities, and write the process as a model.",
    discussion: """
      A process is one word, kind[:options], like a model:
      \(kinds)

      The process ends by itself, and its model gives exact probabilities: every command reads it, and compare --truth measures \
      how far other models are from it. Sequence number i depends on the seed and i alone.

      Examples:
        chainrule simulate copy:10,noise=0.05 -n 5000 -o copy.txt \\
          --model-out copy.safetensors
        chainrule compare copy.txt --truth copy.safetensors \\
          --model markov:3 --model gru:32
      \(examples)
        chainrule simulate automaton --from 24.pautomac_model.txt -o data.txt
      """)

  @Argument(help: ArgumentHelp("The process: kind[:options].", valueName: "kind"))
  var kind: String

  @Option(help: ArgumentHelp("The file of an automaton; '-' is standard input.", valueName: "file"))
  var from: String?

  @Option(
    name: .customShort("n"), help: "How many sequences (default: 1000).",
    transform: NumberArgument.whole(1...100_000_000)
  )
  var count = 1000

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where the data go: a sequence a line, or JSON lines if the name ends in .jsonl; '-' is standard output.",
      valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("Where the model of the process goes.", valueName: "file"))
  var modelOut: String?

  @OptionGroup var options: RunOptions

  /// Symbols that are drawn at once, about; and of one sequence, at most.
  private static let piece = 1 << 22
  private static let longest = 10_000_000

  private static let kinds =
    (SimulatedModel.kinds.map { ($0.name, $0.summary) } + [
      ("automaton", "the machine in a file (--from) of the PAutomaC competition's format")
    ]).map { ModelHelp.entry($0, $1, 13) }.joined(separator: "\n")

  private static let examples = SimulatedModel.kinds.filter { $0.name != "copy" }
    .map { "  chainrule simulate \($0.example) -o data.txt" }.joined(separator: "\n")

  private var isAutomaton: Bool { kind == "automaton" }
  private var isToStandardOutput: Bool { [output, modelOut ?? output].contains(where: OutputFile.isStandardOutput) }

  func validate() throws {
    if kind.hasPrefix("automaton:") { throw ValidationError("automaton has no options: its file says everything.") }
    if isAutomaton, from == nil {
      throw ValidationError("automaton needs --from FILE, in the format of the PAutomaC competition's *_model.txt.")
    }
    if !isAutomaton { try refuseUnused([("--from", from != nil)], because: "it is for simulate automaton") }
    if output == "" || modelOut == "" { throw ValidationError("--output and --model-out need a file's name.") }
    if modelOut == output { throw ValidationError("--output and --model-out need files of their own.") }
    if isToStandardOutput, options.json {
      throw ValidationError("--json prints to standard output: --output and --model-out need files' names.")
    }
  }

  func run() throws {
    let inputs = [from].compactMap { $0 }
    let data = try OutputFile(output, reading: inputs)
    let modelFile = try modelOut.map { try OutputFile($0, reading: inputs) }
    let model =
      try from.map { try SimulatedModel.automaton(reading: $0) } ?? SimulatedModel.model(kind, seed: options.seed)
    let drawn = try write(model, to: data)
    if let modelFile { try Interruption.writing(modelFile) { try ModelFile.write(model, to: modelFile) } }
    if options.json {
      return try printJSON(
        [
          "schema": "chainrule.simulate/1", "kind": kind, "model": model.specification.word, "seed": options.seed,
          "alphabet": model.alphabet.symbols, "symbols": model.alphabet.kind.rawValue, "output": output,
          "modelOutput": modelOut, "data": JSONObject.figures(drawn.figures), "longest": drawn.longest,
        ], reading: [from])
    }
    if !isToStandardOutput {
      let figures = drawn.figures
      try Console.print(
        """
        process  \(model.specification.shortWord)\(modelOut.map { ", written to \($0)" } ?? "")
        data     \(Numbers.count(figures.sequences, "sequence")), \(Numbers.count(figures.symbols, "symbol")), longest \
        \(Numbers.count(drawn.longest)), written to \(output)
        nats     \(Numbers.decimal(figures.natsPerEvent, 4)) an event under the process itself
        """)
    }
    if model.alphabet.kind == .words, !isOfJSON { options.say("symbols are words: --symbols words reads \(output)") }
  }

  private var isOfJSON: Bool { output.hasSuffix(".jsonl") || output.hasSuffix(".jsonl.gz") }

  /// Draws piece by piece and writes each, so that memory does not grow with the number of sequences.
  private func write(_ model: SequenceModel, to file: OutputFile) throws -> (figures: Figures, longest: Int) {
    var sampling = SamplingOptions()
    sampling.maximumLength = Self.longest
    let sampler = try Sampler(model, seed: options.seed, sampling, expecting: count, threads: options.threadCount)
    let (lines, json) = (SequenceWriter(model.alphabet), try SampleWriter(model.alphabet))
    let progress = ProgressReporter(quiet: options.quiet)
    defer { progress.finish() }
    progress.begin("simulate")
    var scores: [SequenceScore] = []
    var (symbols, longest) = (0, 0)
    try file.write { write in
      while scores.count < count {
        let mean = scores.isEmpty ? Self.piece / 64 : symbols / scores.count
        let piece = min(max(Self.piece / (mean + 1), 1), 4096, count - scores.count)
        let samples = try sampler.samples(scores.count..<scores.count + piece, threads: options.threadCount)
        var bytes: [UInt8] = []
        for sample in samples {
          guard sample.isComplete else {
            throw SpecificationError.refused(
              model: kind, reason: "a sequence has more than \(Self.longest) symbols: the process ends too rarely")
          }
          symbols += sample.sequence.count
          longest = max(longest, sample.sequence.count)
          if isOfJSON {
            bytes += json.line(sample.sequence).utf8
          } else {
            lines.appendLine(of: sample.sequence, to: &bytes)
          }
        }
        scores += samples.map(\.score)
        try bytes.withUnsafeBytes(write)
        progress.show(
          FittingProgress(fraction: Double(scores.count) / Double(count), text: "\(scores.count) sequences"))
      }
    }
    return (Figures(scores, symbols: symbols), longest)
  }
}
