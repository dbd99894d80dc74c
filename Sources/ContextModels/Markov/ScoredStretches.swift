import ModelCore
import Sequences
import Support

/// What is scored side by side: sequences, and of long ones stretches, so that one long text has work for all lanes and
/// threads. A context looks k symbols back: a stretch begins k symbols before what it scores, as if there were nothing
/// before them.
struct ScoredStretches {
  private let set: SequenceSet
  private let shape: OutputShape
  private let order: Int
  /// Of a set with long sequences, all stretches; `nil` where each sequence is one.
  private let stretches: [Stretch]?

  struct Stretch {
    var sequence: Int
    /// Where it begins, at the sequence's beginning or elsewhere.
    var begin: Int
    /// The steps that count.
    var steps: Range<Int>
  }

  /// The steps of a stretch of a long sequence.
  private static let length = 1 << 14

  /// O(sequences) where there are long ones, otherwise O(1).
  init(_ set: SequenceSet, _ shape: OutputShape, order: Int) {
    self.set = set
    self.shape = shape
    self.order = order
    // What is looked at twice must be little.
    let length = max(Self.length, 16 * order)
    guard set.longest > 2 * length else {
      stretches = nil
      return
    }
    stretches = (0..<set.count).flatMap { sequence in
      let steps = shape.steps(length: set.length(sequence))
      return stride(from: 0, to: max(steps, 1), by: length).map { from in
        Stretch(sequence: sequence, begin: max(from - order, 0), steps: from..<min(from + length, steps))
      }
    }
  }

  var count: Int { stretches?.count ?? set.count }

  subscript(_ index: Int) -> Stretch {
    stretches?[index] ?? Stretch(sequence: index, begin: 0, steps: 0..<shape.steps(length: set.length(index)))
  }

  /// The scores of the sequences, in order, each the sum of its stretches'.
  func scores(threads: Int, _ score: (Range<Int>, UnsafeMutableBufferPointer<SequenceScore>) -> Void)
    -> [SequenceScore]
  {
    var parts = [SequenceScore](repeating: SequenceScore(), count: count)
    // Pieces of so many stretches; few of long ones.
    let piece = stretches == nil ? 4096 : 32
    parts.withUnsafeMutableBufferPointer { parts in
      nonisolated(unsafe) let parts = parts  // each piece writes its own part
      nonisolated(unsafe) let score = score
      forEachInParallel((count + piece - 1) / piece, threads: threads) { number in
        score(number * piece..<min((number + 1) * piece, count), parts)
      }
    }
    guard let stretches else { return parts }
    var scores = [SequenceScore](repeating: SequenceScore(), count: set.count)
    for (stretch, part) in zip(stretches, parts) {
      scores[stretch.sequence].natsElements += part.natsElements
      scores[stretch.sequence].natsLength += part.natsLength
    }
    return scores
  }
}
