import ArgumentParser
import Chainrule
import Foundation
import Runs

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List, show and compare the runs in a run file, which `run` makes.",
    discussion: """
      A run is one model fitted once: on one fold, with one seed. Its word, seed, data, machine, figures, curves and the nats \
      of each test sequence are kept.

      Examples:
        chainrule runs list names.sqlite --experiment names
        chainrule runs show names.sqlite 12
        chainrule runs diff names.sqlite 12 15
        chainrule runs export names.sqlite --format latex > table.tex
      """,
    subcommands: [
      RunsListCommand.self, RunsShowCommand.self, RunsDiffCommand.self, RunsTagCommand.self, RunsRemoveCommand.self,
      RunsCollectCommand.self, RunsExportCommand.self,
    ])
}

/// Which runs of a file are meant.
struct RunFilterOptions: ParsableArguments {
  @Argument(help: "The run file.")
  var file: String

  @Option(
    help: ArgumentHelp(
      "Only runs of an experiment: its name (the latest of that name), or the beginning of its file's SHA-256.",
      valueName: "name"))
  var experiment: String?

  @Option(help: ArgumentHelp("Only runs whose model contains this text.", valueName: "text"))
  var model: String?

  @Option(help: ArgumentHelp("Only runs with this tag.", valueName: "tag"))
  var tag: String?

  func runs() throws -> [StoredRun] {
    var filter = RunFile.Filter()
    (filter.experiment, filter.model, filter.tag) = (experiment, model, tag)
    return try RunFile(opening: file, for: .reading).runs(filter)
  }
}

struct RunsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "A line for each run.",
    discussion: "Example:\n  chainrule runs list names.sqlite --model gru")

  @OptionGroup var filter: RunFilterOptions
  @Flag(help: "Print one JSON object.")
  var json = false
  @OptionGroup var table: TableOptions

  func validate() throws { try table.validate(besides: json) }

  func run() throws {
    let runs = try filter.runs()
    if json {
      return try printJSON(
        ["schema": "chainrule.runs/1", "runs": runs.map { RunReport($0).summary }], reading: [filter.file])
    }
    if table.csv { return try Console.print(csv: RunReport.table(runs)) }
    var table = Table(
      [
        ("run", .right), ("model", .left), ("data", .left), ("fold", .right), ("seed", .right), ("part", .right),
        ("nats/\(RunReport.unit(runs.map(\.trial.test)))", .right), ("fitted in", .right), ("finished", .left),
        ("tags", .left),
      ], droppable: ["data", "part", "finished", "fitted in"])
    for run in runs {
      let place = run.trial.place
      table.add([
        "\(run.id)", RunReport.shortWord(run.model), run.data, "\(place.fold + 1)", "\(place.seed)",
        place.fraction == 1 ? "all" : "1/\(Int((1 / place.fraction).rounded()))",
        Numbers.decimal(run.trial.test.natsPerUnit, 4), Numbers.seconds(run.trial.fitSeconds), run.created,
        run.tags.joined(separator: " "),
      ])
    }
    try Console.print(runs.isEmpty ? "no runs" : table.text)
  }
}

struct RunsShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "All that is kept of a run.",
    discussion: "Example:\n  chainrule runs show names.sqlite 12 --json")

  @Argument(help: "The run file.")
  var file: String
  @Argument(help: "The run's number.", transform: NumberArgument.whole(1...Int64.max))
  var id: Int64
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let run = try RunFile(opening: file, for: .reading).run(id)
    if json {
      return try printJSON(
        JSONObject(dictionaryLiteral: ("schema", "chainrule.runs-show/1")).merging(RunReport(run).whole),
        reading: [file])
    }
    try Console.print(RunReport(run).text)
  }
}

