import ArgumentParser
import Chainrule
import Foundation

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Draw new sequences from a model.",
    discussion: """
      Sample number i depends on the seed and i alone: the first ten of a hundred are those of ten. Each is a line; where \
      symbols hold line breaks (models of a text), several samples have them escaped as \\n, and -n 1 as they are.

      Examples:
        chainrule sample names.safetensors -n 20
        chainrule sample names.safetensors -n 5 --prefix an --temperature 0.7 --json
        chainrule sample names.safetensors --length 12
        chainrule sample weather.safetensors --inputs days.jsonl
        chainrule sample names.safetensors --matching 'a.*(son|sen)'
        chainrule sample names.safetensors --most-probable 10
        chainrule sample names.safetensors --most-probable all | head -n 1000000 > likely.txt
        chainrule sample names.safetensors -n 5000 --novelty train.txt
      Of models of vectors, as lines of JSON, rows of CSV or piano rolls:
        chainrule sample vowels.safetensors -n 5 --output-format csv
        chainrule sample chorales.safetensors -n 3 --midi new.mid --plot new.svg
        chainrule sample vowels.safetensors --prefix-file begun.jsonl \\
          --forecast -n 1000 --plot fan.svg

      Temperature, --top-k, --top-p and --min-p change the distribution, in this order. --end-policy says what they may \
      do to the decision to stop, whose outcomes are the end (with probability s) and the elements ((1 − s) p each):
        filter    the end is tempered and cut like any outcome; where it is cut,
                  the sequence cannot end
        keep      the end is tempered with the others and never cut; the
                  elements are cut among themselves
        separate  first it is drawn whether to stop, with the model's own s;
                  then the element, tempered and cut
      How many of the stops that the model would have made are suppressed is said.
      """)

  @Argument(help: "A model file, as train writes it.")
  var model: String

  @Option(
    name: .customShort("n"), help: "How many (default: 10).", transform: NumberArgument.whole(0...1_000_000_000_000))
  var wantedCount: Int?

  @Option(help: "What each sequence begins with.")
  var prefix: String?

  @Option(
    help: ArgumentHelp(
      "The length. Exact, also of what temperature and cuts leave, for /tau and for models with a list of states (tabular, Markov, variable-order, small tables); by rejection else.",
      valueName: "length"), transform: NumberArgument.whole(0...10_000_000))
  var length: Int?

  @Option(
    help: ArgumentHelp(
      "The least length. Exact, given that a sequence has as many elements, for /tau and for models with a list of states; with temperature or cuts and for networks the end is ruled out until then.",
      valueName: "length"), transform: NumberArgument.whole(0...10_000_000))
  var minLength = 0

  @Option(
    name: .customLong("max-length"),
    help: ArgumentHelp("Where a sequence is cut that does not end (default: 10000).", valueName: "length"),
    transform: NumberArgument.whole(0...1_000_000_000))
  var wantedMaxLength: Int?

  @Option(
    help: "Below 1 the probable becomes more probable; 0 takes the most probable always (default: 1).",
    transform: NumberArgument.decimal(from: 0))
  var temperature = 1.0

  @Option(
    help: ArgumentHelp("Draw among the k most probable outcomes only.", valueName: "k"),
    transform: NumberArgument.whole(1...1_000_000_000))
  var topK: Int?

  @Option(
    help: ArgumentHelp("Draw among the fewest outcomes that have probability p together.", valueName: "p"),
    transform: NumberArgument.decimal(above: 0, to: 1))
  var topP: Double?

  @Option(
    help: ArgumentHelp(
      "Draw among the outcomes at least p times as probable as the most probable one.", valueName: "p"),
    transform: NumberArgument.decimal(from: 0, to: 1))
  var minP: Double?

  @Option(help: "What temperature and cuts may do to the decision to stop: filter (the default), keep or separate.")
  var endPolicy: Truncation.EndPolicy?

  @Option(
    help: ArgumentHelp(
      "No samples, but the k most probable sequences: exactly for tabular, Markov and variable-order models and small tables, by a beam for others.",
      discussion:
        "all, for the exact ones: each sequence is printed as soon as it is known to be next, until a closed pipe or Ctrl-C "
        + "ends it. All beginnings stay in memory, which grows with their number; it ends with a sentence where they no "
        + "longer fit.",
      valueName: "k|all"), transform: MostProbableCount.init)
  var mostProbable: MostProbableCount?

  @Option(
    help: ArgumentHelp(
      "Do not print the samples but how many of them occur in this training data, and the longest parts copied from it.",
      valueName: "file"))
  var novelty: String?

  @Option(
    help: ArgumentHelp(
      "With --novelty: held-out data to compare the samples with, by lengths and n-grams.", valueName: "file"))
  var against: String?

  @Option(
    help: ArgumentHelp(
      "A jsonl file with the inputs x, for models that were trained with some: sample i is given those of its sequence i, "
        + "and after the last of the first again.", valueName: "file"))
  var inputs: String?

  @Option(
    help: ArgumentHelp(
      "A file whose first sequence is what each sample begins with, for models of vectors.", valueName: "file"))
  var prefixFile: String?

  @Flag(
    help: ArgumentHelp(
      "Do not print the samples but their quantiles at each step (5, 25, 50, 75 and 95 %), for models of vectors.",
      discussion:
        "A step's quantiles are over the samples that have not ended. -n is 1000 if left out, and --max-length 100 steps "
        + "after the beginning."))
  var forecast = false

  @Option(
    help: ArgumentHelp(
      "With --forecast: draw it (.svg or .png; needs gnuplot). Else, of vectors of bits: draw the samples as piano rolls (.svg).",
      valueName: "file"))
  var plot: String?

  @Option(
    help: ArgumentHelp(
      "What samples of vectors are printed as: \(VectorWriter.Format.allCases.map(\.rawValue).joined(separator: ", ")) (default: jsonl).",
      valueName: "format"))
  var outputFormat: VectorWriter.Format?

  @Option(
    help: ArgumentHelp(
      "Write samples of piano rolls as MIDI files and do not print them: one as FILE, several as FILE-1, FILE-2 and so on.",
      discussion: "--grid says how many frames a quarter note has.", valueName: "file"))
  var midi: String?

  @Option(
    help: ArgumentHelp("With --midi: quarter notes a minute (default: 100).", valueName: "n"),
    transform: NumberArgument.decimal(from: 4, to: 1000))
  var tempo: Double?

  @OptionGroup var pattern: PatternOptions
  @OptionGroup var particles: ParticleOptionsGroup
  @OptionGroup var data: DataOptions
  @OptionGroup var tables: TableOptions
  @OptionGroup var options: RunOptions

  /// Samples that are held in memory, at most.
  private static let mostHeld = 10_000_000
  /// Files that are written at once, at most.
  private static let mostFiles = 1000

  var count: Int { wantedCount ?? (forecast ? 1000 : 10) }
  var maxLength: Int { wantedMaxLength ?? 10_000 }

  func validate() throws {
    try tables.validate(besides: options.json)
    if pattern.matching != nil { try checkMatching() }
    if pattern.matching == nil { try refuseUnused(particles.given, because: "they are for --matching") }
    if mostProbable == nil, novelty == nil, !forecast {
      try refuseUnused(
        [("--csv", tables.csv)],
        because:
          "samples are no table; it goes with --most-probable, --novelty and --forecast (of vectors: --output-format csv)"
      )
    }
    if novelty != nil || forecast, count > Self.mostHeld {
      throw ValidationError(
        "\(forecast ? "--forecast" : "--novelty") holds all samples in memory: -n may be \(Numbers.count(Self.mostHeld)) at most."
      )
    }
    try checkVectorOutputs()
    if mostProbable != nil {
      if temperature != 1 || topK != nil || topP != nil || minP != nil || minLength > 0
        || novelty != nil || options.givenSeed != nil || wantedCount != nil || wantedMaxLength != nil || inputs != nil
        || endPolicy != nil
      {
        throw ValidationError(
          "--most-probable draws nothing: it takes --length, --prefix, --csv and --json alone of the other options.")
      }
    }
    if endPolicy != nil, temperature == 1, topK == nil, topP == nil, minP == nil {
      throw ValidationError("--end-policy goes with --temperature, --top-k, --top-p or --min-p.")
    }
    if novelty == nil {
      let unread = data.reading().filter {
        !(prefixFile != nil && $0.name != "--grid" || $0.name == "--grid" && (midi ?? prefixFile) != nil)
      }
      try refuseUnused(unread, because: "only the data of --novelty and --prefix-file are read")
      if prefix == nil { try refuseUnused(data.unseen(), because: "it is for --prefix and the data of --novelty") }
    }
    if against != nil, novelty == nil { throw ValidationError("--against goes with --novelty.") }
    if let length, let wantedMaxLength, length > wantedMaxLength {
      throw ValidationError("--length must not be above --max-length.")
    }
    if let length, length < minLength { throw ValidationError("--length must not be below --min-length.") }
    if wantedMaxLength == nil, maxLength < minLength {
      throw ValidationError(
        "--min-length \(minLength) is above \(maxLength), where samples are cut if --max-length is left out: give it too."
      )
    }
    if maxLength < minLength { throw ValidationError("--max-length must not be below --min-length.") }
  }

  /// What is printed of samples of vectors.
  private func checkVectorOutputs() throws {
    if let plot, !forecast, plot.lowercased().hasSuffix(".png") {
      throw ValidationError("--plot: piano rolls are drawn as .svg (and --forecast as .svg or .png).")
    }
    if midi == nil { try refuseUnused([("--tempo", tempo != nil)], because: "it is for --midi") }
    if forecast {
      try refuseUnused(
        [("--output-format", outputFormat != nil), ("--midi", midi != nil), ("--novelty", novelty != nil)],
        because: "--forecast does not print the samples")
    }
    if options.json || midi != nil {
      try refuseUnused(
        [("--output-format", outputFormat != nil)], because: "--json and --midi say what is made of the samples")
    }
    if midi == "" { throw ValidationError("--midi needs a file's name.") }
    if midi != nil, !(1...Self.mostFiles).contains(count) {
      throw ValidationError("--midi writes a file for each sample: -n may be 1 to \(Numbers.count(Self.mostFiles)).")
    }
  }

  func run() throws {
    // A given or least length is prepared for over all states: the model is read whole.
    let looksAtStates = length != nil || minLength > 0 || mostProbable != nil
    switch try LoadedModel.readAny(self.model, symbols: data.symbols, inPlace: !looksAtStates) {
    case .symbols(let model): try run(model)
    case .vectors(let model): try run(model)
    }
  }

  private func run(_ model: SequenceModel) throws {
    try refuseUnused(
      [
        ("--prefix-file", prefixFile != nil), ("--forecast", forecast), ("--output-format", outputFormat != nil),
        ("--midi", midi != nil), ("--plot", plot != nil),
      ], because: "\(self.model) is a model of symbols, and they are for vectors")
    if endPolicy != nil, model.prior != nil {
      try refuseUnused(
        [("--end-policy", true)], because: "the model draws its length first (/tau) and takes no decisions to stop")
    }
    if let mostProbable { return try printMostProbable(model, mostProbable) }
    if let pattern = try pattern.pattern(for: model) { return try printMatching(model, pattern) }
    var sampling = SamplingOptions()
    sampling.truncation.temperature = temperature
    sampling.truncation.topK = topK
    sampling.truncation.topP = topP
    sampling.truncation.minP = minP
    sampling.truncation.endPolicy = endPolicy ?? .filter
    sampling.length = length
    sampling.minimumLength = minLength
    sampling.maximumLength = maxLength
    sampling.prefix = try data.symbols(of: prefix ?? "", option: "--prefix", for: model)
    sampling.inputs = try readInputs(for: model)
    let progress = ProgressReporter(quiet: options.quiet)
    defer { progress.finish() }
    progress.begin("sample")
    let sampler = try Sampler(model, seed: options.seed, sampling, expecting: count, threads: options.threadCount) {
      progress.show($0)
    }
    progress.finish()
    let changes = changes(of: sampling, model, sampler)
    if !changes.isEmpty {
      options.say("\(changes.joined(separator: ", ")): the samples are not from the model's own distribution")
    }
    let tally = try printSamples(
      model, isRejecting: sampler.isRejecting, piece: Sampler<SequenceModel>.piece(length: length ?? minLength),
      report(model, isTruncated: !changes.isEmpty), progress
    ) { try sampler.samples($0, threads: options.threadCount) { progress.show($0) } }
    sayRemarks(of: tally, changes, limit: maxLength)
  }

  /// x of a file, for models that look at some.
  func readInputs(for model: some FittedModel) throws -> InputVectors? {
    guard let inputs else { return nil }
    // The elements that stand beside x may be any.
    let data = try AnyDataset.read(inputs, options: ReadOptions(format: "jsonl"))
    let read =
      switch data {
      case .symbols(let data): data.sequences.inputs
      case .vectors(let data): data.sequences.inputs
      }
    guard let vectors = read else {
      throw SpecificationError.refused(
        model: model.specification.shortWord, reason: "the sequences in \(inputs) have no inputs x")
    }
    try model.check(vectors)
    return vectors
  }

  /// What a person should know of the samples.
  /// - Parameter changes: the options that make them differ from the model's own.
  func sayRemarks(of tally: SampleTally, _ changes: [String], limit: Int) {
    if tally.cut > 0 { options.say("\(Numbers.count(tally.cut, "sample")) cut at --max-length \(limit)") }
    if let removed = tally.removedStopMass, removed > 0 {
      options.say(
        "\(changes.joined(separator: ", ")) suppressed \(String(format: "%.3g", 100 * removed)) % of the stops that the model "
          + "would have made")
    }
    if let acceptance = tally.acceptance {
      options.say(String(format: "%.3g %% of the samples had the length", 100 * acceptance))
    }
  }

  /// The options that make draws differ from the model's own. A least length does not where draws are given that they have it.
  private func changes(of sampling: SamplingOptions, _ model: SequenceModel, _ sampler: Sampler<SequenceModel>)
    -> [String]
  {
    let isTruncated = sampling.truncation.changesDistribution(model.conditional.shape)
    return [
      ("--temperature", isTruncated && temperature != 1), ("--top-k", isTruncated && topK != nil),
      ("--top-p", isTruncated && topP != nil), ("--min-p", isTruncated && minP != nil),
      ("--min-length", sampler.rulesOutEnd),
    ].filter(\.1).map(\.0)
  }
}

extension Truncation.EndPolicy: ExpressibleByArgument {}
