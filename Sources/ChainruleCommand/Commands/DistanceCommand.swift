import ArgumentParser
import Chainrule
import Foundation

struct DistanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "distance",
    abstract: "Divergences between two models, or of one from its best Markov approximations.",
    discussion: """
      Of two models both Kullback–Leibler divergences, KL(A ‖ B) = E log A(y)/B(y) under A, and the Jensen–Shannon divergence, which \
      is at most log 2 = 0.693; in nats a sequence and an event (a symbol or an end). Symbols are the same where their names \
      are. KL is inf where the second model gives probability 0 to what the first gives more.

      Of one model KL(A ‖ the best Markov model of order m) for m = 0, 1, 2, …: how Markov it is. The best one has the ratios of A's \
      expected context counts. Of a model that draws its length first it has the same P(τ), and elements that do not look at the length.

      Exact for tables, Markov and variable-order models of moderate size; of others estimated by samples, with 95 % intervals. \
      An interval of KL from a Markov approximation goes from a lower bound (relative frequencies, measured on the \
      sequences that were counted) to an upper bound (a model fitted to other samples); more --samples bring them closer. \
      The Jensen–Shannon divergence is always by samples.

      Examples:
        chainrule distance markov3.safetensors gru.safetensors
        chainrule distance gru.safetensors --orders 0-6 --samples 50000 --plot orders.svg
      """)

  @Argument(help: "A model file, as train writes it.")
  var model: String

  @Argument(help: "A second model file.")
  var other: String?

  @Option(
    help: ArgumentHelp("The orders of Markov approximations, without a second model (default: 0-5).", valueName: "m-n"),
    transform: Orders.init)
  var orders: Orders?

  @Option(
    help: ArgumentHelp("Samples of each model, for what is not exact (default: 10000).", valueName: "n"),
    transform: NumberArgument.whole(2...10_000_000))
  var samples: Int?

  @Option(
    help: ArgumentHelp(
      "Where a sample is cut that does not end (default: 10000); of cut ones the beginnings are compared.",
      valueName: "length"),
    transform: NumberArgument.whole(1...1_000_000_000))
  var maxLength: Int?

  @Option(
    help: ArgumentHelp("Draw KL against the order, of one model (.svg or .png; needs gnuplot).", valueName: "file"))
  var plot: String?

  @OptionGroup var tables: TableOptions
  @OptionGroup var options: RunOptions

  /// A range of orders: one number, or two with a hyphen.
  struct Orders {
    let range: ClosedRange<Int>

    @Sendable init(_ argument: String) throws {
      let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(parts.count), let first = parts[0], let last = parts[parts.count - 1],
        (0...64).contains(first), (first...64).contains(last)
      else {
        throw NumberArgument.OutOfRange(
          description: "it must be an order or a range of orders such as 0-5, from 0 to 64")
      }
      range = first...last
    }
  }

  func validate() throws {
    try tables.validate(besides: options.json)
    if other != nil {
      try refuseUnused([("--orders", orders != nil), ("--plot", plot != nil)], because: "they are for one model alone")
    }
  }

  func run() throws {
    let picture = try plot.map { try PictureFile($0, reading: [self.model]) }
    let model = try LoadedModel.read(self.model)
    var asked = DistanceOptions()
    asked.samples = samples ?? asked.samples
    asked.maximumLength = maxLength ?? asked.maximumLength
    let progress = ProgressReporter(quiet: options.quiet)
    progress.begin("distance")
    if let other {
      let second = try LoadedModel.read(other)
      let distance = try model.distance(to: second, asked, seed: options.seed, threads: options.threadCount)
      progress.finish()
      return try print(
        DistanceReport(
          files: [self.model, other], models: [model.specification, second.specification], distance: distance,
          maximumLength: asked.maximumLength))
    }
    let approximations = try MarkovApproximations(
      of: model, orders: orders?.range ?? 0...5, asked, seed: options.seed, threads: options.threadCount
    ) { progress.show($0) }
    progress.finish()
    let report = ApproximationReport(
      file: self.model, model: model.specification, approximations: approximations, maximumLength: asked.maximumLength)
    if approximations.samples == nil {
      // Whether it is exact can depend on the size of the model's list of states: a note, and no refusal.
      let unused = [
        ("--samples", samples != nil), ("--max-length", maxLength != nil), ("--seed", options.givenSeed != nil),
      ].filter(\.1).map(\.0)
      if !unused.isEmpty { options.say("\(unused.joined(separator: ", ")): not used, since all figures are exact") }
    }
    try print(report)
    try picture?.write { try report.chart.picture($0, isInterrupted: $1) }
  }

  private func print(_ report: some TabularReport) throws {
    if options.json {
      try printJSON(report.json, reading: report.files, seed: options.seed)
    } else {
      try tables.csv ? Console.print(csv: report.table) : Console.print(report.text)
    }
    for remark in report.remarks { options.say(remark) }
  }
}
