import Sequences

/// A fitted P(y(t) | past, inputs) over symbols, with its stop decision: the process of symbols. `ModelFamily` says how it is
/// fitted, drawn as a graph and read from a file.
public protocol Conditional: SequenceProcess where Element == Symbol, Distribution == Prediction {}

/// A conditional whose counts say how often each step of the set that it was fitted to occurred, so that it scores the
/// whole of it without another look.
package protocol CountedConditional: Conditional {
  /// The two shares of the set's negative log-likelihood (the length's without any prior); `nil` where the counts are not
  /// those of all its events.
  func scoreOfTrainingSet(sequences: Int, symbols: Int) -> SequenceScore?
}

/// A conditional that scores many sequences at once. A test holds it against the walk.
public protocol BatchedConditional: Conditional {
  /// The two shares of each sequence's negative log-likelihood (the length's without any prior), in order.
  func scores(of set: SequenceSet, threads: Int) -> [SequenceScore]
}
