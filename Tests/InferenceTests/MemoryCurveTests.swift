import Experiments
import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Mutual information against distance, and the entropy rate by match lengths.
@Suite struct MemoryCurveTests {
  /// A chain's sequence from its stationary distribution on; rows of P, and π.
  private func chain(_ p: [[Double]], _ start: [Double], _ count: Int, seed: UInt64) -> [Symbol] {
    var stream = RandomStream(seed: seed, purpose: "chain")
    var symbols = [stream.index(weights: start)]
    while symbols.count < count { symbols.append(stream.index(weights: p[symbols[symbols.count - 1]])) }
    return symbols
  }

  /// I(d) from P^d, by the definition.
  private func information(_ p: [[Double]], _ start: [Double], _ distance: Int) -> Double {
    var power = p
    for _ in 1..<distance {
      power = power.map { row in p.indices.map { column in p.indices.reduce(0) { $0 + row[$1] * p[$1][column] } } }
    }
    return p.indices.reduce(0) { sum, a in
      p.indices.reduce(sum) { power[a][$1] > 0 ? $0 + start[a] * power[a][$1] * log(power[a][$1] / start[$1]) : $0 }
    }
  }

  /// A chain of two states with the second eigenvalue λ = 0.9, in one long sequence: neighbouring pairs hang together, and
  /// nineteen of twenty intervals hold the closed form.
  @Test func twoStatesAreTheClosedForm() {
    let (p, start) = ([[0.96, 0.04], [0.06, 0.94]], [0.6, 0.4])
    var misses = 0
    for seed in 1...12 as ClosedRange<UInt64> {
      let set = SequenceSet([chain(p, start, 4000, seed: seed)], alphabetSize: 2)
      for point in MemoryCurve(set, longest: 40, seed: seed).points where [1, 2, 5, 10, 40].contains(point.distance) {
        #expect(point.pairs == 4000 - point.distance)
        let truth = information(p, start, point.distance)
        if truth < point.low || truth > point.high { misses += 1 }
      }
    }
    // 60 intervals, those of one sequence not independent: P(more than 12) is small.
    #expect(misses <= 12, "\(misses) of 60")
  }

  /// In many short sequences too, whose pairs are those of the mixture over positions: the chain is stationary.
  @Test func blocksOfSequences() {
    let (p, start) = ([[0.9, 0.1], [0.1, 0.9]], [0.5, 0.5])
    let set = SequenceSet(
      (0..<1000).map { chain(p, start, 3 + $0 % 6, seed: UInt64($0)) }, alphabetSize: 2)
    let curve = MemoryCurve(set, longest: 20)
    // The longest has eight symbols.
    #expect(curve.points.map(\.distance) == Array(1...7))
    for point in curve.points.prefix(4) {
      // log 2 − H((1 + 0.8^d) / 2).
      let same = (1 + pow(0.8, Double(point.distance))) / 2
      let truth = log(2) + same * log(same) + (1 - same) * log(1 - same)
      #expect(abs(truth - information(p, start, point.distance)) < 1e-12)
      #expect(point.low <= truth && truth <= point.high, "\(point)")
    }
  }

  @Test func periodsAreSeenAtEveryDistance() {
    let set = SequenceSet([(0..<3000).map { $0 % 3 }], alphabetSize: 3)
    for point in MemoryCurve(set, longest: 12).points {
      #expect(abs(point.estimate - log(3)) < 2e-3 && point.isSupported, "\(point)")
      #expect(point.low <= log(3) && log(3) <= point.high + 1e-6)
    }
  }

