import ArgumentParser
import Chainrule
import Foundation

struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "−log P (nats) of sequences, or of each symbol; of vectors −log p, of densities.",
    discussion: """
      A total; or, with --per sequence or --per symbol, a table with tabs (--csv: commas) between its columns and the \
      total on standard error. −log P is that of the elements and that of the length together: of the decisions to stop or continue, or of \
      P(τ). What cannot be seen in a symbol is written \\t, \\n or <U+200B>. --per symbol also gives the surprisal of each \
      event (−log P), the entropy of the distribution that it is an outcome of, and its rank, 1 for the most probable \
      outcome: in nats, over all symbols and the end.

      Examples:
        chainrule score names.safetensors test.txt
        echo emma | chainrule score names.safetensors - --per symbol
      A table for R, with all digits:
        chainrule score names.safetensors test.txt --per symbol --csv > events.csv
      How many guesses each takes, the most probable sequence first, and the curve of all:
        chainrule score names.safetensors test.txt --guesses --per sequence
        chainrule score names.safetensors test.txt --guesses --plot guesses.svg
      Data with symbols that the model has never seen:
        chainrule score names.safetensors others.txt --on-unknown skip
      How much worse it predicts after 1, 2, 4, 8 elements that it drew itself:
        chainrule score names.safetensors test.txt --exposure
      Whether a model of vectors says how uncertain it is, with a picture:
        chainrule score vowels.safetensors test.jsonl --pit --plot pit.svg
      How probable it is that a sequence matches a pattern, or is one with gaps:
        chainrule score names.safetensors --matching '.*(son|sen)'
        echo 'em?a' | chainrule score names.safetensors - --missing '?'
      Which element does not fit? Its surprise given all others:
        chainrule score names.safetensors test.txt --two-sided --per symbol --plot fit.svg
      How far back the loss of a recurrent model reaches, and the spectral radii:
        chainrule score gru.safetensors test.txt --gradients
      How uncertain the figure is because the table was estimated (tabular, markov with smoothing=add:α):
        chainrule score table.safetensors test.txt --posterior
      """)

  enum Detail: String, ExpressibleByArgument, CaseIterable { case total, sequence, symbol, step }

  @Argument(help: "A model file, as train writes it.")
  var model: String

  @Argument(help: "The data; '-' is standard input.")
  var file: String?

  @Option(help: "A line for all sequences together, for each sequence or for each symbol (of vectors: step).")
  var per: Detail = .total

  @Flag(
    help: ArgumentHelp(
      "Leave out the nats of each sequence's first element (models of vectors), as published protocols do.",
      discussion: "The decisions to stop or continue, or P(τ), are counted as ever."))
  var skipFirst = false

  @Flag(
    help: ArgumentHelp(
      "Also say whether P(y(t) ≤ what came | past) is uniform, as it is if the model is true (models of vectors).",
      discussion:
        "The probability integral transform, of each component given the lower ones; of counts and bits drawn uniformly between "
        + "P(Y < y) and P(Y ≤ y), by --seed. The test is Kolmogorov's and Smirnov's."))
  var pit = false

  @Option(
    help: ArgumentHelp(
      "What becomes of symbols that the model has not seen.",
      discussion:
        "error: the first one ends it; skip: sequences that hold one are left out; count: the model's unknown "
        + "symbol stands for them, and where it has none they have probability 0. count if left out where the model was "
        + "trained with --unknown, else error."))
  var onUnknown: ScoringData.Policy?

  @Flag(
    help: ArgumentHelp(
      "Also score what follows after elements that the model drew itself, beside the same after the true ones.",
      discussion: "At most 20,000 decisions, chosen by --seed where there are more."))
  var exposure = false

  @Flag(
    help: ArgumentHelp(
      "Also show how far back the gradients of the loss reach (recurrent models).",
      discussion: "Over at most 256 windows of 128 steps, chosen by --seed."))
  var gradients = false

  @Flag(
    help: ArgumentHelp(
      "Also give nats an event under tables drawn from their Dirichlet posterior (tables with smoothing=add:α).",
      discussion: "The mean of 1,000 samples, and the middle 95 % of them, by --seed."))
  var posterior = false

  @Flag(
    help: ArgumentHelp(
      "Also estimate guess numbers: 1 + the number of sequences that are more probable.",
      discussion:
        "By Monte Carlo, with a standard error (Dell'Amico and Filippone 2015); of each sequence with --per sequence, and "
        + "the share of all that is guessed after so many guesses. Sequences of more than "
        + "\(Numbers.count(GuessNumbers.maximumLength)) elements are not counted."))
  var guesses = false

  @Flag(
    help: ArgumentHelp(
      "Instead say how surprising each element is given all others, and given those before it (models of symbols).",
      discussion:
        "−log P(y(t) | all other elements, the length) in nats: exact, for models without a list of states by trying every symbol "
        + "at every position."))
  var twoSided = false

  @Option(
    help: ArgumentHelp("With --guesses: the samples to draw (default: 100000).", valueName: "n"),
    transform: NumberArgument.whole(2...10_000_000))
  var samples: Int?

  @Option(
    help: ArgumentHelp(
      "With --guesses: draw the share guessed against the guesses; with --pit: histograms; with --two-sided: bars of surprise (.svg or .png; needs gnuplot).",
      valueName: "file"))
  var plot: String?

  @OptionGroup var pattern: PatternOptions
  @OptionGroup var gaps: GapOptions
  @OptionGroup var particles: ParticleOptionsGroup
  @OptionGroup var data: DataOptions
  @OptionGroup var tables: TableOptions
  @OptionGroup var options: RunOptions

  func validate() throws {
    try tables.validate(besides: options.json)
    if file == nil, pattern.matching == nil { throw ValidationError("Missing expected argument '<file>'") }
    if !isAboutEvidence { try refuseUnused(particles.given, because: "they are for --matching and --missing") }
    if isAboutEvidence || twoSided { return try checkEvidence() }
    if tables.csv { try checkTables() }
    if guesses, isPerStep {
      throw ValidationError("--guesses is about whole sequences: give --per sequence, or leave --per out.")
    }
    if !guesses {
      try refuseUnused([("--samples", samples != nil)], because: "it is for --guesses")
      if !pit { try refuseUnused([("--plot", plot != nil)], because: "it is for --guesses and --pit") }
    }
    if !exposure, !gradients, !posterior, !guesses, !pit {
      try refuseUnused(
        [("--seed", options.givenSeed != nil)],
        because: "nothing is drawn without --exposure, --gradients, --posterior, --guesses or --pit")
    }
    if let onUnknown, onUnknown != .count {
      try refuseUnused(
        data.unseen(), because: "--on-unknown \(onUnknown.rawValue) makes nothing of the symbol for unseen ones")
    }
  }

  var isPerStep: Bool { per == .symbol || per == .step }

  /// Of several tables programs could not tell where one ends.
  private func checkTables() throws {
    let asked = [
      ("--per", per != .total), ("--guesses", guesses && per == .total), ("--exposure", exposure),
      ("--gradients", gradients), ("--pit", pit),
    ].filter(\.1).map(\.0)
    if asked.isEmpty {
      try refuseUnused(
        [("--csv", true)], because: "a total is no table: give --per, --guesses, --exposure, --gradients or --pit")
    }
    if asked.count > 1 {
      throw ValidationError("--csv prints one table: give one of \(asked.joined(separator: ", ")) alone.")
    }
    try refuseUnused([("--posterior", posterior)], because: "--csv prints the table alone")
  }

  /// The data, which a pattern takes the place of.
  var path: String { file ?? "-" }

  func run() throws {
    let picture = try plot.map { try PictureFile($0, reading: [self.model, file]) }
    if isAboutEvidence || twoSided { return try runEvidence(picture) }
    switch try LoadedModel.readAny(self.model, symbols: data.symbols, inPlace: true) {
    case .symbols(let model): try run(model, picture)
    case .vectors(let model): try run(model, picture)
    }
  }

  private func run(_ model: SequenceModel, _ picture: PictureFile?) throws {
    try refuseUnused(
      [("--skip-first", skipFirst), ("--pit", pit)],
      because: "\(self.model) is a model of symbols, and they are for vectors")
    if gradients { try GradientReach.check(model) }
    let data = try read(model)
    let set = data.set
    let scores = data.scores(model, threads: options.threadCount)
    let total = model.figures(scores, on: set, threads: options.threadCount)
    let interval =
      try posterior ? PosteriorInterval(of: model, on: set, seed: options.seed, threads: options.threadCount) : nil
    let guessing = try guessReport(model, scores)
    let (exposure, reach) = try diagnoses(model, set)
    try report(model, data, scores, total, interval, guessing, exposure, reach)
    for remark in guessing?.remarks ?? [] { options.say(remark) }
    // Last, so that everything else is there where gnuplot is not.
    if let guessing { try picture?.write { try guessing.chart(of: path).picture($0, isInterrupted: $1) } }
  }

  private func report(
    _ model: SequenceModel, _ data: ScoringData, _ scores: [SequenceScore], _ total: Figures,
    _ interval: PosteriorInterval?, _ guessing: GuessReport?, _ exposure: ExposureReport?, _ reach: GradientReachReport?
  ) throws {
    if options.json {
      let events =
        isPerStep ? data.events(EventScorer(model), scores.indices, threads: options.threadCount) : nil
      let entries = scores.indices.map { index -> JSONObject in
        let listed = events.map { events in
          steps(model, data, index, events[index]).map { json($0.event).merging(["symbol": $0.symbol]) }
        }
        return json(scores[index]).merging(["sequence": data.numbers[index], "steps": listed])
          .merging(guessing?.json(index) ?? [:])
      }
      return try printJSON(
        [
          "schema": "chainrule.score/1", "model": model.specification.word, "sequences": per == .total ? nil : entries,
          "total": total, "unseen": data.unseen, "exposure": exposure?.json, "exposurePlaces": exposure?.places,
          "gradients": reach?.json, "posterior": interval, "guessing": guessing?.json,
        ], reading: [self.model, file], seed: options.seed)
    }
    // Beside a table on standard output the total is a remark.
    func say(_ text: String) throws { try per == .total && !tables.csv ? Console.print(text) : options.say(text) }
    if per != .total { try printTable(model, data, scores, guessing) }
    try say(FiguresLine.text(total))
    if let remark = data.remark(model, scores) { try say(remark) }
    if let guessing {
      if per == .total, tables.csv { try Console.print(csv: guessing.table) } else { try say("\n" + guessing.text) }
    }
    if let interval {
      try Console.print(
        "\(Numbers.decimal(interval.mean, 5)) nats an event in the mean of \(Numbers.count(interval.draws)) tables drawn "
          + "from the posterior, 95 % of them in [\(Numbers.decimal(interval.low, 5)), "
          + "\(Numbers.decimal(interval.high, 5))]")
    }
    func print(_ text: String, _ table: [[String]]) throws {
      try tables.csv ? Console.print(csv: table) : Console.print("\n" + text)
    }
    if let exposure { try print(exposure.text, exposure.table) }
    if let reach { try print(reach.text, reach.table) }
  }

  func json(_ score: SequenceScore) -> JSONObject { ["nats": score.nats, "natsLength": score.natsLength] }

  private func json(_ event: EventScore) -> JSONObject {
    json(event.score).merging(["surprisal": event.surprisal, "entropy": event.entropy, "rank": event.rank])
  }

  /// A row for each sequence, or for each event of one: columns below a header, −log P in nats. Tabs between them, or
  /// commas and all digits.
  private func printTable(
    _ model: SequenceModel, _ data: ScoringData, _ scores: [SequenceScore], _ guessing: GuessReport?
  ) throws {
    func digits(_ number: Double) -> String { tables.csv ? "\(number)" : Numbers.decimal(number, 6) }
    func nats(_ score: SequenceScore) -> [String] { [score.nats, score.natsElements, score.natsLength].map(digits) }
    try Console.buffering { print in
      func row(_ fields: [String]) throws { try print(tables.csv ? CSV.line(fields) : fields.joined(separator: "\t")) }
      let columns = ["nats", "elements", "length"]
      guard isPerStep else {
        try row(["sequence"] + columns + (guessing == nil ? [] : GuessReport.columns))
        for index in 0..<data.set.count {
          let name = model.alphabet.visibleText(of: data.names(index))
          try row([name] + nats(scores[index]) + (guessing?.row(index, allDigits: tables.csv) ?? []))
        }
        return
      }
      try row(["sequence", "step", "symbol"] + columns + ["surprisal", "entropy", "rank"])
      let scorer = EventScorer(model)
      for first in stride(from: 0, to: data.set.count, by: 256) {
        let indices = first..<min(first + 256, data.set.count)
        let events = data.events(scorer, indices, threads: options.threadCount)
        for (index, events) in zip(indices, events) {
          for (step, decision) in steps(model, data, index, events).enumerated() {
            let (symbol, event) = (decision.symbol.map(VisibleText.symbol) ?? decision.label, decision.event)
            try row(
              ["\(data.numbers[index])", "\(step + 1)", symbol] + nats(event.score)
                + [digits(event.surprisal), event.entropy.map(digits) ?? "", event.rank.map { "\($0)" } ?? ""])
          }
        }
      }
    }
  }

  /// The data, with the inputs of the training data.
  private func read(_ model: SequenceModel) throws -> ScoringData {
    let read = try ScoringData(reading: path, data, for: model, onUnknown, say: options.say)
    try model.check(read.set.inputs)
    if read.set.inputWidth > model.conditional.shape.inputWidth {
      options.say("the model was trained without inputs x: those of the data are ignored")
    }
    if !read.impossible.isEmpty, exposure || gradients || posterior {
      throw SpecificationError.malformed(
        "--exposure, --gradients and --posterior need sequences that are possible: --on-unknown skip leaves the others out."
      )
    }
    return read
  }

  func diagnoses<Model: FittedModel>(
    _ model: Model, _ set: Sequences<Model.Rows>
  ) throws -> (ExposureReport?, GradientReachReport?) {
    let progress = ProgressReporter(quiet: options.quiet)
    defer { progress.finish() }
    var result: (ExposureReport?, GradientReachReport?)
    if exposure {
      progress.begin("exposure")
      result.0 = ExposureReport(
        exposure: Exposure(
          of: model, on: set, seed: options.seed, threads: options.threadCount, progress: { progress.show($0) }))
    }
    if gradients {
      progress.begin("gradients")
      result.1 = GradientReachReport(
        reach: try GradientReach(
          model: model, set: set, seed: options.seed, threads: options.threadCount, progress: { progress.show($0) }))
    }
    progress.finish()
    if let exposure = result.0?.exposure, exposure.places < exposure.allPlaces {
      options.say(
        "exposure: \(Numbers.count(exposure.places)) of \(Numbers.count(exposure.allPlaces)) decisions, chosen by seed "
          + "\(options.seed)")
    }
    return result
  }

  /// The events of a sequence: which symbol, and where it is none, what else. The first unseen symbol is the last.
  private func steps(
    _ model: SequenceModel, _ data: ScoringData, _ index: Int, _ events: [EventScore]
  ) -> [(symbol: String?, label: String, event: EventScore)] {
    let sequence = data.set[index]
    let first = model.prior == nil ? 0 : 1
    let names = data.names(index)
    return events.enumerated().map { position, event in
      if position < first { return (nil, "(length)", event) }
      let time = position - first
      let symbol = time < sequence.count ? names[time] : nil
      return (symbol, "(end)", event)
    }
  }

  private func guessReport(_ model: SequenceModel, _ scores: [SequenceScore]) throws -> GuessReport? {
    guard guesses else { return nil }
    let progress = ProgressReporter(quiet: options.quiet)
    defer { progress.finish() }
    progress.begin("guesses")
    let guessing = try GuessNumbers(
      of: model, samples: samples ?? 100_000, seed: options.seed, threads: options.threadCount
    ) { progress.show($0) }
    return GuessReport(guessing, of: scores)
  }
}

extension ScoringData.Policy: ExpressibleByArgument {}
