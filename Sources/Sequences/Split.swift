import Probability

/// A data set in three parts.
public struct Split<Rows: RowStorage>: Sendable {
  /// The part to fit to.
  public var train: Sequences<Rows>
  /// The part for early stopping and tuning.
  public var valid: Sequences<Rows>
  /// The part to judge by.
  public var test: Sequences<Rows>
  /// The numbers, in the data set, of the test sequences, from 0; of a text, which is cut, 0.
  public var testNumbers: [Int]

  /// - Parameter testNumbers: by default those of a data set of their own.
  package init(train: Sequences<Rows>, valid: Sequences<Rows>, test: Sequences<Rows>, testNumbers: [Int]? = nil) {
    self.train = train
    self.valid = valid
    self.test = test
    self.testNumbers = testNumbers ?? Array(0..<test.count)
  }
}

extension SequenceData {
  /// Divides the sequences at random, by the stream "split" of `seed`; within a part they keep the file's order. A text
  /// is cut by position: its last part is the test, the part before that the validation. No part is empty.
  ///
  /// Throws `DataError.cannotSplit` where there are fewer than three sequences (symbols of a text), or where the
  /// fractions leave nothing to one of the parts. O(symbols).
  public func split(seed: UInt64, train: Double = 0.8, valid: Double = 0.1) throws -> Split<Rows> {
    guard train > 0, valid > 0, train + valid < 1 else {
      throw DataError.cannotSplit(
        name, reason: "the parts \(train) and \(valid) must be positive and leave something for the test")
    }
    let total = partCount
    guard total >= 3 else {
      let what = isOneText ? "symbols" : "sequences"
      let advice = isText ? "" : "; a file that is one long text is cut by position with --input-format text"
      throw DataError.cannotSplit(
        name, reason: "three parts need at least 3 \(what), and there \(total == 1 ? "is 1" : "are \(total)")\(advice)")
    }
    let first = min(max(share(train, of: total), 1), total - 2)
    let second = min(max(share(valid, of: total), 1), total - first - 1)
    let parts = parts(endingAt: [first, first + second, total], seed: seed, purpose: "split")
    return Split(train: parts[0].set, valid: parts[1].set, test: parts[2].set, testNumbers: parts[2].numbers)
  }

  /// Divides the sequences in two at random, by the stream "split" of `seed`; a text is cut by position, and its last part is
  /// the test. No part is empty. O(symbols).
  /// - Parameter test: the fraction of the test part.
  /// - Throws: `DataError.cannotSplit` where there are fewer than two sequences (symbols of a text), or for a fraction that is
  ///   not between 0 and 1.
  public func split(test: Double, seed: UInt64) throws -> (train: Self, test: Self) {
    guard test > 0, test < 1 else {
      throw DataError.cannotSplit(name, reason: "the test part \(test) must be between 0 and 1")
    }
    let total = partCount
    guard total >= 2 else {
      throw DataError.cannotSplit(
        name,
        reason:
          "two parts need at least 2 \(isOneText ? "symbols" : "sequences"), and there \(total == 1 ? "is 1" : "is none")"
      )
    }
    let held = min(max(share(test, of: total), 1), total - 1)
    var (train, rest) = (self, self)
    let parts = parts(endingAt: [total - held, total], seed: seed, purpose: "split")
    (train.sequences, rest.sequences) = (parts[0].set, parts[1].set)
    (train.weights, rest.weights) = (nil, nil)
    return (train, rest)
  }

  /// A fold of a cross-validation.
  public struct Fold: Sendable {
    /// All sequences but those to test.
    public let train: SequenceData
    /// The sequences to test.
    public let test: Sequences<Rows>
    /// The numbers, in the data set, of the test sequences, from 0; of a text, which is cut, 0.
    public let testNumbers: [Int]
  }

