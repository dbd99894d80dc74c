import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// P(τ | x) as an output of its own.
@Suite struct LearnedLengthsTests {
  private static let alphabet = try? Alphabet(symbols: ["a", "b"], kind: .characters)

  /// - Parameter perStep: whether x is that of each step.
  private static func set(_ lengths: [Int], _ x: [[Float]]? = nil, perStep: Bool = false) -> SequenceSet {
    SequenceSet(
      lengths.map { length in (0..<length).map { $0 % 2 } }, alphabetSize: 2,
      inputs: x.map { x in
        perStep
          ? InputVectors(perStep: zip(lengths, x).map { Array(repeating: $1, count: $0) }, width: x[0].count)
          : InputVectors(perSequence: x)
      })
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

  /// What the fit promises to make small, added up length by length: no neighbour has less, beyond where the fit stops.
  @Test(arguments: [true, false]) func fitsAreMinima(_ isPerStep: Bool) throws {
    let (lengths, x) = Self.twoKinds(300)
    let set = Self.set(lengths, x, perStep: isPerStep)
    let fitted = try #require(try Self.fit(set).prior as? LearnedLengths)
    let used = lengths.indices.filter { !isPerStep || lengths[$0] > 0 }
    let count = Double(used.count)
    let mean = (0..<2).map { column in used.reduce(0) { $0 + Double(x[$1][column]) } / count }
    let deviation = (0..<2).map { column in
      (used.reduce(0) { $0 + pow(Double(x[$1][column]) - mean[column], 2) } / count).squareRoot()
    }
    let table = LengthTable(set, isSmoothed: true)
    func value(_ bias: [Double], _ weights: [Double]) -> Double {
      let prior = LearnedLengths(table, width: 2, isPerStep: isPerStep, weights: weights, bias: bias)
      func law(_ x: [Float]) -> any LengthLaw {
        prior.law(given: SequenceInput(InputVectors(perSequence: [x]), sequence: 0))
      }
      var sum = used.reduce(0) { $0 - law(x[$1]).logProbability(lengths[$1]) }
      let atMean = law(mean.map { Float($0) })
      sum -= ((isPerStep ? 1 : 0)...1000).reduce(0) {
        $0 + exp(table.logProbability($1)) * atMean.logProbability($1)
      }
      return sum + weights.indices.reduce(0) { $0 + pow(weights[$1] * deviation[$1 % 2], 2) / 2 }
    }
    let best = value(fitted.bias, fitted.weights) - 1e-6
    for knot in (isPerStep ? 1 : 0)..<20 {
      for step in [-0.05, 0.05] {
        var bias = fitted.bias
        bias[knot] += step
        #expect(value(bias, fitted.weights) > best)
        for column in 0..<2 {
          var weights = fitted.weights
          weights[2 * knot + column] += step
          // A step along x alone, not of the law at the mean.
          bias = fitted.bias
          bias[knot] -= step * mean[column]
          #expect(value(bias, weights) > best)
        }
      }
    }
  }

  /// With many sequences the law given x is that of its kind; without x it is the table.
  @Test func lawsAreFound() throws {
    let (lengths, x) = Self.twoKinds(10_000)
    let model = try Self.fit(Self.set(lengths, x.map { [$0[0]] }))
    let inputs = InputVectors(perSequence: [[0], [1]])
    for (sequence, mean) in [(0, 3.0), (1, 12.0)] {
      let law = try #require(model.lengthLaw(given: SequenceInput(inputs, sequence: sequence)))
      let wanted = PoissonLengths(mean: mean)
      let divergence = (0...60).reduce(0) {
        $0 + exp(wanted.logProbability($1)) * (wanted.logProbability($1) - law.logProbability($1))
      }
      #expect(divergence < 0.01 && abs(law.mean / mean - 1) < 0.03)
    }
    let plain = try #require(try Self.fit(Self.set(lengths)).lengthLaw())
    let table = LengthTable(Self.set(lengths), isSmoothed: true)
    #expect((0...3000).allSatisfy { plain.logProbability($0) == table.logProbability($0) })
  }

  /// Where x says which of two lengths it is, hardly anything is left to say.
  @Test func lengthsFarFromKnotsAreFound() throws {
    let lengths = (0..<2000).map { $0 % 2 == 0 ? 31 : 365 }
    let model = try Self.fit(Self.set(lengths, lengths.map { [$0 == 31 ? 1 : 1e6] }), "markov:0")
    let set = Self.set([31, 365], [[1], [1e6]])
    for score in model.scores(of: set) { #expect(score.natsLength < 0.02) }
  }

  /// With a vector a step an empty sequence has none, which must not tell that it is empty: x means nothing here, and no length
  /// is foreseen better than by the table.
  @Test func paddingTellsNothing() throws {
    var stream = RandomStream(seed: 6)
    let lengths = (0..<3000).map { _ in stream.uniform() < 0.2 ? 0 : 1 + stream.poisson(4) }
    let x = lengths.map { _ in [5 + Float(stream.uniform())] }
    let set = Self.set(lengths, x, perStep: true)
    let model = try Self.fit(set, "markov:0")
    let table = LengthTable(set, isSmoothed: true)
    let nats = model.scores(of: set).reduce(0) { $0 + $1.natsLength }
    let wanted = lengths.reduce(0) { $0 - table.logProbability($1) }
    #expect(nats > wanted - 30 && nats < wanted + 1)
    for input in [InputVectors(perSequence: [[5.5]]), InputVectors(perStep: [[]], width: 1)] {
      let law = try #require(model.lengthLaw(given: SequenceInput(input, sequence: 0)))
      #expect(abs(law.logProbability(0) - table.logProbability(0)) < 1e-12)
    }
    // The law of the set is the table's, nearly.
    var options = LengthOptions()
    options.inputs = set.inputs
    let law = try model.lengthDistribution(options, seed: 1)
    #expect(abs(law.probability(0) - exp(table.logProbability(0))) < 1e-12)
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
        let wanted = try #require(model.lengthLaw(given: sampling.inputs.map { SequenceInput($0, sequence: kind) }))
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
    ("length.bias", 1e200), ("length.bias", Double.nan), ("length.weight", -1e300), ("length.weight", .infinity),
  ])
  func hostileFilesAreRefused(_ tensor: String, _ value: Double) throws {
    let knots = LearnedLengths.places.count
    let model = try Self.fit(Self.set([1, 2, 3], [[0], [1], [2]]))
    var file = try TensorFile(ModelFile.bytes(of: model))
    file.remove(tensor)
    file.set(tensor, Array(repeating: value, count: knots), shape: tensor == "length.bias" ? [knots] : [knots, 1])
    let bytes = try file.serialized()
    #expect(throws: ModelFileError.self) { try ModelFile.model(from: bytes) }
  }

  /// Absurd numbers that a file may hold, and absurd inputs, give no NaN.
  @Test func extremesAreNumbers() {
    let places = LearnedLengths.places
    for weights in [
      places.map { $0 % 2 == 0 ? 1e99 : -1e99 }, places.map { Double($0) * 1e96 }, places.map { -Double($0) * 1e96 },
    ] {
      for x: [Float] in [[1e12], [-1e12], [1e-38], [0]] {
        for (isPerStep, lengths) in [
          (true, [1, 5, 2000]), (false, [1, 5, 2000]), (false, [0]), (true, [0]), (false, []),
        ] {
          let table = LengthTable(Self.set(lengths), isSmoothed: true)
          let prior = LearnedLengths(
            table, width: 1, isPerStep: isPerStep, weights: weights, bias: places.map { _ in -1e99 })
          let law = prior.law(given: SequenceInput(InputVectors(perSequence: [x]), sequence: 0))
          for length in [0, 1, 9, 1023, 1024, 5000] {
            #expect(!law.logProbability(length).isNaN && law.logProbability(length) < 1e-9)
            #expect((0...1.000001).contains(law.tail(beyond: length)))
          }
          #expect(!law.mean.isNaN && !law.variance.isNaN)
          var stream = RandomStream(seed: 1)
          #expect(law.sample(&stream) >= 0 && law.sample(atLeast: 2, &stream) >= 2)
        }
      }
    }
  }
}
