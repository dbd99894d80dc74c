import Models
import Sequences
import Support

/// The parts of the data in a comparison.
public struct Parts<Rows: RowStorage>: Sendable {
  /// The training data.
  public let train: Sequences<Rows>
  /// Given by the user or split off; `nil` where families that need one hold it out of `train`.
  public let valid: Sequences<Rows>?
  /// The test data.
  public let test: Sequences<Rows>
  /// The numbers of the test sequences in the file that they come from, from 0.
  public let testNumbers: [Int]
  private let dataset: SequenceData<Rows>?
  private let seed: UInt64

  /// Parts that were read apart. Where `valid` is `nil` and a family asks for it, a part of `train` is held out, seeded.
  /// - Parameter testNumbers: the numbers of the test sequences in their file; 0, 1, … if `nil`.
  public init(
    train: SequenceData<Rows>, valid: Sequences<Rows>?, test: Sequences<Rows>, testNumbers: [Int]? = nil, seed: UInt64
  ) {
    self.init(
      train.weightedSequences, valid, test, testNumbers ?? Array(0..<test.count), valid == nil ? train : nil, seed)
  }

  /// The parts of a data set that was split.
  public init(_ split: Split<Rows>) {
    self.init(split.train, split.valid, split.test, split.testNumbers, nil, 0)
  }

  /// A hash of all parts, in order: elements, inputs, and what is held out from.
  package var contentHash: UInt64 {
    var hash = FNV1a()
    for set: Sequences<Rows>? in [train, valid, test] {
      hash.add(set == nil ? 0 : 1)
      if let set { hash.value = (hash.value &* 31) ^ set.contentHash }
    }
    // Validation data are held out by the seed, from a text or from sequences with their copies; so are smaller parts.
    hash.add(seed)
    hash.add(dataset.map { $0.isText ? 2 : 1 } ?? 0)
    for weight in dataset?.weights ?? [] { hash.add(weight) }
    return hash.value
  }

  /// The parts of a fold of a cross-validation: validation data are held out of its training data.
  private init(_ fold: SequenceData<Rows>.Fold, seed: UInt64) {
    self.init(fold.train.weightedSequences, nil, fold.test, fold.testNumbers, fold.train, seed)
  }

  /// The folds of a cross-validation, in each of which another part of the sequences is tested.
  /// - Throws: `DataError.cannotSplit`.
  public static func folds(_ count: Int, of dataset: SequenceData<Rows>, seed: UInt64) throws -> [Parts] {
    try dataset.folds(count, seed: seed).map { Parts($0, seed: seed) }
  }

  /// The same with a part of the training data only, for a learning curve: the first ones of a random order by the seed, so
  /// that larger parts hold the smaller ones; of a text its last stretch, which is nearest to the test data.
  func reduced(to fraction: Double) -> Parts {
    if fraction == 1 { return self }
    guard let dataset else {
      return Parts(train.part(fraction, seed: seed), valid, test, testNumbers, nil, seed)
    }
    let part = dataset.part(fraction, seed: seed)
    return Parts(part.weightedSequences, nil, test, testNumbers, part, seed)
  }

  private init(
    _ train: Sequences<Rows>, _ valid: Sequences<Rows>?, _ test: Sequences<Rows>, _ testNumbers: [Int],
    _ dataset: SequenceData<Rows>?,
    _ seed: UInt64
  ) {
    self.train = train
    self.valid = valid
    self.test = test
    self.testNumbers = testNumbers
    self.dataset = dataset
    self.seed = seed
  }

  /// The test sequences that occur in the training data too.
  package var duplicates: Int { test.countOfSequences(alsoIn: train) }

  /// The test sequences that do not occur in the training data, but one edit away; `nil` where the data are too large to look,
  /// and for vectors.
  package var nearDuplicates: Int? {
    guard let symbols = self as? Parts<SymbolRows> else { return nil }
    let (test, train) = (symbols.test, symbols.train)
    return test.symbolCount + train.symbolCount <= Self.mostForEdits ? test.countOfSequences(oneEditFrom: train) : nil
  }

  /// Symbols beyond which near duplicates are not looked for: a hash is kept for each.
  private static var mostForEdits: Int { 20_000_000 }

  /// The training data in two parts, where no validation data were given; `nil` also where one sequence leaves nothing to
  /// hold out.
  var heldOut: (train: Sequences<Rows>, valid: Sequences<Rows>)? {
    dataset.map { $0.holdOut(seed: seed) }.flatMap { $0.valid.count > 0 ? $0 : nil }
  }

  /// What a model is fitted to: families that stop early or tune get a validation part.
  public func fitting(_ specification: ModelSpecification) -> (train: Sequences<Rows>, valid: Sequences<Rows>?) {
    if let valid { return (train, valid) }
    guard specification.family.usesValidation, let heldOut else { return (train, nil) }
    return heldOut
  }
}

extension Parts<SymbolRows> {
  /// The symbols that the training data do not hold, but the others do.
  package func symbolsOnlyHeldOut(of alphabet: Alphabet) -> Int {
    alphabet.countOfSymbols(in: [test] + (valid.map { [$0] } ?? []), notIn: train)
  }
}
