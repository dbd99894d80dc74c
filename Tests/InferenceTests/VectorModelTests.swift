import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Real-valued elements go through all that is written for processes: scores, draws, lengths, the audit and files. The process
/// is a Gaussian random walk (`GaussianWalk`).
@Suite struct VectorModelTests {
  /// The joint density of y(1), y(2) is that of a Gaussian with the covariance σ² [[1, 1], [1, 2]], whose inverse is
  /// [[2, −1], [−1, 1]]/σ² and whose determinant is σ⁴.
  @Test func scoresAreTheJointDensity() throws {
    let (a, b, variance, stop) = (0.3, -0.4, 0.25, 0.2)
    let score = try GaussianWalk.model("halt").score(of: [[a], [b]])
    let square = (2 * a * a - 2 * a * b + b * b) / variance
    #expect(abs(score.natsElements - (square / 2 + log(2 * .pi) + log(variance))) < 1e-12)
    #expect(abs(score.natsLength - (-2 * log(1 - stop) - log(stop))) < 1e-12)
    // Densities above 1.
    #expect(try GaussianWalk.model("halt", deviation: 0.01).score(of: [[0.01], [0.01]]).nats < 0)
  }

  @Test func setsAreScoredInOrderWhateverTheThreads() throws {
    let model = try GaussianWalk.model("halt")
    let sequences = (0..<100).map { i in (0..<i % 7).map { [Double(i * $0) / 50] } }
    let set = VectorSequences(sequences, width: 1)
    let scores = model.scores(of: set, threads: 3)
    #expect(scores == sequences.map { model.score(of: $0) })
    #expect(scores == model.scores(of: set))
  }

  /// P(y, τ) = P(τ) p(y | τ), with P(τ) fitted to lengths 2, 0, 1 of vectors: Poisson with their mean.
  @Test func lengthsThatAreDrawnFirstAreScored() throws {
    let model = try GaussianWalk.model("tau:input=none,prior=poisson")
    let score = model.score(of: [[0.5]])
    #expect(abs(score.natsLength - 1) < 1e-12)
    #expect(abs(score.natsElements - (0.5 + log(2 * .pi) / 2 + log(0.5))) < 1e-12)
  }

  @Test func drawsAreOfTheProcess() throws {
    let model = try GaussianWalk.model("halt")
    let samples = try model.samples(20_000, seed: 4, threads: 2)
    #expect(samples[100..<200] == (try model.samples(100..<200, seed: 4))[...])
    // Lengths are geometric: P(τ = n) = s (1 − s)^n.
    var counts = [Double](repeating: 0, count: 30)
    for sample in samples { counts[min(sample.sequence.count, 29)] += 1 }
    let expected = (0..<29).map { 20_000 * 0.2 * pow(0.8, Double($0)) } + [20_000 * pow(0.8, 29)]
    #expect(try #require(ChiSquare(counts, expected: expected).pValue) > 1e-4)
    // The third element has variance 3σ².
    let third = samples.filter { $0.sequence.count >= 3 }.map { $0.sequence[2][0] }
    let variance = third.reduce(0) { $0 + $1 * $1 } / Double(third.count)
    #expect(third.count > 9000 && abs(variance / 0.75 - 1) < 5 * (2 / Double(third.count)).squareRoot())
    for sample in samples.prefix(200) { #expect(sample.score == model.score(of: sample.sequence)) }
  }

  @Test(arguments: ["halt", "tau:input=none,prior=poisson"])
  func drawsMeetWhatIsAskedOfThem(length: String) throws {
    let model = try GaussianWalk.model(length)
    var options = DrawOptions<[Double]>()
    options.prefix = [[2], [3]]
    options.length = 5
    for sample in try model.samples(50, seed: 1, options) {
      #expect(sample.sequence.count == 5 && Array(sample.sequence.prefix(2)) == options.prefix && sample.isComplete)
    }
    (options.prefix, options.length, options.minimumLength) = ([], nil, 4)
    #expect(try model.samples(50, seed: 1, options).allSatisfy { $0.sequence.count >= 4 })
    (options.minimumLength, options.maximumLength) = (0, 1)
    let cut = try model.samples(50, seed: 1, options)
    #expect(cut.allSatisfy { $0.sequence.count <= 1 } && cut.contains { !$0.isComplete })
  }

  @Test func whatRealNumbersDoNotHaveIsRefused() throws {
    let model = try GaussianWalk.model("halt")
    let changes: [(inout Truncation) -> Void] = [
      { $0.temperature = 0.5 }, { $0.topK = 5 }, { $0.topP = 0.5 }, { $0.minP = 0.1 },
    ]
    for change in changes {
      var options = DrawOptions<[Double]>()
      change(&options.truncation)
      #expect(throws: SpecificationError.self) { try model.samples(1, seed: 1, options) }
    }
    for prefix in [[[1, 2]], [[.nan]], [[.infinity]], [[]]] {
      var options = DrawOptions<[Double]>()
      options.prefix = prefix
      #expect(throws: SpecificationError.self) { try model.samples(1, seed: 1, options) }
    }
    #expect(throws: SpecificationError.self) { try ModelSpecification("walk/eos", registry: GaussianWalk.registry) }
    #expect(try ModelSpecification("walk", registry: GaussianWalk.registry).word == "walk/halt")
    let words = try GaussianWalk.registry.words(of: "walk")
    #expect(!words.contains("walk/eos") && words.contains("walk/halt") && words.count > 5)
    #expect(throws: SpecificationError.self) {
      try SequenceModel.fit(
        ModelSpecification("walk", registry: GaussianWalk.registry), to: Toys.set(alphabetSize: 2), Toys.alphabet(2))
    }
  }

