import Foundation
import ModelCore
import Sequences

/// A smoothed distribution over windows of as many successive elements as `width`, close to that of some data, whose
/// conditional mutual information can be computed: what an estimator misses is seen on samples of it.
package struct WindowModel {
  private let model: SequenceModel
  private let width: Int
  private let threads: Int
  /// As many sampled windows as the data have, the oldest element first.
  package let samples: SequenceSet

  /// The work limit of `information`, in windows that are scored.
  private static let mostScored = 1 << 20

  /// O(windows · width · log).
  package init(_ set: SequenceSet, width: Int, seed: UInt64, threads: Int) throws {
    // A Markov model in which every window is a sequence: each element depends on all before it in the window.
    let windows = set.windows(width)
    let specification = try ModelSpecification(
      "markov:\(width - 1),smoothing=witten-bell/tau:input=none,prior=table:ml")
    let names = (0..<set.alphabetSize).map { String(1 << 40 + $0) }
    let model = try SequenceModel.fit(
      specification, to: windows, Alphabet(symbols: names, kind: .words), FittingContext(seed: seed, threads: threads))
    self.model = model
    self.width = width
    self.threads = threads
    samples = SequenceSet(
      try model.samples(windows.count, seed: seed, threads: threads).map(\.sequence), alphabetSize: set.alphabetSize)
  }

  /// I(y(t − lag); y(t) | the other elements) of the distribution itself in nats, as the mean over the sampled windows of
  /// log P(y(t) | all others) / P(y(t) | all others but y(t − lag)), and its standard error as a mean over all windows
  /// that were sampled: 0 where none had to be left out to bound the work.
  package func information(lag: Int) -> (nats: Double, error: Double) {
    let size = samples.alphabetSize
    let used = max(min(samples.count, Self.mostScored / (2 * size)), min(samples.count, 50))
    let windows = (0..<used).map { Array(samples[$0]) }
    let own = logProbabilities(windows)
    let ownPast = logProbabilities(windows.map { Array($0.dropLast()) })
    let without = summed(windows, over: width - 1 - lag)
    let pastWithout = summed(windows.map { Array($0.dropLast()) }, over: width - 1 - lag)
    let ratios = windows.indices.map { own[$0] - ownPast[$0] - without[$0] + pastWithout[$0] }
    let mean = ratios.reduce(0, +) / Double(max(used, 1))
    let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(used - 1, 1))
    let leftOut = 1 - Double(used) / Double(max(samples.count, 1))
    return (mean, (variance / Double(max(used, 1)) * leftOut).squareRoot())
  }

  /// log P of the beginnings of windows.
  private func logProbabilities(_ sequences: [[Symbol]]) -> [Double] {
    model.scores(of: SequenceSet(sequences, alphabetSize: samples.alphabetSize), threads: threads).map {
      -$0.natsElements
    }
  }

  /// log Σ P over all values of one element, for each sequence. Equal sums are computed once.
  private func summed(_ sequences: [[Symbol]], over position: Int) -> [Double] {
    var numbers: [[Symbol]: Int] = [:]
    var variants: [[Symbol]] = []
    let sums = sequences.map { sequence in
      var variant = sequence
      variant[position] = 0
      if let number = numbers[variant] { return number }
      let number = numbers.count
      numbers[variant] = number
      for symbol in 0..<samples.alphabetSize {
        variant[position] = symbol
        variants.append(variant)
      }
      return number
    }
    let terms = logProbabilities(variants)
    let values = (0..<numbers.count).map { number in
      let range = number * samples.alphabetSize..<(number + 1) * samples.alphabetSize
      let largest = terms[range].max() ?? 0
      return largest + log(terms[range].reduce(0) { $0 + exp($1 - largest) })
    }
    return sums.map { values[$0] }
  }
}
