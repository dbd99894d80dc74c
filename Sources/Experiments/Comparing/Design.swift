import Sequences

/// The design of a comparison: on which parts of the data, and with which seeds, each model is fitted.
public struct Design<Rows: RowStorage>: Sendable {
  /// The parts of the data: one, or one a fold of a cross-validation.
  public var folds: [Parts<Rows>]
  /// The seeds of the fits: one, or one a repetition.
  public var seeds: [UInt64]
  /// Shares of the training sequences for a learning curve, rising; all of them, 1, is the last.
  public var fractions: [Double] = [1]
  /// What is measured beside the likelihoods.
  public var measurements = Measurements()

  /// Each model once on each fold.
  public init(_ folds: [Parts<Rows>], seed: UInt64 = 1) {
    precondition(!folds.isEmpty, "a design without data")
    self.folds = folds
    seeds = [seed]
  }

  /// Each model once.
  public init(_ parts: Parts<Rows>, seed: UInt64 = 1) { self.init([parts], seed: seed) }

  /// Fits with as many seeds, from the first one on.
  public mutating func `repeat`(_ count: Int) { seeds = (0..<UInt64(count)).map { seeds[0] &+ $0 } }

  /// All places of the design: a seed's folds one after the other, those of smaller fractions last.
  public var places: [Trial.Place] {
    fractions.reversed().flatMap { fraction in
      seeds.flatMap { seed in
        folds.indices.map { Trial.Place(fold: $0, seed: seed, fraction: fraction) }
      }
    }
  }
}

extension Design {
  /// The test sequences that occur in the training data of their fold too.
  public var duplicates: Int { folds.reduce(0) { $0 + $1.duplicates } }

  /// The test sequences that are one edit away from one of the training data of their fold, and do not occur there; `nil`
  /// where the data are too large to look.
  public var nearDuplicates: Int? {
    folds.reduce(0) { sum, parts in sum.flatMap { sum in parts.nearDuplicates.map { sum + $0 } } }
  }

  /// For each test sequence, one fold after the other, a number that the copies of a weighted sequence share; `nil` where none
  /// has copies.
  var clusters: [Int]? {
    var next = 0
    var clusters: [Int] = []
    for parts in folds {
      var known: [Int: Int] = [:]
      for number in parts.testNumbers {
        if known[number] == nil {
          known[number] = next
          next += 1
        }
        clusters.append(known[number] ?? 0)
      }
    }
    return next < clusters.count ? clusters : nil
  }

  /// The number of test sequences, over all folds.
  public var testCount: Int { folds.reduce(0) { $0 + $1.test.count } }
}
