import Chainrule
import Foundation

/// A set's figures in a line.
enum FiguresLine {
  /// - Parameter parts: the numbers of sequences of which theirs is the sum.
  static func text(_ figures: Figures, parts: String? = nil) -> String {
    if figures.width != nil { return ofVectors(figures, parts: parts) }
    var text =
      "\(Numbers.count(figures.sequences, "sequence"))\(parts.map { " (\($0))" } ?? ""), "
      + "\(Numbers.count(figures.symbols, "symbol")): "
      + "−log P = \(Numbers.decimal(figures.nats, 2)) nats (elements \(Numbers.decimal(figures.natsElements, 2)), "
      + "length \(Numbers.decimal(figures.natsLength, 2))), \(Numbers.decimal(figures.natsPerEvent, 5)) an event, "
      + "perplexity \(Numbers.decimal(figures.perplexity, 3))"
    if figures.impossible > 0 { text += "; \(Numbers.count(figures.impossible, "sequence")) of probability 0" }
    if let unknown = figures.unknown { text += "; " + self.text(unknown) }
    return text
  }

  /// The same of vectors: nats are those of densities or of probabilities, and there is no perplexity.
  private static func ofVectors(_ figures: Figures, parts: String?) -> String {
    let perComponent = figures.natsPerComponent.map { ", \(Numbers.decimal($0, 5)) a component" } ?? ""
    return "\(Numbers.count(figures.sequences, "sequence"))\(parts.map { " (\($0))" } ?? ""), "
      + "\(Numbers.count(figures.symbols, "step")): −log p = \(Numbers.decimal(figures.nats, 2)) nats "
      + "(elements \(Numbers.decimal(figures.natsElements, 2)), length \(Numbers.decimal(figures.natsLength, 2))), \(Numbers.decimal(figures.natsPerSequence, 5)) a sequence, "
      + "elements \(Numbers.decimal(figures.natsPerStep, 5)) a step\(perComponent)"
      + (figures.impossible > 0 ? "; \(Numbers.count(figures.impossible, "sequence")) of probability 0" : "")
  }

  /// How many unknown symbols there are, and what is left without them.
  static func text(_ unknown: UnknownFigures) -> String {
    return "\(Numbers.count(unknown.symbols, "unknown symbol")) (\(percent(unknown.rate)))"
      + (unknown.perplexityWithout.flatMap { unknown.symbols > 0 ? $0 : nil }.map {
        ", perplexity without them \(Numbers.decimal($0, 3))"
      } ?? "")
  }

  /// A share as a percentage.
  static func percent(_ share: Double) -> String { String(format: "%.3g %%", 100 * share) }
}
