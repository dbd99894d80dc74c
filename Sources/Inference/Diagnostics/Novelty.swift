import Foundation
import ModelCore
import Probability
import Sequences
import Support

/// What is new in sequences that were drawn from a model, and how they differ from sequences that it has not seen.
public struct Novelty: Sendable, Hashable, Codable {
  /// Of some sequences against the training set.
  public struct Copies: Sendable, Hashable, Codable {
    /// The number of sequences.
    public let sequences: Int
    /// The share of different ones among them.
    public let distinct: Double
    /// The share that stands in the training set as it is.
    public let inTraining: Double
    /// Mean and largest length of the longest stretch that stands somewhere in the training set.
    public let meanSpan: Double
    /// The largest such length.
    public let longestSpan: Int
    /// Mean of that length by the sequence's own.
    public let copiedShare: Double
  }

  /// Two samples by Pearson's chi-square. Neighbours – lengths, or n-grams that begin alike – are put together until five are
  /// expected in either.
  public struct Test: Sendable, Hashable, Codable {
    /// What is compared: lengths, or n-grams of some n.
    public let name: String
    /// Pearson's statistic.
    public let chiSquare: Double
    /// Its degrees of freedom.
    public let degreesOfFreedom: Int
    /// Of n-grams, which are not independent of their neighbours, it is too small.
    public let pValue: Double?
  }

  /// The samples against the training set.
  public let samples: Copies
  /// The same of the held-out sequences, to compare with.
  public let heldOut: Copies?
  /// Of the samples against the held-out sequences: lengths, and n-grams with the end among their symbols.
  public let tests: [Test]

  /// Compares samples with the training set, and with held-out sequences. O(symbols · log² symbols).
  /// - Parameter heldOut: sequences that the model has not seen; `nil` for no tests.
  public init(of samples: [[Symbol]], training: SequenceSet, heldOut: SequenceSet? = nil, threads: Int = 1) {
    let known = Set((0..<training.count).map { Array(training[$0]) })
    let spans = LongestMatch(training)
    self.samples = Copies(samples, known, spans, threads: threads)
    guard let heldOut else {
      (self.heldOut, tests) = (nil, [])
      return
    }
    let others = (0..<heldOut.count).map { Array(heldOut[$0]) }
    self.heldOut = Copies(others, known, spans, threads: threads)
    let end = training.alphabetSize
    tests =
      [Test("length", samples.lazy.map { [$0.count] }, others.lazy.map { [$0.count] })]
      + (1...3).map { n in
        func grams(_ sequences: [[Symbol]]) -> some Sequence<[Symbol]> {
          sequences.lazy.flatMap { sequence in
            let whole = sequence + [end]
            return (0..<max(whole.count - n + 1, 0)).map { Array(whole[$0..<($0 + n)]) }
          }
        }
        return Test("\(n)-gram", grams(samples), grams(others))
      }
  }
}

extension Novelty.Copies {
  fileprivate init(_ sequences: [[Symbol]], _ known: Set<[Symbol]>, _ spans: LongestMatch, threads: Int) {
    let longest = parallelMap(sequences.count, threads: threads) { spans.longest(of: sequences[$0]) }
    let count = Double(max(sequences.count, 1))
    let shares = zip(longest, sequences).map { $1.isEmpty ? 0 : Double($0) / Double($1.count) }
    self.init(
      sequences: sequences.count, distinct: Double(Set(sequences).count) / count,
      inTraining: Double(sequences.count { known.contains($0) }) / count,
      meanSpan: Double(longest.reduce(0, +)) / count, longestSpan: longest.max() ?? 0,
      copiedShare: shares.reduce(0, +) / Double(max(sequences.count { !$0.isEmpty }, 1)))
  }
}

extension Novelty.Test {
  fileprivate init(_ name: String, _ a: some Sequence<[Int]>, _ b: some Sequence<[Int]>) {
    var counts: [[Int]: (a: Double, b: Double)] = [:]
    for key in a { counts[key, default: (0, 0)].a += 1 }
    for key in b { counts[key, default: (0, 0)].b += 1 }
    // Neighbours are lengths one after the other, and n-grams that begin alike.
    let row = counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    let test = ChiSquare(row.map(\.a), against: row.map(\.b))
    self.init(
      name: name, chiSquare: test.statistic, degreesOfFreedom: test.degreesOfFreedom, pValue: test.pValue)
  }
}
