import ArgumentParser
import Chainrule
import Foundation

struct LengthsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lengths",
    abstract: "The distribution of the length that a model implies, and against data.",
    discussion: """
      P(n), the survival P(τ > n), the hazard P(τ = n | τ ≥ n), mean, variance, quantiles, and the mass on sequences that \
      never end. Exact for tabular, Markov and variable-order models, small tables (table:…) and lengths drawn first \
      (/tau); by samples, with a standard error, for others. Mean and variance are those of sequences that end.

      Against data there are two tests: Pearson's chi-square, over lengths put together until five are expected in each \
      cell, which sees any difference, and the distance of Kolmogorov and Smirnov, the largest between both shares of \
      lengths up to n, which sees shifts best. Its p-value is that of whole numbers with their ties, computed and not \
      simulated; below 1e-10 it is a bound. A distribution by samples is compared with the data as a second sample. On the data that the \
      model was fitted to both p-values are too large. Beside them stand two more looks at the ends: \
      nats of the last elements against the others', and whether sequences stop as often as the model says.

      Examples:
        chainrule lengths names.safetensors
        chainrule lengths names.safetensors test.txt --plot lengths.svg
        chainrule lengths names.safetensors --matching '.*son'
        chainrule lengths gru.safetensors test.txt --samples 100000 --json
      """)

  @Argument(help: "A model file, as train writes it.")
  var model: String

  @Argument(help: "Data to compare the distribution with; '-' is standard input.")
  var file: String?

  @Option(
    help: ArgumentHelp("Show lengths from 0 to n.", valueName: "n"), transform: NumberArgument.whole(0...1_000_000))
  var lengths: Int?

  @Option(
    help: ArgumentHelp(
      "Samples, for models without an exact distribution of the length (default: 10000).", valueName: "n"),
    transform: NumberArgument.whole(1...100_000_000))
  var samples: Int?

  @Option(
    help: ArgumentHelp("Where a sample is cut that does not end (default: 10000).", valueName: "length"),
    transform: NumberArgument.whole(0...1_000_000_000))
  var maxLength: Int?

  @Option(help: ArgumentHelp("Draw hazard and survival (.svg or .png; needs gnuplot).", valueName: "file"))
  var plot: String?

  @OptionGroup var pattern: PatternOptions
  @OptionGroup var particles: ParticleOptionsGroup
  @OptionGroup var data: DataOptions
  @OptionGroup var tables: TableOptions
  @OptionGroup var options: RunOptions

  func validate() throws {
    try tables.validate(besides: options.json)
    if pattern.matching != nil {
      try refuseUnused(
        [("FILE", file != nil), ("--max-length", maxLength != nil)],
        because: "--matching shows the lengths of the sequences that match")
    }
    if pattern.matching == nil { try refuseUnused(particles.given, because: "they are for --matching") }
    if file == nil { try refuseUnused(data.reading() + data.unseen(), because: "there are no data to read") }
  }

  func run() throws {
    let picture = try plot.map { try PictureFile($0, reading: [self.model, file]) }
    if pattern.matching != nil { return try runMatching(picture) }
    switch try LoadedModel.readAny(self.model, symbols: data.symbols) {
    case .symbols(let model):
      try run(model, file.map { try data.read($0, for: model, say: options.say).sequences }, picture)
    case .vectors(let model):
      try run(model, file.map { try data.read($0, for: model, say: options.say).sequences }, picture)
    }
  }

  private func run<Model: FittedModel>(
    _ model: Model, _ set: Sequences<Model.Rows>?, _ picture: PictureFile?
  ) throws {
    try model.check(set?.inputs)
    var asked = LengthOptions()
    asked.draws = samples ?? 10_000
    asked.maximumLength = maxLength ?? 10_000
    // Data are held against all lengths that they have.
    asked.longest = lengths.map { max($0, set?.longest ?? 0) }
    asked.inputs = model.inputWidth > 0 ? set?.inputs : nil
    let progress = ProgressReporter(quiet: options.quiet)
    progress.begin("lengths")
    let law = try model.lengthDistribution(asked, seed: options.seed, threads: options.threadCount) {
      progress.show($0)
    }
    // Whether it is can depend on the size of the model's list of states, which nobody knows beforehand: a note.
    let unused = [
      ("--samples", samples != nil), ("--max-length", maxLength != nil), ("--seed", options.givenSeed != nil),
    ].filter(\.1).map(\.0)
    if law.isExact, !unused.isEmpty {
      options.say("\(unused.joined(separator: ", ")): not used, since the distribution is exact")
    }
    let report = LengthReport(model, law, set, longest: lengths, threads: options.threadCount)
    progress.finish()
    try print(report, picture)
  }

  /// The lengths of the sequences that match a pattern.
  private func runMatching(_ picture: PictureFile?) throws {
    let model = try LoadedModel.read(self.model, symbols: data.symbols)
    guard let pattern = try pattern.pattern(for: model) else { return }
    let progress = ProgressReporter(quiet: options.quiet)
    defer { progress.finish() }
    progress.begin("lengths")
    let posterior = try model.posterior(
      given: pattern, particles: particles.options(for: model, given: [pattern], options), threads: options.threadCount
    ) { progress.show($0) }
    if posterior.logProbability == -.infinity {
      throw DataError.impossible(pattern.text, isEstimate: posterior.quality != nil)
    }
    let law = posterior.lengthDistribution(longest: lengths) { progress.show($0) }
    let report = LengthReport(model, law, nil, longest: lengths, threads: options.threadCount)
    progress.finish()
    try print(
      report, picture,
      ["matching": pattern.text, "logProbability": posterior.logProbability, "estimate": posterior.quality?.json])
    posterior.remarks(options)
  }

  private func print(_ report: LengthReport, _ picture: PictureFile?, _ evidence: JSONObject = [:]) throws {
    if options.json {
      try printJSON(report.json.merging(evidence), reading: [self.model, file], seed: options.seed)
    } else {
      try tables.csv ? Console.print(csv: report.table) : Console.print(report.text)
    }
    for remark in report.remarks { options.say(remark) }
    // Last, so that everything else is there where gnuplot is not.
    try picture?.write { try report.chart.picture($0, isInterrupted: $1) }
  }
}
