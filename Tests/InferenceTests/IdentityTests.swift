import Foundation
import Inference
import Models
import Sequences
import Testing

/// Identities of maximum likelihood on the training set.
@Suite struct IdentityTests {
  private func nats(_ word: String, _ k: Int) throws -> Double {
    let set = Toys.set(alphabetSize: k)
    let model = try SequenceModel.fit(ModelSpecification(word), to: set, Toys.alphabet(k))
    return model.figures(on: set).nats
  }

  /// An end symbol and halting are the same distribution.
  @Test(arguments: 0...4)
  func markovWithAnEndSymbolIsMarkovWithHalting(_ order: Int) throws {
    let eos = try nats("markov:\(order),smoothing=ml/eos", 3)
    let halt = try nats("markov:\(order),smoothing=ml/halt", 3)
    #expect(abs(eos - halt) <= 1e-12 * eos)
  }

  /// A full table gives each sequence count / total, whatever the length strategy (one that knows the length).
  @Test(arguments: ["eos", "halt", "tau:input=remaining", "tau:input=total"], [2, 3])
  func aFullTableRemembersItsData(_ length: String, _ k: Int) throws {
    let set = Toys.set(alphabetSize: k)
    var counts: [[Symbol]: Int] = [:]
    for index in 0..<set.count { counts[Array(set[index]), default: 0] += 1 }
    let exact = counts.values.reduce(0.0) { $0 - Double($1) * log(Double($1) / Double(set.count)) }
    #expect(abs(try nats("tabular:smoothing=ml/\(length)", k) - exact) <= 1e-12 * exact)
  }

  /// A Markov model whose context holds every history is the full table.
  @Test(arguments: ["eos", "halt", "tau"])
  func aLongEnoughContextIsTheFullTable(_ length: String) throws {
    let table = try nats("tabular:smoothing=ml/\(length)", 2)
    let markov = try nats("markov:9,smoothing=ml/\(length)", 2)
    #expect(abs(table - markov) <= 1e-12 * table)
  }

  /// A Markov model with a conditional for each t is as many models, each fitted to its own t: maximum likelihood by
  /// counting them one by one.
  @Test(arguments: ["eos", "halt"])
  func unsharedModelsAreOnesOfTheirOwn(_ length: String) throws {
    let set = Toys.set(alphabetSize: 3)
    var counts: [[Int]: [Int: Int]] = [:]
    for index in 0..<set.count {
      let sequence = Array(set[index])
      for time in 0...sequence.count {
        let outcome = time < sequence.count ? sequence[time] : -1
        counts[[time] + sequence[..<time].suffix(1), default: [:]][outcome, default: 0] += 1
      }
    }
    let exact = counts.values.reduce(0.0) { sum, row in
      let total = Double(row.values.reduce(0, +))
      return sum - row.values.reduce(0) { $0 + Double($1) * log(Double($1) / total) }
    }
    #expect(abs(try nats("markov:1,time=each,smoothing=ml/\(length)", 3) - exact) <= 1e-12 * exact)
  }

  /// Impossible sequences are counted, and their average is infinite.
  @Test func impossibleSequencesAreReported() throws {
    let train = SequenceSet([[0, 1], [0, 1]], alphabetSize: 2)
    let test = SequenceSet([[0, 1], [1, 1]], alphabetSize: 2)
    for length in ["eos", "halt", "tau"] {
      let model = try SequenceModel.fit(
        ModelSpecification("markov:1,smoothing=ml/\(length)"), to: train, Toys.alphabet(2))
      let figures = model.figures(on: test)
      #expect(figures.impossible == 1)
      #expect(figures.nats == .infinity && figures.perplexity == .infinity)
      #expect(!figures.natsElements.isNaN && !figures.natsLength.isNaN)
    }
  }
}
