import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Draws of tables from their posterior, against the moments of log p under a Dirichlet distribution: for parameters
/// a and their sum A,
///
///     E log p_i = ψ(a_i) − ψ(A),   Var Σ m_i log p_i = Σ m_i² ψ′(a_i) − (Σ m_i)² ψ′(A)
@Suite struct PosteriorTests {
  /// ψ and ψ′ by recurrence to large arguments and their asymptotic series (Abramowitz and Stegun 6.3.18, 6.4.12).
  private func polygamma(_ x: Double) -> (digamma: Double, trigamma: Double) {
    var (z, digamma, trigamma) = (x, 0.0, 0.0)
    while z < 20 {
      digamma -= 1 / z
      trigamma += 1 / (z * z)
      z += 1
    }
    let w = 1 / (z * z)
    digamma += log(z) - 1 / (2 * z) - w * (1.0 / 12 - w * (1.0 / 120 - w / 252))
    trigamma += 1 / z + w / 2 + w / z * (1.0 / 6 - w * (1.0 / 30 - w / 42))
    return (digamma, trigamma)
  }

  /// What is counted here of a set: outcomes (−1: the end, by itself where it is a variable) of each full history or
  /// context, with the length where it is an input.
  private func rows(_ set: SequenceSet, _ length: String, memory: Int) -> [[Int]: [Int: Int]] {
    var rows: [[Int]: [Int: Int]] = [:]
    for index in 0..<set.count {
      let sequence = Array(set[index])
      for time in 0...sequence.count {
        let isEnd = time == sequence.count
        var key = time < memory ? [-1] + sequence[..<time] : Array(sequence[(time - memory)..<time])
        if length.hasPrefix("tau") { key.append(100 + sequence.count) }
        if length == "halt" { rows[key + [1000], default: [:]][isEnd ? -1 : 0, default: 0] += 1 }
        if !isEnd {
          rows[key, default: [:]][sequence[time], default: 0] += 1
        } else if length == "eos" {
          rows[key, default: [:]][-1, default: 0] += 1
        }
      }
    }
    return rows
  }

  @Test(
    arguments: [
      ("tabular:smoothing=add:0.5", 0.5), ("markov:2,smoothing=add:0.1", 0.1), ("markov:0,smoothing=add:3", 3),
    ], ["eos", "halt", "tau:input=total"])
  func moments(_ family: (String, Double), _ length: String) throws {
    let (word, added) = family
    let k = 3
    let train = Toys.set(alphabetSize: k)
    let model = try SequenceModel.fit(ModelSpecification("\(word)/\(length)"), to: train, Toys.alphabet(k))
    let test = SequenceSet([[0, 0], [], [2], [2, 1, 0, 0, 0, 0, 0, 0], [0, 0], [1, 1, 1]], alphabetSize: k)
    let memory = word.hasPrefix("tabular") ? 100 : word.hasPrefix("markov:2") ? 2 : 0
    let trained = rows(train, length, memory: memory)
    var (mean, variance) = (0.0, 0.0)
    for (key, events) in rows(test, length, memory: memory) {
      let counts = trained[key] ?? [:]
      let kinds = key.last == 1000 ? 2 : length == "eos" ? k + 1 : k
      let total = polygamma(Double(counts.values.reduce(0, +)) + added * Double(kinds))
      let all = Double(events.values.reduce(0, +))
      for (outcome, number) in events {
        let own = polygamma(Double(counts[outcome] ?? 0) + added)
        mean -= Double(number) * (own.digamma - total.digamma)
        variance += Double(number * number) * own.trigamma
      }
      variance -= all * all * total.trigamma
    }
    if let prior = model.lengthLaw() {
      for index in 0..<test.count { mean -= prior.logProbability(test.length(index)) }
    }
    let events = Double(test.symbolCount + test.count)
    let draws = 4000
    let interval = try PosteriorInterval(of: model, on: test, seed: 3, draws: draws, threads: 2)
    let error = (variance / Double(draws)).squareRoot() / events
    #expect(abs(interval.mean - mean / events) < 5 * error, "\(interval), by the moments \(mean / events)")
    // The quantiles of a sum of skewed variables are near those of the normal distribution, no more.
    let width = 3.92 * variance.squareRoot() / events
    #expect(interval.high - interval.low > 0.75 * width && interval.high - interval.low < 1.25 * width)
    #expect(interval.mean > model.figures(on: test).natsPerEvent)
    #expect(try PosteriorInterval(of: model, on: test, seed: 3, draws: draws) == interval)
  }

  /// With so much data that nothing is uncertain, the interval closes around the figure.
  @Test func muchDataLeavesNoDoubt() throws {
    let set = SequenceSet(Array(repeating: [0, 1, 0, 1], count: 600_000), alphabetSize: 2)
    let model = try SequenceModel.fit(ModelSpecification("markov:1,smoothing=add:1/eos"), to: set, Toys.alphabet(2))
    let test = SequenceSet([[0, 1, 0, 1]], alphabetSize: 2)
    let interval = try PosteriorInterval(of: model, on: test, seed: 1, draws: 100)
    let figure = model.figures(on: test).natsPerEvent
    #expect(abs(interval.low - figure) < 0.002 && abs(interval.high - figure) < 0.002)
  }

  @Test(arguments: ["markov:1", "markov:1,smoothing=ml", "tabular:smoothing=ml", "ctw:2", "rnn:2,epochs=1"])
  func otherModelsAreRefused(_ word: String) throws {
    let model = try Toys.model("\(word)/eos", alphabetSize: 2)
    #expect(throws: SpecificationError.self) {
      try PosteriorInterval(of: model, on: Toys.set(alphabetSize: 2), seed: 1)
    }
  }
}
