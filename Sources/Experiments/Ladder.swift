import Models
import Sequences

/// The models that `compare` runs when none is named: from the full table without any assumption, over Markov models of
/// rising order, to recurrent networks, each with every way to end.
public enum Ladder {
  static let families = ["tabular", "markov:1", "markov:2", "markov:3", "markov:5", "rnn:64", "gru:128"]
  static let lengths = ["eos", "halt", "tau"]

  public static let words = families.flatMap { family in lengths.map { "\(family)/\($0)" } }
}
