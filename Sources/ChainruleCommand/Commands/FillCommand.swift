import ArgumentParser
import Chainrule
import Foundation

struct FillCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fill",
    abstract: "Fill in the gaps of sequences: the most probable completions, draws, or the distribution of each gap.",
    discussion: """
      A sequence with gaps is a line in which ? stands for an element that is not known, and [abc] for one of a set; in JSON \
      lines null, and lists within y. The length is known, and the end takes part. With --matching a pattern takes the place \
      of the file, so that lengths may differ.

      Answers are exact for models with a list of states (tabular, Markov, variable-order, small tables), for any way to end, \
      and for networks where all completions are few. Else they are estimated by sequential Monte Carlo, with an effective \
      sample size and standard errors; more --particles make them more exact.

      Examples:
        echo 'em?a' | chainrule fill names.safetensors -
        echo 'j?hn[aeiou]' | chainrule fill names.safetensors - --most-probable 5
        chainrule fill names.safetensors gaps.txt --marginals --csv > gaps.csv
        chainrule fill names.safetensors gaps.txt -n 3 --seed 7
        chainrule fill names.safetensors --matching 'an.{0,3}a' --most-probable 10
        echo 'the ? sat' | chainrule fill words.safetensors - --marginals
      """)

  @Argument(help: "A model file, as train writes it.")
  var model: String

  @Argument(help: "Sequences with gaps; '-' is standard input.")
  var file: String?

  @Option(
    help: ArgumentHelp("The k most probable completions of each sequence (default: 1).", valueName: "k"),
    transform: NumberArgument.whole(1...100_000))
  var mostProbable: Int?

  @Option(
    name: .customShort("n"), help: "Draw so many completions of each sequence.",
    transform: NumberArgument.whole(1...100_000_000))
  var count: Int?

  @Flag(help: "The distribution of each element that is not known, given all others and the length.")
  var marginals = false

  @Option(
    help: ArgumentHelp(
      "With --marginals: the symbols that are shown of each gap, the most probable ones (default: 5; with --csv and --json all).",
      valueName: "n"), transform: NumberArgument.whole(1...1_000_000))
  var top: Int?

  @OptionGroup var pattern: PatternOptions
  @OptionGroup var gaps: GapOptions
  @OptionGroup var particles: ParticleOptionsGroup
  @OptionGroup var data: DataOptions
  @OptionGroup var tables: TableOptions
  @OptionGroup var options: RunOptions

  func validate() throws {
    try tables.validate(besides: options.json)
    if (file == nil) == (pattern.matching == nil) {
      throw ValidationError("Give a file of sequences with gaps, or --matching and a pattern.")
    }
    if file == nil {
      try refuseUnused(
        data.reading() + data.unseen() + [("--missing", gaps.missing != nil), ("--marginals", marginals)],
        because: "--matching takes the place of a file, and what matches may have any length")
    }
    try refuseUnused(data.unseen(), because: "symbols that the model does not know cannot be filled in")
    if marginals { try refuseUnused([("-n", count != nil)], because: "--marginals draws nothing") }
    if !marginals { try refuseUnused([("--top", top != nil)], because: "it is for --marginals") }
    if count != nil { try refuseUnused([("--most-probable", mostProbable != nil)], because: "-n draws completions") }
    if marginals, mostProbable != nil { throw ValidationError("Give --marginals or --most-probable alone.") }
  }

  func run() throws {
    let model = try LoadedModel.read(self.model, symbols: data.symbols)
    let progress = ProgressReporter(quiet: options.quiet)
    defer { progress.finish() }
    progress.begin("fill")
    var report = FillReport(
      model, what: marginals ? .marginals(top: top) : count.map { .draws($0) } ?? .mostProbable(mostProbable ?? 1),
      seed: options.seed, threads: options.threadCount)
    if let pattern = try pattern.pattern(for: model) {
      report.particles = try particles.options(for: model, given: [pattern], options)
      let answer = try report.answer(0, pattern) { progress.show($0) }
      if answer.logProbability == -.infinity {
        throw DataError.impossible(pattern.text, isEstimate: answer.quality != nil)
      }
      return try print(report, name: { _ in pattern.text }, [answer], progress)
    }
    let sequences = try gaps.read(file ?? "-", data, for: model)
    report.particles = try particles.options(for: model, given: sequences, options)
    let answers = try report.answers(sequences) { progress.show($0) }
    try print(report, name: { model.visibleText(of: sequences[$0], missing: gaps.missing) }, answers, progress)
  }

  private func print(
    _ report: FillReport, name: (Int) -> String, _ answers: [FillReport.Answer], _ progress: ProgressReporter
  ) throws {
    progress.finish()
    if options.json {
      var stream = try JSONStream(
        ["schema": "chainrule.fill/1", "model": report.model.specification.word, "seed": options.seed],
        reading: [self.model, file], array: "sequences")
      for answer in answers { try stream.add([report.json(answer, name(answer.number))]) }
      try stream.finish([:])
    } else {
      let table = report.rows(answers, allDigits: tables.csv, isPlain: isPlain, name: name)
      try Console.buffering { print in
        for row in table { try print(tables.csv ? CSV.line(row) : row.joined(separator: "\t")) }
      }
    }
    // What is not to be trusted is said always.
    let isPoor = answers.contains { $0.quality?.isPoor ?? false }
    for remark in report.remarks(answers, name: name) { if isPoor { Console.say(remark) } else { options.say(remark) } }
  }

  /// Whether completions are printed as lines of data alone.
  private var isPlain: Bool { !tables.csv && !marginals && mostProbable == nil }
}
