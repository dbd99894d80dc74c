import Experiments
import Foundation
import Inference
import Models
import Probability
import Sequences
import Support
import Testing

/// Conditional mutual information and tests of order.
@Suite struct DependenceTests {
  /// Every string of three binary symbols as often as a chain with memory has it: the plug-in estimate is the chain's own
  /// information, here by enumeration of its definition.
  @Test(arguments: [false, true])
  func informationIsTheDistributionsOwn(_ isSecondOrder: Bool) throws {
    func share(_ sequence: [Symbol]) -> Int {
      let first = sequence[1] == sequence[0] ? 3 : 1
      let right = isSecondOrder ? sequence[0] : sequence[1]
      return first * (sequence[2] == right ? 7 : 1)
    }
    let strings = Toys.allSequences(2, longest: 3).filter { $0.count == 3 }
    let set = SequenceSet(strings.flatMap { Array(repeating: $0, count: share($0)) }, alphabetSize: 2)
    let found = try EdgeStrengths(set, window: 2)
    let total = Double(strings.reduce(0) { $0 + share($1) })
    for lag in [1, 2] {
      let (a, c) = (2 - lag, lag - 1)
      func p(_ places: [Int], _ like: [Symbol]) -> Double {
        Double(
          strings.filter { string in places.allSatisfy { string[$0] == like[$0] } }.reduce(0) { $0 + share($1) })
          / total
      }
      let exact = strings.reduce(0.0) { sum, s in
        sum + p([0, 1, 2], s) * log(p([0, 1, 2], s) * p([c], s) / (p([a, c], s) * p([2, c], s)))
      }
      let strength = found.lags[lag - 1]
      #expect(strength.lag == lag && abs(strength.plugIn - exact) < 1e-12)
      #expect((exact < 1e-12) == (isSecondOrder == (lag == 1)))
    }
    #expect(found.windows == Int(total) && found.distinct == 8)
  }

  /// A chain of order two with random transition probabilities, from a random pair of first elements on, and what is true of
  /// the windows of its sequences, by summing over all of them.
  private struct Chain {
    let size: Int
    let length: Int
    private var next: [[Double]] = []

    /// - Parameter weight: of an exponential variable's power; the larger, the more uneven.
    init(size: Int, length: Int, weight: Double, seed: UInt64) {
      (self.size, self.length) = (size, length)
      var stream = RandomStream(seed: seed, purpose: "chain")
      next = (0..<size * size).map { _ in
        let raw = (0..<size).map { _ in pow(-log(1 - stream.uniform()), weight) }
        return raw.map { $0 / raw.reduce(0, +) }
      }
    }

    func sequences(_ count: Int, seed: UInt64) -> SequenceSet {
      var stream = RandomStream(seed: seed, purpose: "sequences")
      return SequenceSet(
        (0..<count).map { _ in
          var y = (0..<2).map { _ in Int(stream.uniform() * Double(size)) }
          while y.count < length {
            var (u, symbol) = (stream.uniform(), 0)
            let row = next[y[y.count - 2] * size + y[y.count - 1]]
            while symbol < size - 1, u >= row[symbol] { (u, symbol) = (u - row[symbol], symbol + 1) }
            y.append(symbol)
          }
          return y
        }, alphabetSize: size)
    }

    /// I(y(t − lag); y(t) | the others) of a window of `window` earlier elements, averaged over all t that have them.
    func truth(window: Int) -> [Double] {
      var pairs = [Double](repeating: 1 / Double(size * size), count: size * size)
      var sum = [Double](repeating: 0, count: size * size)
      for _ in 0..<length - window {
        for pair in pairs.indices { sum[pair] += pairs[pair] / Double(length - window) }
        var after = [Double](repeating: 0, count: size * size)
        for pair in pairs.indices {
          for symbol in 0..<size { after[pair % size * size + symbol] += pairs[pair] * next[pair][symbol] }
        }
        pairs = after
      }
      // Windows as numbers in base `size`, the next element last.
      var joint = sum
      for _ in 0..<window - 1 {
        joint = joint.indices.flatMap { past in next[past % (size * size)].map { joint[past] * $0 } }
      }
      func entropy(without lags: [Int]) -> Double {
        var sums: [Int: Double] = [:]
        for (number, p) in joint.enumerated() {
          var key = number
          for lag in lags {
            let unit = (0..<lag).reduce(1) { power, _ in power * size }
            key -= number / unit % size * unit
          }
          sums[key, default: 0] += p
        }
        return -sums.values.reduce(0) { $1 > 0 ? $0 + $1 * log($1) : $0 }
      }
      return (1...window).map { lag in
        entropy(without: [0]) + entropy(without: [lag]) - entropy(without: []) - entropy(without: [0, lag])
      }
    }
  }