struct RunsDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show how two runs differ.",
    discussion: "Example:\n  chainrule runs diff names.sqlite 12 15")

  @Argument(help: "The run file.")
  var file: String
  @Argument(help: "The first run's number.", transform: NumberArgument.whole(1...Int64.max))
  var first: Int64
  @Argument(help: "The second run's number.", transform: NumberArgument.whole(1...Int64.max))
  var second: Int64
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let store = try RunFile(opening: file, for: .reading)
    let difference = RunDifference(try store.run(first), try store.run(second))
    if json { return try printJSON(difference.json, reading: [file]) }
    try Console.print(difference.text)
  }
}

struct RunsTagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "Give a run tags, or take them from it.",
    discussion:
      "Examples:\n  chainrule runs tag names.sqlite 12 paper final\n  chainrule runs tag names.sqlite 12 --remove final"
  )

  @Argument(help: "The run file.")
  var file: String
  @Argument(help: "The run's number.", transform: NumberArgument.whole(1...Int64.max))
  var id: Int64
  @Argument(help: "Tags to give it: words without blanks.")
  var tags: [String] = []
  @Option(help: ArgumentHelp("A tag to take from it.", valueName: "tag"))
  var remove: String?

  func validate() throws {
    if tags.isEmpty, remove == nil { throw ValidationError("Give tags, or --remove and a tag.") }
    for tag in tags where tag.isEmpty || tag.contains(where: \.isWhitespace) {
      throw ValidationError("A tag is a word without blanks.")
    }
  }

  func run() throws {
    try RunFile(opening: file, for: .changing).tag(id, adding: tags, removing: remove.map { [$0] } ?? [])
  }
}

struct RunsRemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove runs.",
    discussion: """
      They are no longer listed, and are done again where an experiment asks for them; `runs gc` frees their space.

      Example:
        chainrule runs rm names.sqlite 12 13
      """)

  @Argument(help: "The run file.")
  var file: String
  @Argument(help: "The runs' numbers.", transform: NumberArgument.whole(1...Int64.max))
  var ids: [Int64]

  func run() throws { try RunFile(opening: file, for: .changing).remove(ids) }
}

struct RunsCollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Free the space of removed runs.",
    discussion: "Example:\n  chainrule runs gc names.sqlite")

  @Argument(help: "The run file.")
  var file: String

  func run() throws {
    let count = try RunFile(opening: file, for: .changing).collectGarbage()
    try Console.print("\(Numbers.count(count, "run")) removed for good")
  }
}

struct RunsExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print runs for other programs, or for a paper.",
    discussion: """
      csv and json have all figures of each run; markdown and latex a line for each model, with the mean and the standard \
      deviation over its runs.

      Example:
        chainrule runs export names.sqlite --experiment names --format latex > table.tex
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case csv, json, markdown, latex }

  @OptionGroup var filter: RunFilterOptions
  @Option(help: "csv, json, markdown or latex.")
  var format: Format = .csv

  func run() throws {
    let runs = try filter.runs()
    switch format {
    case .csv: try Console.print(csv: RunReport.table(runs))
    case .json:
      try printJSON(["schema": "chainrule.runs/1", "runs": runs.map { RunReport($0).whole }], reading: [filter.file])
    case .markdown: try Console.print(PaperTable(rows(runs)).markdown)
    case .latex: try Console.print(PaperTable(rows(runs)).latex)
    }
  }

  /// A row for each model, as the table of `run` has it.
  /// - Throws: where a model has several runs of one fold and seed, which are of different data.
  private func rows(_ runs: [StoredRun]) throws -> [Comparison.Row] {
    let words = runs.map(\.model).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return try words.map { word in
      let trials = runs.filter { $0.model == word }.map(\.trial)
      guard Comparison.Row.isPossible(trials) else {
        throw ValidationError(
          "the runs of \(RunReport.shortWord(word)) are of different data, folds or seeds: choose an experiment with --experiment, "
            + "one that is complete.")
      }
      return Comparison.Row(try RunReport.specification(word), trials)
    }
  }
}
