import Foundation
import Inference
import Models
import Sequences
import Testing

/// Models whose maximum of the likelihood can be written down.
@Suite struct ClosedFormTests {
  /// Independent bits have (n₁ + ½)/(n + 1), also one that never was 1.
  @Test func bitsWithoutAPastAreCounted() throws {
    let set = VectorSequences([[[1, 0], [0, 0]], [[1, 0]]], width: 2, .bits)
    let model = try Synthetic.fit("markov:0,emission=bernoulli", set)
    let (first, second) = (2.5 / 4, 0.5 / 4)
    let expected = 2 * log(first) + log(1 - first) + 3 * log(1 - second)
    #expect(abs(model.logLikelihood(set) - expected) < 1e-9)
    #expect(abs(-model.score(of: [[0, 1]]).natsElements - log(1 - first) - log(second)) < 1e-9)
    // Half a stop and half a continuation too.
    #expect(abs(-model.score(of: []).natsLength - log(2.5 / 6)) < 1e-9)
  }

  /// Independent counts have their mean; those that are all 0 half a one.
  @Test func countsWithoutAPastHaveTheirMean() throws {
    let set = VectorSequences([[[3, 0], [0, 0]], [[5, 0], [1, 0]]], width: 2, .counts)
    let model = try Synthetic.fit("markov:0,emission=poisson", set)
    func poisson(_ y: Double, _ mean: Double) -> Double { y * log(mean) - mean - lgamma(y + 1) }
    let expected = [3.0, 0, 5, 1].reduce(0) { $0 + poisson($1, 9.0 / 4) + poisson(0, 0.5 / 4) }
    #expect(abs(model.logLikelihood(set) - expected) < 1e-9)
  }

  /// A regression of order 1 of one number, by its sums.
  @Test func oneColumnIsASimpleRegression() throws {
    let sequences: [[Double]] = [[1, 2, 2.5, 4], [0.5, 1.8, 2], [2, 1]]
    let set = VectorSequences(sequences.map { $0.map { [$0] } }, width: 1)
    let pairs = sequences.flatMap { zip($0, $0.dropFirst()).map { ($0, $1) } }
    let n = Double(pairs.count)
    let (meanX, meanY) = (pairs.reduce(0) { $0 + $1.0 } / n, pairs.reduce(0) { $0 + $1.1 } / n)
    let slope =
      pairs.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
      / pairs.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
    let first = sequences.reduce(0) { $0 + $1[0] } / 3
    let squares =
      pairs.reduce(0) { $0 + pow($1.1 - meanY - slope * ($1.0 - meanX), 2) }
      + sequences.reduce(0) { $0 + pow($1[0] - first, 2) }
    let variance = squares / (n + 3)
    let model = try Synthetic.fit("markov:1", set)
    #expect(abs(model.logLikelihood(set) + (n + 3) / 2 * (log(2 * .pi * variance) + 1)) < 1e-9)
    // A new sequence: its first step has the mean of first steps, the next one the line.
    func normal(_ z: Double) -> Double { -z * z / 2 / variance - log(2 * .pi * variance) / 2 }
    let expected = normal(7 - first) + normal(3 - meanY - slope * (7 - meanX))
    #expect(abs(-model.score(of: [[7], [3]]).natsElements - expected) < 1e-9)
  }

  /// Tables by hand: each component by itself, the first step with a context of its own or after a 0.
  @Test func tablesAreCountedByHand() throws {
    let set = VectorSequences([[[1, 0], [1, 1], [0, 1]], [[0, 0], [1, 0]]], width: 2, .bits)
    let own = try Synthetic.fit("markov:1,components=tables,smoothing=add:0.5", set)
    // 1 then 0 of the first component: first steps were 1, 0; after 1 came 1, 0. Of the second 1, 1: first steps were
    // 0, 0; after 1 came 1.
    let expected = log(1.5 / 3) + log(1.5 / 3) + log(0.5 / 3) + log(1.5 / 2)
    #expect(abs(-own.score(of: [[1, 1], [0, 1]]).natsElements - expected) < 1e-12)
    // Two ends in seven decisions.
    #expect(abs(-own.score(of: [[1, 1]]).natsLength - log(5.5 / 8) - log(2.5 / 8)) < 1e-12)
    let shared = try Synthetic.fit("markov:1,components=tables,start=shared,smoothing=add:1", set)
    // After 0, at the start or later, the first component was 1, 0, 1; the second 0, 1, 0, 0.
    #expect(abs(-shared.score(of: [[1, 1]]).natsElements - log(3.0 / 5) - log(2.0 / 6)) < 1e-12)
    let likelihood = try Synthetic.fit("markov:1,components=tables,smoothing=ml", set)
    #expect(abs(-likelihood.score(of: [[1, 0]]).natsElements - log(0.5)) < 1e-12)
    #expect(likelihood.score(of: [[1, 1]]).natsElements == .infinity)
  }

  /// Four numbers in two bins: the edge half-way, exponential tails of the mean excess.
  @Test func binsAreCutByHand() throws {
    let set = VectorSequences([[[1], [2], [4], [8]]], width: 1)
    let model = try Synthetic.fit("markov:0,bins=2,smoothing=ml", set)
    // The edge is 3: excesses of 2 and 1 below, of 1 and 5 above.
    #expect(abs(-model.score(of: [[1]]).natsElements - (log(0.5) - log(1.5) - 2 / 1.5)) < 1e-12)
    #expect(abs(-model.score(of: [[10]]).natsElements - (log(0.5) - log(3) - 7.0 / 3)) < 1e-12)
    let three = try Synthetic.fit("markov:0,bins=4,smoothing=ml", set)
    #expect(abs(-three.score(of: [[2.9]]).natsElements - (log(0.25) - log(1.5))) < 1e-12)
  }
}
