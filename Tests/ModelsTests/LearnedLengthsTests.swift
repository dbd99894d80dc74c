import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// P(τ | x) as an output of its own.
@Suite struct LearnedLengthsTests {
  private static let alphabet = try? Alphabet(symbols: ["a", "b"], kind: .characters)

  private static func set(_ lengths: [Int], _ x: [[Float]]? = nil) -> SequenceSet {
    SequenceSet(
      lengths.map { length in (0..<length).map { $0 % 2 } }, alphabetSize: 2,
      inputs: x.map { InputVectors(perSequence: $0) })
  }

  private static func fit(_ set: SequenceSet, _ family: String = "markov:1") throws -> SequenceModel {
    try SequenceModel.fit(
      ModelSpecification("\(family)/tau:prior=learned"), to: set, try #require(alphabet),
      FittingContext(seed: 1, threads: 2))
  }

  /// Lengths about 3 where x is 0, about 12 where it is 1; a second number means nothing.
  private static func twoKinds(_ count: Int) -> (lengths: [Int], x: [[Float]]) {
    var stream = RandomStream(seed: 5)
    let x = (0..<count).map { _ in [stream.uniform() < 0.5 ? 0 : 1, Float(stream.uniform())] as [Float] }
    return (x.map { stream.poisson($0[0] == 0 ? 3 : 12) }, x)
  }

  /// What the fit promises to make small, added up length by length: no neighbour has less.
  @Test func fitsAreMinima() throws {
    let (lengths, x) = Self.twoKinds(300)
    let prior = try #require(try Self.fit(Self.set(lengths, x)).prior as? LearnedLengths)
    let knots = LogLinearLengths.knots.count
    let mean = (0..<2).map { column in x.reduce(0) { $0 + Double($1[column]) } / 300 }
    let deviation = (0..<2).map { column in
      (x.reduce(0) { $0 + pow(Double($1[column]) - mean[column], 2) } / 300).squareRoot()
    }
    let smoothing = GeometricLengths(mean: (Double(lengths.reduce(0, +)) + 1) / 301)
    func value(_ bias: [Double], _ weights: [Double]) -> Double {
      func law(_ x: [Double]) -> LogLinearLengths {
        LogLinearLengths(
          (0..<knots).map { bias[$0] + weights[2 * $0] * x[0] + weights[2 * $0 + 1] * x[1] }, stop: prior.stop)
      }
      var sum = zip(lengths, x).reduce(0) { $0 - law($1.1.map(Double.init)).logProbability($1.0) }
      let atMean = law(mean)
      sum -= (0...1000).reduce(0) { $0 + exp(smoothing.logProbability($1)) * atMean.logProbability($1) }
      return sum + weights.indices.reduce(0) { $0 + pow(weights[$1] * deviation[$1 % 2], 2) / 2 }
    }
    let best = value(prior.bias, prior.weights)
    for knot in 0..<20 {
      for step in [-0.05, 0.05] {
        var bias = prior.bias
        bias[knot] += step
        #expect(value(bias, prior.weights) > best)
        for column in 0..<2 {
          var weights = prior.weights
          weights[2 * knot + column] += step
          // A step along x alone, not of the law at the mean.
          bias = prior.bias
          bias[knot] -= step * mean[column]
          #expect(value(bias, weights) > best)
        }
      }
    }
  }

  /// With many sequences the law given x is that of its kind, and that without x the table's.
  @Test func lawsAreFound() throws {
    let (lengths, x) = Self.twoKinds(20_000)
    let model = try Self.fit(Self.set(lengths, x))
    let inputs = InputVectors(perSequence: [[0, 0.5], [1, 0.5]])
    for (sequence, mean) in [(0, 3.0), (1, 12.0)] {
      let law = try #require(model.lengthLaw(given: SequenceInput(inputs, sequence: sequence)))
      let wanted = PoissonLengths(mean: mean)
      let divergence = (0...60).reduce(0) {
        $0 + exp(wanted.logProbability($1)) * (wanted.logProbability($1) - law.logProbability($1))
      }
      #expect(divergence < 0.005 && abs(law.mean / mean - 1) < 0.03)
    }
    let plain = try #require(try Self.fit(Self.set(lengths)).lengthLaw())
    let table = LengthTable(Self.set(lengths), isSmoothed: true)
    let nats = lengths.reduce(0) { $0 + table.logProbability($1) - plain.logProbability($1) } / 20_000
    #expect(abs(nats) < 0.001)
  }

  /// Lengths beyond all that were seen have about what the smoothing law's one sequence gives them.
  @Test(arguments: [20, 2000, 20_000]) func tailsAreThoseOfTheSmoothingLaw(_ count: Int) throws {
    var stream = RandomStream(seed: 8)
    let lengths = (0..<count).map { _ in 1 + stream.geometric(0.2) }
    let law = try #require(try Self.fit(Self.set(lengths)).lengthLaw())
    let smoothing = GeometricLengths(mean: Double(lengths.reduce(0, +) + 1) / Double(count + 1))
    for length in [160, 500, 1000, 1258, 5000] {
      let wanted = smoothing.logProbability(length) - log(Double(count + 1))
      #expect(abs(law.logProbability(length) - wanted) < 0.05 * abs(wanted))
    }
  }

