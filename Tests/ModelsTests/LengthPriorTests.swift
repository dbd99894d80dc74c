import Foundation
import Models
import Probability
import Sequences
import Testing

/// Laws of lengths that are drawn first.
@Suite struct LengthPriorTests {
  private static func set(_ lengths: [Int]) -> SequenceSet {
    SequenceSet(lengths.map { Array(repeating: 0, count: $0) }, alphabetSize: 1)
  }

  private static let lengths = [0, 0, 1, 2, 2, 3, 5, 8, 9, 20]

  /// A table's law with the logits of a given x.
  private static func tilted(isPerStep: Bool = false, _ logit: (_ place: Int) -> Double) -> any LengthLaw {
    let table = LengthTable(set(lengths + [1030, 2000]), isSmoothed: true)
    let places = LearnedLengths.places
    let prior = LearnedLengths(
      table, width: 1, isPerStep: isPerStep, weights: places.map(logit), bias: places.map { _ in 0.5 })
    return prior.law(given: SequenceInput(InputVectors(perSequence: [[1]]), sequence: 0))
  }

  private static let ownLaws: [any LengthLaw] = [
    PoissonLengths(mean: 5), PoissonLengths(mean: 0.01), PoissonLengths(mean: 400), GeometricLengths(mean: 0.1),
    GeometricLengths(mean: 30), NegativeBinomialLengths(mean: 5, size: 0.7),
    NegativeBinomialLengths(mean: 60, size: 20),
    NegativeBinomialLengths(mean: 3, size: nil), LengthTable(set(lengths), isSmoothed: true),
    LengthTable(set([]), isSmoothed: true),
    tilted { sin(Double($0)) }, tilted { 0.01 * Double($0 % 7) + 0.003 * Double($0) },
    tilted(isPerStep: true) { $0 == 0 ? 3 : -0.05 * Double($0) },
  ]

  /// Those of the registry's kinds that give every length mass, without inputs; one that cannot be fitted is missing.
  private static let kinds = Registry.standard.priors.filter { $0 != UnsmoothedLengthTable.self }
  static let laws =
    ownLaws + kinds.compactMap { try? $0.fit(set(lengths), FittingContext()).law(given: nil) }

