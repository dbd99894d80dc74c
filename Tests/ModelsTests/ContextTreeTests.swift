import Foundation
import Models
import Sequences
import Testing

/// Context-tree weighting against the sum over all trees, one by one.
@Suite struct ContextTreeTests {
  /// Each event predicted in turn from those before it in the same leaf.
  private func likelihood(_ events: [ContextEvent], _ tree: TreeOfContexts, outcomes: Int, added: Double) -> Double {
    var counts: [[Int]: [Double]] = [:]
    var product = 1.0
    for event in events {
      guard let leaf = tree.leaves.first(where: { event.context.starts(with: $0) }) else { return .nan }
      let before = counts[leaf] ?? Array(repeating: 0, count: outcomes)
      product *= (before[event.outcome] + added) / (before.reduce(0, +) + added * Double(outcomes))
      counts[leaf, default: before][event.outcome] += 1
    }
    return product
  }

  private func marginal(_ sequences: [[Symbol]], _ word: String, k: Int) throws -> Double {
    let names = (0..<k).map { String(Character(Unicode.Scalar(UInt8(97 + $0)))) }
    let model = try SequenceModel.fit(
      ModelSpecification(word), to: SequenceSet(sequences, alphabetSize: k), Alphabet(symbols: names, kind: .characters)
    )
    return try #require(model.conditional as? ContextTreeConditional).logMarginalLikelihood
  }

  @Test(
    arguments: [(2, 0), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2)],
    ["eos", "halt", "tau:input=none", "tau:input=remaining"])
  func everyTree(_ setting: (Int, Int), _ length: String) throws {
    let (k, depth) = setting
    // With lengths as one more parent there would be too many trees.
    if length == "tau:input=remaining", depth > 1 { return }
    let sequences = ContextEvent.sequences(6, k: k)
    let (elements, stops) = ContextEvent.all(in: sequences, length, k: k, depth: depth)
    let lengths = length == "tau:input=remaining" ? Set(elements.compactMap(\.context.last)).sorted() : []
    let trees = TreeOfContexts.all(k: k, depth: depth, lengths: lengths)
    let prior = trees.reduce(0.0) { $0 + pow(2, -Double($1.tosses)) }
    #expect(abs(prior - 1) < 1e-12, "the coin tosses make every tree once")
    let outcomes = length == "eos" ? k + 1 : k
    for (estimator, added) in [("kt", 0.5), ("perks", 1 / Double(outcomes))] {
      var exact = log(
        trees.reduce(0.0) {
          $0 + pow(2, -Double($1.tosses)) * likelihood(elements, $1, outcomes: outcomes, added: added)
        })
      exact += log(
        trees.reduce(0.0) { $0 + pow(2, -Double($1.tosses)) * likelihood(stops, $1, outcomes: 2, added: 0.5) })
      let got = try marginal(sequences, "ctw:depth=\(depth),estimator=\(estimator)/\(length)", k: k)
      #expect(abs(got - exact) < 1e-10, "\(trees.count) trees, \(estimator)")
    }
  }

  /// The prediction of an event from those before it is the ratio of the marginal likelihoods with and without it, so
  /// their logs sum to the whole.
  @Test(arguments: ["kt", "perks"], [1, 3])
  func theChainRule(_ estimator: String, _ depth: Int) throws {
    let k = 3
    let word = "ctw:depth=\(depth),estimator=\(estimator)/tau:input=none"
    let alphabet = try Alphabet(symbols: ["a", "b", "c"], kind: .characters)
    func logProbability<C: Conditional>(_ c: C, of sequence: [Symbol], at time: Int) -> Double {
      var state = c.start(StepInputs(time: 0))
      for step in 0..<time { c.advance(&state, past: sequence[step], StepInputs(time: step + 1)) }
      return c.logProbability(of: sequence[time], state, StepInputs(time: time))
    }
    var before: [[Symbol]] = []
    var sum = 0.0
    for sequence in ContextEvent.sequences(6, k: k) {
      for time in sequence.indices {
        let part = SequenceSet(before + [Array(sequence[..<time])], alphabetSize: k)
        let model = try SequenceModel.fit(ModelSpecification(word), to: part, alphabet)
        sum += logProbability(model.conditional, of: sequence, at: time)
      }
      before.append(sequence)
      #expect(abs(sum - (try marginal(before, word, k: k))) < 1e-11)
    }
  }

  /// Sequences of one decision each: the same with the end symbol and with the stop variable.
  @Test(arguments: ["eos", "halt"])
  func theChainRuleOfEnds(_ length: String) throws {
    let word = "ctw:2/\(length)"
    var before: [[Symbol]] = [[0, 1], [1], []]
    let names = try Alphabet(symbols: ["a", "b"], kind: .characters)
    var last = try marginal(before, word, k: 2)
    for _ in 0..<4 {
      let model = try SequenceModel.fit(ModelSpecification(word), to: SequenceSet(before, alphabetSize: 2), names)
      func logEnd<C: Conditional>(_ c: C) -> Double {
        c.logStop(c.start(StepInputs(time: 0)), StepInputs(time: 0)).stop
      }
      before.append([])
      let next = try marginal(before, word, k: 2)
      #expect(abs(next - last - logEnd(model.conditional)) < 1e-12)
      last = next
    }
  }

  /// Long evidence neither overflows nor loses its digits: N heads in a row have the probability Γ(N + ½) / (Γ(½) N!),
  /// here by Stirling's series.
  @Test func longEvidence() throws {
    let n = 1_000_000
    let got = try marginal([Array(repeating: 0, count: n)], "ctw:0/tau:input=none", k: 2)
    let exact = -0.5 * log(Double.pi * Double(n)) + log1p(-1 / (8 * Double(n)))
    #expect(abs(got - exact) < 1e-8)
  }
}