  /// The scores' share of the length, the law of a set, and draws all have P(τ | x).
  @Test func everyoneAsksForTheSequencesOwnX() throws {
    let (lengths, x) = Self.twoKinds(400)
    let set = Self.set(lengths, x)
    for family in ["markov:1", "tabular", "gru:3,epochs=1"] {
      let model = try Self.fit(set, family)
      #expect(model.inputWidth == 2 && !model.notes.contains { $0.contains("does not look at the inputs") })
      let scores = model.scores(of: set)
      for index in [0, 7, 399] {
        let law = try #require(model.lengthLaw(given: set.input(index)))
        #expect(abs(scores[index].natsLength + law.logProbability(lengths[index])) < 1e-12)
        #expect(abs(model.score(of: set[index], x: set.input(index)).natsLength - scores[index].natsLength) < 1e-12)
      }
      var options = LengthOptions()
      options.inputs = set.inputs
      let law = try model.lengthDistribution(options, seed: 1)
      let mean = (0..<400).reduce(0) { $0 + exp(model.lengthLaw(given: set.input($1))?.logProbability(3) ?? 0) } / 400
      #expect(abs(law.probability(3) - mean) < 1e-12 && law.isExact)
      #expect(throws: SpecificationError.self) { try model.lengthDistribution(seed: 1) }
      #expect(throws: SpecificationError.self) { try model.samples(1, seed: 1) }

      var sampling = SamplingOptions()
      sampling.inputs = InputVectors(perSequence: [[0, 0.5], [1, 0.5]])
      let draws = try model.samples(2000, seed: 3, sampling)
      for kind in 0..<2 {
        let lengths = stride(from: kind, to: 2000, by: 2).map { Double(draws[$0].sequence.count) }
        let wanted = try #require(
          model.lengthLaw(given: sampling.inputs.map { SequenceInput($0, sequence: kind) }))
        let mean = lengths.reduce(0, +) / 1000
        #expect(abs(mean - wanted.mean) < 5 * (wanted.variance / 1000).squareRoot())
      }
    }
  }

  @Test func filesKeepIt() throws {
    let (lengths, x) = Self.twoKinds(100)
    for set in [Self.set(lengths), Self.set(lengths, x)] {
      let model = try Self.fit(set)
      let again = try ModelFile.model(from: ModelFile.bytes(of: model))
      #expect(again.scores(of: set) == model.scores(of: set))
      #expect(again.storedParameters == model.storedParameters)
    }
  }

  @Test(arguments: [
    ("length.bias", 1e200, 1e-3), ("length.bias", Double.nan, 1e-3), ("length.weight", -1e300, 1e-3),
    ("length.stop", 0, 0), ("length.stop", 0, 1), ("length.stop", 0, -1), ("length.stop", 0, Double.nan),
  ])
  func hostileFilesAreRefused(_ tensor: String, _ value: Double, _ stop: Double) throws {
    let knots = LogLinearLengths.knots.count
    let model = try Self.fit(Self.set([1, 2, 3], [[0], [1], [2]]))
    var file = try TensorFile(ModelFile.bytes(of: model))
    if tensor == "length.bias" {
      file.set(tensor, Array(repeating: value, count: knots), shape: [knots])
    } else if tensor == "length.weight" {
      file.set(tensor, Array(repeating: value, count: knots), shape: [knots, 1])
    } else {
      file.set(tensor, [stop], shape: [1])
    }
    let bytes = try file.serialized()
    #expect(throws: ModelFileError.self) { try ModelFile.model(from: bytes) }
  }

  /// Absurd numbers that a file may hold, and absurd inputs, give no NaN.
  @Test func extremesAreNumbers() {
    for values in [
      LogLinearLengths.knots.map { $0 % 2 == 0 ? 1e139 : -1e139 }, LogLinearLengths.knots.map { Double($0) * 1e136 },
      LogLinearLengths.knots.map { -Double($0) * 1e136 },
    ] {
      for stop in [1e-99, 0.5, 1 - 1e-16] {
        let law = LogLinearLengths(values, stop: stop)
        for length in [0, 1, 9, 1023, 1024, 5000] {
          #expect(!law.logProbability(length).isNaN && law.logProbability(length) < 1e-9)
          #expect((0...1.000001).contains(law.tail(beyond: length)))
        }
        #expect(!law.mean.isNaN && !law.variance.isNaN)
        var stream = RandomStream(seed: 1)
        #expect(law.sample(&stream) >= 0)
      }
    }
  }
}