  /// Independent symbols of a small and of a large alphabet, whose pairs hardly occur twice: 0 lies in the interval, although the plug-in
  /// estimate of the latter is 3 nats.
  @Test(arguments: [(2, 2000), (26, 3000), (500, 3000)]) func independenceIsZero(_ size: Int, _ count: Int) {
    var (misses, shown) = (0, 0)
    for seed in 1...5 as ClosedRange<UInt64> {
      var stream = RandomStream(seed: seed, purpose: "independent")
      let set = SequenceSet(
        [(0..<count).map { _ in Int(stream.uniform() * Double(size)) }], alphabetSize: size)
      for point in MemoryCurve(set, longest: 4, seed: seed).points {
        if point.low > 0 || point.high < 0 { misses += 1 }
        shown += 1
        if size == 500 { #expect(point.plugIn > 2.5 && abs(point.estimate) < 0.3, "\(point)") }
      }
    }
    #expect(shown == 20 && misses <= 4, "\(misses) of 20")
  }

  /// Half of the symbols repeat what stood seven places before: there is the peak.
  @Test func copiesPeakAtTheirDelay() {
    var stream = RandomStream(seed: 3)
    var symbols: [Symbol] = []
    for t in 0..<6000 {
      symbols.append(t >= 7 && stream.uniform() < 0.5 ? symbols[t - 7] : Int(stream.uniform() * 10))
    }
    let points = MemoryCurve(SequenceSet([symbols], alphabetSize: 10), longest: 13).points
    #expect(points.max { $0.estimate < $1.estimate }?.distance == 7)
    // P(same) = 0.5 + 0.05: log 10 − H.
    let truth = log(10) + 0.55 * log(0.55) + 9 * 0.05 * log(0.05)
    #expect(points[6].low <= truth && truth <= points[6].high, "\(points[6])")
    for point in points where point.distance != 7 { #expect(abs(point.estimate) < 0.02, "\(point)") }
  }

  /// A sparse chain: 100 symbols and 3,000 pairs. The plug-in estimate is far off, the interval holds the truth.
  @Test func sparseTablesHaveHonestIntervals() {
    var misses = 0
    for seed in 1...8 as ClosedRange<UInt64> {
      var stream = RandomStream(seed: seed, purpose: "rows")
      // Each row has nine symbols of ten at random.
      let p = (0..<100).map { _ in
        let row = (0..<100).map { _ in pow(-log(1 - stream.uniform()), 4) }
        return row.map { $0 / row.reduce(0, +) }
      }
      var start = [Double](repeating: 0.01, count: 100)
      for _ in 0..<500 { start = p.indices.map { after in p.indices.reduce(0) { $0 + start[$1] * p[$1][after] } } }
      let set = SequenceSet([chain(p, start, 3000, seed: seed)], alphabetSize: 100)
      for point in MemoryCurve(set, longest: 2, seed: seed).points {
        let truth = information(p, start, point.distance)
        #expect(point.plugIn > truth + 0.2)
        if truth < point.low || truth > point.high { misses += 1 }
        #expect(abs(point.estimate - truth) < 0.3, "\(point) for \(truth)")
      }
    }
    #expect(misses <= 3, "\(misses) of 16")
  }

  @Test func smallSets() {
    #expect(MemoryCurve(SequenceSet([], alphabetSize: 2), longest: 5).points.isEmpty)
    #expect(MemoryCurve(SequenceSet([[], [0], [1]], alphabetSize: 2), longest: 5).points.isEmpty)
    let constant = MemoryCurve(SequenceSet([Array(repeating: 0, count: 500)], alphabetSize: 1), longest: 3).points
    #expect(constant.count == 3 && constant.allSatisfy { $0.estimate == 0 && $0.low == 0 && $0.high == 0 })
    // Six pairs are one block: nothing is known but what there is to be told at most.
    let few = MemoryCurve(SequenceSet([[0, 1, 1, 0, 1, 0, 0]], alphabetSize: 2), longest: 1).points[0]
    #expect(few.low == -.infinity && few.high <= log(2) + 1e-12 && few.high > 0.6)
  }

  @Test func threadsDoNotMatter() {
    let set = Toys.set(alphabetSize: 3)
    #expect(MemoryCurve(set, longest: 3, seed: 5, threads: 1) == MemoryCurve(set, longest: 3, seed: 5, threads: 2))
    #expect(MemoryCurve(set, longest: 3, seed: 5) != MemoryCurve(set, longest: 3, seed: 6))
  }

  // MARK: Entropy rate

  /// Against the definition: for each place the longest match with any earlier one.
  @Test func matchesAreTheLongest() throws {
    for (seed, size) in [(1, 1), (2, 2), (3, 3)] as [(UInt64, Int)] {
      var stream = RandomStream(seed: seed)
      let text = (0..<80).map { _ in Int(stream.uniform() * Double(size)) }
      var sum = 0.0
      // The end is one more symbol.
      let events = text + [size]
      for i in 2..<events.count {
        var longest = 0
        for j in 0..<i {
          var length = 0
          while i + length < events.count, events[i + length] == events[j + length] { length += 1 }
          longest = max(longest, length)
        }
        sum += Double(longest + 1) / log(Double(i))
      }
      let found = try #require(MatchLengthEntropy(SequenceSet([text], alphabetSize: size)))
      #expect(found.events == 81)
      #expect(abs(found.rate - Double(events.count - 2) / sum) < 1e-12)
    }
    #expect(MatchLengthEntropy(SequenceSet([[0, 1]], alphabetSize: 2)) == nil)
  }

  /// Of coins the rate is log 2, of a chain −Σ π P log P, of a period 0: as near as the known bias lets it come.
  @Test func ratesOfKnownSources() throws {
    var stream = RandomStream(seed: 9)
    let coins = (0..<30_000).map { _ in stream.uniform() < 0.5 ? 0 : 1 }
    let coin = try #require(MatchLengthEntropy(SequenceSet([coins], alphabetSize: 2)))
    #expect(abs(coin.rate / log(2) - 1) < 0.1 && coin.low < coin.rate && coin.rate < coin.high)
    let p = [[0.95, 0.05], [0.05, 0.95]]
    let symbols = chain(p, [0.5, 0.5], 30_000, seed: 4)
    let rate = -0.95 * log(0.95) - 0.05 * log(0.05)
    let own = try #require(MatchLengthEntropy(SequenceSet([symbols], alphabetSize: 2)))
    #expect(abs(own.rate / rate - 1) < 0.2)
    let period = try #require(MatchLengthEntropy(SequenceSet([(0..<30_000).map { $0 % 5 }], alphabetSize: 5)))
    #expect(period.rate < 0.01)
  }
}
