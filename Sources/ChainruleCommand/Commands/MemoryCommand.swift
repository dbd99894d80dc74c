import ArgumentParser
import Chainrule
import Foundation

struct MemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory",
    abstract: "Mutual information between symbols against their distance, in data and in samples of models.",
    discussion: """
      I(y(t); y(t + d)) in nats for d = 1, 2, …: what a symbol tells of one that comes d steps later. Pairs within \
      sequences count. Of a Markov model it falls exponentially; where that of the data stays above it, a Markov model of this \
      order throws something away.

      The bias of relative frequencies is removed: by a jackknife over contiguous blocks of the data, which also gives the \
      95 % intervals, and, where pairs are few beside the square of the alphabet, by shuffled pairs. An interval that holds 0 shows no \
      dependence.

      Beside it the entropy rate in nats an event (a symbol or an end): of a model exactly, or by −log P of its samples; of data by the \
      lengths of repetitions, without any model. That figure is rough: its bias, which is positive for most data, vanishes only as \
      slowly as 1 / log(events).

      Examples:
        chainrule memory names.txt
        chainrule memory names.txt markov3.safetensors gru.safetensors --longest 12 --plot memory.svg
      """)

  @Argument(
    help: ArgumentHelp("Model files, and one file of data at most; '-' is data from standard input.", valueName: "file")
  )
  var files: [String]

  @Option(
    help: ArgumentHelp("The largest distance d (default: 20).", valueName: "d"),
    transform: NumberArgument.whole(1...100_000))
  var longest: Int?

  @Option(
    help: ArgumentHelp(
      "Samples of each model; if left out as many as have 200,000 symbols together, 100,000 at most.", valueName: "n"),
    transform: NumberArgument.whole(1...100_000_000))
  var samples: Int?

  @Option(
    help: ArgumentHelp("Where a sample is cut that does not end (default: 10000).", valueName: "length"),
    transform: NumberArgument.whole(0...1_000_000_000))
  var maxLength: Int?

  @Option(
    help: ArgumentHelp("Draw mutual information against distance (.svg or .png; needs gnuplot).", valueName: "file"))
  var plot: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var tables: TableOptions
  @OptionGroup var options: RunOptions

  func validate() throws {
    try tables.validate(besides: options.json)
    try refuseUnused(data.unseen(), because: "the data are read whole, and no symbol in them is unseen")
  }

  func run() throws {
    let picture = try plot.map { try PictureFile($0, reading: files) }
    let models = try files.map { try LoadedModel.isModel($0) }
    guard models.count(where: { !$0 }) <= 1 else {
      let others = zip(files, models).filter { !$0.1 }.map(\.0)
      throw SpecificationError.malformed(
        "\(Numbers.list(others)) are no model files: give one file of data, and models beside it")
    }
    if !models.contains(false) { try refuseUnused(data.reading(), because: "there are no data to read") }
    if !models.contains(true) {
      try refuseUnused(
        [("--samples", samples != nil), ("--max-length", maxLength != nil)], because: "there is no model to sample from"
      )
    }
    var asked = SequenceMemoryOptions()
    asked.longest = longest ?? asked.longest
    asked.samples = samples
    asked.maximumLength = maxLength ?? asked.maximumLength
    let loaded = try zip(files, models).map { file, isModel in
      isModel ? try LoadedModel.read(file, symbols: data.symbols) : nil
    }
    // Data are read as the models' were.
    var reading = data
    reading.symbols = reading.symbols ?? loaded.lazy.compactMap { $0?.alphabet.kind }.first
    let progress = ProgressReporter(quiet: options.quiet)
    progress.begin("memory")
    let sources = try zip(files, loaded).enumerated().map { index, source in
      let (file, model) = source
      progress.show(
        FittingProgress(fraction: Double(index) / Double(files.count), text: "\(index) of \(files.count) files"))
      let memory =
        try model.map { try SequenceMemory(of: $0, asked, seed: options.seed, threads: options.threadCount) }
        ?? SequenceMemory(
          of: reading.read(file, for: [], say: options.say).sequences, asked, seed: options.seed,
          threads: options.threadCount)
      return MemoryReport.Source(file: file, model: model?.specification, memory: memory)
    }
    progress.finish()
    let report = MemoryReport(sources: sources, maximumLength: asked.maximumLength)
    if options.json {
      try printJSON(report.json, reading: files, seed: options.seed)
    } else {
      try tables.csv ? Console.print(csv: report.table) : Console.print(report.text)
    }
    for remark in report.remarks { options.say(remark) }
    // Last, so that everything else is there where gnuplot is not.
    try picture?.write { try report.chart.picture($0, isInterrupted: $1) }
  }
}
