import Foundation
import ModelCore
import Sequences

/// N-gram models as ARPA files: text, logarithms to base 10, what KenLM and SRILM read and write.
///
///     \data\
///     ngram 1=28
///     ngram 2=413
///
///     \1-grams:
///     -99	<s>	-0.6213
///     -1.0123	a	-0.5512
///     …
///     \end\
///
/// `<s>` stands before the first symbol, `</s>` is the end, `<unk>` the symbol that stands for unseen ones; other symbols
/// as `TextSymbol` writes them. Comments before `\data\` keep what ARPA has no place for: what kind of symbols they are,
/// and the name of the unknown one.
public enum ArpaFile {
  /// log10 of what has no probability, such as `<s>`, and the back-off of a context that leaves nothing.
  static let logZero = -99.0
  /// Of a context's weight, in nats: what is larger is damage, and products of it would not be finite.
  static let largestWeight = 300.0

  /// How many digits are written.
  public enum Precision: Sendable {
    /// Seven decimals: as much as single precision holds.
    case seven
    /// As many as double precision needs.
    case full
  }

  /// The bytes of a model's ARPA file. Contexts that are no n-grams themselves are added with their probability.
  /// - Throws: `SpecificationError.refused` for models that are no n-grams with an end symbol.
  public static func bytes(of model: SequenceModel, _ precision: Precision = .seven) throws -> Data {
    let (table, order) = try model.backoffTable(for: "an ARPA file")
    let comments = ["chainrule \(Version.current)", "model \(model.specification.word)"] + model.alphabet.textComments
    return ArpaWriter(table.listingContexts(), order: order, model.alphabet, precision, comments: comments).written()
  }
}
