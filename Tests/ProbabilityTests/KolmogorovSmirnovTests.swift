import Foundation
import Probability
import Testing

/// p-values of distances between whole numbers against enumerations, other programs' figures and draws.
@Suite struct KolmogorovSmirnovTests {
  /// All ways of putting `count` into so many cells.
  private static func ways(_ count: Int, cells: Int) -> [[Int]] {
    if cells == 1 { return [[count]] }
    return (0...count).flatMap { first in ways(count - first, cells: cells - 1).map { [first] + $0 } }
  }

  private static func logFactorial(_ n: Int) -> Double { lgamma(Double(n) + 1) }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    let (totalA, totalB) = (a.reduce(0, +), b.reduce(0, +))
    var (sumA, sumB, largest) = (0.0, 0.0, 0.0)
    for (nextA, nextB) in zip(a, b) {
      (sumA, sumB) = (sumA + nextA, sumB + nextB)
      largest = max(largest, abs(sumA / totalA - sumB / totalB))
    }
    return largest
  }

  /// All samples of six or seven from a law, with the multinomial law's probabilities. The last cell is what lies beyond.
  @Test(
    arguments: [
      [0.5, 0.25, 0.125, 0.125], [0.4, 0.3, 0.1, 0.2], [0.7, 0, 0.3, 0], [1, 0], [0, 0, 1], [0.001, 0.002, 0.997],
    ], [1, 6, 7])
  func ofALaw(_ law: [Double], _ count: Int) throws {
    let ways = Self.ways(count, cells: law.count)
    let all = ways.map { way in
      let probability = zip(way, law).reduce(exp(Self.logFactorial(count))) {
        $0 * pow($1.1, Double($1.0)) / exp(Self.logFactorial($1.0))
      }
      return (distance: Self.distance(way.map(Double.init), law), probability: probability)
    }
    for (way, wanted) in zip(ways, all) {
      let found = try #require(KolmogorovSmirnov(way.map(Double.init), expected: law.map { $0 * Double(count) }))
      #expect(abs(found.distance - wanted.distance) < 1e-12, "\(way)")
      let p = all.reduce(0) { $0 + ($1.distance >= wanted.distance - 1e-9 ? $1.probability : 0) }
      if p > 1e-10 { #expect(abs(found.pValue - p) < 1e-11, "\(law) \(way)") } else { #expect(found.pValue >= p) }
    }
  }

  /// All ways to tell apart two samples whose numbers are known together.
  @Test(arguments: [([3, 2, 4, 1], 4), ([1, 1, 1, 1, 1, 1, 1], 3), ([5, 0, 3], 6), ([4], 2)] as [([Int], Int)])
  func ofTwoSamples(_ pooled: [Int], _ count: Int) throws {
    let ways = Self.ways(count, cells: pooled.count).filter { zip($0, pooled).allSatisfy(<=) }
    func choices(_ n: Int, _ k: Int) -> Double {
      exp(Self.logFactorial(n) - Self.logFactorial(k) - Self.logFactorial(n - k))
    }
    let all = ways.map { way in
      (
        distance: Self.distance(way.map(Double.init), zip(pooled, way).map { Double($0 - $1) }),
        probability: zip(pooled, way).reduce(1 / choices(pooled.reduce(0, +), count)) { $0 * choices($1.0, $1.1) }
      )
    }
    for (way, wanted) in zip(ways, all) {
      let found = try #require(
        KolmogorovSmirnov(way.map(Double.init), against: zip(pooled, way).map { Double($0 - $1) }))
      #expect(abs(found.distance - wanted.distance) < 1e-12)
      let p = all.reduce(0) { $0 + ($1.distance >= wanted.distance - 1e-9 ? $1.probability : 0) }
      #expect(abs(found.pValue - p) < 1e-11, "\(way)")
    }
  }

  /// SciPy 1.17.1: ks_2samp(a, b, method="exact"), where no number comes twice.
  @Test(
    arguments: [
      ([1, 2, 4, 7, 8, 11, 15, 16], 18, 0.325, 0.6024041318158965),
      ([1, 2, 3, 4, 6, 7, 8, 10, 11], 15, 0.6666666666666666, 0.06113886113886114),
    ] as [([Int], Int, Double, Double)])
  func ofTwoSamplesWithoutTies(_ first: [Int], _ largest: Int, _ distance: Double, _ p: Double) throws {
    let a = (1...largest).map { first.contains($0) ? 1.0 : 0 }
    let found = try #require(KolmogorovSmirnov(a, against: a.map { 1 - $0 }))
    #expect(abs(found.distance - distance) < 1e-12 && abs(found.pValue - p) < 1e-11)
  }

  /// A thousand numbers of a geometric law: P(D ≥ d) by a million draws of NumPy 2.4.6's multinomial (seed 1), whose
  /// standard errors are 0.0005 and less. The sample's shares are the law's, the first one more by d and the last less.
  @Test(arguments: [(0.02, 0.566809), (0.03, 0.172835), (0.04, 0.034574)]) func ofManyLengths(_ d: Double, _ p: Double)
    throws
  {
    var law = (0..<40).map { 1000 * 0.15 * pow(0.85, Double($0)) }
    law.append(1000 - law.reduce(0, +))
    var sample = law
    sample[0] += 1000 * d
    sample[40] -= 1000 * d
    let found = try #require(KolmogorovSmirnov(sample, expected: law))
    #expect(abs(found.distance - d) < 1e-12)
    #expect(abs(found.pValue - p) < 5 * (p * (1 - p) / 1e6).squareRoot())
  }

  /// The same of two samples, 60 and 100 numbers of six kinds: a million draws of its multivariate hypergeometric law.
  @Test(arguments: [(0.1, 0.434468), (0.15, 0.112696), (0.2, 0.018532)]) func ofManyTies(_ d: Double, _ p: Double)
    throws
  {
    let pooled = [30.0, 50, 40, 25, 10, 5]
    var a = pooled.map { $0 * 60 / 160 }
    a[0] += d * 37.5
    a[5] -= d * 37.5
    let found = try #require(KolmogorovSmirnov(a, against: zip(pooled, a).map { $0 - $1 }))
    #expect(abs(found.distance - d) < 1e-12)
    #expect(abs(found.pValue - p) < 5 * (p * (1 - p) / 1e6).squareRoot())
  }

  /// Of very many numbers, next to all different, √N D has Kolmogorov's law (SciPy's kstwobign.sf); 4,000 places miss a
  /// little of the largest distance.
  @Test(arguments: [100_000.0, 240_000, 260_000, 1e9], [(0.8, 0.5441424), (1.2, 0.1122497), (1.5, 0.0222180)])
  func approachesKolmogorovsLaw(_ count: Double, _ wanted: (Double, Double)) throws {
    let law = [Double](repeating: count / 4000, count: 4000)
    var sample = law
    sample[0] += wanted.0 * count.squareRoot()
    sample[3999] -= wanted.0 * count.squareRoot()
    let p = try #require(KolmogorovSmirnov(sample, expected: law)).pValue
    #expect(p < wanted.1 && p > 0.93 * wanted.1)
    // Two samples, one of them much larger, are next to that.
    let other = law.map { 1000 * $0 }
    let same = try #require(KolmogorovSmirnov(sample.map { $0.rounded() }, against: other.map { $0.rounded() }))
    if count < 1e9 { #expect(same.pValue < 1.05 * wanted.1 && same.pValue > 0.85 * wanted.1) }
  }

  /// Of 2,000 sets drawn from the law, at most a share α has p ≤ α, and not much less; 0.004 to 0.011 are one standard error.
  @Test func falseAlarmsAreAsRareAsTheySay() throws {
    let law = (0..<60).map { 0.08 * pow(0.92, Double($0)) }
    let row = (law + [1 - law.reduce(0, +)]).map { 200 * $0 }
    var stream = RandomStream(seed: 31)
    func draw() -> [Double] {
      var counts = [Double](repeating: 0, count: row.count)
      for _ in 0..<200 { counts[min(stream.geometric(0.08), 60)] += 1 }
      return counts
    }
    var (one, two) = ([Double](), [Double]())
    for _ in 0..<2000 {
      let sample = draw()
      one.append(try #require(KolmogorovSmirnov(sample, expected: row)).pValue)
      two.append(try #require(KolmogorovSmirnov(sample, against: draw())).pValue)
    }
    for alpha in [0.05, 0.2, 0.5] {
      let error = (alpha * (1 - alpha) / 2000).squareRoot()
      for (name, values) in [("one", one), ("two", two)] {
        let share = Double(values.count { $0 <= alpha }) / 2000
        print("\(name) sample, seed 31: P(p ≤ \(alpha)) = \(share)")
        #expect(share <= alpha + 4 * error && share >= 0.8 * alpha - 4 * error)
      }
    }
  }

  /// A wrong law, a law without finite mass, and samples that are none.
  @Test func extremes() throws {
    let wrong = try #require(KolmogorovSmirnov([500, 300, 200, 0], expected: [250, 250, 250, 250]))
    #expect(wrong.pValue < 1e-30 && wrong.pValue > 0)
    // The bound is above Massart's, which has a single place.
    #expect(abs(wrong.distance - 0.3) < 1e-12 && wrong.pValue >= 2 * exp(-2 * 1000 * 0.09))
    let endless = try #require(KolmogorovSmirnov([3, 4, 0], expected: [0, 0, 7]))
    #expect(endless.distance == 1 && endless.pValue < 1e-5)
    #expect(try #require(KolmogorovSmirnov([10, 20], expected: [10, 20])).pValue == 1)
    #expect(KolmogorovSmirnov([0, 0], expected: [0, 0]) == nil)
    #expect(KolmogorovSmirnov([], expected: []) == nil)
    #expect(KolmogorovSmirnov([0, 0], against: [1, 0]) == nil)
  }
}
