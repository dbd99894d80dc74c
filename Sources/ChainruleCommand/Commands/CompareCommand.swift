import ArgumentParser
import Chainrule
import Foundation

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Fit several models and compare their likelihoods on the same held-out sequences.",
    discussion: """
      Without --test, the file is split by sequence, seeded: 80 % to train, 10 % to stop early by, 10 % to test (a long \
      text by position). Without --model, a ladder of all families and lengths is run.

      Examples:
        chainrule compare names.txt
        chainrule compare train.txt --test test.txt --model markov:2 --model gru:64
        chainrule compare names.txt --model markov:3/eos --model markov:3/tau --json
      One family with every way to end, and what becomes of lengths:
        chainrule compare names.txt --lengths --model markov:3

      \(ModelHelp.text)
      """)

  @Argument(help: "The training data; '-' is standard input.")
  var train: String

  @Option(help: ArgumentHelp("The test data.", valueName: "file"))
  var test: String?

  @Option(help: ArgumentHelp("The validation data, by which training stops early.", valueName: "file"))
  var valid: String?

  @Option(name: .customLong("model"), help: ArgumentHelp("A model; may be given several times.", valueName: "model"))
  var models: [String] = []

  @Option(help: ArgumentHelp("Print this many draws from each model after the table.", valueName: "n"))
  var samples = 0

  @Flag(
    help: ArgumentHelp(
      "Run each family with every way to end, and show their laws of length.",
      discussion: "markov:3 without --model. The sampling speed is that of the threads given."))
  var lengths = false

  @OptionGroup var data: DataOptions
  @OptionGroup var options: RunOptions

  func validate() throws {
    if samples < 0 { throw ValidationError("--samples must be 0 or more.") }
    if valid != nil, test == nil { throw ValidationError("--valid goes with --test: without it the file is split.") }
  }

  func run() throws {
    let start = ContinuousClock.now
    let named = try specifications()
    let dataset = try data.read(train, for: named)
    var specifications =
      try named.isEmpty ? Ladder.words(longest: dataset.sequences.longest).map { try ModelSpecification($0) } : named
    // Without x that law is the table, which is there already.
    if lengths, dataset.sequences.inputs == nil {
      specifications.removeAll { $0.length.prior?.readsInputs == true }
    }
    let parts: Parts
    if let test {
      parts = Parts(
        train: dataset, valid: try valid.map { try data.read($0, like: dataset) },
        test: try data.read(test, like: dataset), seed: options.seed)
    } else {
      parts = Parts(try dataset.split(seed: options.seed))
    }
    let progress = ProgressReporter(quiet: options.quiet)
    let count = specifications.count
    let comparison = try Interruption.shared.deferring {
      try Comparison(
        specifications, parts, dataset.alphabet, options.fittingContext(progress), samples: samples,
        studiesLengths: lengths
      ) { model, number in
        progress.begin("\(number + 1)/\(count) \(model.shortWord)")
      }
    }
    progress.finish()
    let isEmpty = comparison.rows.isEmpty
    if isEmpty, Interruption.shared.isRequested {
      throw Interrupted(sentence: "interrupted before the first model was done")
    }
    if options.json {
      try printJSON(ComparisonReport(comparison, parts, dataset.alphabet, seed: options.seed))
    } else if !isEmpty {
      try Console.print(ComparisonTable(comparison, parts, dataset, isSplit: test == nil, seed: options.seed).text)
      if lengths { try Console.print("\n" + LengthTableReport(comparison, parts.test).text) }
      options.say("\n\(Effort.text(since: start))")
    }
    if Interruption.shared.isRequested {
      throw Interrupted(sentence: "interrupted; \(comparison.rows.count) of \(specifications.count) models are done")
    }
    for failure in comparison.failures.dropLast() { Console.say("chainrule: \(failure)") }
    if let last = comparison.failures.last { throw last }
  }

  /// What the words name.
  private func specifications() throws -> [ModelSpecification] {
    guard lengths else { return try models.map { try ModelSpecification($0) } }
    return try (models.isEmpty ? ["markov:3"] : models).flatMap { try ModelSpecification.everyLength(of: $0) }
  }
}
