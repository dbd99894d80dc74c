import Foundation
import ModelCore
import Sequences
import Support

/// How many guesses a sequence takes when guessing in order of falling probability: 1 + the number of sequences that are
/// strictly more probable.
public struct GuessNumber: Sendable, Hashable {
  /// The natural logarithm of the guess number, which itself may be beyond any `Double`; +∞ of a sequence of probability 0.
  public let logGuesses: Double
  /// The standard error of the guess number; +∞ where it is beyond any `Double`, `nil` where nothing was estimated.
  public let standardError: Double?

  /// The guess number.
  public var guesses: Double { exp(logGuesses) }
  /// Its logarithm to base 10.
  public var log10Guesses: Double { logGuesses / log(10) }

  package init(logGuesses: Double, standardError: Double?) {
    (self.logGuesses, self.standardError) = (logGuesses, standardError)
  }
}

/// Guess numbers by Monte Carlo (Dell'Amico and Filippone 2015): with n samples of the model, those of a sequence are estimated
/// by 1 + Σ 1/(n p(i)) over the samples i that are more probable than it, without bias where the model sums to one.
///
///     let guessing = try GuessNumbers(of: model, samples: 100_000, seed: 1)
///     guessing.number(nats: model.score(of: sequence).nats).guesses
///
/// Only complete samples count, while n is the number of all: longer sequences than `maximumLength` are left out of the
/// number. Of sequences less probable than every sample the number is probably too small, and so is its standard error.
public struct GuessNumbers: Sendable {
  /// Elements after which a sample is cut.
  public static let maximumLength = 10_000

  /// n, the number of samples.
  public let samples: Int
  /// How many of them ended within `maximumLength` elements.
  public var complete: Int { nats.count }
  /// The nats of the least probable sample; 0 where none is complete.
  public var leastProbable: Double { nats.last ?? 0 }

  /// −log p of the complete samples, rising.
  private let nats: [Double]
  /// log Σ 1/p and log Σ 1/p² of as many of them.
  private let logSums: [(first: Double, second: Double)]
  /// Probabilities that are as close as this are taken for equal: they are sums of rounded numbers, in another order each.
  private let slack: Double

  /// Draws samples. O(samples · (draw + log samples)).
  /// - Parameters:
  ///   - samples: two or more.
  ///   - threads: change nothing: each sample has a random stream of its own.
  /// - Throws: `SpecificationError.refused` for models that look at inputs x, and where no sample ends.
  public init(
    of model: SequenceModel, samples: Int, seed: UInt64, threads: Int = 1,
    progress: (FittingProgress) -> Void = { _ in }
  ) throws {
    precondition(samples >= 2, "a standard error takes two samples")
    if model.inputWidth > 0 {
      throw SpecificationError.refused(
        model: model.specification.shortWord,
        reason: "how many sequences are more probable depends on the inputs x, which guess numbers know nothing of")
    }
    var options = SamplingOptions()
    options.maximumLength = Self.maximumLength
    let sampler = try Sampler(model, seed: seed, options, expecting: samples, threads: threads)
    var nats: [Double] = []
    let piece = 1024
    for first in stride(from: 0, to: samples, by: piece) {
      let indices = first..<min(first + piece, samples)
      let complete = try sampler.samples(indices, threads: threads).filter(\.isComplete).map(\.sequence)
      // Scored as data are, so that the same sequence has the same bits.
      let set = SequenceSet(complete, alphabetSize: model.alphabet.size)
      nats += model.scores(of: set, threads: threads).map(\.nats).filter(\.isFinite)
      progress(
        FittingProgress(
          fraction: Double(indices.upperBound) / Double(samples),
          text: "\(indices.upperBound) of \(samples) samples"))
    }
    if nats.isEmpty {
      throw SpecificationError.refused(
        model: model.specification.shortWord,
        reason:
          "none of \(samples) samples ended within \(Self.maximumLength) elements: guess numbers count sequences that end"
      )
    }
    self.init(nats: nats, samples: samples, slack: 64 * model.conditional.roundingError)
  }

  /// - Parameters:
  ///   - nats: −log p of the complete samples.
  ///   - samples: the number of all samples.
  ///   - slack: the relative difference of nats up to which two are taken for equal.
  package init(nats: [Double], samples: Int, slack: Double) {
    (self.samples, self.slack) = (samples, slack)
    self.nats = nats.sorted()
    var sums = (first: -Double.infinity, second: -Double.infinity)
    logSums = self.nats.map { nats in
      sums = (logSum(sums.first, nats), logSum(sums.second, 2 * nats))
      return sums
    }
  }

  /// The guess number of a sequence of so many nats. O(log samples).
  public func number(nats wanted: Double) -> GuessNumber {
    if wanted == .infinity { return GuessNumber(logGuesses: .infinity, standardError: nil) }
    let least = wanted - slack * max(wanted, 1)
    let count = lowerBound(0, nats.count) { nats[$0] < least }
    if count == 0 { return GuessNumber(logGuesses: 0, standardError: 0) }
    let (n, sums) = (Double(samples), logSums[count - 1])
    let logMean = sums.first - log(n)
    // The variance of the terms over their squared mean, from n Σ x² / (Σ x)².
    let spread = max((n * exp(sums.second - 2 * sums.first) - 1) / (n - 1), 0)
    return GuessNumber(logGuesses: softplus(logMean), standardError: exp(logMean + 0.5 * log(spread)))
  }
}

/// log(e^a + e^b).
private func logSum(_ a: Double, _ b: Double) -> Double {
  let (most, least) = (max(a, b), min(a, b))
  return least == -.infinity ? most : most + softplus(least - most)
}

/// How much of a set is guessed after so many guesses.
public struct GuessingCurve: Sendable {
  /// The logarithms to base 10 of the guess numbers, rising; +∞ of sequences that no guess finds.
  public let log10Guesses: [Double]

  /// The curve of the guess numbers of a set's sequences.
  public init(_ numbers: [GuessNumber]) { log10Guesses = numbers.map(\.log10Guesses).sorted() }

  /// The share of sequences that are guessed within 10^k guesses. O(log sequences).
  public func share(within k: Double) -> Double {
    // 10^k as a logarithm that went to base e and back.
    let guessed = lowerBound(0, log10Guesses.count) { log10Guesses[$0] <= k + 1e-9 }
    return Double(guessed) / Double(max(log10Guesses.count, 1))
  }

  /// The logarithm to base 10 of the guesses within which at least a share q of the sequences is guessed; `nil` of none.
  public func quantile(_ q: Double) -> Double? {
    if log10Guesses.isEmpty { return nil }
    let index = Int((q * Double(log10Guesses.count)).rounded(.up)) - 1
    return log10Guesses[min(max(index, 0), log10Guesses.count - 1)]
  }

  /// The powers of ten at which the share is told: 0, 1, 2, … up to the first that holds 99 % of all that are ever guessed, in
  /// steps that make some 20 of them at most.
  public var powers: [Int] {
    let guessed = log10Guesses.prefix { $0 < .infinity }
    let index = Int((0.99 * Double(guessed.count)).rounded(.up)) - 1
    let last = guessed.isEmpty ? 0 : Int(guessed[index].rounded(.up))
    let step = last / 20 + 1
    return Array(stride(from: 0, through: (last + step - 1) / step * step, by: step))
  }
}
