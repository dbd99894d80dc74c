import ArgumentParser
import Chainrule
import Foundation

struct CompareCommand: ParsableCommand, RepeatingOptions {
  static let repeatableOptions: Set<String> = ["--model"]
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Fit several models and compare their likelihoods on the same held-out sequences.",
    discussion: """
      Without --test, the file is split by sequence, seeded: 80 % to train, 10 % to validate, 10 % to test (a long text \
      by position). The validation data stop trainings early and choose a model (*); the test data judge it. Without \
      --valid beside --test, a twentieth of the training data, held out, chooses; models that need no validation are \
      fitted to all of them in the end.
      Without --model, full tables, Markov models of rising order until they predict the validation data worse, other \
      families of tables at the best order, and recurrent networks are run, with each way to end; the larger the data, \
      the fewer.

      Examples:
        chainrule compare names.txt
        chainrule compare train.txt --test test.txt --model markov:2 --model gru:64
        chainrule compare names.txt --model markov:3/eos --model markov:3/tau --json
      One family with every way to end, and what becomes of lengths:
        chainrule compare names.txt --lengths --model markov:3

      chainrule help models lists what a model may be.
      """)

  @Argument(help: "The training data; '-' is standard input.")
  var train: String

  @Option(help: ArgumentHelp("The test data.", valueName: "file"))
  var test: String?

  @Option(help: ArgumentHelp("The validation data, by which training stops early.", valueName: "file"))
  var valid: String?

  @Option(name: .customLong("model"), help: ArgumentHelp("A model; may be given several times.", valueName: "model"))
  var models: [String] = []

  @Option(
    help: ArgumentHelp("Print this many samples from each model after the table (default: 0).", valueName: "n"),
    transform: NumberArgument.whole(0...100_000))
  var samples = 0

  @Flag(
    help: ArgumentHelp(
      "Run each family with every way to end, and show their distributions of the length.",
      discussion: "markov:3 without --model. The sampling speed is that of the threads given."))
  var lengths = false

  @OptionGroup var data: DataOptions
  @OptionGroup var table: TableOptions
  @OptionGroup var options: RunOptions

  func validate() throws {
    try table.validate(besides: options.json)
    if table.csv {
      try refuseUnused(
        [("--samples", samples > 0), ("--lengths", lengths)], because: "--csv prints the table of models alone")
    }
    if valid != nil, test == nil { throw ValidationError("--valid goes with --test: without it the file is split.") }
  }

  func run() throws {
    let start = ContinuousClock.now
    var named = try specifications()
    for model in named { try model.checkFitting() }
    var dataset = try data.read(train, for: named, say: options.say)
    if test == nil, dataset.alphabet.unknown != nil {
      dataset = dataset.withAlphabet(of: try dataset.split(seed: options.seed).train)
    }
    // Without x that distribution is the table, which is there already.
    if lengths, dataset.sequences.inputs == nil { named.removeAll { $0.length.prior?.readsInputs == true } }
    let parts: Parts
    if let test {
      parts = Parts(
        train: dataset, valid: try valid.map { [dataset] in try data.read($0, like: dataset, say: options.say) },
        test: try data.read(test, like: dataset, say: options.say), seed: options.seed)
    } else {
      parts = Parts(try dataset.split(seed: options.seed))
    }
    var defaults = named.isEmpty ? DefaultModels(for: parts.train) : nil
    let progress = ProgressReporter(quiet: options.quiet)
    var number = 0
    // The names of default models are not known before they are run: no longer than this one.
    let names = named.isEmpty ? ["markov:k=16,smoothing=pitman-yor:0.4/halt"] : named.map(\.shortWord)
    let width = names.map(\.count).max() ?? 0
    let comparison = try Interruption.deferring {
      try Comparison(
        parts, dataset.alphabet, options.fittingContext(progress), samples: samples, studiesLengths: lengths,
        isChoice: named.count != 1
      ) { rows in
        let next = number < named.count ? named[number] : try defaults?.next(after: rows)
        number += 1
        if let next { progress.begin("\(number)\(named.isEmpty ? "" : "/\(named.count)") \(next.shortWord)") }
        return next
      } didFit: { row in
        progress.finish()
        if named.count != 1 { options.say(ComparisonTable.line(row, width: width)) }
      }
    }
    progress.finish()
    let isInterrupted = Interruption.isRequested
    if comparison.rows.isEmpty {
      if isInterrupted { throw Interrupted(sentence: "interrupted before the first model was done") }
      if let failure = comparison.failures.first { throw failure.error }
    }
    let leftOut = defaults?.leftOut ?? []
    let report = ComparisonReport(
      comparison: comparison, parts: parts, alphabet: dataset.alphabet, leftOut: leftOut, seed: options.seed)
    if options.json {
      try printJSON(report.json, reading: [train, test, valid])
    } else if table.csv {
      try Console.print(csv: report.table)
    } else {
      if named.count != 1 { options.say("") }
      let table = ComparisonTable(
        comparison, parts, dataset, isSplit: test == nil, areDefaults: named.isEmpty, leftOut: leftOut,
        seed: options.seed)
      try Console.print(table.text)
      if lengths { try Console.print("\n" + LengthStudyReport.text(comparison, parts.test)) }
      options.say("\n\(ResourceUse.text(since: start))")
    }
    if isInterrupted {
      let all = named.isEmpty ? "" : " of \(named.count)"
      throw Interrupted(sentence: "interrupted; \(comparison.rows.count)\(all) models are done")
    }
    for failure in comparison.failures.dropLast() { Console.say("chainrule: \(failure)") }
    if let last = comparison.failures.last { throw last.error }
  }

  /// What the words name.
  private func specifications() throws -> [ModelSpecification] {
    guard lengths else { return try models.map { try ModelSpecification($0) } }
    return try (models.isEmpty ? ["markov:3"] : models).flatMap { try ModelSpecification.everyLength(of: $0) }
  }
}
