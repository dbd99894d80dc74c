import Chainrule
import Foundation

/// A set's figures in a line.
enum FiguresLine {
  static func text(_ figures: Figures) -> String {
    var text =
      "\(Numbers.count(figures.sequences, "sequence")), \(Numbers.count(figures.symbols, "symbol")): "
      + "\(Numbers.decimal(figures.nats, 2)) nats (elements \(Numbers.decimal(figures.natsElements, 2)), "
      + "length \(Numbers.decimal(figures.natsLength, 2))), \(Numbers.decimal(figures.natsPerEvent, 5)) an event, "
      + "perplexity \(Numbers.decimal(figures.perplexity, 3))"
    if figures.impossible > 0 { text += "; \(Numbers.count(figures.impossible, "sequence")) of probability 0" }
    return text
  }
}
