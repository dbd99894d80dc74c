import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Sequences of a given length drawn at once from the table of all of them.
@Suite struct DenseJointTests {
  /// Pearson's chi-square against P(y | τ) by the walk; every draw carries its own score.
  @Test(arguments: [
    "tabular:smoothing=add:0.5/tau:input=total", "tabular:smoothing=ml/tau:input=none", "markov:2/tau",
    "ctw:2/tau:input=none",
  ])
  func drawsFollowTheDistribution(_ word: String) throws {
    let (k, length, draws) = (3, 3, 50_000)
    let model = try Toys.model(word, alphabetSize: k)
    var options = SamplingOptions()
    options.length = length
    let samples = try model.samples(draws, seed: 8, options, threads: 2)
    #expect(try model.samples(100..<110, seed: 8, options) == Array(samples[100..<110]))
    let given = try #require(model.lengthLaw()).logProbability(length)
    let all = Toys.allSequences(k, longest: length).filter { $0.count == length }
    var statistic = 0.0
    var cells = 0
    for sequence in all {
      let drawn = samples.filter { $0.sequence == sequence }
      let score = model.score(of: sequence)
      for sample in drawn.prefix(1) {
        #expect(abs(sample.score.natsElements - score.natsElements) < 1e-12 && sample.isComplete)
        #expect(sample.score.natsLength == score.natsLength)
      }
      let expected = Double(draws) * exp(-score.nats - given)
      if expected == 0 {
        #expect(drawn.isEmpty)
        continue
      }
      statistic += (Double(drawn.count) - expected) * (Double(drawn.count) - expected) / expected
      cells += 1
    }
    let p = chiSquareTail(statistic, degreesOfFreedom: Double(max(cells - 1, 1)))
    print("\(word): seed 8, chi-square \(statistic) on \(cells - 1) degrees of freedom, p = \(p)")
    #expect(p > 1e-4)
  }

  /// Too many sequences, one symbol alone, no element at all: all are drawn.
  @Test(arguments: [(1, 0), (1, 30), (2, 0), (2, 10), (2, 11), (3, 40)])
  func anyLength(_ k: Int, _ length: Int) throws {
    let model = try Toys.model("tabular/tau", alphabetSize: k)
    var options = SamplingOptions()
    options.length = length
    for sample in try model.samples(5, seed: 1, options) {
      #expect(sample.sequence.count == length && sample.isComplete)
      #expect(abs(sample.score.nats - model.score(of: sample.sequence).nats) < 1e-9)
    }
  }
}
