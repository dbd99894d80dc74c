import ArgumentParser
import Chainrule
import Foundation

struct CompareCommand: ParsableCommand, RepeatingOptions {
  static let repeatableOptions: Set<String> = ["--model", "--by"]
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Fit several models and compare their likelihoods on the same held-out sequences.",
    discussion: """
      Without --test, the file is split by sequence, seeded: 80 % to train, 10 % to validate, 10 % to test (a long text \
      by position). The validation data stop trainings early and choose a model (*); the test data play no part in the choice. Without \
      --valid beside --test, and with --folds, a twentieth of the training data, held out, chooses; models that need no \
      validation data are finally fitted to the whole training data.
      Without --model, full tables, Markov models of rising order until they predict the validation data worse, other \
      families of tables at the best order, and recurrent networks are run, with each way to end; the larger the data, \
      the fewer.
      Each difference to the chosen model has a 95 % interval (bias-corrected and accelerated bootstrap over test \
      sequences, 10,000 resamples) and the p-value of a paired permutation test, adjusted for the number of models (Holm).

      Examples:
        chainrule compare names.txt
        chainrule compare train.txt --test test.txt --model markov:2 --model gru:64
        chainrule compare names.txt --model 'markov:{2,3}/{eos,tau}' --json
      Networks with five seeds each, and where the nats are spent:
        chainrule compare names.txt --model gru:64 --model markov:4 --repeats 5 --by position --by seen
      Ten folds of a small file, with an alphabet that all folds share:
        chainrule compare tunes.txt --symbols words --folds 10 --alphabet from:all.txt --model markov:5
      A file of counts (name<TAB>count), beside figures from a paper:
        chainrule compare names.tsv --weights --published paper.tsv --model markov:4
      One family with every way to end, and their length distributions:
        chainrule compare names.txt --lengths --model markov:3
      How far models are from the process that made the data, and when one overtakes another:
        chainrule simulate copy:10 -n 5000 -o copy.txt --model-out copy.safetensors
        chainrule compare copy.txt --truth copy.safetensors --model 'markov:{1,3,10}' --model gru:32 \\
          --learning-curve --plot regret.svg
      A page with all figures as pictures, for a browser:
        chainrule compare names.txt --learning-curve --report names.html

      chainrule help models lists what a model may be.
      """)

  @Argument(help: "The training data; '-' is standard input.")
  var train: String

  @Option(
    name: .customLong("model"),
    help: ArgumentHelp("A model, or a grid of models in braces; may be given several times.", valueName: "model"))
  var models: [String] = []

  @Option(
    help: ArgumentHelp("Print this many samples from each model after the table (default: 0).", valueName: "n"),
    transform: NumberArgument.whole(0...100_000))
  var samples = 0

  @Flag(
    help: ArgumentHelp(
      "Run each family with every way to end, and compare their length distributions.",
      discussion: "markov:3 without --model. The sampling speed is that of the threads given."))
  var lengths = false

  @Option(
    help: ArgumentHelp(
      "Break down the test nats by position, length, symbol, component (of vectors) or seen (whether the sequence is in the training data); may be given several times.",
      valueName: "group"))
  var by: [Breakdown.Kind] = []

  @Flag(
    help: ArgumentHelp(
      "Print a reliability table: predicted probabilities against observed frequencies.",
      discussion: "Of vectors of bits each bit given those before it; of other numbers see score --pit."))
  var calibration = false

  @Option(
    help: ArgumentHelp(
      "Add published figures from a file to the table, marked °.",
      discussion:
        "A table with tabs or commas and the columns name, figure, source, protocol and perhaps unit: nats/event (the default), "
        + "bits/event, nats/sequence, perplexity, nats/symbol or bits/symbol (ends neither predicted nor counted), nats/step (vectors).",
      valueName: "file"))
  var published: String?

  @Option(
    help: ArgumentHelp(
      "Write a page for a browser: the table, charts, samples and graphs.",
      discussion:
        "It measures what the page shows: 100 samples, lengths, breakdowns and calibration; of vectors also probability integral "
        + "transforms and a forecast.",
      valueName: "file"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "The model of the process that made the data, as chainrule simulate writes it: adds each model's regret, its nats/event above that process.",
      valueName: "file"))
  var truth: String?

  @Option(
    help: ArgumentHelp(
      "With --learning-curve: draw the curves (.svg or .png; needs gnuplot), of the regret where --truth is given.",
      valueName: "file"))
  var plot: String?

  @Flag(help: "With --json: the nats of each test sequence by each model.")
  var perSequence = false

  @Flag(
    help: ArgumentHelp(
      "Also show nats/step without the first step of each sequence, as some publications do (vectors)."))
  var skipFirst = false

  @OptionGroup var parts: ComparisonData
  @OptionGroup var table: TableOptions
  @OptionGroup var options: RunOptions

  func validate() throws {
    try table.validate(besides: options.json)
    if !options.json { try refuseUnused([("--per-sequence", perSequence)], because: "it adds to what --json prints") }
    if report == "" { throw ValidationError("--report needs a file's name.") }
    if !parts.learningCurve { try refuseUnused([("--plot", plot != nil)], because: "it draws the --learning-curve") }
    guard table.csv else { return }
    try refuseUnused(
      [("--samples", samples > 0), ("--lengths", lengths)], because: "--csv prints one table alone")
    let details = [("--by", !by.isEmpty), ("--learning-curve", parts.learningCurve), ("--calibration", calibration)]
    if details.filter(\.1).count > 1 || by.count > 1 {
      throw ValidationError(
        "--csv prints one table: give one --by, --learning-curve or --calibration, or none for the models.")
    }
  }

  func run() throws {
    let start = ContinuousClock.now
    let page = try report.map { try OutputFile($0, reading: inputs.compactMap { $0 }) }
    let picture = try plot.map { try PictureFile($0, reading: inputs) }
    if page?.isStandardOutput == true {
      throw ValidationError("--report needs a file's name: standard output has the table.")
    }
    let named = try specifications()
    let published = try published.map(PublishedFigure.read) ?? []
    if !parts.training.weights, parts.data.holdsVectors(train) {
      try refuseUnused([("--truth", truth != nil)], because: "it is for symbols, and \(train) holds vectors")
      try refuseUnused(
        [("--by symbol", by.contains(.symbol))],
        because: "\(train) holds vectors, which have components: --by component")
      let (dataset, design) = try parts.readVectors(train, seed: options.seed, say: options.say)
      if dataset.columns.values != .bits {
        try refuseUnused(
          [("--calibration", calibration)],
          because:
            "it compares predicted probabilities with observed frequencies, of symbols and bits; for "
            + "\(dataset.columns.values.name) use chainrule score --pit")
      }
      let defaults = named.isEmpty ? DefaultModels(for: design.folds[0].train) : nil
      let isSplit = parts.test == nil && parts.folds == nil && dataset.givenSplit == nil
      // Every way to end that these elements have.
      func isPossible(_ model: ModelSpecification) -> Bool {
        (try? model.resolved(for: dataset.columns.kind).checkFitting(dataset.columns.kind)) != nil
      }
      let possible = lengths && named.contains(where: isPossible) ? named.filter(isPossible) : named
      return try run(
        as: VectorModel.self, possible.map { try $0.resolved(for: dataset.columns.kind) }, defaults, dataset, design,
        published, page, picture, parts.protocolLine(dataset, design, seed: options.seed), isSplit: isSplit, start)
    }
    try refuseUnused(
      [("--skip-first", skipFirst)], because: "it is for vectors: published figures of symbols have all events")
    try refuseUnused([("--by component", by.contains(.component))], because: "\(train) holds symbols, and no vectors")
    for model in named { try model.checkFitting() }
    let (dataset, design) = try parts.read(train, for: named, seed: options.seed, say: options.say)
    let truth = try truth.map {
      try Truth(LoadedModel.read($0), on: design, dataset.alphabet, threads: options.threadCount)
    }
    let defaults = named.isEmpty ? DefaultModels(for: design.folds[0].train) : nil
    // Without x that distribution is the table, which is there already.
    let isWithoutInputs = lengths && dataset.sequences.inputs == nil
    try run(
      as: SequenceModel.self,
      isWithoutInputs ? named.filter { $0.length.prior?.readsInputs != true } : named, defaults, dataset, design,
      published, page, picture, parts.protocolLine(dataset, design, seed: options.seed),
      isSplit: parts.test == nil && parts.folds == nil, start, truth)
  }

  /// Compares models of symbols or of vectors, and tells of it.
  private func run<Model: MeasuredModel>(
    as type: Model.Type, _ named: [ModelSpecification], _ defaultModels: DefaultModels?,
    _ dataset: SequenceData<Model.Rows>, _ plan: Design<Model.Rows>, _ published: [PublishedFigure],
    _ page: OutputFile?, _ picture: PictureFile?, _ protocolLine: String, isSplit: Bool,
    _ start: ContinuousClock.Instant, _ truth: Truth? = nil
  ) throws {
    var (design, defaults) = (plan, defaultModels)
    design.measurements = measurements
    var comparison = try compare(as: type, named, design, dataset.schema, &defaults)
    if let truth { comparison.measureRegret(over: truth, design, seed: options.seed) }
    let isInterrupted = Interruption.isRequested
    if comparison.rows.isEmpty {
      if isInterrupted { throw Interrupted(sentence: "interrupted before the first model was done") }
      if let failure = comparison.failures.first { throw failure.error }
    }
    let report = ComparisonReport(
      comparison: comparison, design: design, dataset: dataset, published: published,
      protocolLine: protocolLine, leftOut: defaults?.leftOut ?? [],
      areDefaults: named.isEmpty, shownSamples: samples, shownBreakdowns: by, showsCalibration: calibration,
      isSplit: isSplit, seed: options.seed, skipsFirst: skipFirst)
    if options.json {
      try printJSON(
        report.json(perSequence: perSequence), reading: inputs)
    } else if table.csv {
      try Console.print(csv: csv(report))
    } else {
      if named.count != 1 { options.say("") }
      try Console.print(report.text)
      if lengths { try Console.print("\n" + LengthStudyReport.text(comparison, design.folds[0].test)) }
      options.say("\n\(ResourceUse.text(since: start))")
    }
    if let page {
      let text = try report.page(reading: inputs)
      try Interruption.writing(page) { try page.write(Data(text.utf8)) }
      options.say("\(page.path) is written")
    }
    // Last, so that everything else is there where gnuplot is not.
    try picture?.write { try report.curveChart.picture($0, isInterrupted: $1) }
    if isInterrupted {
      let all = named.isEmpty ? "" : " of \(named.count)"
      throw Interrupted(sentence: "interrupted; \(comparison.rows.count)\(all) models are done")
    }
    for failure in comparison.failures.dropLast() { Console.say("chainrule: \(failure)") }
    if let last = comparison.failures.last { throw last.error }
  }

  /// The files that are read.
  private var inputs: [String?] { [train, parts.test, parts.valid, published, truth] }

  /// What was asked for, and what a page shows.
  private var measurements: Measurements {
    var measurements = report == nil ? Measurements() : Measurements.all
    measurements.samples = max(samples, measurements.samples)
    measurements.lengths = measurements.lengths || lengths
    measurements.breakdowns += by.filter { !measurements.breakdowns.contains($0) }
    measurements.reliability = measurements.reliability || calibration
    return measurements
  }

  /// Fits the models that are named, or the default ones, and shows how far it has come.
  private func compare<Model: MeasuredModel>(
    as type: Model.Type, _ named: [ModelSpecification], _ design: Design<Model.Rows>, _ schema: Model.Rows.Schema,
    _ defaults: inout DefaultModels?
  ) throws -> Comparison {
    let progress = ProgressReporter(quiet: options.quiet)
    var number = 0
    // The names of default models are not known before they are run: no longer than this one.
    let names = named.isEmpty ? ["markov:k=16,smoothing=pitman-yor:0.4/halt"] : named.map(\.shortWord)
    let width = names.map(\.count).max() ?? 0
    let comparison = try Interruption.deferring {
      try Comparison(
        as: type, design, schema, options.fittingContext(progress), isChoice: named.count != 1
      ) { rows in
        let next = number < named.count ? named[number] : try defaults?.next(after: rows)
        number += 1
        return next
      } willFit: { model, place in
        let trial = design.places.firstIndex(of: place) ?? 0
        let place = design.places.count > 1 ? " (\(trial + 1)/\(design.places.count))" : ""
        progress.begin("\(number)\(named.isEmpty ? "" : "/\(named.count)") \(model.shortWord)\(place)")
      } didFit: { row in
        progress.finish()
        if named.count != 1 { options.say(ComparisonTable.line(row, width: width)) }
      }
    }
    progress.finish()
    return comparison
  }

  private func csv(_ report: ComparisonReport<some RowStorage>) -> [[String]] {
    if !by.isEmpty { return report.breakdownTable }
    if parts.learningCurve { return report.curveTable }
    return calibration ? report.reliabilityTable : report.table
  }

  /// What the words name, grids written out.
  private func specifications() throws -> [ModelSpecification] {
    let words = try models.flatMap { try WordGrid.words(of: $0) }
    guard lengths else { return try words.map { try ModelSpecification($0) } }
    return try (words.isEmpty ? ["markov:3"] : words).flatMap { try ModelSpecification.everyLength(of: $0) }
  }
}

extension Breakdown.Kind: ExpressibleByArgument {}
