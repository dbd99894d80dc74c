import ArgumentParser
import Chainrule
import Foundation

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write a model in another form, prune it, or fit one to counts.",
    discussion: """
      ARPA files, which KenLM and SRILM read, hold Markov models with an end symbol:
      <s> stands before the first symbol, </s> is the end, <unk> the symbol of
      --unknown; a blank within a symbol is written <U+0020>. Every command that
      reads a model reads them too.
        chainrule convert names.safetensors -o names.arpa.gz
        chainrule convert other.arpa -o other.safetensors

      Counts of parts of the data add up: fit to the sum as to the whole.
        chainrule convert part1.safetensors -o part1.counts.gz
        chainrule convert *.counts.gz --model markov:3 -o whole.safetensors

      JSON has the numbers of the file (tensors) and, of models with contexts,
      P(next | context) of each context that was counted:
        chainrule convert names.safetensors -o names.json

      Leave out the n-grams without which the perplexity grows by a factor of
      less than 1 + 1e-7 each, or trigrams and longer ones that occurred once:
        chainrule convert words.safetensors --prune 1e-7 -o small.arpa
        chainrule convert words.safetensors --cutoff 1,1,2 -o small.safetensors
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case arpa, counts, json, safetensors

    /// By the suffix, in front of ".gz".
    static func guess(_ path: String) -> Format? {
      var name = path
      if name.hasSuffix(".gz") { name.removeLast(3) }
      return allCases.first { name.hasSuffix(".\($0.rawValue)") }
    }
  }

  @Argument(
    help: ArgumentHelp("A model file, an ARPA file, or files of counts; '-' is standard input.", valueName: "file"))
  var inputs: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write; '-' is standard output.", valueName: "file"))
  var output: String

  @Option(help: "What to write. Guessed from the suffix if left out.")
  var format: Format?

  @Flag(help: "ARPA: as many digits as double precision needs, not seven.")
  var full = false

  @Option(help: ArgumentHelp("The model to fit to counts, in one word.", valueName: "model"))
  var model: String?

  @Option(
    help: ArgumentHelp("Prune by relative entropy, with this threshold.", valueName: "threshold"),
    transform: NumberArgument.decimal(from: 0))
  var prune: Double?

  @Option(
    help: ArgumentHelp(
      "Prune n-grams that occurred less often than this: one number for each n from 1, the last for all longer ones.",
      valueName: "counts"))
  var cutoff: String?

  @Option(help: ArgumentHelp("Data on which to show what pruning costs.", valueName: "file"))
  var test: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var options: RunOptions

  /// Probabilities that JSON has beside the tensors.
  private static let mostNumbers = 5_000_000

  /// What is told of a conversion: fields for programs, lines for people.
  private typealias Report = (fields: JSONObject, lines: [String])

  func validate() throws {
    if inputs.isEmpty { throw ValidationError("There is nothing to convert.") }
    if output.isEmpty { throw ValidationError("-o needs a file's name.") }
    if OutputFile.isStandardOutput(output), options.json {
      throw ValidationError("--json and -o - both want standard output.")
    }
    if format == nil, Format.guess(output) == nil {
      throw ValidationError(
        "\(output) does not say what to write: give --format "
          + Format.allCases.map(\.rawValue).joined(separator: ", ") + ".")
    }
    if prune != nil, cutoff != nil { throw ValidationError("Either --prune or --cutoff.") }
    _ = try cutoffs()
    if test == nil {
      try refuseUnused(
        data.reading() + data.unseen() + [("--threads", options.threads != nil)],
        because: "only the data of --test are read")
    }
    if test != nil, prune == nil, cutoff == nil { throw ValidationError("--test is for --prune and --cutoff.") }
  }

  private func cutoffs() throws -> [Int]? {
    try cutoff.map { text in
      let counts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
      guard counts.allSatisfy({ $0 >= 0 }) else {
        throw ValidationError("--cutoff must be whole numbers with commas between them, as in 1,1,2.")
      }
      return counts
    }
  }

  func run() throws {
    try data.refuseOptionsOfVectors()
    guard let format = format ?? Format.guess(output) else { return }
    if format != .arpa {
      try refuseUnused([("--full", full)], because: "it is about ARPA files; others hold all digits")
    }
    try refuseUnused([("--seed", options.givenSeed != nil)], because: "nothing in converting is random")
    let file = try OutputFile(output, reading: inputs + [test].compactMap { $0 })
    let report: Report
    var source = try ByteSource(opening: inputs[0])
    if CountsFile.recognises(try source.head(SequenceModel.headSize)) {
      if test == nil {
        try refuseUnused([("--symbols", data.symbols != nil)], because: "files of counts say what their symbols are")
      }
      let first = try CountsFile.counts(reading: source)
      let others = try inputs.dropFirst().map { try CountsFile.counts(reading: ByteSource(opening: $0)) }
      let counts = others.isEmpty ? first : try NGramCounts(adding: [first] + others)
      if let model {
        report = try write(SequenceModel.fit(ModelSpecification(model), to: counts), format, to: file)
      } else if format == .counts {
        if prune != nil || cutoff != nil {
          throw ValidationError(
            "--prune and --cutoff are for models: give --model, such as --model markov:\(counts.order).")
        }
        report = (["ngrams": counts.count], [Numbers.count(counts.count, "n-gram")])
        try write(CountsFile.bytes(of: counts), to: file)
      } else {
        throw ValidationError("Counts are no model yet: give --model, such as --model markov:\(counts.order).")
      }
    } else {
      guard model == nil else { throw ValidationError("--model is for files of counts, and \(inputs[0]) is none.") }
      guard inputs.count == 1 else { throw ValidationError("Only files of counts can be several.") }
      report = try write(LoadedModel.read(source, symbols: data.symbols), format, to: file)
    }
    if options.json {
      let head: JSONObject = [
        "schema": "chainrule.convert/1", "inputs": inputs, "output": output, "format": format.rawValue,
      ]
      return try printJSON(head.merging(report.fields), reading: inputs + [test])
    }
    if options.quiet { return }
    // Standard output may hold the result itself.
    let print = file.isStandardOutput ? Console.say : Console.print
    try print("\(output): \(format.rawValue), \(report.lines.joined(separator: "\n"))")
  }

  private func write(_ given: SequenceModel, _ format: Format, to file: OutputFile) throws -> Report {
    let model = try pruned(given)
    let set = try test.map { try data.read($0, for: given, say: options.say).sequences }
    let bytes =
      switch format {
      case .arpa: try ArpaFile.bytes(of: model, full ? .full : .seven)
      case .counts: CountsFile.bytes(of: try NGramCounts(of: model))
      case .json: try ModelFile.json(of: model, contexts: contexts(of: model))
      case .safetensors: try ModelFile.bytes(of: model)
      }
    try write(bytes, to: file)
    func stored(_ model: SequenceModel) -> String { "\(Numbers.count(model.storedParameters)) stored numbers" }
    func fields(_ model: SequenceModel, _ figures: Figures? = nil) -> JSONObject {
      ["model": model.specification.word, "stored": model.storedParameters, "test": figures]
    }
    var report: Report = (fields(model), ["\(model.specification.word), \(stored(model))"])
    if prune == nil, cutoff == nil { return report }
    for (name, state) in [("before", given), ("after", model)] {
      let figures = set.map { state.figures(on: $0, threads: options.threadCount) }
      report.fields = report.fields.merging([name: fields(state, figures)])
      report.lines.append(
        "\(name == "after" ? "after " : name)  \(stored(state))" + (figures.map { "  " + FiguresLine.text($0) } ?? ""))
    }
    return report
  }

  /// P(next | context) of each context that was counted, as show --json has it; `nil` where none are counted, or too many.
  private func contexts(of model: SequenceModel) throws -> [JSONObject]? {
    let counting = model.conditional as? any TabledConditional
    let most = Self.mostNumbers / max(model.alphabet.size, 1)
    guard let counted = counting?.frequentContexts(most + 1) else { return nil }
    if counted.count > most {
      options.say(
        "more than \(Numbers.count(most)) contexts: their probabilities are left out, and show --json has the most frequent ones"
      )
      return nil
    }
    return try ShowReport(model, after: [], length: nil, contexts: most, isOfContext: false).jsonOfContexts
  }

  private func pruned(_ model: SequenceModel) throws -> SequenceModel {
    if let prune { return try model.pruned(threshold: prune) }
    return try cutoffs().map { try model.pruned(cutoffs: $0) } ?? model
  }

  private func write(_ bytes: Data, to file: OutputFile) throws {
    try Interruption.writing(file) { try file.write(bytes) }
  }
}
