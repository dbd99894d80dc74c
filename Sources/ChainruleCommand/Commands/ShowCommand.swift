import ArgumentParser
import Chainrule
import Foundation

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Fitted probabilities: what comes next, the transition matrix, frequent contexts.",
    discussion: """
      With --context: the probabilities of the next symbol and of the end after the
      beginning of a sequence. (To a Markov model of order k its last k symbols
      count, and the beginning where it is shorter.) Without: the same for the
      first symbol; the transition matrix of a model of order 1; and the most
      frequent contexts of models that count them.

      P(end) is the end symbol's probability (/eos), the stop variable's (/halt), or
      P(τ = n | τ ≥ n) after n symbols (/tau). Where the symbols depend on the length
      (/tau:input=remaining or total) they are shown given one: --length, or the most
      probable one that is longer than the context.

      Examples:
        chainrule show names.safetensors
        chainrule show names.safetensors --context an --top 5
        chainrule show bigram.safetensors --csv > transitions.csv
        chainrule show bigram.safetensors -o transitions.svg
        chainrule show names.safetensors --contexts 100 --json
        chainrule show words.arpa.gz --context "in the"
      """)

  @Argument(help: "A model file, as train writes it, or an ARPA file; '-' is standard input.")
  var model: String

  @Option(help: ArgumentHelp("The beginning of a sequence after which the next symbol is shown.", valueName: "symbols"))
  var context: String?

  @Option(
    help: ArgumentHelp(
      "What a symbol is in --context, where an ARPA file of another program does not say it: "
        + "\(SymbolKind.allCases.map(\.rawValue).joined(separator: ", "))."))
  var symbols: SymbolKind?

  @Option(
    help: ArgumentHelp("The most probable symbols to show after a context (default: 10).", valueName: "k"),
    transform: NumberArgument.whole(1...1_000_000))
  var top: Int?

  @Option(
    help: ArgumentHelp("The most frequent contexts to show (default: 20).", valueName: "n"),
    transform: NumberArgument.whole(0...1_000_000_000))
  var contexts: Int?

  @Option(
    help: ArgumentHelp("The length τ that is given, for models whose symbols depend on it.", valueName: "T"),
    transform: NumberArgument.whole(0...1_000_000_000))
  var length: Int?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Draw the transition matrix, or the distributions after the most frequent contexts, as a heat map (.svg or .png; "
        + "needs gnuplot).", valueName: "file"))
  var output: String?

  @Flag(help: "Print the matrix or, of other models or with --context, the distributions as comma-separated values.")
  var csv = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if output == "" { throw ValidationError("-o needs a file's name.") }
    if csv, json { throw ValidationError("--csv and --json exclude each other.") }
    if csv || json {
      try refuseUnused([("--top", top != nil)], because: "--csv and --json have all symbols")
    }
    if context != nil {
      try refuseUnused([("--contexts", contexts != nil)], because: "--context shows what comes after one alone")
    }
    if output != nil { try refuseUnused([("--top", top != nil)], because: "-o draws all symbols") }
    if output != nil, context != nil {
      throw ValidationError("-o draws the transition matrix or frequent contexts: leave out --context.")
    }
  }

  func run() throws {
    let picture = try output.map { try PictureFile($0, reading: [self.model]) }
    let model = try LoadedModel.read(self.model, symbols: symbols)
    if length != nil, !model.conditional.shape.hasLengthInput {
      throw SpecificationError.refused(
        model: model.specification.shortWord, reason: "its symbols do not depend on the length: leave out --length")
    }
    if model.inputWidth > 0 { Console.say("the model looks at inputs x: they are taken as 0 here") }
    let report = try ShowReport(
      model, after: prefix(model), length: length, contexts: contexts ?? 20, isOfContext: context != nil)
    if csv || output != nil, report.hasMatrix {
      try refuseUnused([("--contexts", contexts != nil)], because: "of a model of order 1 it is the transition matrix")
    }
    if !report.countsContexts, context == nil {
      try refuseUnused(
        [("--contexts", contexts != nil)], because: "the model has no counts of contexts of symbols alone")
    }
    try picture?.write { try report.heatMap().picture($0, isInterrupted: $1) }
    if json {
      try printJSON(report.json, reading: [self.model])
    } else if csv {
      try Console.print(csv: report.table)
    } else if output == nil {
      try Console.print(report.text(top: top ?? 10))
    }
  }

  /// The context's symbols.
  private func prefix(_ model: SequenceModel) throws -> [Symbol] {
    try model.symbols(of: context ?? "", option: "--context")
  }
}
