import ArgumentParser
import Chainrule
import Foundation

struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "−log P (nats) of sequences, or of each symbol.",
    discussion: """
      A total; or, with --per sequence or --per symbol, a table with tabs (--csv: commas) between its columns and the \
      total on standard error. −log P is that of the elements and that of the length together: of the decisions to stop or continue, or of \
      P(τ). What cannot be seen in a symbol is written \\t, \\n or <U+200B>.

      Examples:
        chainrule score names.safetensors test.txt
        echo emma | chainrule score names.safetensors - --per symbol
      Data with symbols that the model has never seen:
        chainrule score names.safetensors others.txt --on-unknown skip
      How much worse it predicts after 1, 2, 4, 8 elements that it drew itself:
        chainrule score names.safetensors test.txt --exposure
      How far back the loss of a recurrent model reaches, and the spectral radii:
        chainrule score gru.safetensors test.txt --gradients
      How uncertain the figure is because the table was estimated (tabular, markov with smoothing=add:α):
        chainrule score table.safetensors test.txt --posterior
      """)

  enum Detail: String, ExpressibleByArgument, CaseIterable { case total, sequence, symbol }

  @Argument(help: "A model file, as train writes it.")
  var model: String

  @Argument(help: "The data; '-' is standard input.")
  var file: String

  @Option(help: "A line for all sequences together, for each sequence or for each symbol.")
  var per: Detail = .total

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

  @OptionGroup var data: DataOptions
  @OptionGroup var tables: TableOptions
  @OptionGroup var options: RunOptions

  func validate() throws {
    try tables.validate(besides: options.json)
    if per == .total { try refuseUnused([("--csv", tables.csv)], because: "a total is no table: give --per") }
    if tables.csv, exposure || gradients || posterior {
      throw ValidationError("--csv prints the table alone: leave out --exposure, --gradients and --posterior.")
    }
    if !exposure, !gradients, !posterior {
      try refuseUnused(
        [("--seed", options.givenSeed != nil)],
        because: "nothing is drawn without --exposure, --gradients or --posterior")
    }
    if let onUnknown, onUnknown != .count {
      try refuseUnused(
        data.unseen(), because: "--on-unknown \(onUnknown.rawValue) makes nothing of the symbol for unseen ones")
    }
  }

  func run() throws {
    let model = try LoadedModel.open(self.model, symbols: data.symbols)
    if gradients { try GradientReach.check(model) }
    let data = try read(model)
    let set = data.set
    let scores = data.scores(model, threads: options.threadCount)
    let total = model.figures(scores, on: set, threads: options.threadCount)
    let interval =
      try posterior ? PosteriorInterval(of: model, on: set, seed: options.seed, threads: options.threadCount) : nil
    let (exposure, reach) = try diagnoses(model, set)
    if options.json {
      let entries = scores.indices.map { index -> JSONObject in
        let steps =
          per == .symbol ? steps(model, data, index).map { json($0.score).merging(["symbol": $0.symbol]) } : nil
        return json(scores[index]).merging(["sequence": data.numbers[index], "steps": steps])
      }
      return try printJSON(
        [
          "schema": "chainrule.score/1", "model": model.specification.word, "sequences": per == .total ? nil : entries,
          "total": total, "unseen": data.unseen, "exposure": exposure?.json, "exposurePlaces": exposure?.places,
          "gradients": reach?.json, "posterior": interval,
        ], reading: [self.model, file], seed: options.seed)
    }
    if per != .total { try printTable(model, data, scores) }
    try per == .total ? Console.print(FiguresLine.text(total)) : options.say(FiguresLine.text(total))
    if let remark = data.remark(model, scores) { try per == .total ? Console.print(remark) : options.say(remark) }
    if let interval {
      try Console.print(
        "\(Numbers.decimal(interval.mean, 5)) nats an event in the mean of \(Numbers.count(interval.draws)) tables drawn "
          + "from the posterior, 95 % of them in [\(Numbers.decimal(interval.low, 5)), "
          + "\(Numbers.decimal(interval.high, 5))]")
    }
    if let exposure { try Console.print("\n" + exposure.text) }
    if let reach { try Console.print("\n" + reach.text) }
  }

  private func json(_ score: SequenceScore) -> JSONObject { ["nats": score.nats, "natsLength": score.natsLength] }

  /// A row for each sequence, or for each decision about one: columns below a header, −log P in nats. Tabs between them, or
  /// commas and all digits.
  private func printTable(_ model: SequenceModel, _ data: ScoringData, _ scores: [SequenceScore]) throws {
    func nats(_ score: SequenceScore) -> [String] {
      [score.nats, score.natsElements, score.natsLength].map { tables.csv ? "\($0)" : Numbers.decimal($0, 6) }
    }
    try Console.buffering { print in
      func row(_ fields: [String]) throws { try print(tables.csv ? CSV.line(fields) : fields.joined(separator: "\t")) }
      let head = per == .sequence ? ["sequence"] : ["sequence", "step", "symbol"]
      try row(head + ["nats", "elements", "length"])
      for index in 0..<data.set.count {
        guard per == .symbol else {
          try row([model.alphabet.visibleText(of: data.names(index))] + nats(scores[index]))
          continue
        }
        for (step, decision) in steps(model, data, index).enumerated() {
          let symbol = decision.symbol.map(VisibleText.symbol) ?? decision.label
          try row(["\(data.numbers[index])", "\(step + 1)", symbol] + nats(decision.score))
        }
      }
    }
  }

  /// The data, with the inputs of the training data.
  private func read(_ model: SequenceModel) throws -> ScoringData {
    let read = try ScoringData(reading: file, data, for: model, onUnknown, say: options.say)
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

  private func diagnoses(_ model: SequenceModel, _ set: SequenceSet) throws -> (ExposureReport?, GradientReachReport?) {
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

  /// The decisions about a sequence: which symbol, and where it is none, what else. The first unseen symbol is the last.
  private func steps(
    _ model: SequenceModel, _ data: ScoringData, _ index: Int
  ) -> [(symbol: String?, label: String, score: SequenceScore)] {
    let sequence = data.set[index]
    let first = model.prior == nil ? 0 : 1
    let names = data.names(index)
    return data.decisions(model, index).enumerated().map { position, score in
      if position < first { return (nil, "(length)", score) }
      let time = position - first
      let symbol = time < sequence.count ? names[time] : nil
      return (symbol, "(end)", score)
    }
  }
}

extension ScoringData.Policy: ExpressibleByArgument {}