  /// Divides the sequences at random into parts of equal size, by the stream "folds" of `seed`, each of which is the test part of
  /// one fold; a text is cut by position. O(folds · symbols).
  /// - Throws: `DataError.cannotSplit` where there are fewer than two parts, or fewer sequences (symbols of a text) than parts.
  public func folds(_ count: Int, seed: UInt64) throws -> [Fold] {
    let total = partCount
    guard count >= 2, count <= total else {
      throw DataError.cannotSplit(
        name,
        reason: count < 2
          ? "a cross-validation has at least 2 folds"
          : "\(count) folds need as many \(isOneText ? "symbols" : "sequences"), and there \(total == 1 ? "is 1" : "are \(total)")"
      )
    }
    let ends = (0...count).map { $0 * total / count }
    var stream = RandomStream(seed: seed, purpose: "folds")
    let order = isOneText ? [] : stream.permutation(total)
    return (0..<count).map { number in
      let held = ends[number]..<ends[number + 1]
      var train = self
      if isOneText {
        train.sequences = sequences.excerpts(
          0, [0..<held.lowerBound, held.upperBound..<total].filter { !$0.isEmpty })
        return Fold(train: train, test: sequences.excerpts(0, [held]), testNumbers: [0])
      }
      let rest = (order[..<held.lowerBound] + order[held.upperBound...]).sorted()
      let tested = copies(of: order[held].sorted())
      train.sequences = sequences.selecting(rest)
      train.weights = weights.map { weights in rest.map { weights[$0] } }
      return Fold(train: train, test: sequences.selecting(tested), testNumbers: tested)
    }
  }

  /// Takes a fraction away for validation, at random by the stream "hold-out" of `seed`. Of a text, or of what a fold leaves of
  /// one, it is one stretch
  /// that is not in the last tenth (from ten symbols on): the end is most like what follows, such as a test part, and the
  /// model must have seen it. What is before and after the stretch are two sequences then. Neither part is empty, unless there is only one sequence (symbol of a text): that stays in `train`.
  /// O(symbols).
  public func holdOut(seed: UInt64, fraction: Double = 1.0 / 20) -> (train: Sequences<Rows>, valid: Sequences<Rows>) {
    precondition(fraction > 0 && fraction < 1, "a fraction lies between 0 and 1")
    let total = isText ? sequences.elementCount : partCount
    let held = total < 2 ? 0 : min(max(share(fraction, of: total), 1), total - 1)
    guard isText else {
      let parts = parts(endingAt: [total - held, total], seed: seed, purpose: "hold-out")
      return (parts[0].set, parts[1].set)
    }
    if held == 0 { return (weightedSequences, sequences.excerpts(0, [])) }
    var stream = RandomStream(seed: seed, purpose: "hold-out")
    let start = Int(stream.uniform() * Double(max(total - total / 10 - held, 0) + 1))
    return holdingOut(start..<start + held)
  }

  /// A text without a stretch of its symbols, counted through all its sequences, and the stretch. It lies in the sequence where
  /// it begins, and begins earlier there, or is shorter, where that ends too soon.
  private func holdingOut(_ stretch: Range<Int>) -> (train: Sequences<Rows>, valid: Sequences<Rows>) {
    var (index, before) = (0, 0)
    while index < sequences.count - 1, before + sequences.length(index) <= stretch.lowerBound {
      before += sequences.length(index)
      index += 1
    }
    let length = sequences.length(index)
    let start = max(min(stretch.lowerBound - before, length - stretch.count), 0)
    let held = start..<min(start + stretch.count, length)
    let rest = (0..<sequences.count).flatMap { number -> [(sequence: Int, range: Range<Int>)] in
      number == index
        ? [(number, 0..<held.lowerBound), (number, held.upperBound..<length)] : [(number, 0..<sequences.length(number))]
    }
    return (sequences.pieces(rest.filter { !$0.range.isEmpty }), sequences.pieces([(index, held)]))
  }

  private var isOneText: Bool { isText && sequences.count == 1 }

  /// What there is to divide: symbols of a text, or sequences.
  private var partCount: Int { isOneText ? sequences.elementCount : sequences.count }

  private func share(_ fraction: Double, of total: Int) -> Int { Int((fraction * Double(total)).rounded()) }

  private func parts(
    endingAt ends: [Int], seed: UInt64, purpose: String
  ) -> [(set: Sequences<Rows>, numbers: [Int])] {
    let ranges = zip([0] + ends, ends).map { $0..<$1 }
    if isOneText { return ranges.map { (sequences.excerpts(0, [$0]), [0]) } }
    var stream = RandomStream(seed: seed, purpose: purpose)
    let order = stream.permutation(sequences.count)
    return ranges.map { range in
      let numbers = copies(of: order[range].sorted())
      return (sequences.selecting(numbers), numbers)
    }
  }
}
