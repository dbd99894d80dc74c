import ArgumentParser
import Chainrule
import Foundation

struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Log-likelihoods of sequences under a model, in nats.",
    discussion: """
      Examples:
        chainrule score names.safetensors test.txt
        echo emma | chainrule score names.safetensors - --per symbol
      """)

  enum Detail: String, ExpressibleByArgument, CaseIterable { case total, sequence, symbol }

  @Argument(help: "A model file, as train writes it.")
  var model: String

  @Argument(help: "The data; '-' is standard input.")
  var file: String

  @Option(help: "How much detail.")
  var per: Detail = .total

  @OptionGroup var data: DataOptions
  @OptionGroup var options: RunOptions

  private struct Report: Encodable {
    struct Entry: Encodable {
      var nats: Double
      var natsLength: Double
      var steps: [Step]?
    }

    struct Step: Encodable {
      /// The symbol that this step predicts; the end and τ are none.
      var symbol: String?
      var nats: Double
      var natsLength: Double
    }

    var schema = "chainrule.score/1"
    var model: String
    var sequences: [Entry]?
    var total: Figures
  }

  func run() throws {
    let model = try LoadedModel.read(self.model)
    let set = try data.read(file, model.alphabet)
    let scores = model.scores(of: set, threads: options.threadCount)
    let total = Figures(scores, symbols: set.symbolCount)
    if options.json {
      let entries = scores.indices.map { index in
        Report.Entry(
          nats: scores[index].nats, natsLength: scores[index].natsLength,
          steps: per != .symbol
            ? nil
            : steps(model, set[index]).map {
              .init(symbol: $0.symbol, nats: $0.score.nats, natsLength: $0.score.natsLength)
            })
      }
      try printJSON(
        Report(model: model.specification.word, sequences: per == .total ? nil : entries, total: total))
      return
    }
    try Console.buffering { print in
      if per != .total {
        for index in 0..<set.count {
          let score = scores[index]
          try print(
            "\(model.alphabet.text(of: set[index]))\t\(Numbers.decimal(score.nats, 6))"
              + "\telements \(Numbers.decimal(score.natsElements, 6))"
              + "\tlength \(Numbers.decimal(score.natsLength, 6))")
          if per == .symbol {
            for step in steps(model, set[index]) {
              try print("  \(step.symbol ?? step.label)\t\(Numbers.decimal(step.score.nats, 6))")
            }
          }
        }
      }
      try print(FiguresLine.text(total))
    }
  }

  /// The decisions about a sequence: which symbol, and where it is none, what else.
  private func steps(
    _ model: SequenceModel, _ sequence: SymbolSlice
  ) -> [(symbol: String?, label: String, score: SequenceScore)] {
    let scores = model.stepScores(of: sequence)
    let first = model.prior == nil ? 0 : 1
    return scores.enumerated().map { position, score in
      if position < first { return (nil, "(length)", score) }
      let time = position - first
      let symbol = time < sequence.count ? model.alphabet.symbols[sequence[time]] : nil
      return (symbol, "(end)", score)
    }
  }
}