  @Test func lengthsAndStopsAreThoseOfTheProcess() throws {
    let model = try GaussianWalk.model("halt")
    let law = try model.lengthDistribution(seed: 2)
    let counts = try model.samples(5000, seed: 9).reduce(into: [Int](repeating: 0, count: 200)) {
      $0[$1.sequence.count] += 1
    }
    #expect(abs(law.mean - 4) < 5 * (try #require(law.meanStandardError)))
    #expect(try #require(LengthFit(law, counts: counts).pValue) > 1e-4)
    let set = VectorSequences(try model.samples(2000, seed: 3).map(\.sequence), width: 1)
    let calibration = try #require(StopCalibration(of: model, on: set))
    #expect(abs(calibration.predictedStops / Double(calibration.stops) - 1) < 0.1)
    let drawnFirst = try GaussianWalk.model("tau:input=none,prior=poisson")
    #expect(try drawnFirst.lengthDistribution().isExact)
  }

  @Test(arguments: ["halt", "tau:input=none,prior=poisson", "tau:input=remaining"])
  func theAuditPasses(length: String) throws {
    var options = AuditOptions()
    options.samples = 4000
    let lines = try GaussianWalk.model(length).audit(options)
    #expect(lines.map(\.check) == AuditLine.Check.allCases.filter { $0 != .densities })
    for line in lines { #expect(line.isSound, "\(line)") }
  }

  /// A density that does not integrate to one fails its steps, far from it its sequences and its draws' transform too; draws of
  /// another deviation fail their transform, and the weights of the sequences' sum.
  @Test(arguments: [
    (1.01, 1.0, [AuditLine.Check.steps]), (1.3, 1, [.steps, .sequences, .sampler]), (1, 1.3, [.sequences, .sampler]),
  ])
  func theAuditFindsFaults(factor: Double, drawn: Double, checks: [AuditLine.Check]) throws {
    let model = try GaussianWalk.model("halt", factor: factor, drawn: drawn)
    let failed = try model.audit().filter { !$0.isSound }.map(\.check)
    #expect(failed == checks)
  }

  /// What is drawn must be finite, and a density far from one is told from a sound one without a trap.
  @Test func theAuditStandsWhatIsAbsurd() throws {
    #expect(throws: SpecificationError.self) { try GaussianWalk.model("halt", deviation: 1e308, stop: 0.01).audit() }
    let lines = try GaussianWalk.model("halt", factor: 1e30).audit()
    #expect(lines.count { !$0.isSound } >= 3)
    // Draws of more than 256 elements are cut.
    let data = VectorSequences([(0..<400).map { [Double($0)] }], width: 1)
    for line in try GaussianWalk.model("tau:input=none,prior=poisson", lengthsOf: data).audit() {
      #expect(line.isSound, "\(line)")
    }
    // A model that surely stops.
    for line in try GaussianWalk.model("halt", stop: 1).audit() { #expect(line.isSound, "\(line)") }
  }

  @Test func filesKeepTheModel() throws {
    let model = try GaussianWalk.model("tau:input=none,prior=poisson")
    let bytes = try ModelFile.bytes(of: model)
    let read = try ModelFile.model(from: bytes, as: VectorModel.self, registry: GaussianWalk.registry)
    #expect(read.score(of: [[0.5], [0.1]]) == model.score(of: [[0.5], [0.1]]))
    #expect(try ModelFile.bytes(of: read) == bytes)
    // Neither kind is read as the other one.
    #expect(throws: ModelFileError.self) { try ModelFile.model(from: bytes, registry: GaussianWalk.registry) }
    let symbols = try ModelFile.bytes(of: Toys.model("markov:1/eos", alphabetSize: 2))
    #expect(throws: ModelFileError.self) {
      try ModelFile.model(from: symbols, as: VectorModel.self, registry: Registry.standard)
    }
  }
}
