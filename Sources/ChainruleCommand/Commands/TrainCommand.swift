import ArgumentParser
import Chainrule
import Foundation

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Fit one model and write it to a file.",
    discussion: """
      Families that stop early hold out a seeded twentieth of the data if --valid is not given.

      Examples:
        chainrule train names.txt --model gru:128/eos -o names.safetensors
        chainrule train texts.txt.gz --symbols words --model markov:4 -o texts.gz

      \(ModelHelp.text)
      """)

  @Argument(help: "The training data; '-' is standard input.")
  var train: String

  @Option(help: ArgumentHelp("The validation data, by which training stops early.", valueName: "file"))
  var valid: String?

  @Option(help: "The model, in one word.")
  var model: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file to write; '-' is standard output.", valueName: "file"))
  var output: String

  @OptionGroup var data: DataOptions
  @OptionGroup var options: RunOptions

  private struct Report: Encodable {
    var schema = "chainrule.train/1"
    var model: String
    /// Of a Markov model.
    var nGramOrder: Int?
    var output: String
    var seed: UInt64
    var data: [String: ComparisonReport.Counts]
    var parameters: ComparisonReport.Parameters
    var train: Figures
    var valid: Figures?
    var fitSeconds: Double
    var notes: [String]
  }

  func validate() throws {
    if output.isEmpty { throw ValidationError("-o needs a file's name.") }
    if output == "-", options.json { throw ValidationError("--json and -o - both want standard output.") }
    if [train, valid].contains(where: { $0.map { OutputFile.replaces(output, $0) } ?? false }) {
      throw ValidationError("The model would take the place of the data in \(output).")
    }
  }

  func run() throws {
    let specification = try ModelSpecification(model)
    try OutputFile.check(output)
    let dataset = try data.read(train, for: [specification])
    let parts = Parts(
      train: dataset, valid: try valid.map { try data.read($0, like: dataset) },
      test: SequenceSet([], alphabetSize: dataset.alphabet.size), seed: options.seed)
    let fitting = parts.fitting(specification)
    if valid == nil, let held = fitting.valid {
      let size = "\(Numbers.count(held.count, "sequence")), \(Numbers.count(held.symbolCount, "symbol"))"
      options.say("held out to stop early by: \(size) (seed \(options.seed))")
    }
    let progress = ProgressReporter(quiet: options.quiet)
    progress.begin(specification.shortWord)
    let start = ContinuousClock.now
    // Once it is fitted, an interruption waits until the file is whole.
    try Interruption.shared.deferring {
      let model: SequenceModel
      do {
        model = try SequenceModel.fit(
          specification, to: fitting.train, valid: fitting.valid, dataset.alphabet, options.fittingContext(progress))
      } catch FittingError.interrupted {
        throw Interrupted(sentence: "interrupted; nothing was written")
      }
      progress.finish()
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      if Interruption.shared.isRequested {
        let kept = OutputFile.replaces(output) ? output + ".interrupted" : "interrupted.safetensors"
        try write(model, to: kept)
        throw Interrupted(sentence: "interrupted; the best model so far is in \(kept)")
      }
      try write(model, to: output)
      if Interruption.shared.isRequested { throw Interrupted(sentence: "interrupted; the model is written") }
      try report(model, parts, fitting.valid, dataset, seconds)
    }
  }

  private func write(_ model: SequenceModel, to path: String) throws {
    let bytes = try ModelFile.bytes(of: model)
    if OutputFile.replaces(path) {
      try Interruption.shared.holdingOff { try OutputFile.write(bytes, to: path) }
    } else {
      // A pipe may wait for its reader for ever, and leaves nothing behind.
      try OutputFile.write(bytes, to: path)
    }
  }

  private func report(
    _ model: SequenceModel, _ parts: Parts, _ valid: SequenceSet?, _ dataset: Dataset, _ seconds: Double
  ) throws {
    // Standard output holds the model then.
    if output == "-" { return }
    let figures = model.figures(on: parts.train, threads: options.threadCount)
    let validFigures = valid.map { model.figures(on: $0, threads: options.threadCount) }
    if options.json {
      var counts = ["train": ComparisonReport.Counts(parts.train, alphabetSize: dataset.alphabet.size)]
      if let valid { counts["valid"] = ComparisonReport.Counts(valid) }
      try printJSON(
        Report(
          model: model.specification.word, nGramOrder: model.specification.nGramOrder, output: output,
          seed: options.seed, data: counts,
          parameters: .init(free: String(model.freeParameters), stored: model.storedParameters), train: figures,
          valid: validFigures, fitSeconds: seconds, notes: model.notes))
      return
    }
    if options.quiet { return }
    let order = model.specification.nGramOrder.map { " (n-gram order \($0))" } ?? ""
    let free = Numbers.count(model.freeParameters)
    try Console.print(
      "\(model.specification.shortWord)\(order) in \(output): \(free) free parameters, "
        + "\(Numbers.count(model.storedParameters)) stored, fitted in \(Numbers.seconds(seconds))")
    try Console.print("train  \(FiguresLine.text(figures))")
    if let validFigures { try Console.print("valid  \(FiguresLine.text(validFigures))") }
    for note in model.notes { try Console.print("note: \(note)") }
  }
}
