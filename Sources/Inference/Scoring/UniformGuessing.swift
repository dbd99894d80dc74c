import Foundation
import ModelCore
import Sequences

extension SequenceModel {
  /// The nats of sequences under uniform guessing: each outcome, the end among them, and each decision to stop has the same
  /// probability. Of lengths that are drawn first nothing is counted.
  package func nats(ofGuessing sequences: Int, symbols: Int) -> Double {
    conditional.shape.nats(ofGuessing: sequences, symbols: symbols)
  }

  /// A sentence where the figures on the training set are worse than uniform guessing: what was fitted went astray.
  package func warning(ofTraining figures: Figures) -> String? {
    let nats = conditional.shape.decidesEnd ? figures.nats : figures.natsElements
    let guessed = self.nats(ofGuessing: figures.sequences, symbols: figures.symbols)
    guard nats > guessed else { return nil }
    let events = Double(max(figures.symbols + figures.sequences, 1))
    let advice = specification.family.adviceForPoorFit.map { ": \($0)" } ?? ""
    return String(
      format: "on its own training data the model is worse than uniform guessing, by %.4f nats an event",
      (nats - guessed) / events) + advice
  }
}
