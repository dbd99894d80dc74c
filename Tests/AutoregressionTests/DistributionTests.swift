import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Each step is a distribution, whatever the family.
@Suite struct DistributionTests {
  /// Σ over all vectors of three bits is 1 at each step.
  @Test(arguments: ["markov:0", "markov:2", "markov:1,emission=bernoulli", "markov:2,components=tables"])
  func bitsSumToOne(word: String) throws {
    let model = try Synthetic.fit(word, Synthetic.set(.bits))
    for past in [[], [[1, 0, 1]], [[1, 0, 1], [0, 0, 1], [1, 1, 1]]] as [[[Double]]] {
      let sum = (0..<8).reduce(0.0) { sum, bits in
        let y = (0..<3).map { Double(bits >> $0 & 1) }
        return sum + exp(-model.score(of: past + [y]).natsElements + model.score(of: past).natsElements)
      }
      #expect(abs(sum - 1) < 1e-12)
    }
  }

  /// Σ over counts is 1, in the tables with the tail of the last class.
  @Test(arguments: ["markov:1", "markov:1,emission=negative-binomial", "markov:1,components=tables"])
  func countsSumToOne(word: String) throws {
    let model = try Synthetic.fit(word, Synthetic.set(.counts, width: 1))
    for past in [[], [[4]], [[40]]] as [[[Double]]] {
      let sum = (0..<3000).reduce(0.0) { sum, y in
        sum + exp(-model.score(of: past + [[Double(y)]]).natsElements + model.score(of: past).natsElements)
      }
      #expect(abs(sum - 1) < 1e-9, "\(sum) after \(past)")
    }
  }

  /// Densities integrate to 1.
  @Test(arguments: ["markov:1", "markov:1,bins=6", "markov:2,bins=3,smoothing=ml", "markov:1,start=own"])
  func densitiesIntegrateToOne(word: String) throws {
    let model = try Synthetic.fit(word, Synthetic.set(.reals, width: 1))
    func gap(_ process: some VectorProcess) -> Double {
      var stream = RandomStream(seed: 1)
      var largest = 0.0
      process.forEachDecision(of: [[1.0], [30], [-2]]) { walk, _ in
        var step = type(of: process).Distribution(process.shape)
        walk.predict(into: &step)
        largest = max(largest, step.largestGap(&stream))
      }
      return largest
    }
    #expect(gap(model.vectors) < 1e-6)
  }

  /// Draws have the frequencies of the likelihood: the second step's bits and counts.
  @Test(arguments: [
    ("markov:1", ElementKind.Values.bits), ("markov:1,components=tables", .counts), ("markov:1", .counts),
  ])
  func drawsAreThoseOfTheLikelihood(word: String, values: ElementKind.Values) throws {
    let model = try Synthetic.fit("\(word)/tau:input=none", Synthetic.set(values, width: 1))
    var options = DrawOptions<[Double]>()
    options.prefix = [[1]]
    options.length = 2
    let samples = try model.samples(4000, seed: 3, options)
    var counts = [Double](repeating: 0, count: values == .bits ? 2 : 12)
    for sample in samples { counts[min(Int(sample.sequence[1][0]), counts.count - 1)] += 1 }
    var expected = (0..<counts.count - 1).map {
      4000 * exp(-model.score(of: [[1], [Double($0)]]).natsElements + model.score(of: [[1]]).natsElements)
    }
    expected.append(4000 - expected.reduce(0, +))
    #expect(try #require(ChiSquare(counts, expected: expected).pValue) > 1e-4)
  }

  /// Draws of bins have the transform's uniform distribution.
  @Test func drawsOfBinsAreUniformAfterTheTransform() throws {
    let model = try Synthetic.fit("markov:1,bins=5/tau:input=none", Synthetic.set(.reals, width: 1))
    var stream = RandomStream(seed: 2)
    func transforms<Process: VectorProcess>(_ process: Process) throws -> [Double] {
      let walk = process.walk()
      var step = Process.Distribution(process.shape)
      walk.predict(into: &step)
      return try (0..<2000).map { _ in try #require(step.transform(of: step.drawElement(&stream), &stream))[0] }
    }
    var counts = [Double](repeating: 0, count: 10)
    for u in try transforms(model.vectors) { counts[min(Int(u * 10), 9)] += 1 }
    #expect(try #require(ChiSquare(counts, expected: Array(repeating: 200, count: 10)).pValue) > 1e-4)
  }
}