  /// 95 % intervals hold the true value in 90 to 98 % of simulated data sets, at lags with an effect (1 and 2) and without
  /// (3). Of so many data sets the share of a right interval has a standard error of 2 % (effect: 1.4 %).
  @Test func intervalsCoverTheTruth() throws {
    let chain = Chain(size: 3, length: 8, weight: 1, seed: 3)
    let truth = chain.truth(window: 3)
    #expect(truth[0] > 0.02 && truth[1] > 0.02 && abs(truth[2]) < 1e-12, "\(truth)")
    let count = 100
    let found = try simulated(count) { try EdgeStrengths(chain.sequences(150, seed: $0), window: 3).lags }
    func covered(_ lag: Int) -> Int {
      found.count { $0[lag - 1].low <= truth[lag - 1] && truth[lag - 1] <= $0[lag - 1].high }
    }
    let (effect, none) = (covered(1) + covered(2), covered(3))
    #expect((0.9...0.98).contains(Double(effect) / Double(2 * count)), "\(covered(1)) \(covered(2)) of \(count)")
    #expect((0.9...0.98).contains(Double(none) / Double(count)), "\(none) of \(count)")
    #expect(found.allSatisfy { $0[0].isSupported && $0[1].isSupported })
    // Without an effect an interval lies above 0 by chance in one of forty.
    #expect(found.count { $0[2].isSupported } <= 8)
    // The estimate's mean is the truth's within four standard errors.
    for lag in 0..<3 {
      let mean = found.reduce(0) { $0 + $1[lag].estimate } / Double(count)
      #expect(abs(mean - truth[lag]) < 4 * found[0][lag].error / Double(count).squareRoot() + 0.001, "\(lag) \(mean)")
    }
  }

  /// Where windows are many and data few, the plug-in estimate finds strong edges that are not there. The interval holds 0
  /// there, and the true values of the edges that there are.
  @Test func sparseWindowsHaveNoFalseEdges() throws {
    let chain = Chain(size: 12, length: 12, weight: 2, seed: 5)
    let truth = chain.truth(window: 3)
    let found = try simulated(8) { try EdgeStrengths(chain.sequences(200, seed: $0), window: 3).lags }
    for lags in found {
      #expect(lags[2].plugIn > 0.3 && abs(lags[2].estimate) < 0.06 && lags[2].low < 0 && lags[2].high > 0, "\(lags[2])")
      for lag in 0..<2 {
        #expect(lags[lag].isSupported && lags[lag].low < truth[lag] && truth[lag] < lags[lag].high, "\(lags[lag])")
        #expect(abs(lags[lag].estimate / truth[lag] - 1) < 0.25, "\(lags[lag]) \(truth[lag])")
      }
    }
    #expect(found.count { $0[2].isSupported } <= 1)
  }

  /// Letters of which most windows occur but once: what permutations subtract too much is far more than an error bar there.
  @Test func intervalsOfSparseWindowsReachTheTruth() throws {
    let chain = Chain(size: 26, length: 8, weight: 1, seed: 3)
    let truth = chain.truth(window: 2)
    let found = try simulated(25) { try EdgeStrengths(chain.sequences(1000, seed: $0), window: 2) }
    let held = found.reduce(0) { sum, strengths in
      sum + (0..<2).count { strengths.lags[$0].low < truth[$0] && truth[$0] < strengths.lags[$0].high }
    }
    // 46 of 50 are expected.
    #expect(found.allSatisfy { $0.isSparse } && held >= 40, "\(held) of 50")
    #expect(found.allSatisfy { $0.lags.allSatisfy { $0.high - $0.low < 0.35 } })
  }

