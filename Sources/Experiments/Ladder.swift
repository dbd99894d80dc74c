import Models
import Sequences

/// The models that `compare` runs when none is named: from the full table without any assumption, over Markov models of
/// rising order, to recurrent networks, each with every way to end.
public enum Ladder {
  private static let families = ["tabular", "markov:1", "markov:2", "markov:3", "markov:5", "rnn:64", "gru:128"]
  private static let lengths = ["eos", "halt", "tau"]
  /// Beyond this length a full history never occurs twice, and the full table's parameters fill pages with digits.
  private static let longestForTables = 10_000

  /// - Parameter longest: the length of the longest sequence.
  public static func words(longest: Int) -> [String] {
    families.filter { $0 != "tabular" || longest <= longestForTables }
      .flatMap { family in lengths.map { "\(family)/\($0)" } }
  }
}
