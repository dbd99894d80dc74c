import Foundation
import Models
import Sequences

extension SequenceModel {
  /// The nats of sequences under uniform guessing: each outcome, the end among them, and each decision to stop has the same
  /// probability. Of lengths that are drawn first nothing is counted.
  public func nats(ofGuessing sequences: Int, symbols: Int) -> Double {
    let (all, ends, k) = (Double(symbols), Double(sequences), Double(alphabet.size))
    return switch conditional.shape.stop {
    case .outcome: (all + ends) * log(k + 1)
    case .variable: all * log(k) + (all + ends) * log(2)
    case .given: all * log(k)
    }
  }

  /// A sentence where the figures on the training set are worse than uniform guessing: what was fitted went astray.
  public func warning(ofTraining figures: Figures) -> String? {
    let nats = conditional.shape.stop == .given ? figures.natsElements : figures.nats
    let guessed = self.nats(ofGuessing: figures.sequences, symbols: figures.symbols)
    guard nats > guessed else { return nil }
    let events = Double(max(figures.symbols + figures.sequences, 1))
    let advice =
      specification.family is any RecurrentFamily
      ? ": more epochs= help where it had hardly begun, a smaller rate= where it diverged" : ""
    return String(
      format: "on its own training data the model is worse than uniform guessing, by %.4f nats an event",
      (nats - guessed) / events) + advice
  }
}