  @Test func everyKindIsFitted() { #expect(Self.laws.count == Self.ownLaws.count + Self.kinds.count) }

  /// Probabilities and the tail add up to one, and every length has mass.
  @Test(arguments: laws.indices) func sumToOne(_ index: Int) {
    let law = Self.laws[index]
    var sum = 0.0
    for length in 0...2000 {
      sum += exp(law.logProbability(length))
      if length % 100 == 7 { #expect(abs(sum + law.tail(beyond: length) - 1) < 1e-11) }
      #expect(law.logProbability(length) > -.infinity && law.logProbability(length) <= 0)
    }
    #expect(law.tail(beyond: -1) == 1)
    #expect(law.logProbability(1_000_000_000).isFinite)
  }

  /// Mean and variance in closed form are the sums.
  @Test(arguments: laws.indices) func momentsAreTheSums(_ index: Int) {
    let law = Self.laws[index]
    let masses = (0...20_000).map { exp(law.logProbability($0)) }
    let mean = masses.enumerated().reduce(0.0) { $0 + Double($1.offset) * $1.element }
    let variance = masses.enumerated().reduce(0.0) { $0 + pow(Double($1.offset) - mean, 2) * $1.element }
    #expect(abs(law.mean - mean) < 1e-9 * max(mean, 1) && abs(law.variance - variance) < 1e-8 * max(variance, 1))
  }

  /// Nearly all sequences empty: r is as small as it has to be.
  @Test func smallSizesAreFound() throws {
    let law = try NegativeBinomialLengths(fitting: Self.set(Array(repeating: 0, count: 99_999) + [1000]))
    let size = try #require(law.size)
    #expect(log(size) < -12.5)
    // The share of empty ones is nearly that of the data.
    #expect(abs((1 - exp(law.logProbability(0))) / 1e-5 - 1) < 0.5)
  }

  @Test(arguments: [1e-305, 1e-100, 0, -1, Double.nan, 1e300]) func hostileMeansAreRefused(_ mean: Double) {
    var file = TensorFile()
    file.set("length.mean", [mean], shape: [1])
    file.set("length.size", [1e10], shape: [1])
    #expect(throws: ModelFileError.self) { try PoissonLengths(from: file) }
    #expect(throws: ModelFileError.self) { try NegativeBinomialLengths(from: file) }
  }

  /// 100,000 draws by chi-square, cells of at least five.
  @Test(arguments: laws.indices) func drawsFollowTheLaw(_ index: Int) {
    let law = Self.laws[index]
    var stream = RandomStream(seed: 11, index: UInt64(index))
    let draws = 100_000
    var counts: [Int: Int] = [:]
    for _ in 0..<draws { counts[law.sample(&stream), default: 0] += 1 }
    var (statistic, cells, expected, observed) = (0.0, 0, 0.0, 0.0)
    for length in 0...5000 {
      expected += Double(draws) * exp(law.logProbability(length))
      observed += Double(counts[length] ?? 0)
      if expected >= 5 {
        statistic += (observed - expected) * (observed - expected) / expected
        (cells, expected, observed) = (cells + 1, 0, 0)
      }
    }
    let p = cells > 1 ? chiSquareTail(statistic, degreesOfFreedom: Double(cells - 1)) : 1
    print("law \(index): seed 11, chi-square \(statistic) on \(cells - 1) degrees of freedom, p = \(p)")
    #expect(p > 1e-4)
  }

  /// Draws of P(τ | τ ≥ first), near and far: by chi-square over ten cells of like mass.
  @Test(arguments: laws.indices, [0, 3, 40]) func drawsFromALeastLengthFollowTheLaw(_ index: Int, _ first: Int) {
    let law = Self.laws[index]
    guard law.tail(beyond: first - 1) > 0 else { return }
    var stream = RandomStream(seed: 12, index: UInt64(index))
    let draws = (0..<5000).map { _ in law.sample(atLeast: first, &stream) }
    #expect(draws.allSatisfy { $0 >= first })
    let all = law.tail(beyond: first - 1)
    var (statistic, cells, from) = (0.0, 0, first)
    while from < 100_000, cells < 40 {
      var to = from
      while to < 100_000, law.tail(beyond: from - 1) - law.tail(beyond: to) < all / 10 { to += to < 100 ? 1 : to / 10 }
      let mass = (law.tail(beyond: from - 1) - law.tail(beyond: to)) / all
      let observed = Double(draws.count { (from...to).contains($0) })
      if mass * 5000 >= 5 {
        statistic += (observed - mass * 5000) * (observed - mass * 5000) / (mass * 5000)
        cells += 1
      }
      from = to + 1
    }
    let p = cells > 1 ? chiSquareTail(statistic, degreesOfFreedom: Double(cells - 1)) : 1
    #expect(p > 1e-5, "chi-square \(statistic) over \(cells) cells")
  }

  /// R 4: dpois(3, 5), ppois(3, 5, lower = FALSE); dnbinom(3, 0.7, mu = 5), pnbinom(3, 0.7, mu = 5, lower = FALSE);
  /// dgeom(3, 1/31).
  @Test func knownValues() {
    #expect(abs(exp(PoissonLengths(mean: 5).logProbability(3)) - exp(-5) * 125 / 6) < 1e-15)
    #expect(abs(PoissonLengths(mean: 5).tail(beyond: 1) - (1 - 6 * exp(-5))) < 1e-14)
    // Γ(3.7)/(Γ(0.7) 3!) (0.7/5.7)^0.7 (5/5.7)^3, the ratio of Γ being 0.7 · 1.7 · 2.7.
    let wanted = 0.7 * 1.7 * 2.7 / 6 * pow(0.7 / 5.7, 0.7) * pow(5 / 5.7, 3)
    #expect(abs(exp(NegativeBinomialLengths(mean: 5, size: 0.7).logProbability(3)) - wanted) < 1e-14)
    #expect(abs(exp(GeometricLengths(mean: 30).logProbability(3)) - pow(30.0 / 31, 3) / 31) < 1e-15)
    // With r = 1 the negative binomial law is the geometric one.
    for length in 0..<50 {
      let difference =
        NegativeBinomialLengths(mean: 4, size: 1).logProbability(length)
        - GeometricLengths(mean: 4).logProbability(length)
      #expect(abs(difference) < 1e-12)
    }
  }

  /// Maximum likelihood: no nearby law gives the lengths more.
  @Test func fitsAreMaxima() throws {
    let set = Self.set(Self.lengths)
    func nats(_ law: any LengthLaw) -> Double { Self.lengths.reduce(0) { $0 - law.logProbability($1) } }
    let poisson = PoissonLengths(fitting: set)
    #expect(poisson.mean == 5)
    #expect(GeometricLengths(fitting: set).mean == 5)
    let best = try NegativeBinomialLengths(fitting: set)
    let size = try #require(best.size)
    #expect(best.mean == 5)
    for factor in [0.97, 0.999, 1.001, 1.03] {
      #expect(nats(NegativeBinomialLengths(mean: 5, size: size * factor)) > nats(best))
      #expect(nats(NegativeBinomialLengths(mean: 5 * factor, size: size)) > nats(best))
    }
    #expect(best.notes.isEmpty && best.storedParameters == 2)
  }

  /// Lengths that vary less than a Poisson law's, and sets without any element.
  @Test func fitsThatHaveNoMaximum() throws {
    let steady = try NegativeBinomialLengths(fitting: Self.set([4, 5, 6, 5]))
    #expect(steady.size == nil && steady.notes.count == 1)
    #expect(steady.logProbability(5) == PoissonLengths(mean: 5).logProbability(5))
    for lengths in [[], [0, 0, 0]] {
      for kind in Self.kinds {
        let model = try SequenceModel.fit(
          ModelSpecification("markov:0/tau:prior=\(kind.name)"), to: Self.set(lengths),
          Alphabet(symbols: ["a"], kind: .characters))
        let law = try #require(model.lengthLaw())
        #expect(law.logProbability(0) >= law.logProbability(1) && law.logProbability(9).isFinite)
      }
    }
  }

  @Test(arguments: [
    ("poisson", "1", "1"), ("geometric", "1", "1"), ("negative-binomial", "2", "2"), ("table", "T", "30"),
    ("learned", "T", "30"),
  ])
  func parametersAreCounted(_ prior: String, _ growth: String, _ count: String) throws {
    let specification = try ModelSpecification("markov:0/tau:input=none,prior=\(prior)")
    let free = try specification.freeParameters(alphabetSize: 5, longest: 30)
    #expect(String(free - 4) == count)
    #expect(specification.growth().hasSuffix(" + \(growth)"))
    if growth != "T" { #expect(try specification.freeParameters(alphabetSize: 5, longest: nil) == free) }
  }
}