  /// The smoothed model's own information against that of its samples by relative frequencies, which is larger by G / 2N for
  /// a likelihood-ratio statistic G of 12 degrees of freedom: between 0 and its 99.9 % point, 32.9.
  @Test func theInformationOfAWindowModel() throws {
    let set = Chain(size: 3, length: 10, weight: 1, seed: 4).sequences(1000, seed: 1)
    let model = try WindowModel(set, width: 3, seed: 1, threads: 1)
    #expect(model.samples.count == 1000 * 8 && model.samples.longest == 3)
    let sampled = try EdgeStrengths(model.samples, window: 2)
    for lag in [1, 2] {
      let (nats, error) = model.information(lag: lag)
      #expect(error == 0 && (0...32.9 / 16_000).contains(sampled.lags[lag - 1].plugIn - nats), "\(lag) \(nats)")
    }
  }

  /// Of seeds 0 ..< count, on two threads.
  private func simulated<Result: Sendable>(
    _ count: Int, _ run: @Sendable (UInt64) throws -> Result
  ) throws -> [Result] {
    let results = parallelMap(count, threads: 2) { number in Swift.Result { try run(UInt64(number)) } }
    return try results.map { try $0.get() }
  }

  /// A chain of order two with known transition probabilities; draws of models fitted to it say what it says.
  private static func chain(_ seed: UInt64, order: Int, sequences: Int, length: Int) -> SequenceSet {
    var stream = RandomStream(seed: seed)
    return SequenceSet(
      (0..<sequences).map { _ in
        var y: [Symbol] = []
        for t in 0..<length {
          let right = order == 0 || t < order ? 0 : y[t - order]
          y.append(stream.uniform() < 0.4 ? right : Int(stream.uniform() * 3))
        }
        return y
      }, alphabetSize: 3)
  }

  /// Of a long chain of order 2: I(y(t−2); y(t)) = log 3 − H, and nothing of the others, within four standard errors.
  @Test func aLongChain() throws {
    let set = Self.chain(11, order: 2, sequences: 40, length: 2000)
    let entropy = -(0.6 * log(0.6) + 2 * 0.2 * log(0.2))
    for (window, lags) in [(3, [1: 0, 2: log(3) - entropy, 3: 0])] {
      for strength in try EdgeStrengths(set, window: window).lags {
        let exact = try #require(lags[strength.lag])
        #expect(abs(strength.estimate - exact) < 4 * strength.error + 1e-5, "\(strength) \(exact)")
        #expect(strength.error < 0.01 && strength.plugIn > strength.estimate)
      }
    }
    // A model with both parents draws with the same strengths, one of too low an order without.
    let alphabet = try Toys.alphabet(3)
    for (word, exact) in [("table:y2/tau:input=none", log(3) - entropy), ("markov:1/tau:input=none", 0)] {
      let model = try SequenceModel.fit(ModelSpecification(word), to: set, alphabet)
      let drawn = try model.samples(20, seed: 2, threads: 2).map(\.sequence)
      let strength = try EdgeStrengths(SequenceSet(drawn, alphabetSize: 3), window: 3).lags[1]
      #expect(abs(strength.estimate - exact) < 4 * strength.error + 0.005, "\(word) \(strength) \(exact)")
    }
  }

  @Test func windowsThatCannotBeCounted() throws {
    let set = SequenceSet([[0, 1, 2, 0, 1, 2, 2]], alphabetSize: 300)
    #expect(throws: SpecificationError.self) { try EdgeStrengths(set, window: 7) }
    #expect(throws: SpecificationError.self) { try EdgeStrengths(SequenceSet([[0, 1]], alphabetSize: 2), window: 2) }
    #expect(throws: SpecificationError.self) { try OrderTests(set, most: 9, alpha: 0.05) }
    #expect(try EdgeStrengths(set, window: 2).isSparse)
  }

  // MARK: Tests of order

  private static let strings = [
    "cbcccbaccbabcabbbcabbcaabbccbcabbcaccbaccbbababcacbaaacaccba", "bca", "b",
    "acbabababcabbcabbccacbabbabaccbabbbcccbabbcac", "",
    "cababbcabcaccbacbcbbcaccbabbccbabbabbcbacbaccaccaaaaaaaaaaaaccbabbcabcaccbabbcac",
    "cbacccbacbcaccbbcabbcacbabbbca", "ab", "abbcacccbaccaccbcabbcacccaccccbbccbaaaacc",
  ]

