import Foundation
import Probability
import Testing

/// Draws, moments and fits of the distributions of numbers, against each other: 40,000 draws.
@Suite struct DistributionTests {
  private static let count = 40_000

  /// Mean and variance within 4.5 standard errors, which true ones leave once in 150,000 times; gives the numbers.
  private func draws(
    mean: Double, variance: Double, seed: UInt64, _ draw: (inout RandomStream) -> Double
  ) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: "draws")
    let numbers = (0..<Self.count).map { _ in draw(&stream) }
    func check(_ values: [Double], _ wanted: Double) {
      let error = standardDeviation(values) / Double(values.count).squareRoot()
      #expect(abs(values.reduce(0, +) / Double(values.count) - wanted) <= 4.5 * error + 1e-12, "\(mean) \(variance)")
    }
    check(numbers, mean)
    check(numbers.map { ($0 - mean) * ($0 - mean) }, variance)
    return numbers
  }

  @Test func normal() throws {
    let normal = NormalDistribution(mean: -3, deviation: 0.5)
    let numbers = draws(mean: -3, variance: 0.25, seed: 1) { normal.draw(&$0) }
    let fitted = try #require(NormalDistribution.fit(numbers))
    #expect(abs(fitted.mean + 3) < 0.02 && abs(fitted.deviation - 0.5) < 0.01)
    // By hand: mean 2, squared distances 1, 1, 4, 4.
    #expect(NormalDistribution.fit([1, 3, 0, 4]) == NormalDistribution(mean: 2, deviation: 2.5.squareRoot()))
    #expect(NormalDistribution.fit([]) == nil && NormalDistribution.fit([7, 7]) == nil)
    #expect(abs(NormalDistribution.standardQuantile(0.975) - 1.959963984540054) < 1e-12)
  }

  @Test func multivariateNormal() throws {
    let covariance = [2, 0.6, -0.3, 0.6, 1, 0.2, -0.3, 0.2, 0.5]
    let normal = try MultivariateNormalDistribution(mean: [1, -2, 0], covariance: covariance)
    #expect(zip(normal.covariance, covariance).allSatisfy { abs($0 - $1) < 1e-15 })
    var stream = RandomStream(seed: 2)
    let vectors = (0..<Self.count).map { _ in normal.draw(&stream) }
    let fitted = try MultivariateNormalDistribution.fit(vectors)
    // The standard error of an entry is at most √(2 · 2 · 2 / 40,000) = 0.014.
    #expect(zip(fitted.covariance, covariance).allSatisfy { abs($0 - $1) < 0.06 })
    #expect(zip(fitted.mean, [1, -2, 0]).allSatisfy { abs($0 - $1) < 0.03 })
    // The fit is the maximum: its likelihood of the data is larger than that of the truth.
    let likelihoods = [fitted, normal].map { model in vectors.reduce(0) { $0 + model.logDensity($1) } }
    #expect(likelihoods[0] > likelihoods[1])
    #expect(throws: GSLError.self) { try MultivariateNormalDistribution(mean: [0, 0], covariance: [1, 2, 2, 1]) }
    #expect(throws: GSLError.self) { try MultivariateNormalDistribution.fit([[1, 2]]) }
  }

  @Test(arguments: [-3, 0, 0.4, 6])
  func bernoulli(_ logit: Double) throws {
    let bernoulli = BernoulliDistribution(logit: logit)
    let bits = draws(mean: bernoulli.mean, variance: bernoulli.variance, seed: 3) { bernoulli.draw(&$0) }
    #expect(abs(exp(bernoulli.logProbability(0)) + exp(bernoulli.logProbability(1)) - 1) < 1e-15)
    let fitted = try #require(BernoulliDistribution.fit(bits))
    #expect(abs(fitted.mean - bits.reduce(0, +) / Double(bits.count)) < 1e-12)
    #expect(bernoulli.logProbability(0.5) == -.infinity && BernoulliDistribution.fit([]) == nil)
    #expect(BernoulliDistribution.fit([1, 1])?.logit == .infinity)
  }

  /// Up to means that GSL's draws of 32 bits do not hold.
  @Test(arguments: [0.01, 3, 700, 1e6, 3e9, 1e13])
  func poisson(_ mean: Double) throws {
    let poisson = PoissonDistribution(logMean: log(mean))
    let counts = draws(mean: poisson.mean, variance: poisson.variance, seed: 4) { poisson.draw(&$0) }
    #expect(counts.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
    let fitted = try #require(PoissonDistribution.fit(counts))
    #expect(abs(fitted.mean * Double(Self.count) / counts.reduce(0, +) - 1) < 1e-12)
    #expect(poisson.logProbability(-1) == -.infinity && poisson.logProbability(0.5) == -.infinity)
    #expect(PoissonDistribution.fit([0, 0]) == nil)
  }

  @Test(arguments: [(0.3, 0.5), (20, 2), (20, 1e9), (1e5, 7), (1e12, 30)])
  func negativeBinomial(_ mean: Double, _ dispersion: Double) throws {
    let distribution = NegativeBinomialDistribution(logMean: log(mean), logDispersion: log(dispersion))
    let counts = draws(mean: distribution.mean, variance: distribution.variance, seed: 5) { distribution.draw(&$0) }
    let fitted = try #require(try NegativeBinomialDistribution.fit(Array(counts.prefix(4000))))
    let likelihoods = [fitted, distribution].map { model in
      counts.prefix(4000).reduce(0) { $0 + model.logProbability($1) }
    }
    #expect(likelihoods[0] >= likelihoods[1] - 1e-6)
    if dispersion < 1e3 { #expect(abs(fitted.logDispersion - log(dispersion)) < 0.3) }
    #expect(distribution.logProbability(1.5) == -.infinity)
    #expect(try NegativeBinomialDistribution.fit([]) == nil)
  }

  /// Sums to one, and the sums of the mass function are the cumulative ones.
  @Test(arguments: [(0.02, 0.1), (3, 0.4), (40, 12), (40, 1e12)])
  func countsSumToOne(_ mean: Double, _ dispersion: Double) {
    let poisson = PoissonDistribution(logMean: log(mean))
    let other = NegativeBinomialDistribution(logMean: log(mean), logDispersion: log(dispersion))
    var sums = (0.0, 0.0)
    for count in 0..<1000 {
      sums.0 += exp(poisson.logProbability(Double(count)))
      sums.1 += exp(other.logProbability(Double(count)))
      #expect(abs(sums.0 - poisson.cumulative(Double(count))) < 1e-12)
      #expect(abs(sums.1 - other.cumulative(Double(count))) < 1e-10)
    }
    #expect(abs(sums.0 - 1) < 1e-12 && abs(sums.1 - 1) < 1e-11)
  }

  /// Where the cumulative probability is approximated its steps still are the probabilities, summed over a deviation.
  @Test(arguments: [(3e5, 2e5), (1e8, 1e6)])
  func cumulativeOfLargeCounts(_ mean: Double, _ dispersion: Double) {
    let distribution = NegativeBinomialDistribution(logMean: log(mean), logDispersion: log(dispersion))
    let deviation = distribution.variance.squareRoot().rounded()
    for start in [-2.0, -0.5, 1].map({ (mean + $0 * deviation).rounded() }) {
      // By the trapezoidal rule, with a step that leaves 500 of them.
      let step = max((deviation / 500).rounded(), 1)
      var (sum, count) = (0.0, start)
      while count < start + deviation {
        let ends = exp(distribution.logProbability(count)) + exp(distribution.logProbability(count + step))
        sum += ends / 2 * step
        count += step
      }
      // Half a count at both ends: the rule integrates between the counts.
      let ends = exp(distribution.logProbability(count)) - exp(distribution.logProbability(start))
      let found = distribution.cumulative(count) - distribution.cumulative(start)
      #expect(abs(found - sum - ends / 2) < 5e-6)
    }
  }

  /// Against central differences of the logarithms, and for large r against the limit ((y − m)² − y)/(2 r) of the series.
  @Test func gradientOfTheNegativeBinomial() {
    for (mean, dispersion) in [(0.02, 0.1), (3, 0.4), (40, 12), (40, 300), (1e4, 25)] {
      for count in [0, 1, 7, 45, 12_000] as [Double] {
        func logProbability(_ logMean: Double, _ logDispersion: Double) -> Double {
          NegativeBinomialDistribution(logMean: logMean, logDispersion: logDispersion).logProbability(count)
        }
        let (a, b, h) = (log(mean), log(dispersion), 1e-4)
        let wanted = (
          (logProbability(a + h, b) - logProbability(a - h, b)) / (2 * h),
          (logProbability(a, b + h) - logProbability(a, b - h)) / (2 * h)
        )
        let found = NegativeBinomialDistribution(logMean: a, logDispersion: b).gradient(count)
        #expect(abs(found.logMean - wanted.0) < 1e-7 * max(abs(wanted.0), 1), "\(mean) \(dispersion) \(count)")
        #expect(abs(found.logDispersion - wanted.1) < 1e-7 * max(abs(wanted.1), 1), "\(mean) \(dispersion) \(count)")
      }
    }
    let found = NegativeBinomialDistribution(logMean: log(40), logDispersion: log(1e11)).gradient(52)
    // Minus (y − m)² − y over 2 r.
    #expect(abs(found.logDispersion / (-(144 - 52) / 2e11) - 1) < 1e-6)
  }

  /// The published figure is that of the mean.
  @Test("107 yearly counts of large earthquakes have the log-likelihood −391.9189")
  func earthquakes() throws {
    // U.S. Geological Survey, 1900 to 2006; Zucchini and MacDonald 2009, table 1.1 and section 1.2.
    let counts: [Double] = [
      13, 14, 8, 10, 16, 26, 32, 27, 18, 32, 36, 24, 22, 23, 22, 18, 25, 21, 21, 14, 8, 11, 14, 23, 18, 17, 19, 20, 22,
      19, 13, 26, 13, 14, 22, 24, 21, 22, 26, 21, 23, 24, 27, 41, 31, 27, 35, 26, 28, 36, 39, 21, 17, 22, 17, 19, 15,
      34, 10, 15, 22, 18, 15, 20, 15, 22, 19, 16, 30, 27, 29, 23, 20, 16, 21, 21, 25, 16, 18, 15, 18, 14, 10, 15, 8, 15,
      6, 11, 8, 7, 18, 16, 13, 12, 13, 20, 15, 16, 12, 18, 15, 16, 13, 15, 16, 11, 11,
    ]
    let poisson = try #require(PoissonDistribution.fit(counts))
    #expect(counts.count == 107)
    #expect(abs(counts.reduce(0) { $0 + poisson.logProbability($1) } + 391.9189) < 5e-5)
  }
}
