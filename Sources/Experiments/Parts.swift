import Models
import Sequences

/// The parts of the data in a comparison.
public struct Parts: Sendable {
  /// The training data.
  public let train: SequenceSet
  /// Given by the user or split off; `nil` where families that need one hold it out of `train`.
  public let valid: SequenceSet?
  /// The test data.
  public let test: SequenceSet
  private let dataset: Dataset?
  private let seed: UInt64

  /// - Parameter train: where a part is held out from, seeded, if `valid` is `nil` and a family asks for it.
  public init(train: Dataset, valid: SequenceSet?, test: SequenceSet, seed: UInt64) {
    self.train = train.sequences
    self.valid = valid
    self.test = test
    self.seed = seed
    dataset = valid == nil ? train : nil
  }

  /// The parts of a data set that was split.
  public init(_ split: Split) {
    train = split.train
    valid = split.valid
    test = split.test
    dataset = nil
    seed = 0
  }

  /// The test sequences that occur in the training data too.
  package var duplicates: Int { test.countOfSequences(alsoIn: train) }

  /// The symbols that the training data do not hold, but the others do.
  package func symbolsOnlyHeldOut(of alphabet: Alphabet) -> Int {
    alphabet.countOfSymbols(in: [test] + (valid.map { [$0] } ?? []), notIn: train)
  }

  /// The training data in two parts, where no validation data were given; `nil` also where one sequence leaves nothing to
  /// hold out.
  var heldOut: (train: SequenceSet, valid: SequenceSet)? {
    dataset.map { $0.holdOut(seed: seed) }.flatMap { $0.valid.count > 0 ? $0 : nil }
  }

  /// What a model is fitted to: families that stop early or tune get a validation part.
  public func fitting(_ specification: ModelSpecification) -> (train: SequenceSet, valid: SequenceSet?) {
    if let valid { return (train, valid) }
    guard specification.family.usesValidation, let heldOut else { return (train, nil) }
    return heldOut
  }
}
