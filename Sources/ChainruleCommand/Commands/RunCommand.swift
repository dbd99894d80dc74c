import ArgumentParser
import Chainrule
import Foundation
import Runs

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run an experiment that a YAML file describes, and keep its results.",
    discussion: """
      Each model is fitted once for each fold and seed. What is in the file of runs already is not done again; the rest is \
      done longest first, side by side on as many threads as there are. If the program stops, even by kill -9, run it again: \
      it continues with what is missing, trainings from their last checkpoint, to the same numbers. Two may run on one file \
      at once.

      An experiment (paths are seen from its folder):
        name: names                         # else the file's name
        data:
          train: names.txt                  # test:, valid: files of their own
          symbols: characters               # input-format:, unknown:, weights: true;
                                            # of vectors values:, part:, grid:
          alphabet: a-z                     # or a file, or from:FILE
        folds: 10                           # else split 80/10/10
        repeats: 3                          # fits with seeds 1, 2, 3
        seed: 1
        learning-curve: true
        models:
          - markov:{1,2,3}/{eos,halt}       # braces: all combinations
          - gru:64
        measure:                            # by default all of it, and 100 samples
          {samples: 100, lengths: true, by: [position, seen], calibration: true,
           forecast: true}                  # of vectors
        published: paper.tsv                # figures of others
        runs: names.sqlite                  # else the file's name with .sqlite
        outputs:
          {report: names.html, csv: t.csv, json: t.json, markdown: t.md, latex: t.tex}

      Examples:
        chainrule run names.yaml
        chainrule run names.yaml --dry-run
        chainrule runs list names.sqlite
      """)

  @Argument(help: "The experiment's file.")
  var file: String

  @Flag(help: "Only list the runs that are missing.")
  var dryRun = false

  @Option(help: ArgumentHelp("The run file, in place of the experiment's own.", valueName: "file"))
  var runs: String?

  @Option(
    help: ArgumentHelp("Seconds between two checkpoints of a training (default: 20).", valueName: "seconds"),
    transform: NumberArgument.decimal(from: 0, to: 1e9))
  var checkpointEvery = 20.0

  @Option(
    help: "Threads to use; the result does not depend on it. As many as there are cores if left out.",
    transform: NumberArgument.whole(1...1024))
  var threads: Int?

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var table: TableOptions

  @Flag(name: .shortAndLong, help: "No progress and no remarks.")
  var quiet = false

  func validate() throws { try table.validate(besides: json) }

  private func say(_ text: String) {
    if !quiet { Console.say(text) }
  }

  func run() throws {
    let start = ContinuousClock.now
    let experiment = try Experiment(reading: file)
    let data = try ComparisonData.parse(experiment.options)
    if !data.training.weights, data.data.holdsVectors(experiment.train) {
      let (dataset, design) = try data.readVectors(experiment.train, seed: experiment.seed, say: say)
      let line = data.protocolLine(dataset, design, seed: experiment.seed)
      let isSplit = data.test == nil && data.folds == nil && dataset.givenSplit == nil
      return try run(
        as: VectorModel.self, experiment.resolved(for: dataset.columns.kind), data, dataset, design, line,
        isSplit: isSplit, start)
    }
    let (dataset, design) = try data.read(
      experiment.train, for: experiment.models, seed: experiment.seed, say: say)
    try run(
      as: SequenceModel.self, experiment.resolved(for: dataset.sequences.rows.kind), data, dataset, design,
      data.protocolLine(dataset, design, seed: experiment.seed), isSplit: data.test == nil && data.folds == nil, start)
  }

  /// Runs what is missing of an experiment on symbols or on vectors, and tells of it.
  private func run<Model: MeasuredModel>(
    as type: Model.Type, _ experiment: Experiment, _ data: ComparisonData, _ dataset: SequenceData<Model.Rows>,
    _ plan: Design<Model.Rows>, _ protocolLine: String, isSplit: Bool, _ start: ContinuousClock.Instant
  ) throws {
    let published = try experiment.published.map(PublishedFigure.read) ?? []
    var design = plan
    design.measurements = experiment.measurements
    let path = runs ?? experiment.runFile
    // What cannot be written is found out before any work.
    let targets = try outputs(experiment, data, runs: path)
    // A dry run makes no file.
    let isThere = FileManager.default.fileExists(atPath: path)
    let store =
      try dryRun ? isThere ? RunFile(opening: path, for: .reading) : nil : RunFile(opening: path, for: .adding)
    let runner = ExperimentRunner(as: type, experiment, design, dataset, in: store)
    if dryRun { return try showMissing(runner, design) }
    let failures = try work(runner, design)
    let rows = try runner.rows()
    if Interruption.isRequested {
      let missing = try runner.missing().count
      throw Interrupted(
        sentence:
          "interrupted; \(runner.tasks.count - missing) of \(runner.tasks.count) runs are saved in \(path); run the same command to continue"
      )
    }
    if rows.isEmpty, let failure = failures.first { throw failure.error }
    let report = ComparisonReport(
      comparison: Comparison(rows, of: design, failures: failures, seed: experiment.seed), design: design,
      dataset: dataset,
      published: published,
      protocolLine: protocolLine
        + " Experiment \(experiment.name), SHA-256 \(experiment.hash.prefix(16))….",
      leftOut: [], areDefaults: false, shownSamples: 5, isSplit: isSplit,
      seed: experiment.seed)
    try write(report, experiment, data, targets)
    if json {
      try printJSON(report.json(perSequence: false), reading: [file, experiment.train, data.test, data.valid])
    } else if table.csv {
      try Console.print(csv: report.table)
    } else {
      try Console.print(ComparisonTable(report).text)
      say("\n\(ResourceUse.text(since: start))")
    }
    for failure in failures.dropLast() { Console.say("chainrule: \(failure.model): \(failure)") }
    if let last = failures.last { throw last.error }
  }

  private func showMissing<Model>(_ runner: ExperimentRunner<Model>, _ design: Design<Model.Rows>) throws {
    let missing = try runner.missing()
    if json {
      return try printJSON(
        [
          "schema": "chainrule.run/1", "runs": runner.tasks.count,
          "missing": missing.map { ["model": $0.specification.word, "place": $0.place] as JSONObject },
        ], reading: [file])
    }
    if table.csv {
      return try Console.print(
        csv: [["model", "fold", "seed", "fraction"]]
          + missing.map {
            [$0.specification.word, "\($0.place.fold)", "\($0.place.seed)", "\($0.place.fraction)"]
          })
    }
    let all = Numbers.count(runner.tasks.count, "run")
    try Console.print(
      missing.isEmpty
        ? "none of \(all) is missing"
        : "\(missing.count) of \(all) \(missing.count == 1 ? "is" : "are") missing, longest first:")
    for task in missing { try Console.print(task.label(design)) }
  }

  /// Does what is missing, and shows how far it has come.
  private func work<Model>(
    _ runner: ExperimentRunner<Model>, _ design: Design<Model.Rows>
  ) throws -> [Comparison.Failure] {
    let missing = try runner.missing().count
    if missing < runner.tasks.count {
      say("\(runner.tasks.count - missing) of \(Numbers.count(runner.tasks.count, "run")) are done already")
    }
    let progress = ProgressReporter(quiet: quiet)
    progress.begin("run")
    let failures = FailureList()
    try Interruption.deferring {
      try runner.run(
        threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, checkpointInterval: checkpointEvery,
        isInterrupted: { Interruption.isRequested }
      ) { event in
        switch event {
        case .finished(let task, let trial, let left):
          let nats = "\(Numbers.decimal(trial.test.natsPerUnit, 4)) nats/\(trial.test.unit)"
          progress.finish()
          say("\(task.label(design))  test \(nats)  \(Numbers.seconds(trial.fitSeconds))  (\(left) left)")
        case .failed(let task, let error):
          failures.add(Comparison.Failure(model: task.label(design), error: error))
        case .progress(let task, let state):
          progress.show(
            FittingProgress(
              fraction: 0, text: "\(task.label(design)): \(state.text)", isMilestone: state.isMilestone))
        }
      }
    }
    progress.finish()
    return failures.list
  }

  /// The files that are read, of which none may be replaced.
  private func inputs(_ experiment: Experiment, _ data: ComparisonData) -> [String] {
    [file, experiment.train, data.test, data.valid, experiment.published].compactMap { $0 }
      + data.training.alphabetFiles
  }

  /// The files to write when all is done.
  /// - Throws: `OutputError`; a refusal of two outputs in one place, and of one in place of the run file.
  private func outputs(
    _ experiment: Experiment, _ data: ComparisonData, runs: String
  ) throws -> [(output: Experiment.Output, target: OutputFile)] {
    func resolved(_ path: String) -> String { URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path }
    var taken = [resolved(runs): "the run file"]
    return try experiment.outputs.sorted { $0.key.rawValue < $1.key.rawValue }.map { output, path in
      if let other = taken.updateValue(output.rawValue, forKey: resolved(path)) {
        throw ValidationError("\(path) would be written twice, as \(other) and as \(output.rawValue).")
      }
      return (output, try OutputFile(path, reading: inputs(experiment, data)))
    }
  }

  private func write(
    _ report: ComparisonReport<some RowStorage>, _ experiment: Experiment, _ data: ComparisonData,
    _ targets: [(output: Experiment.Output, target: OutputFile)]
  ) throws {
    let read = inputs(experiment, data)
    for (output, target) in targets {
      let text =
        switch output {
        case .csv: CSV.text(report.table)
        case .json: try jsonText(report.json(perSequence: true), reading: read) + "\n"
        case .markdown: PaperTable(report).markdown
        case .latex: PaperTable(report).latex
        case .report: try report.page(reading: read, experiment: experiment)
        }
      try Interruption.writing(target) { try target.write(Data(text.utf8)) }
      say("\(target.path) is written")
    }
  }
}
