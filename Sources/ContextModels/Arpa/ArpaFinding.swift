/// One kind of oddity of an ARPA file: how often, and where first.
public struct ArpaFinding: Sendable, Equatable {
  /// What can be odd.
  public enum Kind: String, Sendable, CaseIterable {
    /// The logarithm of a probability above 0.
    case positiveLog
    /// An n-gram that stood there before.
    case duplicate
    /// An n-gram whose context is not listed: its weight is taken for 1.
    case missingContext
    /// An n-gram without the one of its last words. Pruning leaves such, and means the shorter one's backing off.
    case missingSuffix
    /// An n-gram that can never be asked for: `</s>` before its last word, or `<s>` behind its first.
    case useless
    /// A back-off of the longest n-grams, where it means nothing.
    case needlessBackoff
    /// No line for `<s>`.
    case missingStart
    /// No `\end\`.
    case missingEnd
    /// Something behind it, which is not read.
    case trailing

    /// Whether it makes a number wrong, or leaves open which is meant.
    public var isDefect: Bool {
      switch self {
      case .positiveLog, .duplicate, .missingContext: true
      case .missingSuffix, .useless, .needlessBackoff, .missingStart, .missingEnd, .trailing: false
      }
    }

    /// What there are none of in a sound file.
    public var name: String {
      switch self {
      case .positiveLog: "positive logarithms of probabilities"
      case .duplicate: "n-grams that stand there twice"
      case .missingContext: "n-grams whose context is missing"
      case .missingSuffix: "n-grams whose shorter n-gram is missing"
      case .useless: "n-grams that can never occur"
      case .needlessBackoff: "back-offs of the longest n-grams"
      case .missingStart: "missing lines for <s>"
      case .missingEnd: "missing lines \\end\\"
      case .trailing: "lines behind \\end\\"
      }
    }
  }

  /// How often it occurs.
  public var count: Int
  /// Of the first.
  public var line: Int
  /// The first n-gram, or what else there is to show.
  public var text: String
}