  /// Figures from SciPy 1.17.1 (Tests/Reference/order_tests.py).
  @Test(arguments: [
    (0, 3.3956290430273586, 4, 0.49392454679056585), (1, 140.9551813006759, 12, 3.8416100266997176e-24),
    (2, 39.06012108864305, 36, 0.33395091574029906),
  ])
  func statisticsAreSciPys(_ order: Int, _ g: Double, _ freedom: Int, _ p: Double) throws {
    let set = SequenceSet(Self.strings.map { $0.utf8.map { Int($0) - 97 } }, alphabetSize: 3)
    let result = try OrderTests(set, most: 3, alpha: 0.05)
    let test = result.tests[order]
    #expect(abs(test.statistic - g) < 1e-10 && test.degreesOfFreedom == freedom)
    #expect(abs(test.chiSquareP / p - 1) < 1e-9)
    #expect(test.isSparse == (order == 2))
    #expect(order == 2 || test.p == test.chiSquareP)
    #expect(result.supported == 2 && !result.isBound)
  }

  @Test func holmByHand() {
    #expect(holmAdjusted([0.01, 0.04, 0.03, 0.005]) == [0.03, 0.06, 0.06, 0.02])
    #expect(holmAdjusted([]) == [])
    #expect(holmAdjusted([0.9, 0.8]) == [1, 1])
  }

  /// Where the order is enough p is uniform: Kolmogorov and Smirnov's distance over 300 seeded data sets, whose 0.1 % point
  /// is 1.95 / √300. Where it is not, it is found.
  @Test(arguments: [0, 1])
  func pIsUniformUnderTheNull(_ order: Int) throws {
    let results = try (0..<300).map { seed in
      try OrderTests(Self.chain(UInt64(seed), order: order, sequences: 5, length: 400), most: 3, alpha: 0.05)
    }
    for tested in order...2 {
      #expect(!results[0].tests[tested].isSparse)
      let distance = Self.distanceFromUniform(results.map { $0.tests[tested].p })
      #expect(distance < 1.95 / 300.0.squareRoot(), "order \(tested): \(distance)")
    }
    // Any wrong rejection in at most 5 % of all: 15 expected, 30 is four standard errors more.
    let right = results.count { $0.supported == order && !$0.isBound }
    #expect(right >= 270, "\(right) of 300")
  }

  /// Kolmogorov and Smirnov's.
  private static func distanceFromUniform(_ p: [Double]) -> Double {
    let count = Double(p.count)
    return p.sorted().enumerated().map { max(abs($1 - Double($0) / count), abs($1 - Double($0 + 1) / count)) }.max()
      ?? 1
  }

  /// Sparse and uneven tables, where the chi-square law is far off (all its p are near 0 or 1): permuted ones are not. Their
  /// law's mean is known to a tenth of its standard deviation, so that p is uniform but for 0.04 or so.
  @Test(arguments: [1, 2])
  func pIsUniformInSparseTables(_ order: Int) throws {
    let results = try (0..<200).map { seed in
      var stream = RandomStream(seed: UInt64(seed), purpose: "sparse")
      let y = (0..<2000).map { _ in min(Int(-3 * log(stream.uniform())), 19) }
      return try OrderTests(SequenceSet([y], alphabetSize: 20), most: 3, alpha: 0.05, seed: UInt64(seed)).tests[order]
    }
    #expect(results.allSatisfy { $0.isSparse && $0.canTell })
    let distance = Self.distanceFromUniform(results.map(\.p))
    #expect(distance < 1.95 / 200.0.squareRoot() + 0.04, "\(distance)")
    #expect(Self.distanceFromUniform(results.map(\.chiSquareP)) > 0.4)
  }

  /// In a sparse table too an order that is not enough is found; the result does not depend on threads.
  @Test func sparseTablesTellWhatTheyCan() throws {
    var stream = RandomStream(seed: 1)
    var y = [0, 1]
    for t in 2..<3000 { y.append(stream.uniform() < 0.6 ? y[t - 2] : Int(stream.uniform() * 20)) }
    let set = SequenceSet([y], alphabetSize: 20)
    let result = try OrderTests(set, most: 3, alpha: 0.01)
    #expect(result.tests[1].isSparse && result.supported == 2 && !result.isBound, "\(result)")
    #expect(try OrderTests(set, most: 3, alpha: 0.01, threads: 2) == result)
    // Nothing can be told from what occurs once.
    let single = try OrderTests(SequenceSet([[0, 1, 2, 3, 4, 5]], alphabetSize: 6), most: 2, alpha: 0.05)
    #expect(single.supported == 0 && single.isBound && !single.tests[0].canTell)
  }
}
