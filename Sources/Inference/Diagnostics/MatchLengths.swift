import Foundation
import Probability
import Sequences

/// An estimate of a source's entropy rate in nats an event, without any model, by how long one finds again what has been seen:
/// with Λ(i) one more than the length of the longest match between the events from i on and what begins before i, the mean of
/// Λ(i) / log i comes near to one over the rate (Grassberger 1989; Kontoyiannis, Algoet, Suhov and Wyner 1998, "Nonparametric entropy
/// estimation for stationary processes and random fields").
///
/// Events are symbols and the ends of sequences, which are put behind each other in an order drawn by the seed. The bias is
/// positive for most sources – what depends on far-off symbols is learned late – and vanishes with the number of events as
/// slowly as 1 / log n: a tenth of the rate is usual at 100,000 events. It is a rough figure beside those of models, and an
/// honest one, since it knows nothing of them.
public struct MatchLengthEntropy: Sendable, Hashable {
  /// In nats an event.
  public let rate: Double
  /// A 95 % confidence interval, for the chance in the data alone and not for the bias.
  public let low: Double
  /// The upper end of the interval.
  public let high: Double
  /// Symbols and ends.
  public let events: Int

  private static let blocks = 30

  /// `nil` with fewer than 60 events. O(events · log² events).
  /// - Parameter seed: of the order of the sequences.
  public init?(_ set: SequenceSet, seed: UInt64 = 1) {
    var order = Array(0..<set.count)
    var stream = RandomStream(seed: seed, purpose: "order of sequences")
    for index in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(index, Int(stream.uniform() * Double(index + 1)))
    }
    var text: [Symbol] = []
    text.reserveCapacity(set.symbolCount + set.count)
    for index in order {
      text += set[index]
      text.append(set.alphabetSize)
    }
    guard text.count >= 2 * Self.blocks else { return nil }
    events = text.count
    let matches = LongestMatch(SequenceSet([text], alphabetSize: set.alphabetSize + 1)).earlierMatches()
    // The first events have nothing to be found in.
    let first = 2
    let terms = (first..<text.count).map { Double(matches[$0] + 1) / log(Double($0)) }
    let mean = terms.reduce(0, +) / Double(terms.count)
    let bounds = (0...Self.blocks).map { $0 * terms.count / Self.blocks }
    let means = (0..<Self.blocks).map { block in
      terms[bounds[block]..<bounds[block + 1]].reduce(0, +) / Double(bounds[block + 1] - bounds[block])
    }
    let margin =
      studentQuantile(lower: 0.975, degreesOfFreedom: Double(Self.blocks - 1)) * standardDeviation(means)
      / Double(Self.blocks).squareRoot()
    rate = 1 / mean
    low = 1 / (mean + margin)
    high = mean > margin ? 1 / (mean - margin) : .infinity
  }
}

extension LongestMatch {
  /// For each symbol of the text the length of the longest match between what begins there and what begins earlier, which it
  /// may overlap: the longest previous factor (Crochemore and Ilie 2008), by common beginnings of neighbouring suffixes (Kasai
  /// et al. 2001). O(symbols).
  func earlierMatches() -> [Int] {
    let n = suffixes.count
    var rank = [Int](repeating: 0, count: text.count)
    for (place, suffix) in suffixes.enumerated() { rank[Int(suffix)] = place }
    // common[r]: what the suffixes r − 1 and r have in common.
    var common = [Int](repeating: 0, count: n + 1)
    var length = 0
    for start in text.indices where text[start] >= 0 {
      let place = rank[start]
      guard place > 0 else {
        length = 0
        continue
      }
      let other = Int(suffixes[place - 1])
      while text[start + length] == text[other + length], text[start + length] >= 0 { length += 1 }
      common[place] = length
      length = max(length - 1, 0)
    }
    // The nearest suffixes on both sides that begin earlier, with a stack of those that may still be one.
    var matches = [Int](repeating: 0, count: text.count)
    var stack: [(start: Int, common: Int)] = []
    for place in 0...n {
      let start = place < n ? Int(suffixes[place]) : -1
      var shared = place < n ? common[place] : 0
      while let top = stack.last, top.start > start {
        // The one behind begins earlier: the longer of both matches is the suffix's own.
        matches[top.start] = max(matches[top.start], max(top.common, shared))
        shared = min(shared, top.common)
        stack.removeLast()
      }
      if place < n { stack.append((start, shared)) }
    }
    return matches
  }
}
